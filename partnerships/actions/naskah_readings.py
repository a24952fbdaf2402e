"""What people do with a naskah that the portal reads for them: give it, confirm what was
read, register it."""

import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships import files
from partnerships.actions import documents, guard, refusals, renewals
from partnerships.models import DocumentPurpose, NaskahReading
from partnerships.permissions import Action, check

# Whoever gives more than this without registering any fills the disk by mistake.
MOST_UNREGISTERED = 50
KEPT_FOR = datetime.timedelta(days=30)
_OF_THE_FILE = ("key", "name", "media_type", "size", "sha256", "place_removed")


def check_may_read(by):
    """Raises PermissionDenied for who enters no papers, ValidationError for who has too many waiting."""
    check(by, Action.ADD_AGREEMENT)
    if NaskahReading.objects.unregistered().filter(by=by).count() >= MOST_UNREGISTERED:
        raise ValidationError(
            _("%(most)d naskah that you had read wait to be registered. Register some of them first."),
            code="many",
            params={"most": MOST_UNREGISTERED},
        )


def already_kept(key, by):
    """The reading that this person's form of that key has made, or None."""
    return NaskahReading.objects.filter(pk=key, by=by).first()


@transaction.atomic
def keep(*, stored, pages, by_ocr, proposals, by, key):
    """Keep what was read off a file that was taken in (files.Stored) for whoever gave it.

    The same ``key`` (a UUID) twice gives the same reading. Raises ValidationError when the key is another
    person's.
    """
    check(by, Action.ADD_AGREEMENT)
    guard.wait_for_the_first(key)
    if already := already_kept(key, by):
        return already
    with refusals.in_words(REFUSALS):
        return NaskahReading.objects.create(
            pk=key, by=by, pages=pages, by_ocr=by_ocr, proposals=proposals, **stored.facts
        )


@transaction.atomic
def confirm(*, reading, answers, by):
    """Keep what the reader took over (texts by the name of their field), for the page that registers it."""
    reading = _held(reading, by)
    reading.proposals = {**reading.proposals, "confirmed": answers}
    reading.save(update_fields=["proposals"])
    return reading


def register(*, reading, record, entry, by, reason="", carried=()):
    """Enter the paper of a reading (see ``renewals.register``) with the file that was read as its scan.

    A reading is registered once; again gives the same paper.
    """
    check(by, Action.ADD_AGREEMENT)
    with refusals.in_words(REFUSALS), transaction.atomic():
        reading = _held(reading, by)
        if reading.agreement:
            return reading.agreement
        agreement = renewals.register(record=record, by=by, entry=entry, reason=reason, carried=carried)
        documents.file_stored(
            agreement=agreement,
            stored=files.Stored(**{name: getattr(reading, name) for name in _OF_THE_FILE}),
            facts=documents.DocumentFacts(purpose=DocumentPurpose.PAPER, dated=record.signed),
            by=by,
        )
        reading.agreement = agreement
        reading.save(update_fields=["agreement"])
        return agreement


def forget_old(now=None):
    """Delete readings that nobody registered within KEPT_FOR, with their files. Returns how many went."""
    limit = (now or timezone.now()) - KEPT_FOR
    old = NaskahReading.objects.unregistered().filter(created_at__lt=limit)
    gone = 0
    for pk in list(old.values_list("pk", flat=True)):
        with transaction.atomic():
            reading = old.select_for_update(of=("self",)).filter(pk=pk).first()
            if reading is None:
                continue
            reading.delete()
            # A file without a row is swept up; a row without its file would be damaged evidence.
            transaction.on_commit(partial(files.remove, reading.key))
        gone += 1
    return gone


def _held(reading, by):
    """The reading as it stands, locked; it is its owner's and nobody else's."""
    rows = NaskahReading.objects.visible_to(by).select_for_update(of=("self",)).select_related("agreement")
    return rows.get(pk=reading.pk)


REFUSALS = {
    "partnerships_naskahreading_pkey": _("Somebody else has sent this file already. Choose it again."),
}
