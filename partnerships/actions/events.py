"""What is known of a ceremony at which papers are signed."""

from contextlib import contextmanager
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partnerships.actions import guard, refusals
from partnerships.actions.addresses import free_slug
from partnerships.models import Organization, PartialDate, SigningEvent
from partnerships.permissions import Action, check

_SENTENCES = {
    "partnerships_signingevent_slug": _(
        "Somebody has just entered an event of this name. Look for it first."
    ),
}


@dataclass
class EventRecord:
    """``source`` says where the expected numbers of papers come from."""

    name: str
    held: PartialDate | None = None
    place: str = ""
    host: Organization | None = None
    source: str = ""


def enter(*, record, by, reason=""):
    """Enter an event; its address in the portal comes from its name and never changes."""
    with _decision(by, "event.enter", reason):
        event = SigningEvent(slug=free_slug(SigningEvent, record.name))
        _write(event, record)
        event.save(force_insert=True)
        return event


def change(*, event, record, version, by, reason=""):
    """Change an event that nobody else has changed since ``version`` was read."""
    with _decision(by, "event.change", reason):
        event = SigningEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
        guard.check_version(event, version)
        _write(event, record)
        event.version += 1
        event.save()
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
