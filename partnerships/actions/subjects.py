"""What somebody may ask for about their own data (UU 27/2022): that it is corrected, restricted, erased.

Access is a reading (``selectors.personal_data``). The operators do all of these on a written request, so that
the history names no account; ``reason`` is the number of the request.
"""

import logging
from contextlib import contextmanager

import pghistory
import pgtrigger
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import addresses
from accounts.models import User
from partnerships.actions import erasing
from partnerships.models import ConfirmationRequest, Erasure, OutboxMessage, Party, Person, Restriction
from partnerships.models.privacy import RESTRICTED, RESTRICTED_ADDRESS
from partnerships.selectors import subjects
from partnerships.selectors.personal_data import rows_about

log = logging.getLogger(__name__)

# Values that say who somebody is, by model; what a Restriction takes out and puts back.
_OF_A_PERSON = {"name": RESTRICTED, "title_before": "", "title_after": ""}
_OF_A_CONFIRMATION = {"name": RESTRICTED, "email": RESTRICTED_ADDRESS}


@transaction.atomic
def correct(*, subject, reason, name="", title_before=None, title_after=None, email="", phone=""):
    """Correct what is given wherever the records say it; what is not given stays.

    Notes that people wrote stay as they were written. Raises ValidationError.
    """
    if email:
        validate_email(email)
        if User.objects.filter(email__iexact=email).exclude(pk__in=subject.users).exists():
            raise ValidationError(_("Another account has this address."))
    with _decision("person.correct", reason), unguarded(ConfirmationRequest):
        for person in Person.objects.select_for_update().filter(pk__in=subject.people):
            person.name = _tidy(name) or person.name
            person.title_before = person.title_before if title_before is None else _tidy(title_before)
            person.title_after = person.title_after if title_after is None else _tidy(title_after)
            person.version += 1
            person.save()
        for user in User.objects.select_for_update().filter(pk__in=subject.users):
            if name:
                user.name = _tidy(name)
                user.save(update_fields=["name"])
            if email and user.email != email.lower():
                addresses.change(user=user, address=email)
        for asked in _confirmations_of(subject):
            asked.name, asked.email = _tidy(name) or asked.name, email or asked.email
            asked.save(update_fields=["name", "email"])
        for party in Party.objects.select_for_update().filter(contact__in=subject.people):
            details = party.contact_details
            details = _with(details, subjects.addresses_in(details), email)
            details = _with(details, subjects.phones_in(details), phone)
            if details != party.contact_details:
                party.contact_details = details
                party.save(update_fields=["contact_details"])


@transaction.atomic
def restrict(*, subject, reason):
    """Take somebody's name and addresses out of every page, file and mail until that is lifted.

    Who has an account still signs in with its address. Raises ValidationError when that was done before.
    """
    if _restrictions_of(subject).exists():
        raise ValidationError(_("This data is restricted already."))
    if not (subject.people or subject.users):
        raise ValidationError(_("Only a person of the records or an account can be restricted."))
    with _decision("person.restrict", reason), unguarded(ConfirmationRequest):
        asked = list(_confirmations_of(subject))
        for person in Person.objects.select_for_update().filter(pk__in=subject.people):
            held = _take_out(person, _OF_A_PERSON)
            for party in Party.objects.select_for_update().filter(contact=person):
                held += _take_out(party, {"contact_details": ""})
            for request in asked:
                held += _take_out(request, _OF_A_CONFIRMATION)
            asked = []
            Restriction.objects.create(person=person, held=held, reason=reason)
        for user in User.objects.select_for_update().filter(pk__in=subject.users):
            held = _take_out(user, {"name": RESTRICTED})
            for request in asked:
                held += _take_out(request, _OF_A_CONFIRMATION)
            asked = []
            Restriction.objects.create(user=user, held=held, reason=reason)
        _unsent_mails_of(subject).delete()


@transaction.atomic
def lift(*, subject, reason):
    """Put back what a restriction took out, where nobody wrote anything else meanwhile.

    Raises ValidationError where nothing is restricted.
    """
    restrictions = list(_restrictions_of(subject).select_for_update())
    if not restrictions:
        raise ValidationError(_("Nothing of this data is restricted."))
    with _decision("person.lift_restriction", reason), unguarded(ConfirmationRequest):
        models = {model._meta.db_table: model for model in (Person, User, Party, ConfirmationRequest)}
        for restriction in restrictions:
            for table, key, column, value in restriction.held:
                row = models[table].objects.select_for_update().filter(pk=key).first()
                if row and getattr(row, column) in {"", RESTRICTED, RESTRICTED_ADDRESS}:
                    setattr(row, column, value)
                    row.save(update_fields=[column])
            restriction.delete()


