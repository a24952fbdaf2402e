from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships import permissions
from partnerships.actions import progress
from partnerships.actions.guard import StaleVersion
from partnerships.forms.verification import ReopenForm, VerificationForm
from partnerships.models import ProgressReport
from partnerships.permissions import Action
from partnerships.selectors.commitment_dossier import commitments_seen_by
from partnerships.selectors.report_dossier import ReportDossier
from partnerships.selectors.verification import neighbours, reports_to_decide, with_all_they_say
from partnerships.views.progress import report_page

REFUSED, STALE = 422, 409
REPORTS_A_PAGE = 25


@require_safe
def verification_queue(request):
    """The reports that wait for the reader's judgement, oldest first."""
    permissions.check(request.user, Action.VERIFY_PROGRESS)
    waiting = with_all_they_say(reports_to_decide(request.user))
    page = Paginator(waiting, REPORTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "partnerships/verification_queue.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def verification(request, pk):
    """One report beside its evidence and history: approved, or returned with a reason; then the next."""
    dossier = _dossier(request, pk)
    report = dossier.report
    if not dossier.rights["decide"]:
        return _nothing_to_decide(request, dossier)
    if request.method != "POST":
        return _page(request, dossier, VerificationForm(report))
    form = VerificationForm(report, request.POST)
    if not form.is_valid():
        return _page(request, dossier, form, REFUSED)
    _before, after = neighbours(reports_to_decide(request.user), report)
    try:
        _decide(request, report, form)
    except StaleVersion:
        dossier = _dossier(request, pk)
        return _page(request, dossier, VerificationForm(dossier.report), STALE, stale=True)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(report)
    after = after or reports_to_decide(request.user).values_list("pk", flat=True).first()
    if after:
        return redirect("partnerships:verification", after)
    return redirect("partnerships:verification-queue")


def _decide(request, report, form):
    said = {"by": request.user, "version": form.cleaned_data["version"]}
    about = {"what": report.commitment.text[:80]}
    if form.approves:
        progress.verify(report=report, **said)
        messages.success(request, _("Verified, it counts from now on: %(what)s") % about)
    else:
        progress.return_for_change(report=report, reason=form.cleaned_data["reason"], **said)
        messages.success(request, _("Returned with your reason: %(what)s") % about)


def _page(request, dossier, form, status=200, **more):
    before, after = neighbours(reports_to_decide(request.user), dossier.report)
    context = {
        "dossier": dossier,
        "commitment": dossier.commitment,
        "report": dossier.report,
        "form": form,
        "before": before,
        "after": after,
        **more,
    }
    return render(request, "partnerships/verification.html", context, status=status)


def _nothing_to_decide(request, dossier):
    """Somebody else has decided already: their decision is shown; others may not decide at all."""
    permissions.check(request.user, Action.VERIFY_PROGRESS, commitment=dossier.commitment)
    if request.user.pk in dossier.report.writers:
        raise PermissionDenied(_("Nobody verifies an entry of their own. Somebody else must."))
    said = {"status": dossier.report.get_status_display()}
    messages.info(request, _("There is nothing to decide: the report is “%(status)s”.") % said)
    return redirect(dossier.report)


@require_POST
def verification_reopen(request, pk):
    """A verified report goes back to who wrote it, with what is wrong; its value counts no longer."""
    dossier = _dossier(request, pk)
    permissions.check(request.user, Action.VERIFY_PROGRESS, commitment=dossier.commitment)
    form = ReopenForm(dossier.report, request.POST)
    if not form.is_valid():
        return report_page(request, dossier, REFUSED, reopen_form=form)
    try:
        progress.reopen(report=dossier.report, by=request.user, **form.cleaned_data)
    except StaleVersion:
        messages.error(request, _("Somebody has changed the report meanwhile. Look at it again."))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The report is open again; its value counts no longer."))
    return redirect(dossier.report)


def _dossier(request, pk):
    """The report with its commitment, if the reader may see it."""
    report = get_object_or_404(ProgressReport.objects.visible_to(request.user), pk=pk)
    commitment = get_object_or_404(commitments_seen_by(request.user), pk=report.commitment_id)
    return ReportDossier(commitment, report.period_end, request.user)
