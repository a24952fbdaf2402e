from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships import permissions
from partnerships.actions import terms
from partnerships.actions.guard import StaleVersion
from partnerships.forms.term import EndEarlyForm, ExtendForm
from partnerships.lifecycle import Status
from partnerships.models import Agreement
from partnerships.permissions import Action
from partnerships.selectors.dossier import dossier_of

# A refused form is answered with 422 and a stale one with 409, so that neither looks like a saved one.
REFUSED, STALE = 422, 409


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_terms(request, ref):
    """The periods in which a paper holds; it is extended here, or its term ended early."""
    visible = Agreement.objects.visible_to(request.user).with_validity()
    agreement = get_object_or_404(visible.with_parties(), ref=ref)
    permissions.check(request.user, Action.CHANGE_AGREEMENT, agreement)
    if request.method != "POST":
        return _page(request, agreement)
    early = request.POST.get("do") == "end_early"
    form = _form(EndEarlyForm if early else ExtendForm, agreement, request.POST)
    if not form.is_valid():
        return _page(request, agreement, form, REFUSED)
    change = terms.end_early if early else terms.extend
    try:
        change(agreement=agreement, by=request.user, **form.cleaned_data)
    except StaleVersion:
        return _page(request, get_object_or_404(visible.with_parties(), ref=ref), status=STALE, stale=True)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _page(request, agreement, form, REFUSED)
    messages.success(request, _("The term is ended early.") if early else _("The paper is extended."))
    return redirect(f"{agreement.get_absolute_url()}#validity")


def _form(kind, agreement, data=None):
    more = {"last": agreement.terms.last()} if kind is ExtendForm else {}
    return kind(agreement, data, **more)


def _page(request, agreement, refused=None, status=200, **more):
    """Both forms; one that was refused keeps what was typed in it."""
    forms = {kind.prefix: _form(kind, agreement) for kind in (ExtendForm, EndEarlyForm)}
    if refused:
        forms[refused.prefix] = refused
    context = {
        "agreement": agreement,
        "dossier": dossier_of(agreement, request.user),
        "is_signed": agreement.status == Status.SIGNED,
        "refused": refused,
        **forms,
        **more,
    }
    return render(request, "partnerships/terms/page.html", context, status=status)
