"""The tables of a report on a period as a CSV: a line for each number."""

from django.conf import settings
from django.utils.translation import gettext

from partnerships.exports.sheet import csv_text


def csv_of_report(report):
    """The numbers of a report (selectors.period_report.PeriodReport) as a spreadsheet set to Indonesian reads
    them, each with the one of the period before and the address of its rows."""
    heads = (gettext("Table"), gettext("Line"), gettext("Number of"))
    rows = [(*heads, report.period, report.before, gettext("Address"))]
    everything = gettext("All")
    for line in report.summary:
        rows.append(_row(everything, everything, line.label, line.cells[0]))
    for heading, *tables in report.divided:
        for table in tables:
            for line in table.lines:
                rows += [
                    _row(heading, line.label, measure, cell)
                    for measure, cell in zip(table.headings, line.cells, strict=True)
                ]
    return csv_text(rows)


def _row(table, line, measure, cell):
    return [table, line, measure, *cell.plain, settings.PORTAL_URL + cell.url]
