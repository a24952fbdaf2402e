"""The tables of a report on a period as a CSV: a line for each number."""

import csv
import io

from django.conf import settings
from django.utils.translation import gettext

from partnerships.exports.cells import harmless


def csv_of_report(report):
    """The numbers of a report (selectors.period_report.PeriodReport) as a spreadsheet set to Indonesian reads
    them, each with the one of the period before and the address of its rows."""
    written = io.StringIO()
    lines = csv.writer(written, delimiter=";")
    heads = (gettext("Table"), gettext("Line"), gettext("Number of"))
    lines.writerow([*heads, str(report.period), str(report.before), gettext("Address")])
    everything = gettext("All")
    for line in report.summary:
        lines.writerow(_row(everything, everything, line.label, line.cells[0]))
    for heading, *tables in report.divided:
        for table in tables:
            for line in table.lines:
                lines.writerows(
                    _row(heading, line.label, measure, cell)
                    for measure, cell in zip(table.headings, line.cells, strict=True)
                )
    return "\ufeff" + written.getvalue()


def _row(table, line, measure, cell):
    said = [harmless(str(each)) for each in (table, line, measure)]
    return [*said, *cell.plain, settings.PORTAL_URL + cell.url]
