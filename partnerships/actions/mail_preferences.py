"""Which mails a person wants, said on the own page or by a link in the mail itself."""

from django.core import signing
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partnerships.actions import guard
from partnerships.models import MailPreference

_SALT = "partnerships.mail-preference"


class Mail(models.TextChoices):
    """The fields of MailPreference."""

    REMINDERS = "reminders", _("reminders of what is due (at most one mail a day)")
    DECISIONS = "decisions", _("decisions on my reports")


def of(user):
    """What the person has chosen; without a choice, every mail."""
    return MailPreference.objects.filter(user=user).first() or MailPreference(user=user)


def choose(*, reminders, decisions, by):
    """Say which mails one wants."""
    with guard.history(by, "mail.choose"):
        MailPreference.objects.update_or_create(
            user=by, defaults={"reminders": reminders, "decisions": decisions}
        )


@transaction.atomic
def turn_off(*, token):
    """Turn off the mails that the link of a mail speaks of. Raises BadSignature for another link."""
    user, mail = read(token)
    # Who presses the link has not signed in: the link itself says who it is.
    with guard.history(user, "mail.turn_off"):
        MailPreference.objects.update_or_create(user=user, defaults={mail: False})
    return mail


def token(*, user, mail):
    """The link's own part: signed, so that nothing has to be stored, and good for this one thing."""
    return signing.Signer(salt=_SALT).sign_object([user.pk, str(mail)])


def read(token):
    """(user, Mail) of a link. Raises BadSignature for one that the portal has not made."""
    pk, mail = signing.Signer(salt=_SALT).unsign_object(token)
    user = User.objects.filter(pk=pk).first()
    if user is None:
        raise signing.BadSignature("nobody")
    return user, Mail(mail)
