"""Figures drawn as SVG: the same picture on a page, on paper and in a PDF.

Colours stand in the drawing, because the renderer of PDFs reads no variables in it; on a page the classes
take their place (static/css/charts.css). What is drawn can also be read: each drawing names itself, and
what may be pressed says in words what it stands for.
"""

from partnerships.charts.bars import Bar, bars
from partnerships.charts.funnel import Step, funnel
from partnerships.charts.lines import line, sparkline
from partnerships.charts.scale import Scale
from partnerships.charts.taken import alone, on_paper
from partnerships.charts.tiles import Tile, tile_map, tiles

__all__ = [
    "Bar",
    "Scale",
    "Step",
    "Tile",
    "alone",
    "bars",
    "funnel",
    "line",
    "on_paper",
    "sparkline",
    "tile_map",
    "tiles",
]
