"""A file that shall be read as a naskah: taken in, its pages read, what they say kept as a reading."""

import logging

from partnerships import files
from partnerships.actions import documents, naskah_readings
from partnerships.files.reading import State, pages_of
from partnerships.imports import naskah

# Somebody waits in front of the page: of a scan, so many pages at most, and so many seconds.
MOST_PAGES_BY_OCR, OCR_SECONDS = 12, 90
FAILED = "failed"

log = logging.getLogger(__name__)


def take_in(*, upload, by, key):
    """Read an uploaded file (Django's UploadedFile) and keep it with what was read off it.

    The same ``key`` twice gives the same reading. Raises files.FileRefused, ValidationError and
    PermissionDenied; then nothing is kept.
    """
    if already := naskah_readings.already_kept(key, by):
        return already
    naskah_readings.check_may_read(by)
    # It is opened at once: one that could not be scanned has no place to wait in.
    stored = files.take_in(upload, limit=files.SCAN, may_wait=False)
    try:
        pages, state = _pages(stored)
        proposals = naskah.read([(page.number, page.text) for page in pages])
        reading = naskah_readings.keep(
            stored=stored,
            pages=len(pages),
            by_ocr=any(page.by_ocr for page in pages),
            proposals={"state": state, "read": proposals.as_data()},
            by=by,
            key=key,
        )
    except BaseException:
        documents.let_go(stored.key)
        raise
    if reading.key != stored.key:
        # A second sending of the same file came first; its row stands.
        files.remove(stored.key)
    return reading


def _pages(stored):
    """The pages of a file and how they could be read; a file that can't be read has none."""
    try:
        reading = pages_of(
            stored.key,
            sha256=stored.sha256,
            media_type=stored.media_type,
            most_by_ocr=MOST_PAGES_BY_OCR,
            seconds=OCR_SECONDS,
        )
    except files.CannotRead:
        log.warning("file %s was taken in, but its pages can't be read", stored.key)
        return [], FAILED
    return reading.pages, str(State(reading.state))
