from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships import files, permissions
from partnerships.actions import documents, progress
from partnerships.actions.guard import StaleVersion
from partnerships.forms.report import ReportSheet, says_the_same
from partnerships.forms.verification import ReopenForm
from partnerships.models import ProgressReport
from partnerships.permissions import Action
from partnerships.selectors.commitment_dossier import commitments_seen_by
from partnerships.selectors.report_dossier import ReportDossier

REFUSED, STALE = 422, 409


@require_http_methods(["GET", "HEAD", "POST"])
def progress_report(request, pk, period_end):
    """The report of one period: its form while it is written, else what it says."""
    dossier = _dossier(request, pk, period_end)
    if request.method != "POST":
        return report_page(request, dossier)
    sheet = _sheet(request, dossier)
    submits = request.POST.get("then") == "submit"
    if not sheet.is_valid() or (submits and not _is_ready(sheet)):
        return _form_page(request, dossier, sheet, REFUSED)
    try:
        report = _saved(request, dossier, sheet)
        refused = _attach_all(request, report)
        if submits and not refused:
            report = progress.submit(report=report, by=request.user, version=report.version)
    except StaleVersion as stale:
        return _conflict_page(request, dossier, sheet, stale.current)
    except ValidationError as refusal:
        sheet.refuse(refusal)
        return _form_page(request, _fresh(dossier), sheet, REFUSED)
    if refused:
        return _form_page(request, _fresh(dossier), sheet.over(report), REFUSED, refused=refused)
    messages.success(
        request,
        _("The report is submitted. It counts once somebody else has verified it.")
        if submits
        else _("The draft is saved."),
    )
    return redirect(report)


@require_POST
def progress_draft(request, pk, period_end):
    """What is being typed, kept on the server: answers which version it is now, as data."""
    dossier = _dossier(request, pk, period_end)
    sheet = _sheet(request, dossier)
    content, left_out = sheet.readable()
    try:
        report = _kept(request, dossier, content, sheet.version)
    except StaleVersion:
        return JsonResponse({"sentence": _("The report was saved elsewhere meanwhile.")}, status=STALE)
    except ValidationError as refusal:
        return JsonResponse({"sentence": " ".join(refusal.messages)}, status=REFUSED)
    return JsonResponse(
        {
            "version": report.version,
            "saved_at": date_format(timezone.localtime(), "H.i T"),
            "evidence": reverse("partnerships:evidence-upload", args=[report.pk]),
            "left_out": left_out,
        }
    )


@require_POST
def progress_take_back(request, pk):
    """A submitted report that nobody has decided on becomes a draft of its writer again."""
    reports = ProgressReport.objects.visible_to(request.user).select_related("commitment__agreement")
    report = get_object_or_404(reports, pk=pk)
    try:
        report = progress.take_back(report=report, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The report is a draft again."))
    return redirect(report)


def report_page(request, dossier, status=200, **more):
    """The page of a report: its form for who may write it now, what it says for everybody else."""
    if dossier.rights["write"]:
        sheet = ReportSheet(
            request.user, dossier.commitment, dossier.report, last_verified=dossier.last_verified
        )
        return _form_page(request, dossier, sheet, status, **more)
    context = {"dossier": dossier, "commitment": dossier.commitment, "report": dossier.report, **more}
    if dossier.rights["reopen"]:
        context.setdefault("reopen_form", ReopenForm(dossier.report))
    return render(request, "partnerships/progress_report.html", context, status=status)


def _form_page(request, dossier, sheet, status=200, **more):
    context = {
        "dossier": dossier,
        "commitment": dossier.commitment,
        "report": dossier.report,
        "sheet": sheet,
        "accepted": files.EVIDENCE,
        **more,
    }
    return render(request, "partnerships/progress_form.html", context, status=status)


def _conflict_page(request, dossier, sheet, current):
    """What was typed beside what stands there now; nothing is saved."""
    conflict = {"differences": sheet.differences(sheet.content(), current), "current": current}
    return _form_page(request, _fresh(dossier), sheet.over(current), STALE, conflict=conflict)


def _dossier(request, pk, period_end):
    """The period, if the reader sees its commitment and a report is due, or was given, on that day."""
    commitment = get_object_or_404(commitments_seen_by(request.user), pk=pk)
    dossier = ReportDossier(commitment, period_end, request.user)
    if not dossier.exists:
        raise Http404
    return dossier


def _fresh(dossier):
    return ReportDossier(dossier.commitment, dossier.period_end, dossier.user)


def _sheet(request, dossier):
    """What was sent, from somebody who may report on the commitment (else 403)."""
    permissions.check(request.user, Action.REPORT_PROGRESS, commitment=dossier.commitment)
    return ReportSheet(
        request.user,
        dossier.commitment,
        dossier.report,
        last_verified=dossier.last_verified,
        data=request.POST,
    )


def _is_ready(sheet):
    """Whether the report may be submitted as it was typed; else the page says what keeps it."""
    if sheet.value is None:
        sheet.form.add_error("value", _("Fill in the value of the period; 0 is a value too."))
        return False
    return sheet.form.cleaned_data["certain"] or not sheet.doubts()


def _saved(request, dossier, sheet):
    return _kept(request, dossier, sheet.content(), sheet.version)


def _kept(request, dossier, content, version):
    """The report with that content. One that stands so already was sent before, its answer lost."""
    try:
        return progress.draft(
            commitment=dossier.commitment,
            period_end=dossier.period_end,
            content=content,
            by=request.user,
            version=version,
        )
    except StaleVersion as stale:
        if request.user.pk in stale.current.writers and says_the_same(content, stale.current):
            return stale.current
        raise


def _attach_all(request, report):
    """Attach what came with the form; the sentences of what was refused."""
    refused = []
    for upload in request.FILES.getlist("evidence"):
        try:
            documents.attach(report=report, upload=upload, by=request.user)
        except files.FileRefused as refusal:
            refused.append(f"{files.shown_name(upload.name)}: {refusal.sentence}")
        except ValidationError as refusal:
            refused.append(f"{files.shown_name(upload.name)}: {' '.join(refusal.messages)}")
    return refused
