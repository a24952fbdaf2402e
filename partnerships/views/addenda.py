from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships import permissions
from partnerships.actions import addenda
from partnerships.actions.guard import StaleVersion
from partnerships.forms.addendum import AddendumSheet
from partnerships.models import Agreement
from partnerships.permissions import Action

# A refused form is answered with 422 and a stale one with 409, so that neither looks like a saved one.
REFUSED, STALE = 422, 409


@require_http_methods(["GET", "HEAD", "POST"])
def addendum_add(request, ref):
    """An addendum of a paper is recorded, with the term, the party and the wordings that it brings."""
    agreement = _writable(request, ref)
    if request.method != "POST":
        return _page(request, AddendumSheet(request.user, agreement))
    sheet = AddendumSheet(request.user, agreement, request.POST)
    if sheet.only_looks:
        return _page(request, sheet)
    if not sheet.is_valid():
        return _page(request, sheet, REFUSED)
    try:
        addendum = addenda.add(agreement=agreement, by=request.user, **sheet.said())
    except ValidationError as refusal:
        sheet.refuse(refusal)
        return _page(request, sheet, REFUSED)
    messages.success(request, _("The addendum is recorded."))
    return redirect(_place_of(addendum))


@require_http_methods(["GET", "HEAD", "POST"])
def addendum_change(request, ref, number):
    """What is recorded of an addendum, put right by somebody who has read the version that stands."""
    agreement = _writable(request, ref)
    addendum = get_object_or_404(agreement.addenda, position=number)
    if request.method != "POST":
        return _page(request, AddendumSheet(request.user, agreement, addendum=addendum))
    sheet = AddendumSheet(request.user, agreement, request.POST, addendum=addendum)
    if sheet.only_looks:
        return _page(request, sheet)
    if not sheet.is_valid():
        return _page(request, sheet, REFUSED)
    try:
        addenda.correct(addendum=addendum, by=request.user, **sheet.said())
    except StaleVersion as stale:
        conflict = sheet.differences(stale.current)
        return _page(request, sheet.over(stale.current), STALE, stale=True, differences=conflict)
    except ValidationError as refusal:
        sheet.refuse(refusal)
        return _page(request, sheet, REFUSED)
    messages.success(request, _("The correction is saved."))
    return redirect(_place_of(addendum))


def _page(request, sheet, status=200, **more):
    context = {"sheet": sheet, "agreement": sheet.agreement, "addendum": sheet.addendum, **more}
    return render(request, "partnerships/addenda/form.html", context, status=status)


def _place_of(addendum):
    return f"{addendum.agreement.get_absolute_url()}#addendum-{addendum.position}"


def _writable(request, ref):
    """The paper, if the reader may see it (else 404) and may change it as it is now (else 403)."""
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user), ref=ref)
    permissions.check(request.user, Action.CHANGE_AGREEMENT, agreement)
    return agreement
