"""What the portal itself does with the files it keeps: it reads them, and looks whether they are whole."""

import logging

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from partnerships import files
from partnerships.files import reading
from partnerships.models import Document, FileCheck, FileState, FileText, PageText, StoredFile, TextState

_AT_ONCE = 500  # rows

log = logging.getLogger(__name__)


def waiting_files():
    """Files that have pages and were not read yet, the oldest first; with what could not be read before
    Tesseract was there, when it is. What waits for the virus scanner is not among them."""
    states = [TextState.WAITING]
    if reading.can_read_pictures():
        states.append(TextState.NO_OCR)
    rows = StoredFile.objects.readable().let_out().filter(Q(reading=None) | Q(reading__state__in=states))
    return rows.order_by("pk")


def read(*, file):
    """Read what stands in a StoredFile and keep it for the search; a second time, in place of the first.

    Returns its FileText. A file that can't be read says so and is not tried again by itself.
    """
    try:
        found = reading.pages_of(file.key, sha256=file.sha256, media_type=file.media_type)
    except (files.CannotRead, files.FileDamaged):
        log.exception("file %s (key %s) could not be read", file.pk, file.key)
        return _keep(file, TextState.FAILED, pages=[], total=0)
    return _keep(file, TextState(found.state), pages=found.pages, total=found.total)


def check_files():
    """Compare every stored file with its SHA-256 and keep the result; yields (StoredFile, FileState)
    of those that are not whole. Each of them gets a line in the log of errors."""
    rows = StoredFile.objects.select_related("document__agreement").order_by("pk")
    checked = []
    for file in rows.iterator(chunk_size=_AT_ONCE):
        state = _state_of(file)
        checked.append(FileCheck(file=file, state=state, checked_at=timezone.now()))
        if len(checked) >= _AT_ONCE:
            _record(checked)
            checked = []
        if state != FileState.WHOLE:
            log.error("stored file %s (key %s) is %s", file.pk, file.key, state.value)
            yield file, state
    _record(checked)


@transaction.atomic
def _keep(file, state, *, pages, total):
    # Two workers that have read the same file write one after the other.
    Document.objects.select_for_update(of=("self",), no_key=True).get(pk=file.document_id)
    if not StoredFile.objects.let_out().filter(pk=file.pk).exists():
        # The virus scanner has found something meanwhile.
        state, pages = TextState.FAILED, []
    PageText.objects.filter(file=file).delete()
    PageText.objects.bulk_create(
        PageText(file=file, page=page.number, text=page.text, by_ocr=page.by_ocr) for page in pages
    )
    facts = {
        "state": state,
        "pages": total,
        "pages_by_ocr": sum(page.by_ocr for page in pages),
        "read_at": timezone.now(),
    }
    return FileText.objects.update_or_create(file=file, defaults=facts)[0]


def _state_of(file):
    try:
        files.open_checked(file.key, sha256=file.sha256).close()
    except files.FileMissing:
        return FileState.MISSING
    except files.FileDamaged:
        return FileState.CHANGED
    return FileState.WHOLE


def _record(checked):
    FileCheck.objects.bulk_create(
        checked,
        update_conflicts=True,
        unique_fields=["file"],
        update_fields=["state", "checked_at"],
    )
