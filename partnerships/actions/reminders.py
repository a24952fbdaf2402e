"""Reminding people of the reports they owe."""

from django.db import transaction

from accounts.models import User
from partnerships import notifications
from partnerships.models import SentReminder
from partnerships.selectors import reminders

# So many rows go into one statement, whose memory is the database's.
_AT_ONCE = 5_000


def remind(*, on):
    """Owe every reader one mail with all that is to be said on that day; returns how many mails.

    What was said once is not said again, however often this runs and in however many processes.
    """
    return sum(_give(digest, on) for digest in reminders.digests_on(on) if digest.wanted)


@transaction.atomic
def _give(digest, on):
    # Held, so that a second process finds what the first one has given.
    reader = User.objects.select_for_update(of=("self",), no_key=True).get(pk=digest.reader.pk)
    if not reader.is_active or reminders.told_on(reader, on):
        return 0
    entries = []
    for first in range(0, len(digest.reminders), _AT_ONCE):
        left = reminders.not_yet_given(reader, digest.reminders[first : first + _AT_ONCE])
        SentReminder.objects.bulk_create(
            SentReminder(
                commitment_id=each.commitment,
                period_end=each.ends,
                step=each.step,
                recipient=reader,
                given_on=on,
            )
            for each in left
        )
        entries += [[each.commitment, each.ends.isoformat(), each.step] for each in left]
    if not entries:
        return 0
    notifications.digest(reader, on, entries)
    return 1


def remind_of(*, papers, on):
    """Tell whoever answers for an overdue report on these papers (ids), because somebody asks for it.

    At most one mail a day goes to a reader, whoever asks. Returns the papers of which somebody was told.
    """
    digests = reminders.digests_about(papers, on)
    return reminders.papers_told_of(each for each in digests if each.can_be_given and _give_asked(each, on))


@transaction.atomic
def _give_asked(digest, on):
    reader = User.objects.select_for_update(of=("self",), no_key=True).get(pk=digest.reader.pk)
    if not reader.is_active or reminders.told_on(reader, on):
        return False
    # A step that the ladder has given already was given again today: that is the one mail of the day.
    SentReminder.objects.bulk_create(
        [
            SentReminder(
                commitment_id=each.commitment,
                period_end=each.ends,
                step=each.step,
                recipient=reader,
                given_on=on,
            )
            for each in digest.reminders
        ],
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["commitment", "period_end", "step", "recipient"],
        update_fields=["given_on"],
    )
    notifications.digest(
        reader, on, [[each.commitment, each.ends.isoformat(), each.step] for each in digest.reminders]
    )
    return True
