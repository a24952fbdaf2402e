from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from partnerships.exports import of_regions
from partnerships.exports.extract import Refused
from partnerships.models import ReadContent
from partnerships.selectors.matrix import Delivery, Matrix
from partnerships.views.issued import pdf_response
from partnerships.views.listing import csv_response
from partnerships.views.noting import note_read

FORMS = {"pdf", "csv"}


@require_safe
def matrix(request):
    """What regions deliver of the same theme or of one event."""
    context = {"shown": Matrix(request.user, request.GET), "deliveries": Delivery}
    return render(request, "partnerships/matrix.html", context)


@require_safe
@cache_control(private=True, no_store=True)
def matrix_export(request, form):
    """The same as a file: on paper, or a line for each region and each thing."""
    if form not in FORMS:
        raise Http404
    shown = Matrix(request.user, request.GET)
    if shown.question.problems:
        refusal = Refused(shown.ledger, shown.question.problems)
        return render(request, "print/refused.html", {"refusal": refusal, "form": form}, status=400)
    note_read(request, ReadContent.REGIONS, form, question=request.GET.urlencode())
    if form == "csv":
        return csv_response(of_regions.as_csv(shown), of_regions.named(form))
    name, content, issue = of_regions.as_pdf(shown)
    return pdf_response(content, issue, name)
