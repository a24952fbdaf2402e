"""What was done on commitments: reports, their steps, evidence, action points. To be found and read; they
change through the pages of the portal, whose actions keep who did what."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.administration.pages import ReadOnlyAdmin, filled_or_not
from kemnaker_portal.administration.site import Section
from partnerships.models import (
    ActionPoint,
    BatchShare,
    CalendarFeed,
    ConfirmationRequest,
    Document,
    MailPreference,
    ProgressReport,
    ReportingDate,
    ReportMove,
    SentReminder,
    StoredFile,
    TraineeBatch,
)


class ProgressPart(ReadOnlyAdmin):
    section = Section.PROGRESS


@admin.register(ProgressReport)
class ProgressReportAdmin(ProgressPart):
    list_display = ["commitment", "ref", "period_end", "value", "status", "submitted_by", "decided_by"]
    list_filter = ["status", "obstacle", "demonstration"]
    list_select_related = ["commitment__agreement", "submitted_by", "decided_by"]
    search_fields = ["commitment__text", "commitment__agreement__ref", "submitted_by__name", "note"]
    date_hierarchy = "period_end"

    @admin.display(description=_("reference"), ordering="commitment__agreement__ref")
    def ref(self, report):
        return report.commitment.agreement.ref


@admin.register(ReportMove)
class ReportMoveAdmin(ProgressPart):
    list_display = ["report", "old", "new", "by", "reason", "at"]
    list_filter = ["new"]
    list_select_related = ["report", "by"]
    search_fields = ["report__commitment__text", "report__commitment__agreement__ref", "by__name", "reason"]
    date_hierarchy = "at"


@admin.register(TraineeBatch)
class TraineeBatchAdmin(ProgressPart):
    list_display = ["name", "report", "trained_women", "trained_men", "certified_women", "certified_men"]
    list_display += ["placed_women", "placed_men"]
    list_select_related = ["report"]
    search_fields = ["name", "report__commitment__text", "report__commitment__agreement__ref"]


@admin.register(Document)
class DocumentAdmin(ProgressPart):
    list_display = ["title", "agreement", "purpose", "withdrawn_at"]
    list_filter = [
        "purpose",
        filled_or_not("withdrawn_at", _("withdrawn"), _("yes"), _("no")),
    ]
    list_select_related = ["agreement"]
    search_fields = ["title", "agreement__ref"]


@admin.register(StoredFile)
class StoredFileAdmin(ProgressPart):
    list_display = ["name", "number", "media_type", "size", "sha256", "uploaded_by", "uploaded_at"]
    list_filter = ["media_type", "place_removed"]
    list_select_related = ["uploaded_by"]
    search_fields = ["name", "sha256", "document__agreement__ref", "uploaded_by__name"]
    date_hierarchy = "uploaded_at"
    # The key says where the bytes lie; nobody needs it who reads the portal.
    exclude = ["key"]


@admin.register(ActionPoint)
class ActionPointAdmin(ProgressPart):
    list_display = ["text", "agreement", "owner", "due", "status", "done_by", "checked_by"]
    list_filter = ["status", "demonstration"]
    list_select_related = ["agreement", "owner", "done_by", "checked_by"]
    search_fields = ["text", "agreement__ref", "owner__name"]
    date_hierarchy = "due"


@admin.register(ConfirmationRequest)
class ConfirmationRequestAdmin(ProgressPart):
    list_display = ["report", "name", "email", "asked_by", "asked_at", "answer", "answered_at"]
    list_filter = ["answer"]
    list_select_related = ["report", "asked_by"]
    search_fields = ["name", "email", "report__commitment__agreement__ref"]
    date_hierarchy = "asked_at"


@admin.register(BatchShare)
class BatchShareAdmin(ProgressPart):
    list_display = ["batch", "commitment", "weight"]
    list_select_related = ["batch", "commitment"]
    search_fields = ["batch__name", "commitment__text", "commitment__agreement__ref"]


@admin.register(ReportingDate)
class ReportingDateAdmin(ProgressPart):
    list_display = ["commitment", "due_on"]
    list_select_related = ["commitment"]
    search_fields = ["commitment__text", "commitment__agreement__ref"]
    date_hierarchy = "due_on"


@admin.register(SentReminder)
class SentReminderAdmin(ReadOnlyAdmin):
    section = Section.OPERATION
    list_display = ["commitment", "period_end", "step", "recipient", "given_on"]
    list_select_related = ["commitment", "recipient"]
    search_fields = ["commitment__text", "commitment__agreement__ref", "recipient__email"]
    date_hierarchy = "given_on"


@admin.register(MailPreference)
class MailPreferenceAdmin(ReadOnlyAdmin):
    section = Section.ACCOUNTS
    list_display = ["user", "reminders", "decisions"]
    list_filter = ["reminders", "decisions"]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__name"]


@admin.register(CalendarFeed)
class CalendarFeedAdmin(ReadOnlyAdmin):
    section = Section.ACCOUNTS
    list_display = ["user", "made_at", "fetched_at", "revoked_at"]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__name"]
    exclude = ["token_hash"]
