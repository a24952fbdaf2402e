"""What a meeting speaks about, as it was when it was frozen: each row with the row that it was read from."""

import pgtrigger
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.lifecycle import ActionPointStatus, ReportStatus
from partnerships.models.action_point import ActionPoint
from partnerships.models.agreement import Agreement
from partnerships.models.commitment import Commitment
from partnerships.models.commitment_state import CommitmentState
from partnerships.models.kinds import AgreementKind, Validity
from partnerships.models.meeting import MeetingPartner
from partnerships.models.progress import Obstacle, ProgressReport

_STILL_OPEN = """
    IF EXISTS (
        SELECT 1 FROM new_rows n
        JOIN partnerships_meetingpartner p ON p.id = n.partner_id
        JOIN partnerships_evaluationmeeting m ON m.id = p.meeting_id
        WHERE m.frozen_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'nothing is added to what is frozen'
        USING ERRCODE = '23514', CONSTRAINT = 'meeting_frozen_once';
    END IF;
    RETURN NULL;
"""


def _kept():
    """Never changed nor removed, and nothing comes to it once its meeting is frozen."""
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        # Asked once for all rows of a statement: for each of them it took longer than all the rest.
        pgtrigger.Trigger(
            name="frozen_once",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="new_rows"),
            func=_STILL_OPEN,
        ),
    ]


class FrozenPaper(models.Model):
    """A signed paper of a partner, as it was."""

    partner = models.ForeignKey(
        MeetingPartner, models.PROTECT, verbose_name=_("partner"), related_name="papers"
    )
    agreement = models.ForeignKey(Agreement, models.PROTECT, verbose_name=_("agreement"), related_name="+")
    ref = models.CharField(_("reference"), max_length=20)
    title = models.CharField(_("title"), max_length=500)
    kind = models.CharField(_("kind of paper"), max_length=30, choices=AgreementKind)
    validity = models.CharField(_("validity"), max_length=12, choices=Validity)
    signed_on = models.DateField(_("signed"), null=True)
    ends_on = models.DateField(_("ends"), null=True)

    class Meta:
        verbose_name = _("paper in a snapshot")
        verbose_name_plural = _("papers in snapshots")
        ordering = ["pk"]
        triggers = _kept()

    def __str__(self):
        return self.ref

    def get_absolute_url(self):
        return reverse("partnerships:agreement-detail", args=[self.ref])


class FrozenCommitment(models.Model):
    """A commitment of such a paper, as it was: what was promised and how far it had come."""

    partner = models.ForeignKey(
        MeetingPartner, models.PROTECT, verbose_name=_("partner"), related_name="commitments"
    )
    paper = models.ForeignKey(
        FrozenPaper, models.PROTECT, verbose_name=_("agreement"), related_name="commitments"
    )
    commitment = models.ForeignKey(Commitment, models.PROTECT, verbose_name=_("commitment"), related_name="+")
    text = models.CharField(_("commitment"), max_length=500)
    office = models.CharField(_("responsible office"), max_length=200, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=2, null=True)
    achieved = models.DecimalField(_("verified"), max_digits=24, decimal_places=4)
    rate = models.DecimalField(_("rate"), max_digits=24, decimal_places=6, null=True)
    measurable = models.BooleanField(_("measurable"))
    state = models.CharField(_("state"), max_length=12, choices=CommitmentState)
    due = models.DateField(_("due"), null=True)
    demonstration = models.BooleanField(_("made up for the demonstration"))

    class Meta:
        verbose_name = _("commitment in a snapshot")
        verbose_name_plural = _("commitments in snapshots")
        ordering = ["pk"]
        triggers = _kept()

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("partnerships:commitment-detail", args=[self.commitment_id])


class FrozenReport(models.Model):
    """A report on such a commitment that was verified or waited for it, and how many proofs it had."""

    partner = models.ForeignKey(
        MeetingPartner, models.PROTECT, verbose_name=_("partner"), related_name="reports"
    )
    promise = models.ForeignKey(
        FrozenCommitment, models.PROTECT, verbose_name=_("commitment"), related_name="reports"
    )
    report = models.ForeignKey(ProgressReport, models.PROTECT, verbose_name=_("report"), related_name="+")
    period_start = models.DateField(_("period from"), null=True)
    period_end = models.DateField(_("period until"))
    status = models.CharField(_("status"), max_length=12, choices=ReportStatus)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=2, null=True)
    proofs = models.PositiveIntegerField(_("evidence"))
    obstacle = models.CharField(_("obstacle"), max_length=20, choices=Obstacle, blank=True)
    obstacle_note = models.TextField(_("about the obstacle"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("report in a snapshot")
        verbose_name_plural = _("reports in snapshots")
        ordering = ["-period_end", "-pk"]
        triggers = _kept()

    def __str__(self):
        return f"{self.period_end}"

    def get_absolute_url(self):
        """The report with its evidence; its commitment and the end of its period never change."""
        return reverse("partnerships:progress-report", args=[self.promise.commitment_id, self.period_end])


class FrozenPoint(models.Model):
    """An action point of a partner's papers that was not closed, or that the meeting before had promised."""

    partner = models.ForeignKey(
        MeetingPartner, models.PROTECT, verbose_name=_("partner"), related_name="points"
    )
    point = models.ForeignKey(ActionPoint, models.PROTECT, verbose_name=_("action point"), related_name="+")
    ref = models.CharField(_("reference"), max_length=20)
    text = models.CharField(_("what is to be done"), max_length=500)
    office = models.CharField(_("responsible office"), max_length=200)
    due = models.DateField(_("due"))
    status = models.CharField(_("status"), max_length=10, choices=ActionPointStatus)
    promised_before = models.BooleanField(_("promised in the meeting before"))

    class Meta:
        verbose_name = _("action point in a snapshot")
        verbose_name_plural = _("action points in snapshots")
        ordering = ["due", "pk"]
        triggers = _kept()

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("partnerships:action-point-detail", args=[self.point_id])

    def is_overdue(self, on):
        return self.status == ActionPointStatus.OPEN and self.due < on
