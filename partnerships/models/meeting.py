"""Evaluation meetings: with which partners, what was decided there, and who was asked to confirm."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.models.access import access_of
from partnerships.models.action_point import ActionPoint
from partnerships.models.agreement import Agreement
from partnerships.models.confirmation import ConfirmationRequest
from partnerships.models.kinds import CLASS_OF_KIND, OrganizationKind
from partnerships.models.organization import Organization
from partnerships.roles import ADMIN, Role

_MINISTRY = (Role.REGISTRAR, Role.UNIT_OFFICER, Role.LEADERSHIP, ADMIN)


class EvaluationMeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Meetings are known within the ministry; a region knows those with a partner that acts for it,
        once what is spoken about stands still."""
        if access_of(user).has(*_MINISTRY):
            return self.all()
        partners = MeetingPartner.objects.visible_to(user).filter(meeting=OuterRef("pk"))
        return self.filter(Exists(partners))

    def frozen(self):
        return self.filter(frozen_at__isnull=False)


@pghistory.track()
class EvaluationMeeting(models.Model):
    """A meeting that goes through a list of partners: what was promised, done and proven, what hinders, and
    what is to be done. From the moment it is frozen, it speaks of the figures of that moment."""

    title = models.CharField(_("title"), max_length=200)
    held_on = models.DateField(_("date"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    previous = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("follows the meeting"),
        null=True,
        blank=True,
        related_name="following",
        help_text=_("It opens with what was promised there."),
    )
    frozen_at = models.DateTimeField(_("frozen"), null=True, editable=False)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("frozen by"),
        null=True,
        editable=False,
        related_name="+",
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    # One key for each opened form: the same form sent twice makes one meeting.
    entry_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = EvaluationMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation meeting")
        verbose_name_plural = _("evaluation meetings")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="meeting_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="meeting_frozen_by_somebody",
                condition=Q(frozen_at=None, frozen_by=None)
                | Q(frozen_at__isnull=False, frozen_by__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_not_its_own_previous", condition=Q(previous=None) | ~Q(previous=F("pk"))
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            # What it opens with and the moment it speaks of are part of what was frozen.
            pgtrigger.Protect(
                name="frozen_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.frozen_at IS NOT NULL AND (OLD.frozen_at, OLD.frozen_by_id, OLD.previous_id)"
                    " IS DISTINCT FROM (NEW.frozen_at, NEW.frozen_by_id, NEW.previous_id)"
                ),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("partnerships:meeting-detail", args=[self.pk])

    @property
    def is_frozen(self):
        return self.frozen_at is not None


class MeetingPartnerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The whole list within the ministry; a region's officer sees, once frozen, who acts for that region
        (a province: for its kabupaten and kota too)."""
        access = access_of(user)
        if access.has(*_MINISTRY):
            return self.all()
        own = Q(organization__region__in=access.regions) | Q(organization__region__parent__in=access.regions)
        return self.filter(own, meeting__frozen_at__isnull=False)


_LIST_STANDS = """
    IF EXISTS (
        SELECT 1 FROM partnerships_evaluationmeeting m
        WHERE m.id IN (OLD.meeting_id, NEW.meeting_id) AND m.frozen_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'the list of a meeting stands once it is frozen'
        USING ERRCODE = '23514', CONSTRAINT = 'meeting_list_stands';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


@pghistory.track()
class MeetingPartner(models.Model):
    """A partner that a meeting goes through, in its order, called as it was when the meeting was frozen."""

    meeting = models.ForeignKey(
        EvaluationMeeting, models.PROTECT, verbose_name=_("meeting"), related_name="partners"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("partner"), related_name="meetings"
    )
    position = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=30, choices=OrganizationKind)

    objects = MeetingPartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner of a meeting")
        verbose_name_plural = _("partners of meetings")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "organization"], name="meeting_partner_once"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="list_stands",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=_LIST_STANDS,
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partnerships:meeting-partner", args=[self.meeting_id, self.organization.slug])

    @property
    def minutes_url(self):
        return reverse("partnerships:meeting-minutes", args=[self.meeting_id, self.organization.slug])

    @property
    def class_label(self):
        """The class of partner, in words."""
        return CLASS_OF_KIND[OrganizationKind(self.kind)].label


class MeetingDecision(models.Model):
    """What was decided with a partner about one of its papers, and the action point that sees to it, if
    somebody is to do something. Kept as it was written down in the meeting; what changes is decided anew."""

    partner = models.ForeignKey(
        MeetingPartner, models.PROTECT, verbose_name=_("partner"), related_name="decisions"
    )
    agreement = models.ForeignKey(Agreement, models.PROTECT, verbose_name=_("agreement"), related_name="+")
    text = models.CharField(_("decision"), max_length=500)
    action_point = models.OneToOneField(
        ActionPoint,
        models.PROTECT,
        verbose_name=_("action point"),
        null=True,
        related_name="meeting_decision",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("written down"), auto_now_add=True)
    entry_key = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("decision of a meeting")
        verbose_name_plural = _("decisions of meetings")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="meeting_decision_has_text", condition=~Q(text=""))]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="point_of_the_same_paper",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.action_point_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM partnerships_actionpoint p
                        WHERE p.id = NEW.action_point_id AND p.agreement_id = NEW.agreement_id
                    ) THEN
                        RAISE EXCEPTION 'the action point belongs to another paper'
                        USING ERRCODE = '23514', CONSTRAINT = 'meeting_point_of_the_same_paper';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.text


class MeetingConfirmation(models.Model):
    """That a partner's contact was asked for a meeting whether a report of the snapshot is still right."""

    partner = models.ForeignKey(
        MeetingPartner, models.PROTECT, verbose_name=_("partner"), related_name="confirmations"
    )
    request = models.ForeignKey(
        ConfirmationRequest, models.PROTECT, verbose_name=_("request for confirmation"), related_name="+"
    )

    class Meta:
        verbose_name = _("re-confirmation for a meeting")
        verbose_name_plural = _("re-confirmations for meetings")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "request"], name="meeting_confirmation_once"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.partner_id}: {self.request_id}"
