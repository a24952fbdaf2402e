"""An SVG picture in the making: shapes with the colours of the portal's light scheme and their classes."""

from django.utils.html import escape
from django.utils.safestring import mark_safe

INK, SOFT_INK, LINE, SUNKEN = "#172225", "#47545a", "#c6c2b8", "#f2f0ea"
ACCENT, WARN, BAD, GOOD = "#0b6475", "#7d4c00", "#9f2620", "#1b6638"
# How a tile looks, and what can be read on it: five levels of one hue from nothing to the most, each darker
# than the last in grey too; and the states of a region.
LOOKS = {
    "0": (SUNKEN, SOFT_INK),
    "1": ("#d3e7ea", INK),
    "2": ("#93c1ca", INK),
    "3": ("#2f7f8f", "#ffffff"),
    "4": ("#0a4f5d", "#ffffff"),
    "asleep": ("#f9eed6", WARN),
    "over": ("#ffffff", SOFT_INK),
}
# In grey the states are told apart by a line around them.
EDGES = {"asleep": WARN, "over": LINE}

_FILLS = {
    "ink": INK,
    "soft": SOFT_INK,
    "accent": ACCENT,
    # As a surface lighter than as a word: in grey it is told from the accent.
    "warn": "#d39a2f",
    "bad": BAD,
    "good": GOOD,
    "none": LINE,
}


def fill_of(tone):
    return _FILLS[tone]


def said(number):
    """A coordinate: a point between whole and tenth, whatever the language, and no zero too many."""
    return f"{number:.1f}".removesuffix(".0")


class Drawing:
    """A picture of so many units; it grows with the room it is given."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self._parts = []

    def add(self, markup):
        self._parts.append(markup)

    def box(self, x, y, width, height, fill, css, radius=0, edge=""):
        """``edge``: the colour of a line around it, none without one."""
        rounded = f' rx="{said(radius)}"' if radius else ""
        lined = f' stroke="{edge}"' if edge else ""
        self.add(
            f'<rect class="{css}" x="{said(x)}" y="{said(y)}" width="{said(width)}" height="{said(height)}"'
            f'{rounded} fill="{fill}"{lined}/>'
        )

    def write(self, x, y, text, css, size=12, fill=INK, anchor="start", weight=400, shown=True):
        """``shown``: whether it is there without the styles of a page, which may show it."""
        at = "" if anchor == "start" else f' text-anchor="{anchor}"'
        hidden = "" if shown else ' display="none"'
        heavy = "" if weight == 400 else f' font-weight="{weight}"'
        self.add(
            f'<text class="{css}" x="{said(x)}" y="{said(y)}" font-size="{said(size)}" fill="{fill}"'
            f"{at}{heavy}{hidden}>{escape(text)}</text>"
        )

    def path(self, moves, css, stroke, width=2.0):
        self.add(
            f'<path class="{css}" d="{moves}" fill="none" stroke="{stroke}" stroke-width="{said(width)}"'
            ' stroke-linejoin="round" stroke-linecap="round"/>'
        )

    def rule(self, x1, y1, x2, y2, css="chart__rule"):
        self.add(
            f'<line class="{css}" x1="{said(x1)}" y1="{said(y1)}" x2="{said(x2)}" y2="{said(y2)}"'
            f' stroke="{LINE}" stroke-width="1"/>'
        )

    def begin_link(self, url, words):
        """What follows leads to an address, if there is one, and says what it is."""
        label = escape(words)
        self.add(
            f'<a href="{escape(url)}" aria-label="{label}"><title>{label}</title>'
            if url
            else f"<g><title>{label}</title>"
        )

    def end_link(self, url):
        self.add("</a>" if url else "</g>")

    def markup(self, label, css="", role="group"):
        """The picture with the name that a reader who can't see it hears."""
        # Every text has been escaped as it was written.
        return mark_safe(  # noqa: S308
            f'<svg class="chart {css}" viewBox="0 0 {said(self.width)} {said(self.height)}" role="{role}"'
            f' aria-label="{escape(label)}" xmlns="http://www.w3.org/2000/svg"'
            f' font-family="Plus Jakarta Sans, Plus Jakarta Sans Paper, sans-serif">'
            f"{''.join(self._parts)}</svg>"
        )
