from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from partnerships import permissions
from partnerships.actions import agreements, newcomers, renewals
from partnerships.actions.guard import StaleVersion
from partnerships.forms import (
    MOST_ROWS,
    PARTS,
    ChangeSheet,
    MoveForm,
    NewSheet,
    PublishForm,
    differences,
    record_of,
)
from partnerships.lifecycle import ONCE_SIGNED
from partnerships.models import Agreement
from partnerships.permissions import Action

# A refused form is answered with 422 and a stale one with 409, so that neither looks like a saved one.
REFUSED, STALE = 422, 409


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_add(request):
    """A new paper: typed, compared with what it may repeat, registered."""
    permissions.check(request.user, Action.ADD_AGREEMENT)
    if request.method != "POST":
        return _new_page(request, NewSheet(request.user, params=request.GET))
    sheet = NewSheet(request.user, request.POST)
    if sheet.only_looks:
        return _new_page(request, sheet)
    if not sheet.is_valid() or sheet.is_likely_known():
        return _new_page(request, sheet, REFUSED)
    try:
        agreement = renewals.register(by=request.user, **sheet.said())
    except ValidationError as refusal:
        sheet.refuse(refusal)
        return _new_page(request, sheet, REFUSED)
    messages.success(request, _("%(ref)s is in the register.") % {"ref": agreement.ref})
    if request.POST.get("then") == "another":
        return redirect(f"{request.path}?{urlencode(sheet.handed_on(agreement))}")
    return redirect(agreement)


def _new_page(request, sheet, status=200):
    return render(request, "partnerships/edit/new.html", {"sheet": sheet}, status=status)


@require_safe
def empty_line(request):
    """One more row of a part, for a page on which scripts run."""
    permissions.check(request.user, Action.ADD_AGREEMENT)
    part, index = request.GET.get("part", "parties"), request.GET.get("index", "0")
    if part not in PARTS or index not in map(str, range(MOST_ROWS)):
        raise Http404
    row = NewSheet(request.user).blank_row(part, index)
    context = {"part": part, "row": row, "number": int(index) + 1}
    return render(request, "partnerships/edit/row.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_edit(request, ref):
    """A paper changed by somebody who has read the version that stands; else both are shown."""
    agreement = _writable(request, ref, Action.CHANGE_AGREEMENT)
    sheet = ChangeSheet(request.user, agreement, request.POST if request.method == "POST" else None)
    if request.method != "POST" or sheet.only_looks:
        return _change_page(request, sheet)
    if not sheet.is_valid():
        return _change_page(request, sheet, REFUSED)
    try:
        newcomers.revise(agreement=agreement, by=request.user, **sheet.said())
    except StaleVersion as stale:
        return _conflict_page(request, sheet, stale.current)
    except ValidationError as refusal:
        sheet.refuse(refusal)
        return _change_page(request, sheet, REFUSED)
    messages.success(request, _("The change of %(ref)s is saved.") % {"ref": agreement.ref})
    return redirect(agreement)


def _change_page(request, sheet, status=200, **more):
    context = {"sheet": sheet, "agreement": sheet.agreement, **more}
    return render(request, "partnerships/edit/change.html", context, status=status)


def _conflict_page(request, sheet, current):
    """What was typed beside what stands there now; nothing is saved."""
    papers = Agreement.objects.visible_to(request.user)
    found = differences(sheet.record(), record_of(current), papers)
    conflict = {"differences": found, **_last_change(current)}
    return _change_page(request, sheet.over(current), STALE, conflict=conflict)


def _last_change(agreement):
    """Who has changed the paper last, and when."""
    event = agreement.events.order_by("-pgh_id").first()
    actor = (event.pgh_context or {}).get("actor") if event else None
    return {
        "who": User.objects.filter(pk=actor).values_list("name", flat=True).first(),
        "when": event and event.pgh_created_at,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_move(request, ref):
    """The next step in the life of a paper."""
    agreement = _writable(request, ref, Action.MOVE_AGREEMENT)
    if request.method != "POST":
        return _move_page(request, agreement, MoveForm(agreement, user=request.user))
    form = MoveForm(agreement, request.POST, user=request.user)
    if not form.is_valid():
        return _move_page(request, agreement, form, REFUSED)
    try:
        moved = agreements.move(agreement=agreement, by=request.user, **form.cleaned_data)
    except StaleVersion as stale:
        now = MoveForm(stale.current, user=request.user)
        return _move_page(request, stale.current, now, STALE, stale=True)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _move_page(request, agreement, form, REFUSED)
    said = {"ref": moved.ref, "status": moved.get_status_display()}
    messages.success(request, _("%(ref)s is now “%(status)s”.") % said)
    if moved.status in ONCE_SIGNED and not moved.signed:
        messages.warning(request, _("The date of signing is not recorded yet."))
    return redirect(moved)


def _move_page(request, agreement, form, status=200, **more):
    context = {"agreement": agreement, "form": form, "since": agreement.status_changes.first(), **more}
    return render(request, "partnerships/edit/move.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_publish(request, ref):
    """Whether everybody may read the public fields of a paper."""
    agreement = _writable(request, ref, Action.PUBLISH_AGREEMENT)
    if request.method != "POST":
        return _publish_page(request, agreement, PublishForm(agreement))
    form = PublishForm(agreement, request.POST)
    if not form.is_valid():
        return _publish_page(request, agreement, form, REFUSED)
    try:
        agreements.publish(agreement=agreement, by=request.user, **form.cleaned_data)
    except StaleVersion as stale:
        return _publish_page(request, stale.current, PublishForm(stale.current), STALE, stale=True)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _publish_page(request, agreement, form, REFUSED)
    said = (
        _("%(ref)s can be read by everybody.") if form.cleaned_data["public"] else _("%(ref)s is internal.")
    )
    messages.success(request, said % {"ref": agreement.ref})
    return redirect(agreement)


def _publish_page(request, agreement, form, status=200, **more):
    context = {"agreement": agreement, "form": form, **more}
    return render(request, "partnerships/edit/publish.html", context, status=status)


def _writable(request, ref, action):
    """The paper, if the reader may see it (else 404) and may do this to it as it is now (else 403)."""
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user), ref=ref)
    permissions.check(request.user, action, agreement)
    return agreement
