"""Mails that tell the owner of an account what was changed about its protection. They hold no secret."""

import datetime
import logging
import smtplib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from accounts.models import User

_log = logging.getLogger(__name__)
# A mail server that does not answer is asked again after so many minutes.
_PAUSES = (1, 5, 30, 120, 600)


class Change(models.TextChoices):
    """What can be told; the label is the sentence of the mail."""

    PASSWORD = "password", _("The password of your account was changed.")
    SECOND_FACTOR = "second_factor", _("The second factors of your account were changed.")
    RESET = "reset", _("An administrator removed the second factors of your account, because you lost them.")
    ADDRESS_LEFT = "address_left", _("Your account has a new e-mail address; this one no longer opens it.")
    ADDRESS = "address", _("This is the e-mail address of your account from now on.")


def owe(user, change, address=""):
    """Have the owner told, at their address or another; sent by the worker once the change is kept."""
    tell.enqueue(user.pk, str(change), address or user.email, timezone.now().isoformat())


@task()
def tell(user_id, change, address, at, tries=0):
    """Send one such mail; a mail server that fails is tried again later."""
    user = User.objects.get(pk=user_id)
    facts = {"said": Change(change), "at": datetime.datetime.fromisoformat(at)}
    try:
        send(user, "account_changed", address, facts)
    except (OSError, smtplib.SMTPException):
        if tries == len(_PAUSES):
            raise
        _log.warning("a mail about user %s could not be sent (try %s)", user_id, tries + 1)
        later = timezone.now() + datetime.timedelta(minutes=_PAUSES[tries])
        tell.using(run_after=later).enqueue(user_id, change, address, at, tries=tries + 1)


def send(user, name, address, facts):
    """Send a mail about an account, in its owner's language; ``name`` begins those of its templates."""
    with translation.override(user.language):
        context = {"recipient": user, "portal_url": settings.PORTAL_URL, **facts}
        subject = render_to_string(f"mail/{name}_subject.txt", context)
        mail = EmailMultiAlternatives(
            subject=" ".join(subject.split()),
            body=render_to_string(f"mail/{name}.txt", context).strip() + "\n",
            to=[address],
            headers={"Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string(f"mail/{name}.html", context), "text/html")
    mail.send()
