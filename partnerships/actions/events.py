"""What is known of a ceremony at which papers are signed."""

from contextlib import contextmanager
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partnerships.actions import guard, refusals
from partnerships.actions.addresses import free_slug
from partnerships.models import EventExpectation, Organization, PartialDate, SigningEvent
from partnerships.permissions import Action, check

_SENTENCES = {
    "partnerships_signingevent_slug": _(
        "Somebody has just entered an event of this name. Look for it first."
    ),
}


# What stands in the addresses of events beside their own words.
_OF_THE_PORTAL = {"baru"}


@dataclass
class EventRecord:
    """A ceremony as it was, or as it is planned. ``source`` says where the expected numbers come from.

    ``expected`` is how many papers of each class of partner (PartnerClass) were announced, 0 or absent
    where no number was; None leaves the numbers as they are. ``agenda`` has one item a line.
    """

    name: str
    held: PartialDate | None = None
    place: str = ""
    host: Organization | None = None
    source: str = ""
    agenda: str = ""
    expected: dict[str, int] | None = None


def enter(*, record, by, reason=""):
    """Enter an event; its address in the portal comes from its name and never changes."""
    with _decision(by, "event.enter", reason):
        event = SigningEvent(slug=_address_of(record.name))
        _write(event, record)
        event.save(force_insert=True)
        _write_expectations(event, record.expected)
        return event


def change(*, event, record, version, by, reason=""):
    """Change an event that nobody else has changed since ``version`` was read."""
    with _decision(by, "event.change", reason):
        event = SigningEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
        guard.check_version(event, version)
        _write(event, record)
        event.version += 1
        event.save()
        _write_expectations(event, record.expected)
        return event


@contextmanager
def _decision(by, action, reason):
    check(by, Action.CHANGE_EVENT)
    with refusals.in_words(_SENTENCES), transaction.atomic(), guard.history(by, action, reason):
        yield


def _write(event, record):
    event.name = " ".join(record.name.split())
    if not event.name:
        raise ValidationError(_("An event needs a name."))
    event.held = record.held
    event.place = record.place.strip()
    event.host = record.host
    event.source = record.source.strip()
    event.agenda = record.agenda.strip()


def _address_of(name):
    slug = free_slug(SigningEvent, name)
    return free_slug(SigningEvent, f"acara {name}") if slug in _OF_THE_PORTAL else slug


def _write_expectations(event, expected):
    """Make the numbers of each class what was said; a number that stays is not written again."""
    if expected is None:
        return
    rows = {row.partner_class: row for row in event.expectations.all()}
    for partner_class, papers in expected.items():
        row = rows.get(partner_class)
        if not papers:
            if row:
                row.delete()
        elif row is None:
            EventExpectation.objects.create(event=event, partner_class=partner_class, papers=papers)
        elif row.papers != papers:
            row.papers = papers
            row.save(update_fields=["papers"])
