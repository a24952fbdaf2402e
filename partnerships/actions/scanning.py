"""Showing kept files to the virus scanner, and what follows from what it says."""

import logging

from django.db import transaction

from kemnaker_portal import scanner
from partnerships import files, notifications
from partnerships.actions import documents
from partnerships.models import Document, FileScan, FileText, PageText, StoredFile, Verdict

# Above the time that clamd gives itself (MaxScanTime): nobody waits in front of a page.
_SECONDS = 150

log = logging.getLogger(__name__)


def unscanned_files():
    """What no scanner has looked at, the oldest first: it waits as soon as there is one."""
    return StoredFile.objects.unscanned().order_by("pk")


def scan(*, file):
    """Show a StoredFile to the scanner and put down what it says; returns the FileScan.

    A file with a virus is nobody's from then on: what was read of it goes, and who brought it and the
    registrars are told. Raises scanner.ScannerAway (NoVerdict), files.FileDamaged and PlaceAway; then the
    file goes on waiting.
    """
    with files.open_checked(file.key, sha256=file.sha256) as content:
        virus = scanner.virus_in(content, seconds=_SECONDS)
    return _quarantine(file, virus) if virus else _let_out(file)


@transaction.atomic
def _let_out(file):
    said, is_new = FileScan.objects.get_or_create(file=file, verdict=Verdict.CLEAN)
    if is_new:
        documents.have_it_read()
    return said


@transaction.atomic
def _quarantine(file, virus):
    # Who reads the file at this moment keeps its pages first, so that they go too, or keeps none any more.
    Document.objects.select_for_update(of=("self",), no_key=True).get(pk=file.document_id)
    said, is_new = FileScan.objects.get_or_create(
        file=file, verdict=Verdict.INFECTED, defaults={"virus": virus}
    )
    if is_new:
        log.error(
            "stored file %s (key %s) is quarantined: the virus scanner found %s", file.pk, file.key, virus
        )
        PageText.objects.filter(file=file).delete()
        FileText.objects.filter(file=file).delete()
        notifications.file_quarantined(said)
    return said
