"""Lines of a list to pages of a PDF. Runs in a process of its own, without Django."""

import ctypes
import gc
import logging
import os
import resource
import signal
import sys
import threading
import traceback
from itertools import pairwise
from multiprocessing.connection import Connection
from xml.etree.ElementTree import SubElement

import pydyf

from partnerships.exports.joining import join
from partnerships.exports.own_files import OwnPage, style_sheets
from partnerships.exports.piece import GOES_ON, MARGINS, Heading, Rendered


def render(piece, path, say):
    """The piece as a PDF at ``path``. Says the line after it as soon as that is known, None when the lines fill
    no page of their own and more are wanted; Rendered comes back when the pages are drawn.

    Each piece gets a thread of its own, whose memory goes with it.
    """
    result = []
    thread = threading.Thread(target=lambda: result.append(_outcome(_render, piece, path, say)))
    gc.disable()
    thread.start()
    thread.join()
    gc.enable()
    gc.collect()
    outcome = result[0]
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def _outcome(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return error


def _render(piece, path, say):
    page = OwnPage(piece.page)
    number_of = _fill(page, piece)
    sheets, fonts = style_sheets(piece.table.styles + MARGINS + (GOES_ON if piece.goes_on else ""))
    document = page.render(stylesheets=sheets, font_config=fonts)
    starts = _starts([_lines_on(each, number_of) for each in document.pages])
    kept = len(starts) if piece.is_last else _whole_pages(starts)
    end = None if not kept else piece.start + len(piece.lines) if piece.is_last else starts[kept]
    say(end)
    if end is None:
        return None
    pages = document.pages[:kept]
    document.copy(pages).write_pdf(path, finisher=_finish, pdf_tags=piece.table.tagged)
    marks = tuple(
        (number, label, (each.height - y) * 0.75)
        for number, each in enumerate(pages)
        for level, label, (_x, y), _state in each.bookmarks
        if level > 1
    )
    return Rendered(str(path), tuple(starts[:kept]), end, marks)


def _fill(page, piece):
    """Put the lines into the table of the page; the number of each line by its element."""
    table = next(page.etree_element.iter("table"))
    if piece.goes_on:
        body = next(page.etree_element.iter("body"))
        before = SubElement(body, "div", {"class": "pdf-before", "data-group": f"  ·  {piece.before}" if piece.before else ""})
        body.remove(before)
        body.insert(0, before)
    columns = len(piece.table.kinds)
    common = list(zip(piece.table.kinds, piece.table.languages, strict=True))
    number_of, body = {}, None
    for number, line in enumerate(piece.lines, start=piece.start):
        if body is None or isinstance(line, Heading):
            body = SubElement(table, "tbody")
        if isinstance(line, Heading):
            row = SubElement(body, "tr", {"class": "pdf-group"})
            _heading(SubElement(row, "th", {"scope": "rowgroup", "colspan": str(columns)}), line)
        else:
            row = SubElement(body, "tr", {"class": "pdf-tint"} if line.tinted else {})
            _cells(row, line, common)
        number_of[row] = number
    return number_of


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


def _lines_on(page, number_of):
    """The numbers of the first and the last line on a page."""
    rows = [number_of[box.element] for box in _rows_of(page._page_box) if box.element in number_of]
    return (rows[0], rows[-1]) if rows else None


def _rows_of(box):
    for child in getattr(box, "children", ()):
        if child.element is not None and child.element.tag == "tr":
            yield child
        elif child.element is None or child.element.tag in _AROUND_ROWS:
            yield from _rows_of(child)


_AROUND_ROWS = {"html", "body", "table", "tbody"}


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


def _finish(_document, pdf):
    """Name the direction of each heading of the table; what names every heading of every cell goes, as its
    names are the same on each page."""
    scope = ""
    for thing in pdf.objects:
        role = thing.get("S") if isinstance(thing, pydyf.Dictionary) else None
        if role in {"/THead", "/TBody"}:
            scope = "/Column" if role == "/THead" else "/Row"
        elif role == "/TH":
            thing.pop("ID", None)
            thing["A"]["Scope"] = scope
        elif role == "/TD":
            thing["A"].pop("Headers", None)
            if len(thing["A"]) == 1:
                del thing["A"]


def main(channel, parent):
    """Render and join what comes through the channel, until it is closed or the parent is gone."""
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return
    os.nice(_NICE)
    # WeasyPrint names each property that it does not know, for every piece anew.
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)

    def say(word, is_done=True):
        channel.send((is_done, word, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))

    while True:
        try:
            name, arguments = channel.recv()
        except EOFError:
            return
        try:
            if name == "join":
                say(join(*arguments))
            elif rendered := render(*arguments, say):
                say(rendered)
        except Exception:
            say(traceback.format_exc(), is_done=False)
        libc.malloc_trim(0)


_PR_SET_PDEATHSIG = 1
# Who reads pages comes before who waits for a long file.
_NICE = 0

if __name__ == "__main__":
    main(Connection(int(sys.argv[1])), int(sys.argv[2]))
