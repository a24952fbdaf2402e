"""Charts on a page and on paper: the drawing, what it says as a table, and the same to take away."""

import csv
import io
from urllib.parse import quote

from django import template

from partnerships import charts

register = template.Library()


@register.simple_tag
def tile_map(tiles, label):
    """The provinces where they lie. label: what the map shows, for who does not see it."""
    return charts.tile_map(str(label), tiles)


@register.simple_tag
def tiles(found, label):
    """Regions as tiles, one after the other."""
    return charts.tiles(str(label), found)


@register.simple_tag
def bars(found, label):
    return charts.bars(str(label), found)


@register.simple_tag
def line(points, label):
    return charts.line(str(label), points)


@register.simple_tag
def funnel(steps, label):
    return charts.funnel(str(label), steps)


@register.filter
def as_file(table):
    """The table of a chart as an address that a browser saves: a CSV as Excel in Indonesia reads it."""
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows([table.heads, *table.rows])
    return "data:text/csv;charset=utf-8," + quote("\ufeff" + written.getvalue())
