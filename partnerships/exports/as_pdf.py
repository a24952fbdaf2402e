"""A list on paper: A4, as many columns as the reader chose."""

from contextlib import closing

from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, pgettext

from partnerships.exports import long_pdf
from partnerships.exports.cells import plain
from partnerships.exports.extract import keep_snapshot
from partnerships.exports.issue import Issue
from partnerships.exports.lines import Lines
from partnerships.exports.listing_layout import is_upright, layout
from partnerships.exports.long_pdf import LongList
from partnerships.exports.paper import pdf_of
from partnerships.exports.piece import Frame, Heading, Row, Table, Words
from partnerships.exports.worded import by_value

MOST_IN_ONE_RENDER = 300
# Above, joining the structure that a screen reader follows would take more memory than a worker has.
MOST_TAGGED = 5_000
_ROWS_READ_AT_ONCE = 500
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


def write(extract, to, progress=None):
    """The list as a PDF: up to MOST_IN_ONE_RENDER rows one render, PDF/A and PDF/UA; above, joined pieces.

    Its rows travel inside. Its Issue goes to those of the extract. ``progress`` is called with the number of
    rows done; what it raises leaves nothing behind.
    """
    issue = Issue.of_list(extract)
    if extract.count > MOST_IN_ONE_RENDER:
        progress = progress or _unheard

        def rendered(rows):
            keep_snapshot()
            progress(rows)

        with closing(Lines()) as lines:
            long_pdf.make(
                lambda: long_list_of(extract, issue, lines, progress),
                to,
                rendered,
                enclose=lambda: issue.enclose([extract], lambda _rows: progress(0)),
            )
    else:
        issue.enclose([extract])
        smaller = _SMALLER if extract.count <= _ROWS_OF_ONE_PAGE else ""
        to.write(pdf_of(*in_one_piece(extract, issue), smaller))
    extract.issued.append(issue)


def in_one_piece(extract, issue):
    """(the list as a Page, its styles), to be laid out on paper as one document."""
    groups = _groups(extract)
    longest = [0] * len(extract.columns)
    for group in groups:
        for row in group["rows"]:
            _lengthen(longest, extract.columns, [text for text, _kind, _language in row["cells"]])
    return _page(extract, issue, groups), layout(extract.columns, is_upright(extract), longest)


def long_list_of(extract, issue, lines, progress):
    """The list to be made in pieces, its rows put into ``lines``."""
    longest = _read(extract, lines, progress)
    is_tagged = extract.count <= MOST_TAGGED
    return LongList(
        lines=lines,
        table=Table(
            kinds=tuple(map(_kind_of_column, extract.columns)),
            languages=tuple(map(_language, extract.columns)),
            styles=layout(extract.columns, is_upright(extract), longest),
            tagged=is_tagged,
        ),
        first_page=plain(_page(extract, issue, None).html),
        next_page=plain(render_to_string("print/listing_goes_on.html", _frame(extract))),
        frame=_words_around(extract, issue, is_tagged),
        issue=issue,
    )


def _unheard(_rows):
    """Nobody asks how far it is."""


def _read(extract, lines, progress):
    """Put every row into the lines; how many signs the longest word has in each column of numbers."""
    longest = [0] * len(extract.columns)
    done = 0
    for heading, rows in extract.groups_in_words():
        if heading:
            lines.append(Heading(plain(heading), ""))
        begun = done
        for place, row in enumerate(rows, start=2 if heading else 1):
            line = _line(row, place)
            lines.append(line)
            _lengthen(longest, extract.columns, line.texts)
            done += 1
            if done % _ROWS_READ_AT_ONCE == 0:
                progress(0)
        if heading:
            lines.close_group(extract.listing.counted(done - begun))
    return longest


def _line(row, place):
    """A Worded row as a line; every second one of a group is tinted, its heading counted."""
    return Row(row.texts, row.kinds, tinted=place % 2 == 0)


def _lengthen(longest, columns, texts):
    for place, column in enumerate(columns):
        if column.number:
            longest[place] = max(longest[place], max(map(len, texts[place].split()), default=0))


def _page(extract, issue, groups):
    """The list as a Page, or with None for the groups a table that waits for its rows."""
    return issue.page("print/listing.html", {**_frame(extract), "groups": groups})


def _frame(extract):
    return {
        "title": extract.title,
        "upright": is_upright(extract),
        "moment": extract.moment,
        "asked_by": extract.asked_by,
        "narrowed_by": extract.narrowed_by,
        "figures": extract.figures,
        "note": _note(extract),
        "columns": extract.columns,
        "no_rows": extract.no_rows,
    }


def _note(extract):
    """What a file made of pieces says of itself: whether a screen reader can follow its table."""
    if extract.count <= MOST_IN_ONE_RENDER:
        return ""
    if extract.count <= MOST_TAGGED:
        return gettext("Tagged for screen readers. Filters and figures are those of the list.")
    return gettext(
        "Not tagged for screen readers: a file of more than %(most)s rows is not. Filters and figures are "
        "those of the list."
    ) % {"most": number_format(MOST_TAGGED, force_grouping=True)}


def _words_around(extract, issue, is_tagged):
    portal = gettext("Kemnaker partnerships")
    as_of = gettext("Data as of %(moment)s") % {"moment": extract.moment}
    asked = gettext("Asked for by %(asked_by)s") % {"asked_by": extract.asked_by}
    return Frame(
        title=plain(str(extract.title)),
        author=portal,
        subject=plain(f"{as_of}. {asked}."),
        language=get_language(),
        made=issue.as_of.isoformat(timespec="seconds"),
        tagged=is_tagged,
        words=Words(
            foot=plain("  ·  ".join([portal, issue.shown_code, as_of, asked])),
            page=gettext("Page"),
            of=pgettext("page 1 of 3", "of"),
            paper="pdf--register pdf--upright" if is_upright(extract) else "pdf--register",
        ),
    )


def _groups(extract):
    groups = []
    for heading, rows in by_value(extract.groups(), extract.columns):
        lines = [_line(row, place) for place, row in enumerate(rows, start=2 if heading else 1)]
        cells = [{"cells": _cells(line, extract.columns), "tinted": line.tinted} for line in lines]
        groups.append({"heading": heading, "size": extract.listing.counted(len(lines)), "rows": cells})
    return groups


def _cells(line, columns):
    """(text, class in print.css, language if it is not the page's) of each column."""
    return [
        (text, line.kinds.get(place) or _kind_of_column(column), _language(column))
        for place, (text, column) in enumerate(zip(line.texts, columns, strict=True))
    ]


def _kind_of_column(column):
    return "number" if column.number else f"pdf-{column.code}"


def _language(column):
    return "id" if column.indonesian and get_language() != "id" else ""
