"""Lying bars, one below the other: of one part, or of several side by side."""

from dataclasses import dataclass

from partnerships.charts.drawing import SOFT_INK, SUNKEN, Drawing, fill_of, said

_WIDTH, _ROW, _BAR = 360, 40, 10
_GAP, _STRIPE = 1.5, 5


@dataclass(frozen=True)
class Bar:
    """A line of a bar chart: what it is, its parts as (value, tone, words), the number behind it, and where
    it leads. Tones: accent, good, warn, bad, soft, none."""

    label: str
    parts: tuple
    number: str
    url: str = ""

    @property
    def total(self):
        return sum(value for value, _tone, _words in self.parts)

    @property
    def words(self):
        """What it says to who does not see it."""
        parts = [str(said) for _value, _tone, said in self.parts if said]
        return f"{self.label}: {', '.join(parts) if len(parts) > 1 else self.number}"


def bars(label, found):
    """The bars on one scale, from nothing to the longest of them."""
    most = max((bar.total for bar in found), default=0) or 1
    drawing = Drawing(_WIDTH, max(1, len(found)) * _ROW - 8)
    for place, bar in enumerate(found):
        _draw(drawing, bar, place * _ROW, most)
    return drawing.markup(label, "chart--bars")


def _draw(drawing, bar, y, most):
    drawing.begin_link(bar.url, bar.words)
    # The whole line can be pressed, not only the bar.
    drawing.box(0, y, _WIDTH, _ROW - 8, "transparent", "chart__touch")
    drawing.write(0, y + 12, _short(bar.label), "chart__label", fill=SOFT_INK)
    drawing.write(_WIDTH, y + 12, bar.number, "chart__number", anchor="end", weight=600)
    drawing.box(0, y + 19, _WIDTH, _BAR, SUNKEN, "chart__ground", radius=2)
    x = 0.0
    for value, tone, _words in bar.parts:
        width = float(value) / float(most) * _WIDTH
        if width:
            drawing.box(x, y + 19, max(width, 1), _BAR, fill_of(tone), f"chart__part chart__part--{tone}", 2)
            # A gap after the part before, and stripes on what is bad, so that they are told in grey too.
            if x:
                drawing.box(x, y + 19, _GAP, _BAR, "#ffffff", "chart__gap")
            if tone == "bad":
                drawing.path(_stripes(x, y + 19, width), "chart__stripes", "#ffffff", 1)
        x += width
    drawing.end_link(bar.url)


def _stripes(x, y, width):
    places = range(_STRIPE, int(width), _STRIPE)
    return "".join(f"M{said(x + place)} {said(y)}v{_BAR}" for place in places)


def _short(text, most=46):
    """A label that leaves room for the number; the whole of it is said in the words of the bar."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
