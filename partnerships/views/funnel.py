from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from partnerships.exports import of_funnel
from partnerships.exports.extract import Refused
from partnerships.models import PartnerClass, ReadContent
from partnerships.selectors.funnel import Funnel
from partnerships.views.issued import pdf_response
from partnerships.views.listing import csv_response
from partnerships.views.noting import note_read
from regions.models import Region

FORMS = {"pdf", "csv"}


@require_safe
def funnel(request):
    """How many people were trained, certified and placed of those that commitments promise."""
    context = {
        "shown": Funnel(request.user, request.GET),
        "provinces": Region.objects.provinces().open().order_by("code"),
        "classes": PartnerClass,
    }
    return render(request, "partnerships/funnel.html", context)


@require_safe
@cache_control(private=True, no_store=True)
def funnel_export(request, form):
    """The funnel and every one of its lines as a file."""
    if form not in FORMS:
        raise Http404
    shown = Funnel(request.user, request.GET)
    if shown.problems:
        refusal = Refused(shown.ledger, shown.problems)
        return render(request, "print/refused.html", {"refusal": refusal, "form": form}, status=400)
    note_read(request, ReadContent.FUNNEL, form, question=request.GET.urlencode())
    if form == "csv":
        return csv_response(of_funnel.as_csv(shown), of_funnel.named(form))
    name, content, issue = of_funnel.as_pdf(shown)
    return pdf_response(content, issue, name)
