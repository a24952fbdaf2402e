"""What people do with commitments: log, change, withdraw, ask for reports on other days."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.actions import guard, refusals
from partnerships.models import (
    Agreement,
    Commitment,
    Indicator,
    Organization,
    Party,
    Person,
    ProgressReport,
    Recurrence,
    ReportingDate,
    access_of,
)
from partnerships.permissions import Action, can, check
from partnerships.roles import ADMIN, Role


@dataclass(kw_only=True)
class CommitmentEntry:
    """What a person says of a commitment. Numbers are in the unit of the indicator, money in Rupiah."""

    text: str
    owed_by: Party | None = None
    owed_to: Party | None = None
    indicator: Indicator | None = None
    baseline: Decimal | None = None
    target: Decimal | None = None
    starts_on: date | None = None
    due: date | None = None
    recurrence: str = Recurrence.ONCE
    cumulative: bool = True
    owner: Organization | None = None
    contact: Person | None = None
    proof_wanted: str = ""
    funding: str = ""
    clause: str = ""
    source: str = ""


@transaction.atomic
def log(*, agreement, entry, by, key=None, reason="", demonstration=False):
    """Enter a commitment into the ledger of a paper. The same ``key`` twice gives the same commitment.

    Raises PermissionDenied, and ValidationError with a sentence for what can't be.
    """
    if already := _already_logged(key, by):
        return already
    # The paper is held, so that two who log at once take their places one after the other.
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    check(by, Action.ADD_COMMITMENT, agreement)
    commitment = Commitment(
        agreement=agreement,
        position=(agreement.commitments.aggregate(last=Max("position"))["last"] or 0) + 1,
        entry_key=key,
        created_by=by,
        demonstration=demonstration,
    )
    _write(commitment, entry, by)
    with refusals.in_words(REFUSALS), guard.history(by, "commitment.log", reason):
        commitment.save(force_insert=True)
    return commitment


@transaction.atomic
def change(*, commitment, entry, version, by, reason=""):
    """Change what a commitment says. Raises StaleVersion when somebody has changed it since
    ``version`` was read."""
    commitment = guard.held_commitment(commitment)
    check(by, Action.CHANGE_COMMITMENT, commitment=commitment)
    guard.check_version(commitment, version)
    if commitment.withdrawn_on:
        raise ValidationError(_("The commitment is withdrawn. Log a new one."), code="withdrawn")
    before = Commitment.objects.get(pk=commitment.pk)
    _write(commitment, entry, by)
    reported = ProgressReport.objects.filter(commitment=commitment).exclude(submitted_at=None).exists()
    if reported and (commitment.indicator_id, commitment.cumulative) != (
        before.indicator_id,
        before.cumulative,
    ):
        raise ValidationError(
            _(
                "Reports were submitted on this commitment, so what is counted must stay. "
                "Withdraw it and log a new one."
            ),
            code="counted_already",
        )
    commitment.version += 1
    with refusals.in_words(REFUSALS), guard.history(by, "commitment.change", reason):
        commitment.save()
    return commitment


@transaction.atomic
def withdraw(*, commitment, by, reason, version=None, on=None):
    """Owe a commitment no longer, from a day on. It stays in the ledger, with the reason in its history."""
    commitment = guard.held_commitment(commitment)
    check(by, Action.CHANGE_COMMITMENT, commitment=commitment)
    guard.check_version(commitment, version)
    if not reason.strip():
        raise ValidationError(_("Say why the commitment is withdrawn."), code="reason")
    if commitment.withdrawn_on:
        return commitment
    commitment.withdrawn_on = on or timezone.localdate()
    commitment.version += 1
    with guard.history(by, "commitment.withdraw", reason):
        commitment.save(update_fields=["withdrawn_on", "version"])
    return commitment


@transaction.atomic
def ask_for_report(*, commitment, due_on, by, reason=""):
    """Make a report due on a day besides the regular periods; the same day twice is one."""
    commitment = guard.held_commitment(commitment)
    check(by, Action.REPORT_PROGRESS, commitment=commitment)
    first = commitment.first_day
    if first and due_on < first:
        raise ValidationError(
            _("Reports on this commitment begin on %(day)s. Choose a later day."),
            code="before_it_begins",
            params={"day": first.isoformat()},
        )
    with refusals.in_words(REFUSALS), guard.history(by, "commitment.ask_for_report", reason):
        date_row, _made = ReportingDate.objects.get_or_create(commitment=commitment, due_on=due_on)
    return date_row


def _already_logged(key, by):
    if key is None:
        return None
    guard.wait_for_the_first(key)
    return Commitment.objects.filter(entry_key=key, created_by=by).first()


def _write(commitment, entry, by):
    for field in fields(entry):
        setattr(commitment, field.name, getattr(entry, field.name))
    _check_entry(commitment)
    _check_own_office(commitment, by)
    if commitment.contact and commitment.contact.pk is None:
        commitment.contact.save()


def _check_entry(commitment):
    if not commitment.text.strip():
        raise ValidationError(_("Say what is promised."), code="text")
    for party in (commitment.owed_by, commitment.owed_to):
        if party and party.agreement_id != commitment.agreement_id:
            raise ValidationError(_("Who owes and to whom must be parties of this paper."), code="party")
    if commitment.due and commitment.starts_on and commitment.due < commitment.starts_on:
        raise ValidationError(_("The due date can't lie before the first day that counts."), code="due")
    for number in (commitment.target, commitment.baseline):
        if number is not None and commitment.indicator:
            check_whole(number, commitment.indicator)


def check_whole(number, indicator):
    """Raises ValidationError for a part of something that is counted one by one."""
    if not indicator.is_money and _counts_things(indicator) and number % 1:
        raise ValidationError(
            _("%(unit)s are counted in whole numbers."), code="whole", params={"unit": indicator.unit}
        )


def _counts_things(indicator):
    # Land is measured; everything else that is not money is counted one by one.
    return indicator.unit != "ha"


def _check_own_office(commitment, by):
    """A regional officer logs what an office of the own region owes. Raises PermissionDenied."""
    if access_of(by).has(Role.REGISTRAR, Role.UNIT_OFFICER, ADMIN):
        return
    unclaimed = commitment.owner is None and commitment.owed_by is None
    if unclaimed or not can(by, Action.CHANGE_COMMITMENT, commitment=commitment):
        raise PermissionDenied(_("You log what an office of your own region owes. Choose it as who owes."))


REFUSALS = {
    "commitment_due_after_it_starts": _("The due date can't lie before the first day that counts."),
    "commitment_not_owed_to_oneself": _("A party can't owe something to itself. Choose another one."),
    "commitment_numbers_not_negative": _("Numbers can't be less than zero."),
    "commitment_days_within_reach": _("Dates must lie between 1945 and 2100."),
    "reporting_date_within_reach": _("Dates must lie between 1945 and 2100."),
    "commitment_owed_by_its_paper": _("Who owes and to whom must be parties of this paper."),
    "commitment_owed_to_its_paper": _("Who owes and to whom must be parties of this paper."),
    "partnerships_commitment_entry_key": _("Somebody else has sent this form already. Open a new one."),
}
