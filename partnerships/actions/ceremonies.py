"""The papers of one ceremony: entered together in one step, and moved to signed together."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid5

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.actions import agreements, guard, refusals
from partnerships.actions.guard import StaleVersion
from partnerships.actions.newcomers import Newcomers
from partnerships.actions.record import AgreementRecord, Entry, PartyLine, SignatoryLine
from partnerships.lifecycle import Status
from partnerships.models import Agreement, Organization, PartialDate
from partnerships.permissions import Action, check

MOST_PAPERS = 60


@dataclass
class Shared:
    """What the papers of a ceremony have in common. ``unit`` is the ministry's side, ``signatory`` who
    signs for it; ``status`` is scheduled or signed."""

    unit: Organization
    status: str = Status.SIGNED
    signed: PartialDate | None = None
    place: str = ""
    signatory: SignatoryLine | None = None
    themes: list = field(default_factory=list)
    reason: str = ""


@dataclass
class CeremonyRow:
    """One paper of a ceremony: what is its own."""

    kind: str
    partner: Organization
    title: str = ""
    number: str = ""
    ministry_number: str = ""
    signatory: SignatoryLine | None = None


class RowRefused(ValidationError):
    """A row of the ceremony can't be entered; ``index`` says which (0 is the first). Nothing was saved."""

    def __init__(self, refusal, index):
        super().__init__(refusal.messages)
        self.index = index


@dataclass(frozen=True)
class Skipped:
    """A paper that stayed as it was, and why."""

    paper: Agreement
    reason: str


def enter_papers(*, event, shared, rows, by, key):
    """Enter the papers of a ceremony, all of them or none; whom several rows name is entered once.

    The same ``key`` twice gives the same papers: a page sent twice makes one set. Returns the papers in
    the order of the rows. Raises RowRefused for a row that can't be, ValidationError for the whole, with
    the code ``entered_already`` when the page of that key was saved with another number of rows.
    """
    check(by, Action.ADD_AGREEMENT)
    if not 0 < len(rows) <= MOST_PAPERS:
        raise ValidationError(_("Enter between 1 and %(most)d papers at once."), params={"most": MOST_PAPERS})
    with transaction.atomic(), guard.history(by, "agreement.register", shared.reason):
        guard.wait_for_the_first(key)
        if already := entered_already(key, by):
            _check_same_set(already, rows)
            return already
        met = Newcomers(by, shared.reason)
        papers = []
        for index, row in enumerate(rows):
            with _of_row(index), refusals.in_words(agreements.REFUSALS):
                papers.append(
                    agreements.register(
                        record=met.entered_with(_record(event, shared, row)),
                        by=by,
                        entry=Entry(status=shared.status, key=_key_of_row(key, index)),
                        reason=shared.reason,
                    )
                )
        return papers


def entered_already(key, by):
    """The papers that this person's page of that key has made, in the order of their rows."""
    place = {_key_of_row(key, index): index for index in range(MOST_PAPERS)}
    found = Agreement.objects.filter(entry_key__in=place, created_by=by)
    return sorted(found, key=lambda paper: place[paper.entry_key])


def _check_same_set(already, rows):
    """A page that comes again with other rows than it was saved with is no second sending."""
    if len(already) != len(rows):
        raise ValidationError(
            _("This page has entered %(n)d papers already. Leave these rows out and save the others."),
            code="entered_already",
            params={"n": len(already)},
        )


def sign_papers(*, papers, effective_on, by, reason=""):
    """Move the papers of a ceremony to signed, each on its own; ``papers`` are (paper, version read).

    Returns those that moved, and those that stayed as they were with the reason in words (Skipped).
    Raises ValidationError when the day lies ahead.
    """
    if effective_on > timezone.localdate():
        raise ValidationError(_("Nothing was signed yet on a day that lies ahead."), code="ahead")
    moved, skipped = [], []
    for paper, version in papers:
        try:
            _check_day(paper, effective_on)
            moved.append(
                agreements.move(
                    agreement=paper,
                    to=Status.SIGNED,
                    by=by,
                    effective_on=effective_on,
                    reason=reason,
                    version=version,
                )
            )
        except StaleVersion:
            skipped.append(Skipped(paper, str(_("Somebody has changed this paper meanwhile."))))
        except ValidationError as refusal:
            skipped.append(Skipped(paper, " ".join(refusal.messages)))
        except PermissionDenied as refusal:
            skipped.append(Skipped(paper, str(refusal)))
    return moved, skipped


def _check_day(paper, day):
    """A paper that was planned for a later day says so until somebody corrects its date."""
    if paper.signed and paper.signed.earliest > day:
        raise ValidationError(
            _("Its date of signing is %(signed)s, after the day given here. Correct it first."),
            params={"signed": paper.signed},
        )


@contextmanager
def _of_row(index):
    try:
        yield
    except ValidationError as refusal:
        raise RowRefused(refusal, index) from refusal


def _key_of_row(key, index):
    return uuid5(key, str(index))


def _record(event, shared, row):
    people = [(shared.signatory, shared.unit), (row.signatory, row.partner)]
    return AgreementRecord(
        kind=row.kind,
        title=row.title,
        signed=shared.signed,
        place=shared.place,
        event=event,
        themes=shared.themes,
        parties=[PartyLine(shared.unit, row.ministry_number), PartyLine(row.partner, row.number)],
        signatories=[
            SignatoryLine(
                person=said.person,
                post=said.post,
                organization=organization,
                capacity=said.capacity,
                letter=said.letter,
                on_behalf_of=said.on_behalf_of,
            )
            for said, organization in people
            if said
        ],
    )
