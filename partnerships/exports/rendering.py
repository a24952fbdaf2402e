"""Lines of a list to pages of a PDF. Runs in a process of its own, without Django."""

import ctypes
import gc
import logging
import os
import signal
import sys
import threading
import traceback
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from xml.etree.ElementTree import SubElement

from weasyprint.formatting_structure.boxes import MarginBox, TableBox, TableRowBox

from partnerships.exports import quick_layout
from partnerships.exports.joining import join
from partnerships.exports.own_files import OwnPage, style_sheets
from partnerships.exports.piece import GOES_ON, MARGINS, Frame, Heading, Rendered, Words


def render(piece, hear, say):
    """The piece as a PDF: Rendered, or None when it was abandoned or its lines fill no page of their own.

    The boxes of the page are made first; then ``hear`` waits for the Begin that tells with which of the lines
    the piece begins (None abandons it). ``say`` tells the line after the piece as soon as that is known, None
    when more lines are wanted.
    """
    try:
        return _in_a_thread(_render, piece, hear, say)
    except _Abandoned:
        return None


def render_document(html, styles, goes_on, path):
    """A document without a list as a tagged PDF, that may go on from another: (Rendered, its Frame)."""
    return _in_a_thread(_render_document, html, styles, goes_on, path)


def _in_a_thread(function, *arguments):
    """Each document gets a thread of its own, whose memory goes with it."""
    result = []
    thread = threading.Thread(target=lambda: result.append(_outcome(function, *arguments)))
    gc.disable()
    thread.start()
    thread.join()
    gc.enable()
    gc.collect()
    if isinstance(result[0], Exception):
        raise result[0]
    return result[0]


class _Abandoned(Exception):
    """The piece was not wanted after all."""