@transaction.atomic
def erase(*, subject, reason):
    """Put a neutral word where somebody's name, addresses and numbers stand, in the history too, and close
    their account; returns (rows changed by table, rows in which they are still named, as Held).

    The chain of the history says what the changed rows are now. Only the owner of the tables can do it.
    Raises ValidationError.
    """
    check_owner()
    _check_others_administer(subject)
    _check_says_nothing(reason, subject)
    digests, names = subject.digests, subject.sure_names
    with _decision("person.erase", reason), unguarded():
        _close_accounts(subject)
        changed = erasing.replace(subject, names)
        Erasure.objects.create(reason=reason, digests=digests)
        erasing.restate(changed, reason)
    log.info(
        "erased: %s", ", ".join(subject.keys[: len(subject.people) + len(subject.users)]) or "an address"
    )
    remains = [held for held in rows_about(subject) if held.named]
    return {table: len(keys) for table, keys in changed.items()}, remains


def erase_again(*, lines):
    """Erase whom an older backup has brought back: each line has the digests of one ``Erasure``.

    Returns how many people that were.
    """
    by_digest, again = subjects.all_by_digest(), 0
    for line in lines:
        keys = [by_digest[digest] for digest in line.split() if digest in by_digest]
        if not keys or Erasure.objects.filter(digests__overlap=line.split()).exists():
            continue
        erase(subject=subjects.find(*keys), reason=str(_("erased before; came back with a backup")))
        again += 1
    return again


@contextmanager
def unguarded(*models):
    """Within the block the rows of these models (of all without any) may be changed that are otherwise
    final; their history is written all the same."""
    uris = [
        f"{model._meta.label}:{trigger.name}"
        for model, trigger in pgtrigger.registered()
        if (not models or model in models)
        and (isinstance(trigger, pgtrigger.Protect) or "RAISE EXCEPTION" in str(trigger.func))
    ]
    with pgtrigger.ignore(*uris):
        yield


@contextmanager
def _decision(action, reason):
    if not reason.strip():
        raise ValidationError(_("Say on what request, by its number."))
    with pghistory.context(action=action, reason=reason, door="command"):
        yield


def check_owner():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'partnerships_person'::regclass"
        )
        if not cursor.fetchone()[0]:
            raise ValidationError(_("Only the owner of the tables can do this: set PORTAL_DB_ROLE=owner."))


def _check_others_administer(subject):
    mine = User.objects.filter(pk__in=subject.users, is_superuser=True)
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk__in=subject.users)
    if mine.exists() and not others.exists():
        raise ValidationError(_("The portal needs an administrator: appoint another one first."))


def _check_says_nothing(reason, subject):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s ~* %s", [reason, f"{subject.pattern_of_names()}|{subject.pattern_of_ways}"])
        if cursor.fetchone()[0]:
            raise ValidationError(_("The reason stays for good: it must not name the person."))


def _close_accounts(subject):
    for user in User.objects.select_for_update().filter(pk__in=subject.users):
        sessions = user.usersession_set.values_list("session_key", flat=True)
        Session.objects.filter(session_key__in=list(sessions)).delete()
        user.is_active = user.is_staff = user.is_superuser = False
        user.set_unusable_password()
        user.end_sessions()
        user.save()
    _mails_of(subject).delete()


def _confirmations_of(subject):
    return ConfirmationRequest.objects.select_for_update().filter(email__in=subject.addresses)


def _restrictions_of(subject):
    return Restriction.objects.filter(Q(person__in=subject.people) | Q(user__in=subject.users))


def _mails_of(subject):
    return OutboxMessage.objects.filter(Q(recipient__in=subject.users) | Q(address__in=subject.addresses))


def _unsent_mails_of(subject):
    return _mails_of(subject).filter(sent_at=None)


def _take_out(row, words):
    """Put these words into a row; what stood there, as ``Restriction.held`` keeps it."""
    held = [
        [row._meta.db_table, row.pk, column, getattr(row, column)]
        for column, word in words.items()
        if getattr(row, column) != word
    ]
    for column, word in words.items():
        setattr(row, column, word)
    if held:
        row.save(update_fields=list(words))
    return held


def _with(text, found, new):
    """A text with the first of what was found in it replaced; without any, the new after it."""
    if not new or not text:
        return text
    return text.replace(found[0], new) if found else f"{text}, {new}"


def _tidy(text):
    return " ".join(text.split())
