"""What people do with progress reports: draft, submit, take back, verify, return, open again."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships import notifications
from partnerships.actions import guard, refusals
from partnerships.lifecycle import REPORT_MOVES, ReportStatus, check_step
from partnerships.models import (
    BatchShare,
    Commitment,
    Posting,
    ProgressReport,
    ReportingPeriod,
    ReportMove,
    TraineeBatch,
)
from partnerships.permissions import Action, check, posting_for

_BATCH_NUMBERS = tuple(
    f"{stage}_{who}" for stage in ("trained", "certified", "placed") for who in ("women", "men", "disabled")
)


@dataclass(kw_only=True)
class BatchLine:
    """A batch of trainees: its numbers by stage and gender, and what part of it counts for which
    commitment (id -> weight); without shares all of it counts for the commitment that is reported."""

    name: str
    numbers: dict
    shares: dict = field(default_factory=dict)


@dataclass(kw_only=True)
class ReportContent:
    """What a report says; ``value`` in the unit of the indicator, the total so far if cumulative.

    ``batches`` None leaves the batches of the report as they are.
    """

    value: Decimal | None = None
    note: str = ""
    obstacle: str = ""
    obstacle_note: str = ""
    next_step: str = ""
    source: str = ""
    batches: list[BatchLine] | None = None


@transaction.atomic
def draft(*, commitment, period_end, content, by, version=None, demonstration=False):
    """Begin the report of a period, or save it while it is written; one report for each period.

    Raises StaleVersion when somebody else has saved it since ``version`` was read, and ValidationError
    for a day on which no report is due.
    """
    commitment = guard.held_commitment(commitment)
    check(by, Action.REPORT_PROGRESS, commitment=commitment)
    report = _report_of(commitment, period_end)
    if report is None:
        report = _begun(commitment, period_end, by, demonstration)
    else:
        guard.check_version(report, version)
        _check_is_written(report)
    with refusals.in_words(REFUSALS), guard.history(by, "progress.draft"):
        _write(report, content, by)
        report.save()
        if content.batches is not None:
            _write_batches(report, content.batches, by)
    return report


@transaction.atomic
def submit(*, report, by, version=None, posting=None):
    """Hand a report in for verification. A second press, or a retry, finds it handed in and is content."""
    report = guard.held_report(report)
    check(by, Action.REPORT_PROGRESS, commitment=report.commitment)
    if report.status in {ReportStatus.SUBMITTED, ReportStatus.VERIFIED} and report.submitted_by_id == by.pk:
        return report
    guard.check_version(report, version)
    check_step(REPORT_MOVES, report.status, ReportStatus.SUBMITTED)
    if report.value is None:
        raise ValidationError(_("Fill in the value of the period; 0 is a value too."), code="value")
    report.posting = _posting(posting, by, report.commitment)
    report.submitted_by, report.submitted_at = by, timezone.now()
    report.decided_by, report.decided_at = None, None
    if by.pk not in report.writers:
        report.writers = [*report.writers, by.pk]
    _move(report, ReportStatus.SUBMITTED, by, "progress.submit")
    return report


@transaction.atomic
def take_back(*, report, by, version=None):
    """Make a submitted report a draft again, before anybody has decided on it; only who submitted may."""
    report = guard.held_report(report)
    check(by, Action.REPORT_PROGRESS, commitment=report.commitment)
    if report.status == ReportStatus.DRAFT:
        return report
    guard.check_version(report, version)
    check_step(REPORT_MOVES, report.status, ReportStatus.DRAFT)
    if report.submitted_by_id != by.pk:
        raise PermissionDenied(_("Only who submitted a report takes it back."))
    _move(report, ReportStatus.DRAFT, by, "progress.take_back")
    return report


@transaction.atomic
def verify(*, report, by, version=None, reason=""):
    """Approve a report: from now on its value counts. Nobody verifies an entry of their own.

    A second press by the same person finds it verified and is content.
    """
    report = guard.held_report(report)
    if report.status == ReportStatus.VERIFIED and report.decided_by_id == by.pk:
        return report
    _check_may_decide(report, by, ReportStatus.VERIFIED, version)
    report.decided_by, report.decided_at = by, timezone.now()
    with refusals.in_words(REFUSALS):
        _move(report, ReportStatus.VERIFIED, by, "progress.verify", reason)
    notifications.report_verified(report)
    return report


@transaction.atomic
def return_for_change(*, report, by, reason, version=None):
    """Give a submitted report back to who wrote it, with the reason why it can't be verified."""
    report = guard.held_report(report)
    if report.status == ReportStatus.RETURNED and report.decided_by_id == by.pk:
        return report
    if report.status == ReportStatus.VERIFIED:
        raise ValidationError(_("It is verified already. Open it again instead."), code="verified")
    return _returned(report, by, reason, version, "progress.return")


@transaction.atomic
def reopen(*, report, by, reason, version=None):
    """Take a verification back because the report turned out to be wrong; its value counts no longer."""
    report = guard.held_report(report)
    if report.status != ReportStatus.VERIFIED:
        raise ValidationError(_("Only a verified report is opened again."), code="not_verified")
    return _returned(report, by, reason, version, "progress.reopen")