def _outcome(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return error


def _render(piece, hear, say):
    quick_layout.begin_document()
    page = _PieceOfPage(piece, hear)
    sheets, fonts = style_sheets(piece.table.styles + MARGINS + (GOES_ON if piece.goes_on else ""))
    document = page.render(stylesheets=sheets, font_config=fonts)
    starts = _starts([page.lines_on(each) for each in document.pages])
    kept = len(starts) if piece.is_last else _whole_pages(starts)
    end = None if not kept else piece.first + len(piece.lines) if piece.is_last else starts[kept]
    say(end)
    if end is None:
        return None
    pages = document.pages[:kept]
    # Whole or not at all: another file may be made of the same piece just now.
    aside = f"{page.begun.path}.{os.getpid()}"
    document.copy(pages).write_pdf(aside, pdf_tags=piece.table.tagged)
    Path(aside).rename(page.begun.path)
    return Rendered(page.begun.path, tuple(starts[:kept]), end, _marks(pages))


def _marks(pages):
    return tuple(
        (number, label, (page.height - y) * 0.75)
        for number, page in enumerate(pages)
        for level, label, (_x, y), _state in page.bookmarks
        if level > 1
    )


def _render_document(html, styles, goes_on, path):
    quick_layout.begin_document()
    page = OwnPage(html)
    sheets, fonts = style_sheets(styles + MARGINS + (GOES_ON if goes_on else ""))
    document = page.render(stylesheets=sheets, font_config=fonts)
    document.write_pdf(path, pdf_tags=True)
    return Rendered(path, (None,) * len(document.pages), 0, _marks(document.pages)), _frame_of(page)


def _frame_of(page):
    """What templates/print/document.html says around its content."""
    root = page.etree_element
    body = next(root.iter("body"))
    said = {meta.get("name"): meta.get("content") for meta in root.iter("meta")}
    return Frame(
        title=next(root.iter("title")).text,
        author=said["author"],
        subject=said["description"],
        language=root.get("lang"),
        made=said["dcterms.created"],
        tagged=True,
        words=Words(body.get("data-foot"), body.get("data-page"), body.get("data-of"), body.get("class")),
    )


class _PieceOfPage(OwnPage):
    """A page whose table is filled with lines, some of which are left out again before it is laid out."""

    def __init__(self, piece, hear):
        super().__init__(piece.page)
        self._hear = hear
        self.begun = None
        self._number_of = {}
        self._fill(next(self.etree_element.iter("table")), piece)

    def _fill(self, table, piece):
        columns = str(len(piece.table.kinds))
        common = list(zip(piece.table.kinds, piece.table.languages, strict=True))
        body = None
        for number, line in enumerate(piece.lines, start=piece.first):
            if body is None or isinstance(line, Heading):
                body = SubElement(table, "tbody")
            if isinstance(line, Heading):
                row = SubElement(body, "tr", {"class": "pdf-group"})
                _heading(SubElement(row, "th", {"scope": "rowgroup", "colspan": columns}), line)
            else:
                row = SubElement(body, "tr", {"class": "pdf-tint"} if line.tinted else {})
                _cells(row, line, common)
            self._number_of[row] = number

    def before_layout(self, root, context):
        """Wait until it is known where the piece begins; drop the boxes of the lines before."""
        begun = self.begun = self._hear()
        if begun is None:
            raise _Abandoned
        for box in root.descendants():
            if isinstance(box, TableBox):
                self._drop_before(box, begun.start)
                break
        named = context.get_string_set_for
        going_on = (f"  ·  {begun.before}",) if begun.before else ()

        def named_here_or_before(page, name, keyword="first"):
            return named(page, name, keyword) or (going_on if name == "group" else ())

        context.get_string_set_for = named_here_or_before

    def _drop_before(self, table, start):
        kept = []
        for group in table.children:
            rows = [row for row in group.children if self._number_of.get(row.element, start) >= start]
            if rows:
                group.children = rows
                kept.append(group)
        table.children = kept

    def lines_on(self, page):
        """The numbers of the first and the last line on a page."""
        numbers = [self._number_of[row.element] for row in _rows_of(page._page_box)]
        return (numbers[0], numbers[-1]) if numbers else None


def _heading(cell, line):
    name = SubElement(cell, "span", {"class": "pdf-group__name"})
    name.text, name.tail = line.name, " "
    SubElement(cell, "small").text = line.size


def _cells(row, line, common):
    for place, (text, (kind, language)) in enumerate(zip(line.texts, common, strict=True)):
        kind = line.kinds.get(place, kind)
        if place:
            cell = SubElement(row, "td", {"class": kind, "lang": language} if language else {"class": kind})
        else:
            cell = SubElement(row, "th", {"scope": "row", "class": kind})
        cell.text = text


def _rows_of(box):
    """The rows of the body of the table on a page."""
    for child in getattr(box, "children", ()):
        if isinstance(child, TableRowBox):
            if child.element.tag == "tr" and not box.is_header:
                yield child
        elif not isinstance(child, MarginBox):
            yield from _rows_of(child)


def _starts(lines_on):
    """The line that each page begins with; None if it began on the page before, or there is none."""
    starts = [lines_on[0] and lines_on[0][0]]
    for before, here in pairwise(lines_on):
        starts.append(here[0] if here and (before is None or here[0] > before[1]) else None)
    return starts


def _whole_pages(starts):
    """How many pages stay when the last is dropped: up to one that begins with a line."""
    kept = len(starts) - 1
    while kept > 0 and starts[kept] is None:
        kept -= 1
    return kept


def main(channel, parent):
    """Render and join what comes through the channel, until it is closed or the parent is gone."""
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return
    os.nice(_NICE)
    quick_layout.install()
    # WeasyPrint names each property that it does not know, for every piece anew.
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)

    def say(word, is_done=True):
        channel.send((is_done, word))

    def hear():
        return channel.recv()[0]

    while True:
        try:
            name, *arguments = channel.recv()
        except EOFError:
            return
        try:
            if name == "document":
                say(render_document(*arguments))
            elif name == "join":
                say(join(*arguments, hear))
            elif rendered := render(*arguments, hear, say):
                say(rendered)
        except Exception:
            say(traceback.format_exc(), is_done=False)
        libc.malloc_trim(0)


_PR_SET_PDEATHSIG = 1
# Who reads pages comes before who waits for a long file.
_NICE = 10

if __name__ == "__main__":
    main(Connection(int(sys.argv[1])), int(sys.argv[2]))
