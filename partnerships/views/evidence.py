import logging

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from partnerships import files, permissions
from partnerships.actions import documents
from partnerships.forms.evidence import EvidenceForm
from partnerships.models import Document, ProgressReport, ReadContent, StoredFile
from partnerships.permissions import Action
from partnerships.views.noting import note_read

_log = logging.getLogger(__name__)
REFUSED, NOT_NOW, DAMAGED, WAITING = 422, 503, 410, 409


@require_POST
def evidence_upload(request, pk):
    """One file as evidence of a report, or as a newer version of a piece of it."""
    reports = ProgressReport.objects.visible_to(request.user)
    report = get_object_or_404(reports.select_related("commitment__agreement"), pk=pk)
    permissions.check(request.user, Action.REPORT_PROGRESS, commitment=report.commitment)
    form = EvidenceForm(report, request.POST, request.FILES)
    if not form.is_valid():
        return _refused(request, report, " ".join(form.errors[next(iter(form.errors))]))
    said = form.cleaned_data
    try:
        row = documents.attach(
            report=report,
            upload=said["file"],
            by=request.user,
            key=said["upload_key"],
            replaces=said["replaces"],
        )
    except files.FileRefused as refusal:
        status = NOT_NOW if isinstance(refusal, files.NotNow) else REFUSED
        return _refused(request, report, refusal.sentence, status)
    except ValidationError as refusal:
        return _refused(request, report, " ".join(refusal.messages))
    if _wants_data(request):
        context = {"document": row.document, "may_withdraw": True}
        html = render_to_string("partnerships/evidence_item.html", context, request)
        withdraw = reverse("partnerships:evidence-withdraw", args=[row.document_id])
        return JsonResponse({"document": row.document_id, "html": html, "withdraw": withdraw}, status=201)
    messages.success(request, _("%(name)s is attached.") % {"name": row.name})
    return redirect(report)


def _refused(request, report, sentence, status=REFUSED):
    if _wants_data(request):
        return JsonResponse({"sentence": sentence}, status=status)
    messages.error(request, sentence)
    return redirect(report)


def _wants_data(request):
    return "application/json" in request.headers.get("Accept", "")


@require_POST
def evidence_withdraw(request, pk):
    """A piece of evidence taken back while the report is written."""
    rows = Document.objects.visible_to(request.user).exclude(report=None)
    document = get_object_or_404(rows.select_related("report__commitment__agreement"), pk=pk)
    try:
        documents.withdraw_document(document=document, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("%(name)s is withdrawn.") % {"name": document.title})
    return redirect(document.report)


@require_safe
@cache_control(private=True, no_store=True)
def document_file(request, pk, number):
    """A version of a document, to be saved and not shown: no browser runs what was uploaded."""
    rows = StoredFile.objects.visible_to(request.user).with_verdict()
    row = get_object_or_404(rows, document=pk, number=number)
    if row.is_withheld:
        return withheld(request, row)
    try:
        file = files.open_checked(row.key, sha256=row.sha256)
    except files.FileDamaged:
        _log.exception("evidence damaged: document %s, version %s, key %s", pk, number, row.key)
        context = {"file": row, "request_id": request.number}
        # Gone: what was kept under this address is no more, and asking again does not help.
        return render(request, "partnerships/evidence_damaged.html", context, status=DAMAGED)
    note_read(request, ReadContent.DOCUMENT, _ending(row.name), file=row)
    return FileResponse(
        file,
        as_attachment=True,
        filename=row.name,
        content_type=row.media_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def withheld(request, row):
    """The answer instead of a file that nobody may have: until it is scanned, or ever."""
    status = DAMAGED if row.is_quarantined else WAITING
    return render(request, "partnerships/file_withheld.html", {"file": row}, status=status)


def _ending(name):
    return name.rpartition(".")[2][:5].lower()
