"""Charts on a page and on paper: the drawing, what it says as a table, and the same to take away."""

import csv
import io
from urllib.parse import quote

from django import template

from partnerships import charts
from partnerships.exports.cells import harmless

register = template.Library()


@register.simple_tag
def draw_map(found):
    """Regions as tiles (selectors.places.Map): where they lie, or side by side where no place is known."""
    draw = charts.tile_map if any(tile.row or tile.column for tile in found.tiles) else charts.tiles
    return draw(str(found.measure.label), found.tiles)


@register.simple_tag
def bars(found, label, full=None):
    return charts.bars(str(label), found, full)


@register.simple_tag
def line(points, label):
    return charts.line(str(label), points)


@register.simple_tag
def sparkline(values, label):
    return charts.sparkline(str(label), values)


@register.simple_tag
def funnel(steps, label):
    return charts.funnel(str(label), steps)


@register.simple_tag
def as_file(points, heading, number):
    """What a chart says as an address that a browser saves: a CSV as Excel in Indonesia reads it."""
    written = io.StringIO()
    lines = csv.writer(written, delimiter=";")
    lines.writerow([heading, number])
    lines.writerows([harmless(name), value] for name, value, _words, _url in points)
    return "data:text/csv;charset=utf-8," + quote("\ufeff" + written.getvalue())
