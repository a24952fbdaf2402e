"""What WeasyPrint computes anew for every cell of a table, remembered from one cell to the next.

Of a list most cells say what others said before: a kind of paper, a state, an office. Where style, width and
text are the same, the lines of the cell are the same, and so are the drawn glyphs of a line. Cells that do
not end on their page, and cells that hold more than one text, are left to WeasyPrint.

These are hooks into the inside of one release of WeasyPrint, used by the processes that render long lists and
by nothing else: a test pins the release, and others compare each page with one that WeasyPrint made alone.
"""

import pydyf
from weasyprint import document, draw
from weasyprint.formatting_structure import boxes
from weasyprint.layout import block, inline, table
from weasyprint.matrix import Matrix
from weasyprint.pdf import fonts, tags

_lay_out_block = block.block_container_layout
_resolve = table.resolve_percentages
_draw_text = draw.draw_text
_lay_out_document = document.layout_document
_build_tags = tags._build_box_tree
_clean_font = fonts.Font.clean

_DIRECTIONS = {"col": "/Column", "row": "/Row", "rowgroup": "/Row"}


class _Memory:
    """What is known of one document: its styles and fonts are no other's."""

    def __init__(self):
        self.lengths, self.cells, self.examples, self.drawn = {}, {}, {}, {}

    def forget(self):
        for known in (self.lengths, self.cells, self.examples, self.drawn):
            known.clear()


_memory = _Memory()


def install():
    """Put the hooks in place, once in a process."""
    block.block_container_layout = _cell
    table.resolve_percentages = _lengths
    draw.draw_text = _text
    document.layout_document = _pages
    tags._build_box_tree = _tags
    fonts.Font.clean = _clean


def begin_document():
    """Forget what is known of the document before."""
    _memory.forget()


def _pages(html, root_box, context):
    """As layout_document, after what the document itself does with its boxes."""
    if hasattr(html, "before_layout"):
        html.before_layout(root_box, context)
    return _lay_out_document(html, root_box, context)


def _lengths(box, containing_block):
    """As resolve_percentages: the margins, paddings and sizes of a box in figures."""
    if type(box) is not boxes.TableCellBox:
        _resolve(box, containing_block)
        return
    key = (id(box.style), containing_block.width, containing_block.height)
    if key in _memory.lengths:
        box.__dict__.update(_memory.lengths[key])
        return
    before = dict(box.__dict__)
    _resolve(box, containing_block)
    _memory.lengths[key] = {
        name: value for name, value in box.__dict__.items() if name not in before or _is_length(name)
    }


def _is_length(name):
    return name.endswith(("width", "height")) or name.startswith(("margin_", "padding_", "border_"))


def _cell(context, box, bottom_space, skip_stack, *others, **named):
    """As block_container_layout: a block with its lines in place."""
    # A cell with a height of its own comes with a style that is made for the moment.
    is_usual = skip_stack is None and type(box) is boxes.TableCellBox and box.computed_height == "auto"
    text = _text_in(box) if is_usual else None
    if text is None:
        return _lay_out_block(context, box, bottom_space, skip_stack, *others, **named)
    key = (id(box.style), box.width, text.text)
    cells = _memory.cells
    if key not in cells and key[0] in _memory.examples:
        cells[key] = _lines_like(_memory.examples[key[0]], context, box, text)
    known = cells.get(key)
    if known and not context.overflows_page(bottom_space, box.position_y + known.tall):
        return known.at(box), None, None, [], False, None
    answer = _lay_out_block(context, box, bottom_space, skip_stack, *others, **named)
    cell, resume_at = answer[:2]
    if not known and cell is not None and resume_at is None:
        cells[key] = _Known.of(cell)
        _memory.examples.setdefault(key[0], cells[key])
    return answer


def _text_in(box):
    """The text box of a cell that holds one text and nothing else."""
    if len(box.children) == 1 and type(box.children[0]) is boxes.LineBox:
        inside = box.children[0].children
        if len(inside) == 1 and type(inside[0]) is boxes.TextBox:
            return inside[0]
    return None


class _Known:
    """Lines in their places in a cell, to be put into another."""

    def __init__(self, x, y, height, tall, lines):
        self._x, self._y, self._height, self.tall = x, y, height, tall
        self.lines = lines

    @classmethod
    def of(cls, cell):
        lines = [(line.copy(), line.children[0].copy()) for line in cell.children]
        return cls(cell.position_x, cell.position_y, cell.height, cell.border_height(), lines)

    def at(self, box):
        """The cell with these lines."""
        right, down = box.position_x - self._x, box.position_y - self._y
        lines = []
        for known_line, known_text in self.lines:
            line, text = known_line.copy(), known_text.copy()
            line.position_x += right
            line.position_y += down
            text.position_x += right
            text.position_y += down
            line.children = (text,)
            lines.append(line)
        cell = box.copy_with_children(lines)
        cell.height = self._height
        return cell


