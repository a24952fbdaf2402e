"""A list on paper: A4, as many columns as the reader chose."""

from django.template.loader import render_to_string
from django.utils.translation import get_language

from partnerships.columns import in_words
from partnerships.exports.extract import TooMany
from partnerships.exports.paper import pdf_of

MOST_ROWS = 300
# The page holds the default columns, whose shares make 100, at 8 points; more columns take smaller
# type, narrower gaps and hyphens.
_TYPE_SIZES = ((115, 8), (150, 7.25), (190, 6.5))
_SMALLEST_TYPE = 5.75
_CROWDED = 115
_LEAST_SHARE = 9
# A short list is worth a page of its own, in slightly smaller type if that is what it takes.
_ROWS_OF_ONE_PAGE = 20
_SMALLER = """
.pdf--register h1 { margin-top: 4mm; font-size: 17pt }
.pdf--register .pdf-counts { margin-top: 3mm !important }
.pdf--register .pdf-counts dd { font-size: 14pt }
.pdf--register .pdf-table { margin-top: 3mm; line-height: 1.28 }
.pdf--register .pdf-table tbody { font-size: 0.92em }
.pdf--register .pdf-table tbody :is(th, td) { padding-top: 0.3em; padding-bottom: 0.3em }
.pdf--register .pdf-table .pdf-group th { padding-top: 0.9em; padding-bottom: 0.4em }
"""
# Millimetres between the margins of print.css; an upright page holds columns of these shares.
_PAGE_WIDTH, _UPRIGHT_WIDTH = 269, 186
_UPRIGHT_SHARES = 115
# Columns whose words have a colour for each value.
_COLOURED = {"validity", "state"}
# Millimetres for each point of type: "KS-2025-00001" with its gaps; one digit; the gaps of a cell.
_REFERENCE_WIDTH = 3.25
_DIGIT_WIDTH = 0.19
_GAPS = 0.44


def write(extract, to, progress=None):
    """The list as a PDF. Raises TooMany above MOST_ROWS."""
    if extract.count > MOST_ROWS:
        raise TooMany(extract.listing, [extract.too_many(MOST_ROWS)])
    groups = _groups(extract)
    styles = _layout(extract.columns, _is_upright(extract), _longest_numbers(extract.columns, groups))
    smaller = _SMALLER if extract.count <= _ROWS_OF_ONE_PAGE else ""
    to.write(pdf_of(_page(extract, groups), styles, smaller))


def page(extract):
    """The list as HTML, to be laid out on paper."""
    return _page(extract, _groups(extract))


def _page(extract, groups):
    return render_to_string(
        "print/listing.html",
        {
            "title": extract.title,
            "upright": _is_upright(extract),
            "moment": extract.moment,
            "asked_by": extract.asked_by,
            "narrowed_by": extract.narrowed_by,
            "figures": extract.figures,
            "columns": extract.columns,
            "groups": groups,
            "no_rows": extract.no_rows,
        },
    )


def _groups(extract):
    return [
        {
            "heading": heading,
            "size": extract.listing.counted(len(rows)),
            "rows": [_cells(row, extract.columns) for row in rows],
        }
        for heading, rows in extract.groups()
    ]


def _cells(row, columns):
    """(text, class in print.css, language if it is not the page's) of each column."""
    return [
        (
            in_words(column.value(row)) or "–",
            _kind_of_cell(row, column),
            "id" if column.indonesian and get_language() != "id" else "",
        )
        for column in columns
    ]


def _kind_of_cell(row, column):
    if column.number:
        return "number"
    if column.code in _COLOURED:
        return f"pdf-{column.code} pdf-{column.code}--{getattr(row, column.code)}"
    return f"pdf-{column.code}"


def _is_upright(extract):
    return extract.upright and sum(column.share for column in extract.columns) <= _UPRIGHT_SHARES


def _longest_numbers(columns, groups):
    """How many signs the longest word has in each column of numbers, by its place; 0 in any other."""
    rows = [row for group in groups for row in group["rows"]]
    return [
        max((len(word) for row in rows for word in row[place][0].split()), default=0) if column.number else 0
        for place, column in enumerate(columns)
    ]


def _layout(columns, upright=False, longest=()):
    """The size of the type and the widths of the columns: a table of fixed widths is laid out once."""
    wanted = sum(column.share for column in columns)
    page_width = _UPRIGHT_WIDTH if upright else _PAGE_WIDTH
    sizes = _TYPE_SIZES[1:] if upright else _TYPE_SIZES
    size = next((size for most, size in sizes if wanted <= most), _SMALLEST_TYPE)
    rules = [f".pdf-table {{ font-size: {size}pt }}"]
    if wanted > _CROWDED:
        rules += [
            ".pdf-table { hyphens: auto; hyphenate-limit-chars: 8 4 3 }",
            ".pdf-table th, .pdf-table td { padding-left: 0.45em; padding-right: 0.45em }",
        ]
    # A reference stays one word, and so does a number; the other columns share what these leave.
    least = [size * (_DIGIT_WIDTH * signs + _GAPS) / page_width * 100 if signs else 0 for signs in longest]
    fixed = {0: size * _REFERENCE_WIDTH / page_width * 100}
    widths = _widths(columns, fixed)
    tight = [place for place, width in enumerate(least) if place and width > widths[place]]
    if tight:
        widths = _widths(columns, fixed | {place: least[place] for place in tight})
    rules += [
        f".pdf-table col:nth-child({position}) {{ width: {width:.3f}% }}"
        for position, width in enumerate(widths, start=1)
    ]
    return "\n".join(rules)


def _widths(columns, fixed):
    """The part of the page that each column gets, in percent: what is fixed, and the rest by shares."""
    shares = {
        place: max(column.share, _LEAST_SHARE) for place, column in enumerate(columns) if place not in fixed
    }
    left = (100 - sum(fixed.values())) / (sum(shares.values()) or 1)
    return [fixed[place] if place in fixed else shares[place] * left for place in range(len(columns))]
