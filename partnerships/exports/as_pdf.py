"""The register on paper: A4 landscape, as many columns as the reader chose."""

from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext

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
_PAGE_WIDTH = 269  # millimetres between the margins of print.css
_REFERENCE_WIDTH = 3.25  # millimetres of "KS-2025-00001" with its gaps, for each point of type
# Names and titles are what Indonesian papers and offices are called, in whatever language the page is.
_INDONESIAN = {"title", "partner", "region", "unit", "event", "place"}


def write(extract, to):
    """The register as a PDF. Raises TooMany above MOST_ROWS."""
    if extract.count > MOST_ROWS:
        raise TooMany(extract.register, [_too_many(extract.count)])
    styles = _layout(extract.columns)
    smaller = _SMALLER if extract.count <= _ROWS_OF_ONE_PAGE else ""
    to.write(pdf_of(page(extract), styles, smaller))


def _too_many(count):
    return gettext("A PDF holds at most %(most)s papers, and these are %(count)s.") % {
        "most": MOST_ROWS,
        "count": count,
    }


def page(extract):
    """The register as HTML, to be laid out on paper."""
    return render_to_string(
        "print/register.html",
        {
            "title": gettext("Register of partnerships"),
            "moment": extract.moment,
            "asked_by": extract.asked_by,
            "narrowed_by": extract.narrowed_by,
            "count": extract.count,
            "represented": extract.represented,
            "per_class": extract.per_class,
            "columns": extract.columns,
            "groups": [
                {"heading": heading, "rows": [_cells(row, extract.columns) for row in rows]}
                for heading, rows in extract.groups()
            ],
        },
    )


def _cells(row, columns):
    """(text, class in print.css, language if it is not the page's) of each column."""
    return [
        (
            in_words(column.value(row)) or "–",
            _kind_of_cell(row, column),
            "id" if column.code in _INDONESIAN and get_language() != "id" else "",
        )
        for column in columns
    ]


def _kind_of_cell(row, column):
    if column.number:
        return "number"
    if column.code == "validity":
        return f"pdf-validity pdf-validity--{row.validity}"
    return f"pdf-{column.code}"


def _layout(columns):
    """The size of the type and the widths of the columns: a table of fixed widths is laid out once."""
    wanted = sum(column.share for column in columns)
    size = next((size for most, size in _TYPE_SIZES if wanted <= most), _SMALLEST_TYPE)
    rules = [f".pdf-table {{ font-size: {size}pt }}"]
    if wanted > _CROWDED:
        rules += [
            ".pdf-table { hyphens: auto; hyphenate-limit-chars: 8 4 3 }",
            ".pdf-table th, .pdf-table td { padding-left: 0.45em; padding-right: 0.45em }",
        ]
    # A reference stays one word; the other columns share what it leaves.
    reference = size * _REFERENCE_WIDTH / _PAGE_WIDTH * 100
    shares = [max(column.share, _LEAST_SHARE) for column in columns[1:]]
    widths = [reference, *(share / sum(shares) * (100 - reference) for share in shares)]
    rules += [
        f".pdf-table col:nth-child({position}) {{ width: {width:.3f}% }}"
        for position, width in enumerate(widths, start=1)
    ]
    return "\n".join(rules)