def _returned(report, by, reason, version, action):
    _check_may_decide(report, by, ReportStatus.RETURNED, version)
    if not reason.strip():
        raise ValidationError(_("Say what has to be changed."), code="reason")
    report.decided_by, report.decided_at = by, timezone.now()
    _move(report, ReportStatus.RETURNED, by, action, reason.strip())
    notifications.report_returned(report)
    return report


def _check_may_decide(report, by, to, version):
    check(by, Action.VERIFY_PROGRESS, commitment=report.commitment)
    if by.pk in report.writers:
        raise PermissionDenied(_("Nobody verifies an entry of their own. Somebody else must."))
    guard.check_version(report, version)
    check_step(REPORT_MOVES, report.status, to)


def _report_of(commitment, period_end):
    rows = ProgressReport.objects.select_for_update(of=("self",)).filter(commitment=commitment)
    return rows.select_related("commitment").filter(period_end=period_end).first()


def _begun(commitment, period_end, by, demonstration):
    period = ReportingPeriod.objects.filter(commitment=commitment, ends=period_end).first()
    if period is None:
        raise ValidationError(
            _("No report is due on that day. Choose one of the periods of the commitment."),
            code="no_period",
        )
    return ProgressReport(
        commitment=commitment,
        period_start=period.begins,
        period_end=period.ends,
        written_by=by,
        demonstration=demonstration or commitment.demonstration,
    )


def _check_is_written(report):
    if not report.is_written:
        raise ValidationError(
            _("The report is “%(status)s” and can't be changed now."),
            code="not_written",
            params={"status": report.get_status_display()},
        )


def _write(report, content, by):
    report.value = content.value
    report.note, report.source = content.note, content.source
    report.obstacle, report.obstacle_note = content.obstacle, content.obstacle_note
    report.next_step = content.next_step
    report.written_by = by
    if by.pk not in report.writers:
        report.writers = [*report.writers, by.pk]
    if report.pk:
        report.version += 1


def _write_batches(report, lines, by):
    """Make the report's batches equal to the lines; unchanged ones stay untouched."""
    standing = {batch.name: batch for batch in report.batches.prefetch_related("shares")}
    names = [line.name for line in lines]
    if len(set(names)) < len(names):
        raise ValidationError(_("Two batches have the same name. Rename one."), code="batch_twice")
    for name, batch in standing.items():
        if name not in names:
            batch.delete()
    for line in lines:
        batch = standing.get(line.name) or TraineeBatch(report=report, name=line.name)
        for number in _BATCH_NUMBERS:
            setattr(batch, number, line.numbers.get(number, 0))
        batch.save()
        _write_shares(batch, line.shares or {report.commitment_id: Decimal(1)}, by)


def _write_shares(batch, weights, by):
    if sum(weights.values()) != 1:
        raise ValidationError(
            _("The parts of batch %(name)s must sum to 100 %%."), code="shares", params={"name": batch.name}
        )
    known = set(Commitment.objects.visible_to(by).filter(pk__in=weights).values_list("pk", flat=True)) | {
        batch.report.commitment_id
    }
    if set(weights) - known:
        raise ValidationError(_("One of the commitments is not one that you can see."), code="share_of")
    standing = {share.commitment_id: share for share in batch.shares.all()}
    batch.shares.exclude(commitment__in=weights).delete()
    for commitment, weight in weights.items():
        share = standing.get(commitment) or BatchShare(batch=batch, commitment_id=commitment)
        if share.pk is None or share.weight != weight:
            share.weight = weight
            share.save()


def _posting(posting, by, commitment):
    """For which of the own postings the write is done."""
    if posting is None:
        return posting_for(by, Action.REPORT_PROGRESS, commitment)
    if not Posting.objects.visible_to(by).active().filter(pk=posting.pk, user=by).exists():
        raise PermissionDenied(_("That is not a posting of yours."))
    return posting


def _move(report, to, by, action, reason=""):
    old, report.status = report.status, to
    report.version += 1
    with guard.history(by, action, reason):
        report.save()
        ReportMove.objects.create(report=report, old=old, new=to, by=by, reason=reason)


_TRAINED_FIRST = _("Nobody is certified or placed who was not trained. Check the numbers of the batch.")

REFUSALS = {
    "report_value_not_negative": _("Numbers can't be less than zero."),
    "report_verified_by_another": _("Nobody verifies an entry of their own. Somebody else must."),
    "report_not_verified_by_a_writer": _("Nobody verifies an entry of their own. Somebody else must."),
    "batch_has_a_name": _("Give the batch a name."),
    "batch_certified_of": _TRAINED_FIRST,
    "batch_placed_of": _TRAINED_FIRST,
    "batch_": _("Persons with a disability are among the women and men; there can't be more of them."),
    "share_is_a_part": _("A part of a batch lies above 0 and at most at 100 %."),
}
