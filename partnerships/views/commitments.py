from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from partnerships import permissions
from partnerships.actions import commitments
from partnerships.actions.guard import StaleVersion
from partnerships.forms.commitment import (
    CommitmentChangeForm,
    NewCommitmentForm,
    ReportingDateForm,
    WithdrawForm,
)
from partnerships.models import Agreement
from partnerships.permissions import Action
from partnerships.selectors.commitment_dossier import CommitmentDossier, commitments_seen_by
from partnerships.selectors.history import history_of_commitment

# A refused form is answered with 422 and a stale one with 409, so that neither looks like a saved one.
REFUSED, STALE = 422, 409


@require_safe
def commitment_detail(request, pk):
    """One commitment: what is owed, what was reported of it and verified, and when the next is due."""
    return _detail_page(request, get_object_or_404(commitments_seen_by(request.user), pk=pk))


def _detail_page(request, commitment, status=200, **more):
    context = {
        "commitment": commitment,
        "dossier": CommitmentDossier(commitment, request.user),
        "history": history_of_commitment(commitment, request.user, request.GET.get("history")),
        "date_form": ReportingDateForm(),
        **more,
    }
    return render(request, "partnerships/commitment_detail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def commitment_add(request, ref):
    """A new commitment of a paper; one that can't be measured is stored and says what is missing."""
    agreement = get_object_or_404(Agreement.objects.visible_to(request.user), ref=ref)
    permissions.check(request.user, Action.ADD_COMMITMENT, agreement)
    if request.method != "POST":
        return _form_page(request, NewCommitmentForm(request.user, agreement, params=request.GET))
    form = NewCommitmentForm(request.user, agreement, request.POST)
    if not form.is_valid():
        return _form_page(request, form, REFUSED)
    try:
        logged = commitments.log(
            agreement=agreement, entry=form.entry(), by=request.user, key=form.cleaned_data["key"]
        )
    except (ValidationError, PermissionDenied) as refusal:
        form.refuse(_said(refusal))
        return _form_page(request, form, REFUSED)
    _say_saved(request, logged, _("The commitment is in the ledger."))
    if request.POST.get("then") == "another":
        return redirect(f"{request.path}?{urlencode(form.handed_on())}")
    return redirect(logged)


@require_http_methods(["GET", "HEAD", "POST"])
def commitment_change(request, pk):
    """A commitment changed by somebody who has read the version that stands; else both are shown."""
    commitment = _writable(request, pk)
    form = CommitmentChangeForm(request.user, commitment, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _form_page(request, form)
    if not form.is_valid():
        return _form_page(request, form, REFUSED)
    said = {"version": form.cleaned_data["version"], "reason": form.cleaned_data["reason"]}
    try:
        changed = commitments.change(commitment=commitment, entry=form.entry(), by=request.user, **said)
    except StaleVersion as stale:
        return _conflict_page(request, form, stale.current)
    except (ValidationError, PermissionDenied) as refusal:
        form.refuse(_said(refusal))
        return _form_page(request, form, REFUSED)
    _say_saved(request, changed, _("The change is saved."))
    return redirect(changed)


def _form_page(request, form, status=200, **more):
    context = {"form": form, "agreement": form.agreement, "commitment": form.commitment, **more}
    return render(request, "partnerships/commitment_form.html", context, status=status)


def _conflict_page(request, form, current):
    """What was typed beside what stands there now; nothing is saved."""
    event = current.events.order_by("-pgh_id").first()
    conflict = {
        "differences": form.differences(current),
        "who": User.objects.filter(pk=(event.pgh_context or {}).get("actor")).first() if event else None,
        "when": event and event.pgh_created_at,
    }
    return _form_page(request, form.over(current), STALE, conflict=conflict)


@require_http_methods(["GET", "HEAD", "POST"])
def commitment_withdraw(request, pk):
    """A commitment that is owed no longer; it stays in the ledger."""
    commitment = _writable(request, pk)
    if request.method != "POST":
        return _withdraw_page(request, commitment, WithdrawForm(commitment))
    form = WithdrawForm(commitment, request.POST)
    if not form.is_valid():
        return _withdraw_page(request, commitment, form, REFUSED)
    try:
        commitments.withdraw(commitment=commitment, by=request.user, **form.cleaned_data)
    except StaleVersion as stale:
        return _withdraw_page(request, stale.current, WithdrawForm(stale.current), STALE, stale=True)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _withdraw_page(request, commitment, form, REFUSED)
    messages.success(request, _("The commitment is withdrawn; it stays in the ledger."))
    return redirect(commitment)


def _withdraw_page(request, commitment, form, status=200, **more):
    context = {"commitment": commitment, "form": form, **more}
    return render(request, "partnerships/commitment_withdraw.html", context, status=status)


@require_POST
def commitment_ask(request, pk):
    """A report on another day than the regular ones; its form opens."""
    commitment = get_object_or_404(commitments_seen_by(request.user), pk=pk)
    permissions.check(request.user, Action.REPORT_PROGRESS, commitment=commitment)
    form = ReportingDateForm(request.POST)
    if not form.is_valid():
        return _detail_page(request, commitment, REFUSED, date_form=form)
    try:
        date = commitments.ask_for_report(commitment=commitment, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        form.add_error("due_on", refusal)
        return _detail_page(request, commitment, REFUSED, date_form=form)
    return redirect(reverse("partnerships:progress-report", args=[commitment.pk, date.due_on]))


def _writable(request, pk):
    """The commitment, if the reader may see it (else 404) and may change it as it is now (else 403)."""
    commitment = get_object_or_404(commitments_seen_by(request.user), pk=pk)
    permissions.check(request.user, Action.CHANGE_COMMITMENT, commitment=commitment)
    return commitment


def _said(refusal):
    """What an action refused, as a form shows it; whose offices may owe it is a matter of what was typed."""
    return refusal if isinstance(refusal, ValidationError) else ValidationError(str(refusal), code="party")


def _say_saved(request, commitment, saved):
    missing = commitment.missing_for_measure
    if missing:
        what = ", ".join(str(label) for label in missing)
        unmeasured = _("It is not measurable yet and counts in no rate. Missing: %(what)s.") % {"what": what}
        messages.warning(request, f"{saved} {unmeasured}")
    else:
        messages.success(request, saved)
