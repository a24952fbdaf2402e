"""Evaluation meetings, to be found and read; they are arranged, frozen and held on pages of the portal."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.administration.pages import ReadOnlyAdmin, filled_or_not
from kemnaker_portal.administration.site import Section
from partnerships.models import (
    EvaluationMeeting,
    FrozenCommitment,
    FrozenPaper,
    FrozenPoint,
    FrozenReport,
    MeetingConfirmation,
    MeetingDecision,
    MeetingPartner,
)


@admin.register(EvaluationMeeting)
class EvaluationMeetingAdmin(ReadOnlyAdmin):
    section = Section.RECORDS
    list_display = ["title", "held_on", "place", "previous", "frozen_at", "frozen_by"]
    list_filter = [filled_or_not("frozen_at", _("frozen"), _("yes"), _("no"))]
    list_select_related = ["previous", "frozen_by"]
    search_fields = ["title", "place"]
    date_hierarchy = "held_on"


class OfAMeeting(ReadOnlyAdmin):
    """A part of a meeting, listed with the meeting and the partner that it belongs to."""

    section = Section.RECORDS
    list_select_related = ["partner__meeting"]

    @admin.display(description=_("meeting"), ordering="partner__meeting")
    def meeting(self, row):
        return row.partner.meeting


@admin.register(MeetingPartner)
class MeetingPartnerAdmin(ReadOnlyAdmin):
    section = Section.RECORDS
    list_display = ["name", "meeting", "position", "kind"]
    list_filter = ["kind"]
    list_select_related = ["meeting"]
    search_fields = ["name", "meeting__title"]


@admin.register(MeetingDecision)
class MeetingDecisionAdmin(OfAMeeting):
    list_display = ["text", "meeting", "partner", "agreement_ref", "action_point", "by", "at"]
    list_filter = [filled_or_not("action_point", _("action point"), _("has one"), _("has none"))]
    list_select_related = ["partner__meeting", "agreement", "action_point", "by"]
    search_fields = ["text", "partner__name", "partner__meeting__title", "agreement__ref"]
    date_hierarchy = "at"

    @admin.display(description=_("reference"), ordering="agreement__ref")
    def agreement_ref(self, decision):
        return decision.agreement.ref


@admin.register(MeetingConfirmation)
class MeetingConfirmationAdmin(OfAMeeting):
    list_display = ["partner", "meeting", "request"]
    list_select_related = ["partner__meeting", "request"]
    search_fields = ["partner__name", "partner__meeting__title", "request__email"]


@admin.register(FrozenPaper)
class FrozenPaperAdmin(OfAMeeting):
    list_display = ["ref", "title", "partner", "meeting", "kind", "validity"]
    list_filter = ["validity", "kind"]
    search_fields = ["ref", "title", "partner__name", "partner__meeting__title"]


@admin.register(FrozenCommitment)
class FrozenCommitmentAdmin(OfAMeeting):
    list_display = ["text", "partner", "meeting", "target", "achieved", "state"]
    list_filter = ["state", "measurable"]
    search_fields = ["text", "partner__name", "partner__meeting__title", "paper__ref"]


@admin.register(FrozenReport)
class FrozenReportAdmin(OfAMeeting):
    list_display = ["period_end", "promise", "partner", "meeting", "status", "value", "proofs"]
    list_filter = ["status", "obstacle"]
    list_select_related = ["partner__meeting", "promise"]
    search_fields = ["promise__text", "partner__name", "partner__meeting__title", "promise__paper__ref"]


@admin.register(FrozenPoint)
class FrozenPointAdmin(OfAMeeting):
    list_display = ["text", "ref", "partner", "meeting", "office", "due", "status"]
    list_filter = ["status", "promised_before"]
    search_fields = ["text", "ref", "partner__name", "partner__meeting__title"]
