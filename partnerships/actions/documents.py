"""What people do with evidence: attach a file to a report, add a newer version, withdraw it."""

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships import files
from partnerships.actions import guard, refusals
from partnerships.models import Document, DocumentPurpose, StoredFile
from partnerships.permissions import Action, check

MOST_DOCUMENTS = 30
_LONGEST_TITLE = 200


def attach(*, report, upload, by, key=None, replaces=None):
    """Keep an uploaded file (Django's UploadedFile) as evidence of a report that is being written.

    The same ``key`` twice gives the same StoredFile; ``replaces`` is a Document of the report that gets
    a newer version. Raises files.FileRefused, ValidationError and PermissionDenied; then nothing is kept.
    """
    _check_is_written_by(report, by)
    if already := _already_attached(report, key, by):
        return already
    # Looking into the file takes seconds, so it is done before any row is held.
    stored = files.take_in(upload, limit=files.EVIDENCE)
    try:
        row = _record(report, stored, by, key, replaces)
    except BaseException:
        let_go(stored.key)
        raise
    if row.key != stored.key:
        # A second sending of the same file came first; its row stands.
        files.remove(stored.key)
    return row


@transaction.atomic
def withdraw_document(*, document, by):
    """Take evidence back from a report that is still being written; the file is kept for the history."""
    report = guard.held_report(document.report)
    _check_is_written_by(report, by)
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if document.withdrawn_at is None:
        document.withdrawn_at = timezone.now()
        with guard.history(by, "document.withdraw"):
            document.save(update_fields=["withdrawn_at"])
    return document


@transaction.atomic
def _record(report, stored, by, key, replaces):
    if key is not None:
        guard.wait_for_the_first(key)
        if already := _already_attached(report, key, by):
            return already
    report = guard.held_report(report)
    _check_is_written_by(report, by)
    with refusals.in_words(REFUSALS), guard.history(by, "document.attach"):
        document = _document(report, stored, replaces)
        number = (document.files.aggregate(last=Max("number"))["last"] or 0) + 1
        row = StoredFile.objects.create(
            document=document, number=number, uploaded_by=by, upload_key=key, **vars(stored)
        )
        if by.pk not in report.writers:
            # Who brings the evidence has a hand in the report and may not verify it.
            report.writers = [*report.writers, by.pk]
            report.save(update_fields=["writers"])
    return row


def _document(report, stored, replaces):
    standing = report.documents.standing()
    if replaces is not None:
        found = standing.select_for_update(of=("self",)).filter(pk=replaces.pk).first()
        if found is None:
            raise ValidationError(_("That piece of evidence is not one of this report's."), code="replaces")
        return found
    if standing.count() >= MOST_DOCUMENTS:
        raise ValidationError(
            _("A report holds at most %(most)d files. Put several pages into one PDF."),
            code="many",
            params={"most": MOST_DOCUMENTS},
        )
    return Document.objects.create(
        agreement=report.commitment.agreement,
        purpose=DocumentPurpose.REPORT,
        title=stored.name[:_LONGEST_TITLE],
        report=report,
    )


def _already_attached(report, key, by):
    if key is None:
        return None
    rows = StoredFile.objects.filter(upload_key=key, uploaded_by=by, document__report=report)
    return rows.select_related("document").first()


def _check_is_written_by(report, by):
    check(by, Action.REPORT_PROGRESS, commitment=report.commitment)
    if not report.is_written:
        raise ValidationError(
            _("The report is “%(status)s”, so its evidence stays as it is."),
            code="not_written",
            params={"status": report.get_status_display()},
        )


def let_go(key):
    """Remove a file that no row names. Where the answer to a COMMIT was lost, the row may stand."""
    try:
        if StoredFile.objects.filter(key=key).exists():
            return
    except DatabaseError:
        # The sweep for files without a row finds it once the database answers again.
        return
    files.remove(key)


REFUSALS = {
    "partnerships_storedfile_upload_key": _("Somebody else has sent this file already. Choose it again."),
}
