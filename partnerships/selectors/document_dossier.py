"""Everything that the page of one document shows."""

import math
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch

from partnerships import permissions
from partnerships.files.reading import MOST_PAGES
from partnerships.models import Document, FileState, PageText, StoredFile, TextState, Verdict
from partnerships.permissions import Action

PAGES_AT_ONCE = 10


@dataclass(frozen=True)
class ShownPage:
    """A page of a document: its picture is made when it is asked for, its words when the file is read."""

    number: int
    text: str
    by_ocr: bool


def documents_seen_by(user):
    """Documents that the reader may see, with what their page needs."""
    versions = StoredFile.objects.select_related("uploaded_by", "reading", "check_result").with_verdict()
    return (
        Document.objects.visible_to(user)
        .select_related("agreement", "addendum", "signatory__person", "report__commitment", "action_point")
        .prefetch_related(Prefetch("files", versions.order_by("-number")))
    )


class DocumentDossier:
    """One document with its versions and the pages of the newest, those around the page asked for."""

    def __init__(self, document, user, page=1):
        self.document = document
        self.user = user
        self.page = min(max(page, 1), self.page_count or 1)

    @cached_property
    def versions(self):
        return list(self.document.files.all())

    @property
    def newest(self):
        return self.versions[0] if self.versions else None

    @cached_property
    def reading(self):
        """How far the newest version was read; None while it waits, or has no pages."""
        return getattr(self.newest, "reading", None)

    @property
    def is_readable(self):
        return self.newest is not None and self.newest.is_readable and not self.newest.is_withheld

    @cached_property
    def quarantine(self):
        """The FileScan that found a virus in the newest version, None without one."""
        if self.newest is None or not self.newest.is_quarantined:
            return None
        return self.newest.scans.filter(verdict=Verdict.INFECTED).first()

    @property
    def is_waiting(self):
        return self.is_readable and (self.reading is None or self.reading.state == TextState.WAITING)

    @cached_property
    def unread_pages(self):
        """How many pages of the newest version were not read, of a file that was."""
        if not self.reading or self.reading.state not in (TextState.READ, TextState.NO_OCR):
            return 0
        return self.reading.pages - PageText.objects.filter(file=self.newest).count()

    @cached_property
    def page_count(self):
        """How many pages are shown as pictures; the first alone as long as nobody has counted them."""
        if not self.is_readable:
            return 0
        return min((self.reading.pages if self.reading else 0) or 1, MOST_PAGES)

    @property
    def is_cut_short(self):
        return self.reading is not None and self.reading.pages > MOST_PAGES

    @cached_property
    def pages(self):
        """The ten pages among which is the one asked for."""
        first = (self.part - 1) * PAGES_AT_ONCE + 1
        last = min(first + PAGES_AT_ONCE - 1, self.page_count)
        words = {
            each.page: each
            for each in PageText.objects.filter(file=self.newest, page__range=(first, last)).defer("words")
        }
        return [
            ShownPage(
                number,
                words[number].text if number in words else "",
                words[number].by_ocr if number in words else False,
            )
            for number in range(first, last + 1)
        ]

    @property
    def part(self):
        return math.ceil(self.page / PAGES_AT_ONCE)

    @property
    def parts(self):
        """(first page, last page, whether it is shown) of each ten, when there are several."""
        if self.page_count <= PAGES_AT_ONCE:
            return []
        firsts = range(1, self.page_count + 1, PAGES_AT_ONCE)
        lasts = [min(first + PAGES_AT_ONCE - 1, self.page_count) for first in firsts]
        return [(first, last, first <= self.page <= last) for first, last in zip(firsts, lasts, strict=True)]

    @property
    def damaged(self):
        """The versions whose bytes are no longer those that came."""
        return [each for each in self.versions if is_damaged(each)]

    @cached_property
    def may_file(self):
        """Whether the reader may correct the document, renew or withdraw it."""
        return (
            self.document.is_of_the_paper
            and self.document.withdrawn_at is None
            and permissions.can(self.user, Action.FILE_DOCUMENT, self.document.agreement)
        )


def is_damaged(file):
    """Whether the last check found the bytes of a StoredFile changed or gone."""
    found = getattr(file, "check_result", None)
    return found is not None and found.state != FileState.WHOLE
