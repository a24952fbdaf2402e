from decimal import Decimal

import pghistory
import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Sum, When
from django.utils.translation import gettext_lazy as _

from partnerships.lifecycle import ReportStatus
from partnerships.models.commitment import Commitment
from partnerships.models.progress import ProgressReport
from partnerships.models.reference import Stage

_FROZEN = """
    IF EXISTS (
        SELECT 1 FROM partnerships_progressreport r
        WHERE r.id = {report} AND r.status IN ('submitted', 'verified')
    ) THEN
        RAISE EXCEPTION 'a batch of a submitted report stays as it is'
        USING ERRCODE = '23514', CONSTRAINT = 'batch_of_a_submitted_report';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""
_REPORT_OF_SHARE = (
    "(SELECT report_id FROM partnerships_traineebatch WHERE id = COALESCE(NEW.batch_id, OLD.batch_id))"
)


_SUM = """
    IF EXISTS (SELECT 1 FROM partnerships_traineebatch WHERE id = {batch}) AND (
        SELECT coalesce(sum(weight), 0) <> 1 FROM partnerships_batchshare WHERE batch_id = {batch}
    ) THEN
        RAISE EXCEPTION 'the shares of a batch sum to 1'
        USING ERRCODE = '23514', CONSTRAINT = 'batch_shares_sum_to_one';
    END IF;
    RETURN NULL;
"""


def _sums_to_one(batch):
    # At the end of the transaction, so that the parts may be written one after the other.
    return pgtrigger.Trigger(
        name="sum_to_one",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        timing=pgtrigger.Deferred,
        func=_SUM.format(batch=batch),
    )


class TraineeBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Exists(ProgressReport.objects.visible_to(user).filter(pk=OuterRef("report"))))


@pghistory.track()
class TraineeBatch(models.Model):
    """A group of people who were trained together: how many were trained, certified and placed, by
    gender, and how many of them are persons with a disability.

    The one record of these people: commitments share it by weights (BatchShare), so that no total
    counts them twice.
    """

    report = models.ForeignKey(
        ProgressReport, models.CASCADE, verbose_name=_("report"), related_name="batches"
    )
    name = models.CharField(_("batch"), max_length=120)
    trained_women = models.PositiveIntegerField(_("women trained"), default=0)
    trained_men = models.PositiveIntegerField(_("men trained"), default=0)
    trained_disabled = models.PositiveIntegerField(_("trained with a disability"), default=0)
    certified_women = models.PositiveIntegerField(_("women certified"), default=0)
    certified_men = models.PositiveIntegerField(_("men certified"), default=0)
    certified_disabled = models.PositiveIntegerField(_("certified with a disability"), default=0)
    placed_women = models.PositiveIntegerField(_("women placed"), default=0)
    placed_men = models.PositiveIntegerField(_("men placed"), default=0)
    placed_disabled = models.PositiveIntegerField(_("placed with a disability"), default=0)

    objects = TraineeBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of trainees")
        verbose_name_plural = _("batches of trainees")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "name"], name="batch_once_per_report"),
            models.CheckConstraint(name="batch_has_a_name", condition=~Q(name="")),
            # Whoever was certified or placed was trained first.
            *(
                models.CheckConstraint(
                    name=f"batch_{stage}_of_the_trained_{who}",
                    condition=Q(**{f"{stage}_{who}__lte": F(f"trained_{who}")}),
                )
                for stage in ("certified", "placed")
                for who in ("women", "men", "disabled")
            ),
            *(
                models.CheckConstraint(
                    name=f"batch_{stage}_disabled_among_them",
                    condition=Q(**{f"{stage}_disabled__lte": F(f"{stage}_women") + F(f"{stage}_men")}),
                )
                for stage in Stage.values
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="stays_when_submitted",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=_FROZEN.format(report="COALESCE(NEW.report_id, OLD.report_id)"),
            ),
            _sums_to_one("COALESCE(NEW.id, OLD.id)"),
        ]

    def __str__(self):
        return self.name

    def people(self, stage):
        """How many people of the batch reached the stage (Stage)."""
        return getattr(self, f"{stage}_women") + getattr(self, f"{stage}_men")


class BatchShareQuerySet(models.QuerySet):
    def with_people(self):
        """``people``: the share's part of the batch, at the stage that the commitment's indicator counts."""
        return self.annotate(
            people=F("weight")
            * Case(
                *(
                    When(
                        commitment__indicator__stage=stage,
                        then=F(f"batch__{stage}_women") + F(f"batch__{stage}_men"),
                    )
                    for stage in Stage.values
                ),
                default=0,
                output_field=models.DecimalField(max_digits=18, decimal_places=2),
            )
        )

    def verified(self):
        """Of batches whose report is verified."""
        return self.filter(batch__report__status=ReportStatus.VERIFIED)

    def people(self):
        """{Stage: how many people of these parts of batches reached it}, a part of a person as a decimal."""
        reached = {
            stage: Sum(
                F("weight") * (F(f"batch__{stage}_women") + F(f"batch__{stage}_men")), default=Decimal(0)
            )
            for stage in Stage.values
        }
        found = self.order_by().aggregate(**reached)
        return {stage: found[stage] for stage in Stage}

    def counting_for(self, commitment, on=None):
        """A subquery: what verified reports of other commitments bring to this one."""
        verified = ProgressReport.objects.filter(pk=OuterRef("batch__report"), status=ReportStatus.VERIFIED)
        if on:
            verified = verified.known_by(on)
        shares = self.filter(Exists(verified), commitment=commitment)
        shares = shares.exclude(batch__report__commitment=F("commitment"))
        return shares.with_people().order_by().values("commitment").annotate(n=Sum("people")).values("n")


@pghistory.track()
class BatchShare(models.Model):
    """The part of a batch of trainees that counts for a commitment; the parts of a batch sum to 1."""

    batch = models.ForeignKey(TraineeBatch, models.CASCADE, verbose_name=_("batch"), related_name="shares")
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, verbose_name=_("commitment"), related_name="batch_shares"
    )
    weight = models.DecimalField(
        _("weight"),
        max_digits=5,
        decimal_places=4,
        default=1,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )

    objects = BatchShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("share of a batch")
        verbose_name_plural = _("shares of batches")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "commitment"], name="share_once_per_commitment"),
            models.CheckConstraint(name="share_is_a_part", condition=Q(weight__gt=0, weight__lte=1)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="stays_when_submitted",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=_FROZEN.format(report=_REPORT_OF_SHARE),
            ),
            _sums_to_one("COALESCE(NEW.batch_id, OLD.batch_id)"),
        ]

    def __str__(self):
        return f"{self.batch_id}: {self.weight}"
