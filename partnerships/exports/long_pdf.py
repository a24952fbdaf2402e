"""A list of any length as a PDF: rendered in pieces by two processes in turn, then joined.

A piece begins at the top of a page, and its last page is not kept: the lines on it begin the next piece. So
the pages are those of one document. While one process lays out a piece, the other draws the one before and
prepares the next, and lays that out as soon as it is known with which line it begins.
docs/decisions/0009-long-pdfs.md says why.
"""

import shutil
from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass, replace

from partnerships.exports.issue import Issue
from partnerships.exports.lines import Lines
from partnerships.exports.piece import Begin, Frame, Part, Piece, Table
from partnerships.exports.piece_store import PieceStore
from partnerships.exports.renderers import Renderer

LINES_OF_A_PIECE = 300
# The first piece holds what changes with the clock and is rendered each time: it is small.
_LINES_OF_THE_FIRST = 60
_MOST_PIECES_TO_JOIN = 20
# The next piece is prepared from so many lines before the end of this one, as its last page goes.
_LINES_OF_TWO_PAGES = 90


@dataclass(frozen=True)
class LongList:
    """A list to be made: its lines, what they have in common, the two documents around them as HTML, that of
    the first page and that of the others, each with a table without rows; and what it is issued as."""

    lines: Lines
    table: Table
    first_page: str
    next_page: str
    frame: Frame
    issue: Issue


def make(read, to, progress, size=LINES_OF_A_PIECE, *, enclose):
    """Write the list to the file ``to``; ``read`` gives it while the processes start, and ``enclose`` puts
    its rows into its Issue while the pieces are joined.

    ``progress`` is called with the number of lines done after each piece; what it raises ends the processes
    and leaves no file. ``size`` is the lines of a piece.

    Raises RendererFailed when one of the processes does not do its work.
    """
    store = PieceStore()
    with ExitStack() as stack:
        renderers = [stack.enter_context(Renderer()) for _ in range(2)]
        for renderer in renderers:
            stack.callback(store.drop_unfinished, renderer.pid)
            stack.callback(renderer.end)
        first, joined = (stack.enter_context(store.passing_file()) for _ in range(2))
        long_list = read()
        made = _Pieces(long_list, renderers, store, progress)
        pieces = made.rendered(first, size)
        joiner = renderers[0]
        if made.number_rendered > _MOST_PIECES_TO_JOIN:
            # What rendered much has grown, and joining much takes as much again.
            for renderer in renderers:
                renderer.end()
            joiner = stack.enter_context(Renderer())
        joiner.send("join", _parts(pieces), long_list.frame, str(joined))
        enclose()
        joiner.send(long_list.issue.enclosed.files)
        joiner.result()
        with joined.open("rb") as file:
            long_list.issue.finish(file)
            file.seek(0)
            shutil.copyfileobj(file, to)
    store.sweep()


def _parts(pieces):
    return [Part(piece.path, 0, len(piece.starts), piece.marks) for piece in pieces]


class _Pieces:
    """The pieces of a list, one after the other."""

    def __init__(self, long_list, renderers, store, progress):
        self._list = long_list
        self._total = len(long_list.lines)
        self._renderers = deque(renderers)
        self._store = store
        self._progress = progress
        # The piece that each renderer draws, with its place among all; the one that the next has prepared.
        self._drawn_by = {}
        self._prepared = None
        self._pieces = []
        self.number_rendered = 0

    def rendered(self, first, size):
        """Every piece as Rendered, the first one into the file of that name."""
        at, stop = 0, min(size, _LINES_OF_THE_FIRST)
        while at < self._total:
            begin = Begin(at, self._list.lines.group_before(at), str(first))
            piece = self._piece(at, stop)
            if at:
                begin = replace(begin, path=self._store.path_of(piece, begin))
            if at and (found := self._store.find(begin)):
                self._pieces.append(found)
                end = found.end
            else:
                end = self._render(piece, begin, stop + size)
            # What fills no page is begun again, with more lines.
            at, stop = at if end is None else end, stop + size
            self._progress(at)
        self._abandon()
        for renderer in self._renderers:
            self._take(renderer)
        return self._pieces

    def _piece(self, first, stop):
        stop = min(stop, self._total)
        return Piece(
            table=self._list.table,
            page=self._list.next_page if first else self._list.first_page,
            first=first,
            lines=self._list.lines.between(first, stop),
            goes_on=first > 0,
            is_last=stop == self._total,
        )

    def _render(self, piece, begin, stop_of_next):
        """Let the renderer whose turn it is render a piece, and the other prepare the next; the line after
        the piece, known when it is laid out and before it is drawn."""
        renderer, other = self._renderers
        if self._prepared is None or self._prepared.first > begin.start:
            self._abandon()
            self._take(renderer)
            renderer.send("render", piece)
        else:
            piece = self._prepared
        self._prepared = None
        renderer.send(begin)
        self._take(other)
        if not piece.is_last:
            last = piece.first + len(piece.lines)
            self._prepared = self._piece(max(begin.start + 1, last - _LINES_OF_TWO_PAGES), stop_of_next)
            other.send("render", self._prepared)
        self._renderers.rotate()
        if (end := renderer.result()) is not None:
            self._drawn_by[renderer] = (len(self._pieces), begin)
            self.number_rendered += 1
            self._pieces.append(None)
        return end

    def _take(self, renderer):
        """Wait until the renderer has drawn what it draws."""
        if renderer in self._drawn_by:
            place, begin = self._drawn_by.pop(renderer)
            self._pieces[place] = renderer.result()
            if begin.start:
                self._store.keep(begin, self._pieces[place])

    def _abandon(self):
        if self._prepared:
            self._renderers[0].send(None)
            self._prepared = None
