"""Charts on a page and on paper: the drawing, what it says as a table, and the same to take away."""

import csv
import io
from urllib.parse import quote

from django import template
from django.utils.formats import number_format

from partnerships import charts
from partnerships.exports.cells import harmless

register = template.Library()


@register.simple_tag
def draw_map(found, across=4):
    """Regions as tiles (selectors.places.Map) where they lie, or so many in a row where no place is known."""
    label = str(found.measure.label)
    if any(tile.row or tile.column for tile in found.tiles):
        return charts.tile_map(label, found.tiles)
    return charts.tiles(label, found.tiles, across)


@register.simple_tag
def bars(found, label):
    return charts.bars(str(label), found)


@register.simple_tag
def line(points, label, **shape):
    return charts.line(str(label), points, **shape)


@register.simple_tag
def sparkline(values, label):
    return charts.sparkline(str(label), values)


@register.simple_tag
def funnel(steps, label):
    return charts.funnel(str(label), steps)


@register.filter
def on_paper(drawn):
    """A drawing in a PDF: its links lie over it."""
    return charts.on_paper(drawn)


@register.simple_tag
def as_picture(drawn):
    """A drawing as an address that a browser saves: an SVG that stands by itself."""
    return "data:image/svg+xml;charset=utf-8," + quote(charts.alone(drawn))


@register.filter
def points_of(found):
    """What bars, steps or tiles say, as the points of a line: (name, value, words, address)."""
    return [_point_of(each) for each in found]


def _point_of(each):
    if isinstance(each, charts.Bar):
        parts = ", ".join(str(said) for _value, _tone, said in each.parts if said)
        return each.label, each.total, parts, each.url
    if isinstance(each, charts.Step):
        return each.label, each.value, each.share, each.url
    name, _colon, words = each.words.partition(": ")
    return name, each.number, words, each.url


@register.filter
def in_cell(value):
    """A number with its thousands apart; what is in words already stays."""
    return value if isinstance(value, str) else number_format(value, force_grouping=True)


@register.simple_tag
def as_file(points, heading, number):
    """What a chart says as an address that a browser saves: a CSV as Excel in Indonesia reads it."""
    written = io.StringIO()
    lines = csv.writer(written, delimiter=";")
    lines.writerow([str(heading), str(number)])
    lines.writerows([harmless(str(name)), value] for name, value, _words, _url in points)
    return "data:text/csv;charset=utf-8," + quote("\ufeff" + written.getvalue())
