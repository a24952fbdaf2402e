"""How many of the first are left at each step."""

from dataclasses import dataclass

from partnerships.charts.drawing import ACCENT, INK, SOFT_INK, Drawing

_WIDTH, _ROW, _BAR = 360, 64, 26


@dataclass(frozen=True)
class Step:
    """A step of a funnel: its name, its value, the number and the share as they are said, where it leads."""

    label: str
    value: float
    number: str
    share: str = ""
    url: str = ""


def funnel(label, steps):
    """The steps, each centred below the one before it."""
    most = max((step.value for step in steps), default=0) or 1
    drawing = Drawing(_WIDTH, len(steps) * _ROW - 8)
    for place, step in enumerate(steps):
        y = place * _ROW
        said = f"{step.label}: {step.number}" + (f" ({step.share})" if step.share else "")
        drawing.begin_link(step.url, said)
        drawing.box(0, y, _WIDTH, _ROW - 8, "transparent", "chart__touch")
        drawing.write(0, y + 12, step.label, "chart__label", fill=SOFT_INK)
        drawing.write(_WIDTH, y + 12, step.share, "chart__number", fill=INK, anchor="end", weight=600)
        width = max(float(step.value) / float(most) * _WIDTH, 2)
        drawing.box(
            (_WIDTH - width) / 2, y + 19, width, _BAR, ACCENT, f"chart__part funnel__step--{place}", radius=2
        )
        inside = width > 12 + 9 * len(step.number)
        css, fill = ("funnel__inside", "#ffffff") if inside else ("funnel__beside", INK)
        x, anchor = (_WIDTH / 2, "middle") if inside else ((_WIDTH + width) / 2 + 6, "start")
        drawing.write(x, y + 37, step.number, css, size=13, fill=fill, anchor=anchor, weight=600)
        drawing.end_link(step.url)
    return drawing.markup(label, "chart--funnel")
