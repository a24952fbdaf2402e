"""Regions as tiles of one size: the smallest can be pressed as well as the largest."""

from dataclasses import dataclass

from partnerships.charts.drawing import EDGES, LOOKS, Drawing

_SIZE, _GAP = 48, 2
_SIDE = _SIZE - _GAP
# A name with more letters is broken, and a line with more is cut; the whole name is said in the words of the
# tile. No kabupaten or kota has a line that is cut.
_BROKEN_AFTER, _CUT_AFTER = 14, 18
_LINE_HEIGHT = 11


@dataclass(frozen=True)
class Tile:
    """A region on the grid: its name as short as it is known, the number printed, how it looks (a level of
    the scale, "0" to "4", or a state), what it is in words, where it leads, and the letters that stand for
    its name on a small screen."""

    row: int
    column: int
    name: str
    number: str
    look: str
    words: str
    url: str = ""
    letters: str = ""


def tile_map(label, found):
    """The tiles where they lie in the country."""
    columns = 1 + max(tile.column for tile in found)
    rows = 1 + max(tile.row for tile in found)
    drawing = Drawing(columns * _SIZE - _GAP, rows * _SIZE - _GAP)
    for tile in found:
        _draw(drawing, tile, tile.column * _SIZE, tile.row * _SIZE, _SIDE)
    return drawing.markup(label, "chart--tiles")


def tiles(label, found, across=4):
    """The tiles one after the other, so many in a row; their own places are not read."""
    lines = max(len(_lines_of(tile.name)) for tile in found)
    width, height = 96, 44 + _LINE_HEIGHT * (lines - 1)
    rows = -(-len(found) // across)
    drawing = Drawing(min(across, len(found)) * width - _GAP, rows * height - _GAP)
    for place, tile in enumerate(found):
        row, column = divmod(place, across)
        _draw(drawing, tile, column * width, row * height, width - _GAP, height - _GAP)
    return drawing.markup(label, "chart--tiles chart--tiles-below")


def _draw(drawing, tile, x, y, width, height=None):
    height = height or width
    ground, ink = LOOKS[tile.look]
    drawing.begin_link(tile.url, tile.words)
    edge = EDGES.get(tile.look, "")
    # The line lies within the tile.
    inset = 0.5 if edge else 0
    drawing.box(
        *(x + inset, y + inset, width - 2 * inset, height - 2 * inset),
        *(ground, f"tile tile--{tile.look}"),
        radius=3,
        edge=edge,
    )
    middle = x + width / 2
    for number, line in enumerate(_lines_of(tile.name)):
        drawing.write(
            *(middle, y + 14 + number * _LINE_HEIGHT, line, f"tile__name tile__on-{tile.look}"),
            size=9.5,
            fill=ink,
            anchor="middle",
        )
    if tile.letters:
        drawing.write(
            *(middle, y + 18, tile.letters, f"tile__letters tile__on-{tile.look}"),
            size=15,
            fill=ink,
            anchor="middle",
            shown=False,
        )
    drawing.write(
        *(middle, y + height - 11, tile.number, f"tile__number tile__on-{tile.look}"),
        size=16,
        fill=ink,
        anchor="middle",
        weight=600,
    )
    drawing.end_link(tile.url)


def _lines_of(name):
    """The name in one line or two, broken between words where both are shortest; what is longer is cut."""
    words = name.split()
    if len(name) <= _BROKEN_AFTER:
        return [name]
    halves = [[" ".join(words[:place]), " ".join(words[place:])] for place in range(1, len(words))]
    lines = min(halves, key=lambda both: max(map(len, both)), default=[name])
    return [line if len(line) <= _CUT_AFTER else f"{line[: _CUT_AFTER - 1].rstrip()}…" for line in lines]
