from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from partnerships.exports.extract import Refused
from partnerships.exports.of_funnel import FORMS
from partnerships.models import PartnerClass
from partnerships.selectors.funnel import Funnel
from regions.models import Region


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
    content_type, make = FORMS[form]
    name, content = make(shown, request.user)
    named = content_disposition_header(form != "pdf", name)
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": named})
