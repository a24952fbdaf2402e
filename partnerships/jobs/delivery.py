"""Sending the messages of the outbox."""

import datetime
import logging

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from accounts.models import User
from partnerships import notifications
from partnerships.jobs.letters import letter
from partnerships.models import OutboxMessage

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


@task()
def send_password_link(address):
    """Owe a link to who asked for one at the door, if there is an account of that address."""
    if user := User.objects.filter(email=address, is_active=True).first():
        notifications.password_link_asked_for(user)


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
            letter(message).send()
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
