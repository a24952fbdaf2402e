"""Background work: what the worker does outside of any request."""

import datetime
import logging
import re

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks import task

from partnerships.models import MessageKind, OutboxMessage, Posting

log = logging.getLogger(__name__)

# How long to wait after the first, second ... failure; after the last one a message is given up.
PAUSES = [
    datetime.timedelta(minutes=1),
    datetime.timedelta(minutes=5),
    datetime.timedelta(minutes=30),
    datetime.timedelta(hours=3),
]
MOST_ATTEMPTS = len(PAUSES) + 1


@task()
def deliver_messages():
    """Send every message of the outbox that is due; returns how many went out.

    It works from the rows of the outbox, not from what it was called with: a worker that was killed
    loses nothing, and the next call finds what is still unsent.
    """
    tried, sent = [], 0
    while message := _deliver_next(tried):
        tried.append(message.pk)
        sent += message.sent_at is not None
    return sent


def due(now):
    """Unsent messages that have waited long enough since they were written and last tried."""
    waited = Q(attempts=0)
    for attempts in range(1, MOST_ATTEMPTS):
        pause = sum(PAUSES[:attempts], datetime.timedelta())
        waited |= Q(attempts=attempts, written_at__lte=now - pause)
    return OutboxMessage.objects.filter(waited, sent_at=None)


@transaction.atomic
def _deliver_next(tried):
    # The lock is held until the mail is out: a second worker passes over the row, and a worker that
    # dies gives it back.
    message = (
        due(timezone.now())
        .exclude(pk__in=tried)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("recipient")
        .order_by("pk")
        .first()
    )
    if message is None:
        return None
    message.attempts += 1
    try:
        with transaction.atomic():
            _mail(message).send()
    except Exception as problem:
        # Whatever is wrong with one message must not keep the others from going out.
        log.exception("message %s could not be sent", message.pk)
        message.problem = f"{type(problem).__name__}: {problem}"[:300]
    else:
        message.sent_at, message.problem = timezone.now(), ""
    message.save(update_fields=["attempts", "sent_at", "problem"])
    if message.sent_at is None and message.attempts < MOST_ATTEMPTS:
        pause = PAUSES[message.attempts - 1]
        deliver_messages.using(run_after=timezone.now() + pause).enqueue()
    return message


def _mail(message):
    """The message in the recipient's language, as plain text and as simple HTML."""
    recipient = message.recipient
    if not recipient.is_active:
        raise ValueError("the account of the recipient is deactivated")
    with translation.override(recipient.language):
        name, context = _template_and_context(message)
        context |= {"recipient": recipient, "portal_url": settings.PORTAL_URL}
        subject = render_to_string(f"mail/{name}_subject.txt", context)
        text = render_to_string(f"mail/{name}.txt", context)
        mail = EmailMultiAlternatives(
            subject=" ".join(subject.split()),
            body=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
            to=[recipient.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string(f"mail/{name}.html", context), "text/html")
        return mail


def _template_and_context(message):
    posting = None
    if "posting" in message.about:
        posting = Posting.objects.select_related("organization").get(pk=message.about["posting"])
    if message.kind == MessageKind.TRANSFER and message.about["side"] == "left":
        return "office_left", {"posting": posting}
    needs_password = posting is None or not message.recipient.has_usable_password()
    context = {
        "posting": posting,
        "password_link": _password_link(message.recipient) if needs_password else None,
        "link_hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    if message.kind == MessageKind.TRANSFER:
        return "office_taken_over", context
    return ("invitation" if posting else "password_link"), context


def _password_link(user):
    """A link that sets the password once; it names the portal's own address, never a request's host."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return settings.PORTAL_URL + path.replace("UID-KEY", key)
