"""Whether somebody still has to set up a second factor, and by when."""

import datetime
from dataclasses import dataclass

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.utils import timezone

from partnerships.models import access_of
from partnerships.roles import ADMIN, SECOND_FACTOR_WITHIN_DAYS


@dataclass(frozen=True)
class Asked:
    """What is asked of somebody without a second factor: to set one up before that day."""

    by: datetime.date

    @property
    def is_overdue(self):
        """Whether nothing else opens until it is done; a demo, whose passwords are public, goes on."""
        return not settings.DEMO and self.by <= timezone.localdate()


def asked_of(request):
    """What is asked of who is signed in; None for a role that needs no second factor, and who has one."""
    by = _by(request.user)
    return None if by is None or _has_one(request) else Asked(by)


def may_go_on(request):
    """Whether the pages open to who is signed in; while there is time, no query is needed to know."""
    by = _by(request.user)
    return by is None or not Asked(by).is_overdue or _has_one(request)


def _by(user):
    """The first day on which it is needed; the days begin with the posting, but not before the account."""
    joined = timezone.localdate(user.date_joined)
    access = access_of(user)
    since = [(posting.role, max(posting.starts_on, joined)) for posting in access.postings]
    if access.has(ADMIN):
        since.append((ADMIN, joined))
    days = [
        begun + datetime.timedelta(days=SECOND_FACTOR_WITHIN_DAYS[role])
        for role, begun in since
        if role in SECOND_FACTOR_WITHIN_DAYS
    ]
    return min(days, default=None)


def _has_one(request):
    # Who proved one in this session has one; whoever takes it away ends the session.
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records) or is_mfa_enabled(request.user)
