"""Who holds which office: inviting people, posting them, handing an office over, closing accounts."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partnerships import notifications
from partnerships.actions import guard, refusals
from partnerships.models import OutboxMessage, Posting
from partnerships.permissions import Action, check

_NOW_TAKEN = _("Somebody has just made an account with this address. Try once more.")
_SENTENCES = {
    "posting_office_fits_role": _(
        "This office does not fit the role: registrars and unit officers belong to a unit of the"
        " ministry, regional officers to an office that acts for a region."
    ),
    "posting_open_once": _("This person holds this role in this office already."),
    "posting_ends_after_it_starts": _("A posting can't end before it begins."),
    "user_email_unique_whatever_the_case": _NOW_TAKEN,
    "accounts_user_email": _NOW_TAKEN,
}


def invite(*, email, name, organization, role, by, starts_on=None, reason=""):
    """Post a person to an office; one who has no account yet gets it, and a link to set a password.

    Raises ValidationError with a sentence for what can't be.
    """
    with _decision(by, "posting.invite", reason):
        user = _account(email, name)
        posting = _post(user, organization, role, starts_on or timezone.localdate())
        if not user.has_usable_password():
            notifications.invited(posting)
        return posting


def transfer(*, posting, successor_email, successor_name, on, by, reason=""):
    """Hand an office over: the posting ends on that day and the successor's begins. Both are told."""
    with _decision(by, "posting.transfer", reason):
        posting = _still_open(posting, on)
        successor = _account(successor_email, successor_name)
        if successor.pk == posting.user_id:
            raise ValidationError(_("The successor must be somebody else."))
        posting.ends_on = on
        posting.save(update_fields=["ends_on"])
        following = _post(successor, posting.organization, posting.role, on)
        notifications.office_left(posting)
        notifications.office_taken_over(following)
        return following


def end(*, posting, on, by, reason=""):
    """End a posting without a successor; on that day it no longer holds."""
    with _decision(by, "posting.end", reason):
        posting = _still_open(posting, on)
        posting.ends_on = on
        posting.save(update_fields=["ends_on"])
        return posting


def deactivate(*, user, by, reason=""):
    """Close an account: whoever is signed in with it is out on the next request."""
    with _decision(by, "user.deactivate", reason):
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.pk == by.pk:
            raise ValidationError(_("You can't deactivate your own account."))
        if user.is_superuser:
            _check_another_administrator(user)
        user.is_active = False
        user.save(update_fields=["is_active"])
        # They would open again with the account.
        user.end_sessions()
        return user


def reactivate(*, user, by, reason=""):
    """Open a closed account again; postings that have not ended hold again."""
    with _decision(by, "user.reactivate", reason):
        user.is_active = True
        user.save(update_fields=["is_active"])
        return user


def appoint_administrator(*, user, by, reason=""):
    """Let a person into the administration, with every right it has."""
    with _decision(by, "user.appoint_administrator", reason):
        if not user.is_active:
            raise ValidationError(_("This account is deactivated. Activate it first."))
        return _set_administrator(user, True)


def dismiss_administrator(*, user, by, reason=""):
    """Take the administration away; the postings of the person stay."""
    with _decision(by, "user.dismiss_administrator", reason):
        user = User.objects.select_for_update().get(pk=user.pk)
        _check_another_administrator(user)
        return _set_administrator(user, False)


def send_password_link(*, user, by):
    """Send a person a link to set a new password; nobody else gets to see it."""
    with _decision(by, "user.password_link", ""):
        if not user.is_active:
            raise ValidationError(_("This account is deactivated. Activate it first."))
        notifications.password_link(user)
        return user


def send_again(*, message, by):
    """Owe the recipient a message once more, whether it went out or was given up."""
    with _decision(by, "message.send_again", ""):
        message = OutboxMessage.objects.select_for_update().get(pk=message.pk)
        return notifications.repeat(message)


@contextmanager
def _decision(by, action, reason):
    check(by, Action.MANAGE_ACCOUNTS)
    with refusals.in_words(_SENTENCES), transaction.atomic(), guard.history(by, action, reason):
        yield


def _account(email, name):
    """The account of that address, made without a password where there is none."""
    email = email.strip().lower()
    validate_email(email)
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        name = " ".join(name.split())
        if not name:
            raise ValidationError(_("There is no account with this address yet: give the name too."))
        return User.objects.create_user(email, name)
    if not user.is_active:
        raise ValidationError(_("The account of %(email)s is deactivated."), params={"email": email})
    return user


def _post(user, organization, role, starts_on):
    return Posting.objects.create(user=user, organization=organization, role=role, starts_on=starts_on)


def _still_open(posting, on):
    """The posting, locked: of two transfers at the same time the second finds it ended."""
    posting = Posting.objects.select_for_update(of=("self",)).get(pk=posting.pk)
    if posting.ends_on and posting.ends_on <= max(on, timezone.localdate()):
        raise ValidationError(_("This posting has ended already."))
    return posting


def _check_another_administrator(user):
    # All of them are locked: two administrators can't dismiss each other in the same moment.
    others = User.objects.select_for_update().filter(is_superuser=True, is_active=True)
    if not any(other.pk != user.pk and other.is_staff for other in others):
        raise ValidationError(_("The portal needs an administrator: appoint another one first."))


def _set_administrator(user, value):
    user.is_superuser = user.is_staff = value
    user.save(update_fields=["is_superuser", "is_staff"])
    return user
