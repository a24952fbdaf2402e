"""How long papers are kept, what holds them longer, and who decided that they are destroyed."""

import datetime

import pghistory
import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models.access import access_of
from partnerships.models.agreement import Agreement
from partnerships.models.kinds import AgreementKind
from partnerships.roles import ADMIN


@pghistory.track()
class RetentionRule(models.Model):
    """For how many years after their end the papers of a kind are kept, and which archive schedule (JRA) of
    the ministry says so. Without a rule, papers of a kind are kept for good."""

    kind = models.CharField(_("kind of paper"), max_length=30, choices=AgreementKind, unique=True)
    years = models.PositiveSmallIntegerField(
        _("years after the end"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    source = models.CharField(
        _("source"),
        max_length=300,
        help_text=_("The ministry's archive schedule (JRA), by its number."),
    )

    class Meta:
        verbose_name = _("retention period")
        verbose_name_plural = _("retention periods")
        ordering = ["kind"]
        constraints = [
            models.CheckConstraint(
                name="retention_of_years", condition=Q(years__gte=1, years__lte=100) & ~Q(source="")
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.years}"

    def over_before(self, on):
        """The last end of a paper for which the period is over on that day."""
        try:
            return on.replace(year=on.year - self.years)
        except ValueError:  # 29 February
            return datetime.date(on.year - self.years, 2, 28)

    def until(self, over_on):
        """The day from which a paper that ended on that day may be destroyed."""
        try:
            return over_on.replace(year=over_on.year + self.years)
        except ValueError:
            return datetime.date(over_on.year + self.years, 3, 1)


class LegalHoldQuerySet(models.QuerySet):
    def open(self):
        return self.filter(lifted_at=None)


@pghistory.track()
class LegalHold(models.Model):
    """A paper that is not destroyed whatever its period says: a case, an audit, an investigation."""

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, verbose_name=_("agreement"), related_name="legal_holds"
    )
    reason = models.CharField(_("reason"), max_length=300)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("placed by"), related_name="+"
    )
    placed_at = models.DateTimeField(_("placed"), default=timezone.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("lifted by"),
        null=True,
        blank=True,
        related_name="+",
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-placed_at"]
        constraints = [
            models.CheckConstraint(name="hold_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="hold_lifted_whole",
                condition=Q(lifted_by=None, lifted_at=None)
                | Q(lifted_by__isnull=False, lifted_at__isnull=False),
            ),
            models.UniqueConstraint(name="hold_open_once", fields=["agreement"], condition=Q(lifted_at=None)),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self):
        return f"{self.agreement_id}: {self.reason}"


class DisposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Lists of papers to be destroyed are for administrators."""
        return self if access_of(user).has(ADMIN) else self.none()

    def to_carry_out(self):
        """Approved twice and not carried out yet."""
        return self.filter(approved_at__isnull=False, done_at=None)


@pghistory.track()
class Disposal(models.Model):
    """A list of papers to be destroyed: proposed by one administrator, approved by another, carried out by
    the job of retention and by nothing else."""

    # One key for each opened form: the same form sent twice makes one list.
    entry_key = models.UUIDField(unique=True, editable=False)
    reason = models.CharField(_("reason"), max_length=300)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("proposed by"), related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("approved by"),
        null=True,
        blank=True,
        related_name="+",
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    done_at = models.DateTimeField(_("carried out"), null=True, blank=True)

    objects = DisposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of papers to be destroyed")
        verbose_name_plural = _("lists of papers to be destroyed")
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(name="disposal_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="disposal_approved_whole",
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="disposal_needs_four_eyes",
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="disposal_done_after_two_approvals",
                condition=Q(done_at=None) | Q(approved_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="keeps_what_was_decided",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.proposed_by_id, OLD.proposed_at, OLD.reason) IS DISTINCT FROM"
                    " (NEW.proposed_by_id, NEW.proposed_at, NEW.reason)"
                    " OR (OLD.approved_at IS NOT NULL AND (OLD.approved_by_id, OLD.approved_at) IS DISTINCT"
                    " FROM (NEW.approved_by_id, NEW.approved_at))"
                    " OR (OLD.done_at IS NOT NULL AND OLD.done_at IS DISTINCT FROM NEW.done_at))"
                ),
            ),
        ]

    def __str__(self):
        return f"{timezone.localtime(self.proposed_at):%Y-%m-%d}: {self.reason}"

    def get_absolute_url(self):
        return reverse("partnerships:disposal-detail", args=[self.pk])

    @property
    def waiting(self):
        """How many of its papers wait to be decided."""
        return sum(1 for item in self.items.all() if item.outcome == DisposalOutcome.WAITING)


class DisposalOutcome(models.TextChoices):
    WAITING = "waiting", _("waiting")
    DESTROYED = "destroyed", _("destroyed")
    HELD = "held", _("kept: a legal hold")
    NOT_DUE = "not_due", _("kept: no longer due")
    BOUND = "bound", _("kept: another record needs it")
    REFUSED = "refused", _("kept: the list was refused")


@pghistory.track()
class DisposalItem(models.Model):
    """A paper on such a list, by reference and title, which stay when it is gone; what became of it."""

    disposal = models.ForeignKey(Disposal, models.PROTECT, verbose_name=_("list"), related_name="items")
    # The key of the paper, which the line outlives.
    paper = models.BigIntegerField(_("key of the paper"))
    ref = models.CharField(_("reference"), max_length=20)
    title = models.CharField(_("title"), max_length=400, blank=True)
    kind = models.CharField(_("kind of paper"), max_length=30, choices=AgreementKind)
    over_on = models.DateField(_("over since"))
    due_on = models.DateField(_("may be destroyed from"))
    outcome = models.CharField(
        _("what became of it"),
        max_length=10,
        choices=DisposalOutcome,
        default=DisposalOutcome.WAITING,
        editable=False,
    )
    rows = models.PositiveIntegerField(_("records destroyed"), default=0, editable=False)
    files = models.PositiveIntegerField(_("files destroyed"), default=0, editable=False)

    class Meta:
        verbose_name = _("paper to be destroyed")
        verbose_name_plural = _("papers to be destroyed")
        ordering = ["ref"]
        constraints = [
            models.UniqueConstraint(name="disposal_names_a_paper_once", fields=["disposal", "paper"]),
            # Nothing waits in two lists, so that nothing is approved by whom it was not shown to.
            models.UniqueConstraint(
                name="disposal_waits_once", fields=["paper"], condition=Q(outcome="waiting")
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="stands_once_proposed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF TG_OP = 'INSERT' AND EXISTS (
                        SELECT 1 FROM partnerships_disposal d
                        WHERE d.id = NEW.disposal_id AND d.approved_at IS NOT NULL
                    ) THEN
                        RAISE EXCEPTION 'disposal %: approved, nothing is added to it', NEW.disposal_id
                        USING ERRCODE = '23514', CONSTRAINT = 'disposal_item_stands';
                    END IF;
                    IF TG_OP = 'UPDATE' AND ((OLD.disposal_id, OLD.paper, OLD.ref) IS DISTINCT FROM
                        (NEW.disposal_id, NEW.paper, NEW.ref) OR OLD.outcome <> 'waiting') THEN
                        RAISE EXCEPTION 'disposal item %: it stands', NEW.id
                        USING ERRCODE = '23514', CONSTRAINT = 'disposal_item_stands';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.ref}: {self.get_outcome_display()}"
