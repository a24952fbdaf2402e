from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from partnerships.exports.extract import Refused
from partnerships.exports.of_regions import FORMS
from partnerships.selectors.matrix import Delivery, Matrix


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
    content_type, make = FORMS[form]
    name, content = make(shown, request.user)
    named = content_disposition_header(form != "pdf", name)
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": named})
