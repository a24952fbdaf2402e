from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from partnerships.exports.leadership import brief_page, pdf_of_leadership, report_page
from partnerships.exports.report_tables import csv_of_report
from partnerships.models import ReadContent
from partnerships.selectors.brief import Brief
from partnerships.selectors.period_report import PeriodReport
from partnerships.selectors.periods import FIRST_YEAR, Period, latest_over
from partnerships.views.issued import pdf_response
from partnerships.views.listing import csv_response
from partnerships.views.noting import note_read
from partnerships.views.replicas import may_ask_a_replica

_private = cache_control(private=True, no_store=True)


@require_safe
@may_ask_a_replica
def brief(request):
    """Where the partnerships stand, what goes well, what is dead, and what has to be decided."""
    return render(request, "partnerships/brief.html", {"brief": Brief(request.user)})


@require_safe
@_private
@may_ask_a_replica
def brief_pdf(request):
    """The same on two pages to print, hand over and file."""
    shown = Brief(request.user)
    page = brief_page(shown)
    note_read(request, ReadContent.BRIEF, "pdf")
    return pdf_response(pdf_of_leadership(page), page.issue, f"ringkasan-{shown.day:%Y-%m-%d}.pdf")


@require_safe
def latest_report(request):
    """The report on the half year that was over last."""
    return redirect(latest_over().url())


@require_safe
@may_ask_a_replica
def period_report(request, year, half=None):
    """What a half year or a year brought, by class, theme, unit and region, beside the one before."""
    return render(request, "partnerships/period_report.html", {"report": _report(request, year, half)})


@require_safe
@_private
@may_ask_a_replica
def period_pdf(request, year, half=None):
    """The same to print, hand over and file."""
    report = _report(request, year, half)
    page = report_page(report)
    note_read(request, ReadContent.PERIOD, "pdf", question=f"period={report.period.code}")
    return pdf_response(pdf_of_leadership(page), page.issue, f"laporan-{report.period.code}.pdf")


@require_safe
@_private
@may_ask_a_replica
def period_csv(request, year, half=None):
    """The tables of the report, to go on with them in a spreadsheet."""
    report = _report(request, year, half)
    note_read(request, ReadContent.PERIOD, "csv", question=f"period={report.period.code}")
    return csv_response(csv_of_report(report), f"laporan-{report.period.code}.csv")


def _report(request, year, half):
    period = Period(year, half)
    if not (year > FIRST_YEAR and period.has_begun):
        raise Http404
    return PeriodReport(request.user, period)
