"""A list of any length as a PDF: rendered in pieces by two processes, then joined.

A piece begins at the top of a page, and its last page is not kept: the lines on it begin the next piece. So the
pages are those of one document. While one process draws the pages of a piece, the other lays out the next,
which needs to know only where the pages before it end. docs/decisions/0009-long-pdfs.md says why.
"""

import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import wait

from partnerships.exports.lines import Lines
from partnerships.exports.piece import Frame, Part, Piece, Table
from partnerships.exports.piece_store import PieceStore
from partnerships.exports.renderers import Renderer

LINES_OF_A_PIECE = 400
# The first piece holds what changes with the clock and is rendered each time: it is small.
_LINES_OF_THE_FIRST = 60


@dataclass(frozen=True)
class LongList:
    """A list to be made: its lines, what they have in common, and the two documents around them as HTML,
    that of the first page and that of the others, each with a table without rows."""

    lines: Lines
    table: Table
    first_page: str
    next_page: str
    frame: Frame


def make(long_list, to, progress, size=LINES_OF_A_PIECE):
    """Write the list to the file ``to``. ``progress`` is called with the number of lines done after each
    piece; what it raises ends the processes and leaves no file. ``size`` is the lines of a piece.

    Raises RendererFailed when one of the processes does not do its work.
    """
    store = PieceStore()
    with ExitStack() as stack:
        renderers = [stack.enter_context(Renderer()) for _ in range(2)]
        first, joined = (stack.enter_context(store.passing_file()) for _ in range(2))
        pieces = _Pieces(long_list, renderers, store, progress).rendered(first, size)
        renderers[0].begin("join", _parts(pieces), long_list.frame, str(joined))
        renderers[0].result()
        with joined.open("rb") as file:
            shutil.copyfileobj(file, to)
    store.sweep()


def _parts(pieces):
    return [Part(piece.path, 0, len(piece.starts), piece.marks) for piece in pieces]


class _Pieces:
    """The pieces of a list, one after the other."""

    def __init__(self, long_list, renderers, store, progress):
        self._list = long_list
        self._total = len(long_list.lines)
        self._renderers = renderers
        self._store = store
        self._progress = progress
        # Which place each renderer's piece has among all, and the piece.
        self._drawn_by = {}
        self._pieces = []

    def rendered(self, first, size):
        """Every piece as Rendered, the first one into the file of that name."""
        at = self._render(self._piece(0, min(size, _LINES_OF_THE_FIRST)), first)
        while at < self._total:
            piece = self._piece(at, size)
            path = self._store.path_of(piece)
            if found := self._store.find(piece, path):
                self._pieces.append(found)
                at = found.end
            else:
                at = self._render(piece, path)
            self._progress(at)
        for renderer in list(self._drawn_by):
            self._take(renderer)
        return self._pieces

    def _piece(self, start, lines):
        stop = min(start + lines, self._total)
        return Piece(
            table=self._list.table,
            page=self._list.next_page if start else self._list.first_page,
            start=start,
            lines=self._list.lines.between(start, stop),
            goes_on=start > 0,
            before=self._list.lines.group_before(start),
            is_last=stop == self._total,
        )

    def _render(self, piece, path):
        """Begin a piece; the line after it, known when it is laid out and before it is drawn. What fills no
        page is begun again with twice the lines."""
        renderer = self._idle()
        renderer.begin("render", piece, str(path))
        end = renderer.result()
        if end is None:
            larger = self._piece(piece.start, 2 * len(piece.lines))
            return self._render(larger, self._store.path_of(larger) if piece.start else path)
        self._drawn_by[renderer] = (len(self._pieces), piece)
        self._pieces.append(None)
        return end

    def _idle(self):
        """A renderer without work; if there is none, the first to end its."""
        for renderer in self._renderers:
            if renderer not in self._drawn_by:
                return renderer
        ready = wait([renderer.channel for renderer in self._drawn_by])
        renderer = next(each for each in self._drawn_by if each.channel is ready[0])
        self._take(renderer)
        return renderer

    def _take(self, renderer):
        place, piece = self._drawn_by.pop(renderer)
        self._pieces[place] = renderer.result()
        if piece.start:
            self._store.keep(piece, self._pieces[place])
