from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kemnaker_portal.readers import whole_register
from partnerships.actions import confirmations
from partnerships.forms.confirmation import AnswerForm, AskForm
from partnerships.models import ProgressReport
from partnerships.selectors.confirmations import answers_on

REFUSED, GONE = 422, 410


@require_http_methods(["GET", "HEAD", "POST"])
def confirmation_ask(request, pk):
    """Ask the partner's contact whether a report is right."""
    reports = ProgressReport.objects.visible_to(request.user).select_related(
        "commitment__agreement",
        "commitment__indicator",
        "commitment__owner",
        "commitment__owed_by__organization",
    )
    report = get_object_or_404(reports, pk=pk)
    if not confirmations.may_ask(request.user, report):
        raise PermissionDenied
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _ask_page(request, report, form)
    if not form.is_valid():
        return _ask_page(request, report, form, REFUSED)
    try:
        asked = confirmations.ask(report=report, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _ask_page(request, report, form, REFUSED)
    messages.success(request, _("A link goes to %(email)s.") % {"email": asked.email})
    return redirect(report)


def _ask_page(request, report, form, status=200):
    context = {"report": report, "form": form, "answers": answers_on(report)}
    return render(request, "partnerships/confirmation_ask.html", context, status=status)


# Public: who holds the link, and nobody else, is asked; once.
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@whole_register()
def confirmation(request, token):
    """One report, for the partner's contact to confirm or to deny."""
    try:
        asked = confirmations.asked(token=token)
        form = AnswerForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            asked = confirmations.answer(token=token, **form.cleaned_data)
            return _public(request, "partnerships/confirmation_thanks.html", {"asked": asked})
    except BadSignature:
        raise Http404 from None
    except confirmations.LinkIsSpent as spent:
        return _public(request, "partnerships/confirmation_gone.html", {"asked": spent.request}, GONE)
    status = REFUSED if form.is_bound else 200
    return _public(request, "partnerships/confirmation.html", {"asked": asked, "form": form}, status)


def _public(request, template, context, status=200):
    response = render(request, template, context, status=status)
    # The address is the key: it is told to nobody, and no search engine keeps the page.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
