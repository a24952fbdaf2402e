"""What is known of the people that papers name: entered once, corrected in one place."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partnerships.actions import guard
from partnerships.models import Person
from partnerships.permissions import Action, check


@dataclass
class PersonRecord:
    """A name with the titles before and after it."""

    name: str
    title_before: str = ""
    title_after: str = ""


@transaction.atomic
def enter(*, record, by, reason=""):
    """Enter a person."""
    check(by, Action.CHANGE_ORGANIZATION)
    person = Person()
    with guard.history(by, "person.enter", reason):
        _write(person, record)
        person.save(force_insert=True)
    return person


@transaction.atomic
def correct(*, person, record, version, by, reason=""):
    """Correct a person that nobody else has changed since ``version`` was read."""
    check(by, Action.CHANGE_ORGANIZATION)
    person = Person.objects.select_for_update().get(pk=person.pk)
    guard.check_version(person, version)
    _write(person, record)
    person.version += 1
    with guard.history(by, "person.correct", reason):
        person.save()
    return person


def _write(person, record):
    person.name = " ".join(record.name.split())
    if not person.name:
        raise ValidationError(_("A person needs a name."))
    person.title_before = record.title_before.strip()
    person.title_after = record.title_after.strip()
