"""How a number went on over time."""

import math

from django.utils.formats import number_format

from partnerships.charts.drawing import ACCENT, SOFT_INK, SUNKEN, Drawing

_WIDTH, _HEIGHT = 480, 190
# What a name below takes of the width, also on a phone, where it is written larger.
_NAME, _NAME_ON_PHONE = 60, 90
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 8, 12, 26


def line(label, points, width=_WIDTH):
    """A line through the points (name below, value, words, address), on a scale that begins at nothing;
    ``width`` in units of which its words are ten high."""
    drawing = Drawing(width, _HEIGHT)
    step, steps = _steps(max((value for _name, value, _words, _url in points), default=0))
    high = _HEIGHT - _TOP - _BOTTOM
    for number in range(steps + 1):
        y = _HEIGHT - _BOTTOM - high * number / steps
        drawing.rule(_LEFT, y, width - _RIGHT, y, "chart__rule")
        drawing.write(
            *(_LEFT - 6, y + 3.5, _short(step * number), "chart__tick"), size=10, fill=SOFT_INK, anchor="end"
        )
    places = [
        (
            _LEFT + (width - _LEFT - _RIGHT) * (place + 0.5) / len(points),
            _HEIGHT - _BOTTOM - high * float(value) / (step * steps),
        )
        for place, (_name, value, _words, _url) in enumerate(points)
    ]
    drawing.path(_through(places), "chart__line", ACCENT)
    # Names that would touch each other are left out, on a phone more of them.
    every, every_on_phone = (math.ceil(len(points) / (width // each)) for each in (_NAME, _NAME_ON_PHONE))
    for place, ((x, y), (name, _value, words, url)) in enumerate(zip(places, points, strict=True)):
        from_last = len(points) - 1 - place
        if from_last % every == 0:
            css = "chart__tick" if from_last % every_on_phone == 0 else "chart__tick chart__tick--wide"
            drawing.write(x, _HEIGHT - 8, name, css, size=10, fill=SOFT_INK, anchor="middle")
        drawing.begin_link(url, words)
        half = (width - _LEFT - _RIGHT) / len(points) / 2
        drawing.box(x - half, _TOP, half * 2, high, "transparent", "chart__touch")
        drawing.add(
            f'<circle class="chart__dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{ACCENT}"'
            f' stroke="{SUNKEN}"/>'
        )
        drawing.end_link(url)
    return drawing.markup(label, "chart--line")


def sparkline(label, values):
    """A line of the size of a word."""
    drawing = Drawing(96, 24)
    most = max(values, default=0) or 1
    last = max(1, len(values) - 1)
    places = [(2 + 92 * at / last, 21 - 18 * float(value) / float(most)) for at, value in enumerate(values)]
    drawing.path(_through(places), "chart__line", ACCENT, 1.5)
    if places:
        x, y = places[-1]
        drawing.add(f'<circle class="chart__dot" cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{ACCENT}"/>')
    return drawing.markup(label, "chart--spark", role="img")


def _through(places):
    return "".join(f"{'L' if at else 'M'}{x:.1f} {y:.1f}" for at, (x, y) in enumerate(places))


def _steps(most):
    """(a round step, how many of them hold the greatest value)."""
    if most <= 4:
        return 1, max(1, math.ceil(most))
    size = 10 ** math.floor(math.log10(most / 4))
    step = next(
        size * each for each in (1, 2, 2.5, 5, 10) if size * each * 4 >= most and size * each % 1 == 0
    )
    return int(step), math.ceil(most / step)


def _short(number):
    """A round number as short as it can be said."""
    return number_format(number, force_grouping=True)
