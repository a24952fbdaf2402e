import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.models.agreement import Agreement
from partnerships.models.agreement_parts import StatusChange


class ChildOutcome(models.TextChoices):
    STAYS = "stays", _("goes on by itself")
    ENDS = "ends", _("is over as well")
    MOVES = "moves", _("implements another paper from now on")


class ChildDecision(models.Model):
    """What becomes of a paper when the one that it implements is over: decided for each, kept for good.

    The database lets no paper end while one that implements it, and is not over itself, has no decision.
    """

    change = models.ForeignKey(
        StatusChange, models.CASCADE, verbose_name=_("end of the paper above"), related_name="decisions"
    )
    child = models.ForeignKey(
        Agreement, models.CASCADE, verbose_name=_("agreement"), related_name="parent_decisions"
    )
    outcome = models.CharField(_("what becomes of it"), max_length=10, choices=ChildOutcome)
    moved_to = models.ForeignKey(
        Agreement,
        models.PROTECT,
        verbose_name=_("implements from now on"),
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("decision on a paper below")
        verbose_name_plural = _("decisions on papers below")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["change", "child"], name="child_decided_once"),
            models.CheckConstraint(
                name="child_moves_to_a_paper",
                condition=Q(outcome=ChildOutcome.MOVES, moved_to__isnull=False)
                | ~Q(outcome=ChildOutcome.MOVES) & Q(outcome__in=ChildOutcome.values, moved_to=None),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.child_id}: {self.get_outcome_display()}"
