"""What people do with files: put them to a report or a paper, add a newer version, correct what is said of
them, withdraw them."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from partnerships import files
from partnerships.actions import guard, refusals
from partnerships.actions.quota import check_may_bring
from partnerships.models import (
    OF_THE_PAPER,
    Addendum,
    Agreement,
    Document,
    DocumentPurpose,
    FileScan,
    NaskahReading,
    PartialDate,
    Signatory,
    StoredFile,
    Verdict,
)
from partnerships.permissions import Action, check

MOST_DOCUMENTS = 30
MOST_OF_A_PAPER = 200
_LONGEST_TITLE = 200


@dataclass(frozen=True)
class DocumentFacts:
    """What is said of a document of a paper; without a title it is called as its file is."""

    purpose: str
    title: str = ""
    dated: PartialDate | None = None
    language: str = ""
    original_place: str = ""
    addendum: Addendum | None = None
    signatory: Signatory | None = None


# --- evidence of a report -------------------------------------------------------------------------


def attach(*, report, upload, by, key=None, replaces=None):
    """Keep an uploaded file (Django's UploadedFile) as evidence of a report that is being written.

    The same ``key`` twice gives the same StoredFile; ``replaces`` is a Document of the report that gets
    a newer version. Raises files.FileRefused, ValidationError and PermissionDenied; then nothing is kept.
    """
    _check_is_written_by(report, by)
    if already := _already_attached(report, key, by):
        return already
    return _take_in(upload, files.EVIDENCE, by, lambda stored: _record(report, stored, by, key, replaces))


@transaction.atomic
def withdraw_document(*, document, by):
    """Take evidence back from a report that is still being written; the file is kept for the history."""
    report = guard.held_report(document.report)
    _check_is_written_by(report, by)
    return _withdrawn(_held(document), by, "document.withdraw")


# --- documents of a paper -------------------------------------------------------------------------


def file_document(*, agreement, upload, facts, by, key=None):
    """Keep an uploaded file (Django's UploadedFile) as a document of a paper, with its DocumentFacts.

    The same ``key`` twice gives the same StoredFile. Raises files.FileRefused, ValidationError and
    PermissionDenied; then nothing is kept.
    """
    check(by, Action.FILE_DOCUMENT, agreement)
    if already := _already_filed(agreement, key, by):
        return already
    return _take_in(
        upload,
        files.SCAN,
        by,
        lambda stored: file_stored(agreement=agreement, stored=stored, facts=facts, by=by, key=key),
    )


@transaction.atomic
def file_stored(*, agreement, stored, facts, by, key=None):
    """Make a file that has been taken in (files.Stored) a document of a paper, and give its StoredFile."""
    if key is not None:
        guard.wait_for_the_first(key)
        if already := _already_filed(agreement, key, by):
            return already
    agreement = _held_paper(agreement, by)
    if agreement.documents.standing().filter(purpose__in=OF_THE_PAPER).count() >= MOST_OF_A_PAPER:
        raise ValidationError(
            _("A paper holds at most %(most)d documents. Withdraw what is there twice."),
            code="many",
            params={"most": MOST_OF_A_PAPER},
        )
    document = Document(agreement=agreement)
    _say(document, facts, usual_title=stored.name)
    with refusals.in_words(REFUSALS), guard.history(by, "document.file"):
        document.save(force_insert=True)
        return keep_version(document, stored, by, key)


def add_version(*, document, upload, by, key=None):
    """Keep an uploaded file as the newest version of a document of a paper; the older ones stay.

    The same ``key`` twice gives the same StoredFile. Raises files.FileRefused, ValidationError and
    PermissionDenied; then nothing is kept.
    """
    _check_is_of_the_paper(document)
    check(by, Action.FILE_DOCUMENT, document.agreement)
    if already := _already_filed(document.agreement, key, by):
        return already
    return _take_in(upload, files.SCAN, by, lambda stored: _next_version(document, stored, by, key))


@transaction.atomic
def change_document(*, document, facts, by, reason, version=None):
    """Correct what is said of a document of a paper. Raises PermissionDenied, ValidationError and
    StaleVersion when it is no longer what was read."""
    _check_is_of_the_paper(document)
    _held_paper(document.agreement, by)
    document = _held(document)
    guard.check_version(document, version)
    _check_stands(document)
    _check_reason(reason)
    _say(document, facts, usual_title=document.title)
    with refusals.in_words(REFUSALS), guard.history(by, "document.change", reason):
        document.save()
    return document


@transaction.atomic
def withdraw_from_paper(*, document, by, reason):
    """Say that a document of a paper no longer counts, and why; row and files stay for the history."""
    _check_is_of_the_paper(document)
    _held_paper(document.agreement, by)
    _check_reason(reason)
    return _withdrawn(_held(document), by, "document.withdraw", reason)


def let_go(key):
    """Remove a file that no row names. Where the answer to a COMMIT was lost, the row may stand."""
    try:
        if any(rows.objects.filter(key=key).exists() for rows in (StoredFile, NaskahReading)):
            return
    except DatabaseError:
        # The sweep for files without a row finds it once the database answers again.
        return
    files.remove(key)


def keep_version(document, stored, by, key=None):
    """Within a transaction, make a file that has been taken in (files.Stored) the newest version of a
    document, and see to it that it is scanned for viruses, where it was not, and then read."""
    number = (document.files.aggregate(last=Max("number"))["last"] or 0) + 1
    row = StoredFile.objects.create(
        document=document, number=number, uploaded_by=by, upload_key=key, **stored.facts
    )
    if stored.is_clean:
        FileScan.objects.create(file=row, verdict=Verdict.CLEAN)
    if row.waits_for_scan:
        _have("scan_waiting_files")
    else:
        have_it_read()
    return row


def have_it_read():
    """Within the transaction after which a StoredFile may be opened, see to it that it is read."""
    _have("read_waiting_files")


def _have(task):
    # Jobs stand above this module; a task is known by its path, as in the queue itself.
    import_string(f"partnerships.jobs.{task}").enqueue()


def _take_in(upload, limit, by, record):
    check_may_bring(by)
    # Looking into the file takes seconds, so it is done before any row is held.
    stored = files.take_in(upload, limit=limit)
    try:
        row = record(stored)
    except BaseException:
        let_go(stored.key)
        raise
    if row.key != stored.key:
        # A second sending of the same file came first; its row stands.
        files.remove(stored.key)
    return row


@transaction.atomic
def _record(report, stored, by, key, replaces):
    if key is not None:
        guard.wait_for_the_first(key)
        if already := _already_attached(report, key, by):
            return already
    report = guard.held_report(report)
    _check_is_written_by(report, by)
    with refusals.in_words(REFUSALS), guard.history(by, "document.attach"):
        row = keep_version(_document(report, stored, replaces), stored, by, key)
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


@transaction.atomic
def _next_version(document, stored, by, key):
    if key is not None:
        guard.wait_for_the_first(key)
        if already := _already_filed(document.agreement, key, by):
            return already
    _held_paper(document.agreement, by)
    document = _held(document)
    _check_stands(document)
    with refusals.in_words(REFUSALS):
        return keep_version(document, stored, by, key)


def _say(document, facts, *, usual_title):
    """Put the facts into the document. Raises ValidationError for what does not go together."""
    if facts.purpose not in OF_THE_PAPER:
        raise ValidationError(_("Say what the document is."), code="purpose")
    if facts.addendum and facts.purpose != DocumentPurpose.ADDENDUM:
        raise ValidationError(_("Only an addendum belongs to one of the addenda."), code="addendum")
    if facts.signatory and facts.purpose != DocumentPurpose.AUTHORITY:
        raise ValidationError(_("Only a letter of authority belongs to a signatory."), code="signatory")
    for name, value in vars(facts).items():
        setattr(document, name, value)
    document.title = (facts.title or usual_title)[:_LONGEST_TITLE]


def _held(document):
    return Document.objects.select_for_update(of=("self",)).get(pk=document.pk)


def _held_paper(agreement, by):
    agreement = Agreement.objects.select_for_update(of=("self",), no_key=True).get(pk=agreement.pk)
    check(by, Action.FILE_DOCUMENT, agreement)
    return agreement


def _withdrawn(document, by, action, reason=""):
    if document.withdrawn_at is None:
        document.withdrawn_at = timezone.now()
        with guard.history(by, action, reason):
            document.save(update_fields=["withdrawn_at"])
    return document


def _already_attached(report, key, by):
    return _already(key, by, document__report=report)


def _already_filed(agreement, key, by):
    return _already(key, by, document__agreement=agreement, document__purpose__in=OF_THE_PAPER)


def _already(key, by, **where):
    if key is None:
        return None
    rows = StoredFile.objects.filter(upload_key=key, uploaded_by=by, **where)
    return rows.select_related("document").first()


def _check_is_written_by(report, by):
    check(by, Action.REPORT_PROGRESS, commitment=report.commitment)
    if not report.is_written:
        raise ValidationError(
            _("The report is “%(status)s”, so its evidence stays as it is."),
            code="not_written",
            params={"status": report.get_status_display()},
        )


def _check_is_of_the_paper(document):
    if not document.is_of_the_paper:
        raise ValidationError(
            _("This is evidence; it changes with the report or action point that it proves."), code="evidence"
        )


def _check_stands(document):
    if document.withdrawn_at is not None:
        raise ValidationError(_("The document has been withdrawn; it stays as it is."), code="withdrawn")


def _check_reason(reason):
    if not reason.strip():
        raise ValidationError(_("Say why; it stays in the history."), code="reason")


REFUSALS = {
    "partnerships_storedfile_upload_key": _("Somebody else has sent this file already. Choose it again."),
    "document_of_its_own_paper": _("Addendum and signatory must be of this paper."),
}
