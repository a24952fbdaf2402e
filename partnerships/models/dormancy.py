"""Papers that were signed and then sleep: no paper under them, no plan, no verified progress in time."""

from enum import StrEnum

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Least, TruncDate
from django.utils.translation import gettext_lazy as _

from partnerships.lifecycle import ONCE_SIGNED, ReportStatus
from partnerships.models.commitment import Commitment
from partnerships.models.kinds import AgreementKind


class SignOfLife(models.TextChoices):
    """What shows that a signed paper is used, in the order in which it is looked for. A later sign stands
    for an earlier one too: where work is verified, nobody asks for the plan any more."""

    FOLLOW_UP = "follow_up", _("a paper under it")
    ACTION_PLAN = "action_plan", _("an action plan under it")
    PROGRESS = "progress", _("verified progress")


@pghistory.track()
class DormancyLimit(models.Model):
    """Within how many days after its signing a paper of a kind is to show each sign of life; None: it is not
    looked for. A paper that is past one of them sleeps."""

    kind = models.CharField(_("kind of paper"), max_length=30, choices=AgreementKind, unique=True)
    follow_up = models.PositiveSmallIntegerField(
        _("a paper under it within"), null=True, blank=True, help_text=_("Days after the signing.")
    )
    action_plan = models.PositiveSmallIntegerField(
        _("an action plan within"), null=True, blank=True, help_text=_("Days after the signing.")
    )
    progress = models.PositiveSmallIntegerField(
        _("verified progress within"), null=True, blank=True, help_text=_("Days after the signing.")
    )

    class Meta:
        verbose_name = _("limit of sleep")
        verbose_name_plural = _("limits of sleep")
        ordering = ["kind"]
        constraints = [
            models.CheckConstraint(
                name="dormancy_limit_says_something",
                condition=Q(follow_up__isnull=False)
                | Q(action_plan__isnull=False)
                | Q(progress__isnull=False),
            ),
            models.CheckConstraint(
                name="dormancy_limit_is_of_a_paper", condition=~Q(kind=AgreementKind.ACTIVITY)
            ),
        ]

    def __str__(self):
        return self.get_kind_display()

    def days(self, sign):
        return getattr(self, sign)


class DormancyOutcome(models.TextChoices):
    REVIVE = "revive", _("revive it")
    AMEND = "amend", _("amend it")
    END = "end", _("let it end")


class DormancyDecision(models.Model):
    """What is to become of a paper that sleeps, why, and the action point that sees to it; kept for good.

    It holds until that action point is due, or was checked; if the paper still sleeps then, it has to be
    decided on again.
    """

    agreement = models.ForeignKey(
        "partnerships.Agreement",
        models.PROTECT,
        verbose_name=_("agreement"),
        related_name="dormancy_decisions",
    )
    outcome = models.CharField(_("decision"), max_length=10, choices=DormancyOutcome)
    reason = models.TextField(_("reason"), max_length=1000)
    # The database lets no decision stand without what is to be done, by whom and until when.
    action_point = models.OneToOneField(
        "partnerships.ActionPoint",
        models.PROTECT,
        verbose_name=_("action point"),
        related_name="dormancy_decision",
    )
    decided_on = models.DateField(_("decided on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")

    class Meta:
        verbose_name = _("decision on a paper that sleeps")
        verbose_name_plural = _("decisions on papers that sleep")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="dormancy_outcome_known", condition=Q(outcome__in=DormancyOutcome.values)
            ),
            models.CheckConstraint(name="dormancy_decided_with_a_reason", condition=~Q(reason="")),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="point_of_the_same_paper",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM partnerships_actionpoint p
                        WHERE p.id = NEW.action_point_id AND p.agreement_id = NEW.agreement_id
                    ) THEN
                        RAISE EXCEPTION 'the action point belongs to another paper'
                        USING ERRCODE = '23514', CONSTRAINT = 'dormancy_point_of_the_same_paper';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.agreement_id}: {self.get_outcome_display()}"


class DormantState(models.TextChoices):
    """Whether somebody has decided what becomes of a paper that sleeps."""

    UNDECIDED = "undecided", _("Asleep, to be decided")
    DECIDED = "decided", _("Asleep, decided")


