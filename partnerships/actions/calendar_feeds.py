"""The private address of a person's calendar: made, renewed, revoked, read."""

import datetime
import hashlib
import secrets

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from partnerships.actions import guard
from partnerships.models import CalendarFeed

_TOKEN_BYTES = 32
# A calendar asks every few minutes; when it last did is worth knowing to the hour.
_REMEMBERED_FOR = datetime.timedelta(hours=1)


@transaction.atomic
def renew(*, by):
    """Make a private address; the one before it no longer works. Returns its token: it is not stored
    and can't be shown again."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    revoke(by=by)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with guard.history(by, "calendar.renew"):
        CalendarFeed.objects.create(user=by, token_hash=_hash(token))
    return token


def revoke(*, by):
    """Close the private address."""
    with guard.history(by, "calendar.revoke"):
        CalendarFeed.objects.filter(user=by, revoked_at=None).update(revoked_at=timezone.now())


def reader_of(token):
    """Whose calendar the address shows; None for an address that is unknown, closed, or of somebody
    whose account is."""
    now = timezone.now()
    feed = (
        CalendarFeed.objects.filter(token_hash=_hash(token), revoked_at=None, user__is_active=True)
        .select_related("user")
        .first()
    )
    if feed is None:
        return None
    stale = Q(fetched_at=None) | Q(fetched_at__lt=now - _REMEMBERED_FOR)
    CalendarFeed.objects.filter(stale, pk=feed.pk).update(fetched_at=now)
    return feed.user


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()
