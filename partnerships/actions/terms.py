"""How long a paper holds, after it was signed: extended by a further period, or ended early without
the paper being terminated."""

import datetime
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partnerships.actions import guard, refusals
from partnerships.lifecycle import Status
from partnerships.models import Agreement, PartialDate, Precision, Term, TermReason
from partnerships.models.partial_date import FIRST_YEAR, LAST_YEAR
from partnerships.models.term import LONGEST_REASON
from partnerships.permissions import Action, check


def extend(*, agreement, by, reason, ends=None, ends_open=False, starts=None, version=None, addendum=None):
    """Let a signed paper hold for one more period, until ``ends`` or without an agreed end.

    It begins the day after the last period ends; ``starts`` says when, where that end is not known
    to the day. With an ``addendum`` of the paper, the period names it. Raises ValidationError with a
    sentence for what can't be, StaleVersion when the paper is no longer what was read.
    """
    with _of_the_paper(agreement, by, "term.extend", reason, version) as agreement:
        if addendum and addendum.agreement_id != agreement.pk:
            raise ValidationError(_("This addendum is not one of this paper's."), code="addendum")
        last = agreement.terms.last()
        if last and last.ends_open:
            raise ValidationError(
                _("The paper holds without an agreed end: there is nothing to extend."), code="open"
            )
        if bool(ends) == bool(ends_open):
            raise ValidationError(_("Say until when, or that no end was agreed."), code="ends")
        starts = _begins(agreement, last, starts)
        if ends and ends.latest < starts.earliest:
            raise ValidationError(
                _("The extension begins on %(starts)s, so it can't end on %(ends)s."),
                code="ends",
                params={"starts": starts, "ends": ends},
            )
        return Term.objects.create(
            agreement=agreement,
            position=last.position + 1 if last else 1,
            reason=TermReason.ADDENDUM if addendum else TermReason.EXTENSION,
            starts=starts,
            ends=ends,
            ends_open=ends_open,
            addendum=addendum,
        )


def end_early(*, agreement, on, reason, by, version=None):
    """Let the last period of a signed paper end on the day ``on``, before what had been agreed.

    What had been agreed stays beside it. The paper is not terminated by it. Raises as ``extend`` does.
    """
    with _of_the_paper(agreement, by, "term.end_early", reason, version) as agreement:
        last = agreement.terms.last()
        if last is None:
            raise ValidationError(
                _("No term of this paper is recorded. Enter it on the page of the paper first."), code="none"
            )
        if not FIRST_YEAR <= on.year <= LAST_YEAR:
            raise ValidationError(_("Dates must lie between 1945 and 2100."), code="on")
        begins = last.starts or agreement.signed
        if begins and on < begins.earliest:
            raise ValidationError(
                _("The last term begins on %(starts)s. It can't end before."),
                code="on",
                params={"starts": begins},
            )
        if last.ends and on >= last.ends.latest:
            raise ValidationError(
                _("The term ends on %(ends)s already. Choose an earlier day, or extend the paper."),
                code="on",
                params={"ends": last.ends},
            )
        last.cut_short(on, reason.strip())
        last.save()
        return last


@contextmanager
def _of_the_paper(agreement, by, action, reason, version):
    """The paper, locked and judged; what is done within is one step of its history and its version."""
    with refusals.in_words(REFUSALS), transaction.atomic(), guard.history(by, action, reason):
        agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        check(by, Action.CHANGE_AGREEMENT, agreement)
        guard.check_version(agreement, version)
        if agreement.status != Status.SIGNED:
            raise ValidationError(
                _("A paper that is “%(status)s” is neither extended nor ended early; only a signed one is."),
                code="status",
                params={"status": agreement.get_status_display()},
            )
        if not reason.strip():
            raise ValidationError(_("Say why; it stays in the history of the paper."), code="reason")
        if len(reason.strip()) > LONGEST_REASON:
            raise ValidationError(
                _("Say it in at most %(most)s characters."), code="reason", params={"most": LONGEST_REASON}
            )
        yield agreement
        agreement.version += 1
        agreement.save(update_fields=["version"])


def _begins(agreement, last, starts):
    """The day on which a further period begins, as a partial date. Raises ValidationError."""
    if last is None or last.ends is None:
        if starts is None:
            raise ValidationError(
                _("No source says when the last term ends. Say from when the extension holds."), code="starts"
            )
        before = (last and last.starts) or agreement.signed
        if before and starts.latest <= before.earliest:
            raise ValidationError(
                _("The extension can't begin on %(starts)s: the paper holds since %(before)s."),
                code="starts",
                params={"starts": starts, "before": before},
            )
        return starts
    next_day = last.ends.latest + datetime.timedelta(days=1)
    if next_day.year > LAST_YEAR:
        raise ValidationError(_("Dates must lie between 1945 and 2100."), code="ends")
    if starts is None:
        return PartialDate(next_day, next_day, Precision.DAY)
    # An end that is known to the year only may lie before the day on which its own term begins.
    begun = last.starts and starts.latest <= last.starts.earliest
    if begun or starts.latest <= last.ends.earliest:
        raise ValidationError(
            _("The extension can't begin on %(starts)s: the last term ends on %(ends)s."),
            code="starts",
            params={"starts": starts, "ends": last.ends},
        )
    return starts


REFUSALS = {
    "term_periods_do_not_overlap": _("Two terms of this paper overlap. Let one end before the next begins."),
    "term_ends_after_it_starts": _("A term can't end before it begins."),
}