def signs_of_life(papers, on):
    """The day on which each paper showed a sign of life, by that day, as ``first_<sign>`` (None: not yet)."""
    below = papers.model.objects.filter(
        implements=OuterRef("pk"), status__in=ONCE_SIGNED, signed_latest__lte=on
    )
    reported = Commitment.objects.filter(agreement=OuterRef("pk"), reports__status=ReportStatus.VERIFIED)
    decided = reported.annotate(day=TruncDate("reports__decided_at")).filter(day__lte=on)
    return {
        "first_follow_up": _first(below, "implements", "signed_latest"),
        "first_action_plan": _first(
            below.filter(kind=AgreementKind.RENCANA_AKSI), "implements", "signed_latest"
        ),
        "first_progress": _first(decided, "agreement", "day"),
    }


def _first(rows, paper, day):
    found = rows.order_by().values(paper).annotate(first=Min(day)).values("first")
    return Subquery(found, output_field=models.DateField())


class _OfGiven(Func):
    """What is asked of expressions, each of which the database computes once however often it is named."""

    template = "(SELECT %(asked)s FROM (VALUES (%(expressions)s)) AS given (%(names)s))"

    def __init__(self, asked, output_field, **given):
        super().__init__(*given.values(), asked=asked, names=", ".join(given), output_field=output_field)


def missed_since():
    """The day since which a paper with ``signs_of_life`` is past a limit of its kind, or None; the limits
    count from the last day on which it may have been signed."""
    limits = DormancyLimit.objects.filter(kind=OuterRef("kind"))
    signs = [sign.value for sign in SignOfLife]
    missed = []
    for place, sign in enumerate(signs):
        # A later sign stands for an earlier one.
        none = " AND ".join(f"{later} IS NULL" for later in signs[place:])
        missed.append(f"CASE WHEN {none} THEN signed + within_{sign} + 1 END")
    return _OfGiven(
        f"least({', '.join(missed)})",
        models.DateField(),
        signed=F("signed_latest"),
        **{sign: F(f"first_{sign}") for sign in signs},
        **{f"within_{sign}": Subquery(limits.values(sign)[:1]) for sign in signs},
    )


def missed_by(on):
    """``missed_since``, where it is that day or before."""
    return _OfGiven(
        "CASE WHEN missed <= today THEN missed END",
        models.DateField(),
        missed=F("missed_since"),
        today=Value(on),
    )


class Timely(StrEnum):
    """When a paper showed a sign of life: within the limit of its kind; late, or not yet though it is due;
    or at all, in time or late."""

    IN_TIME = "in_time"
    LATE = "late"
    SHOWN = "shown"


def showing(papers, sign, on, when):
    """The papers that by that day had shown a SignOfLife, as Timely says."""
    limits = DormancyLimit.objects.filter(kind=OuterRef("kind"))
    due = ExpressionWrapper(
        F("signed_latest") + Subquery(limits.values(sign)[:1]), output_field=models.DateField()
    )
    first = f"first_{sign}"
    rows = papers.alias(shown_on=signs_of_life(papers, on)[first], shown_by=due).filter(signed_latest__lte=on)
    if when == Timely.SHOWN:
        return rows.filter(shown_on__isnull=False)
    if when == Timely.IN_TIME:
        return rows.filter(shown_on__lte=F("shown_by"))
    return rows.filter(Q(shown_on__gt=F("shown_by")) | Q(shown_on=None, shown_by__lt=on))


def dormant_on(on):
    """A code of DormantState of a paper with ``asleep_since`` and ``decided_until``; None of one awake."""
    decided, undecided = DormantState.DECIDED.value, DormantState.UNDECIDED.value
    return _OfGiven(
        f"CASE WHEN asleep IS NULL THEN NULL WHEN settled >= today THEN '{decided}' ELSE '{undecided}' END",
        models.CharField(),
        asleep=F("asleep_since"),
        settled=F("decided_until"),
        today=Value(on),
    )


def decided_until(on):
    """The last day for which the latest decision on a paper, of those made by that day, holds; or None."""
    made = DormancyDecision.objects.filter(agreement=OuterRef("pk"), decided_on__lte=on).order_by("-pk")
    return Subquery(made.annotate(until=held_until()).values("until")[:1])


def held_until():
    """The last day for which a decision holds: its action point is due, or was checked on the day after."""
    before_checked = ExpressionWrapper(
        TruncDate("action_point__checked_at") - Value(1), output_field=models.DateField()
    )
    return Least("action_point__due", before_checked, output_field=models.DateField())