def _lines_like(example, context, box, text):
    """The lines of a text as _Known, in the manner of a cell of the same style; None where that is not so:
    other letters than the font has, a break within the text, a word wider than the cell."""
    said, style = text.text, text.style
    if context.excluded_shapes or said != said.strip(" ") or not example.lines:
        return None
    line_like, text_like = example.lines[0]
    leading = text_like.position_y - line_like.position_y
    left, top = box.content_box_x(), box.content_box_y()
    # As in split_inline_box, to the last digit.
    available = (left + box.width) * (1 + 1e-9) - left
    encoded, skip, lines = said.encode(), 0, []
    while skip is not None:
        layout, length, resume, width, height, baseline = inline.split_first_line(
            encoded[skip:].decode(), style, context, available, text.justification_spacing
        )
        is_usual = height == text_like.height and baseline + text_like.margin_top == text_like.baseline
        if length <= 0 or not is_usual or width > available or layout.text[-1] == " ":
            return None
        if resume is not None:
            if encoded[skip + length : skip + resume].strip(b" "):
                return None
            skip += resume
            while encoded[skip : skip + 1] == b" ":
                skip += 1
        else:
            skip = None
        line, here = line_like.copy(), text_like.copy()
        line.width = here.width = width
        line.position_x = here.position_x = left + inline.text_align(context, line, box.width, skip is None)
        line.position_y = top
        line.resume_at = None if skip is None else {0: {skip: None}}
        here.position_y = top + leading
        here.text, here.pango_layout = layout.text, layout
        lines.append((line, here))
        top += line.height
    height = top - box.content_box_y()
    around = box.padding_top + box.padding_bottom + box.border_top_width + box.border_bottom_width
    return _Known(box.position_x, box.position_y, height, height + around, lines)


def _text(stream, textbox, offset_x, text_overflow, block_ellipsis):
    """As draw_text: a line of text."""
    style = textbox.style
    if text_overflow != "clip" or block_ellipsis != "none" or style["text_decoration_line"] != "none":
        _draw_text(stream, textbox, offset_x, text_overflow, block_ellipsis)
        return
    key = (id(style), textbox.pango_layout.text)
    known = _memory.drawn.get(key)
    if known is None:
        recorder = _Recorder(stream)
        _draw_text(recorder, textbox, offset_x, text_overflow, block_ellipsis)
        _memory.drawn[key] = recorder.told()
    elif known:
        stream.set_color(style["color"])
        stream.begin_text()
        place = Matrix(d=-1, e=textbox.position_x, f=textbox.position_y + textbox.baseline)
        stream.set_text_matrix(*place.values)
        stream.set_font_size(*known[0])
        stream.show_text(known[1])
        stream.end_text()
    else:
        _draw_text(stream, textbox, offset_x, text_overflow, block_ellipsis)


class _Recorder:
    """A stream that remembers in which font what was shown."""

    def __init__(self, stream):
        self._stream = stream
        self._fonts, self._shown, self._others = [], [], False

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def set_font_size(self, font, size):
        self._fonts.append((font, size))
        self._stream.set_font_size(font, size)

    def show_text(self, text):
        self._shown.append(text)
        self._stream.show_text(text)

    def set_text_rise(self, rise):
        self._others = True
        self._stream.set_text_rise(rise)

    def told(self):
        """(font and size, glyphs), or nothing of a line that is more than one text in one font."""
        if len(self._fonts) == len(self._shown) == 1 and not self._others:
            return self._fonts[0], self._shown[0]
        return ()


def _tags(box, parent, pdf, page_number, numbers, annotations, marked):
    """As _build_box_tree: the structure of a box. A cell holds its text itself, and a heading says whether it
    is one of a row or of a column instead of being named in every cell."""
    if type(box) is not boxes.TableCellBox:
        yield from _build_tags(box, parent, pdf, page_number, numbers, annotations, marked)
        return
    direction = _DIRECTIONS.get(box.element.get("scope"))
    if _is_lines_of_text(box):
        element = pydyf.Dictionary(
            {
                "Type": "/StructElem",
                "S": "/TH" if direction else "/TD",
                "K": pydyf.Array(marked.pop(line.children[0])["mcid"] for line in box.children),
                "Pg": pdf.page_references[page_number],
                "P": parent.reference,
            }
        )
        pdf.add_object(element)
        numbers.update((number, element.reference) for number in element["K"])
    else:
        (element,) = _build_tags(box, parent, pdf, page_number, numbers, annotations, marked)
    if direction:
        element["A"] = pydyf.Dictionary({"O": "/Table", "Scope": direction})
        if box.colspan != 1:
            element["A"]["ColSpan"] = box.colspan
    # What would lead from here to the names of headings leads nowhere.
    box.mark = {"A": {}}
    yield element


def _clean(font, to_unicode, hinting):
    """As Font.clean: the portal's own fonts are small and stay whole, so that all pieces carry the same."""
    if font.family != "Plus Jakarta Sans Paper":
        _clean_font(font, to_unicode, hinting)


def _is_lines_of_text(box):
    return all(
        type(line) is boxes.LineBox and len(line.children) == 1 and type(line.children[0]) is boxes.TextBox
        for line in box.children
    )
