"""The parts of papers, to be found and read; they change with their paper, through its actions."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.administration.pages import ReadOnlyAdmin, filled_or_not
from kemnaker_portal.administration.site import Section
from partnerships.models import (
    Addendum,
    ClauseText,
    Commitment,
    Party,
    ReferenceSerial,
    Signatory,
    SourcedFact,
    StatusChange,
    Term,
)


class RecordPart(ReadOnlyAdmin):
    """A part of a paper, listed with the reference of the paper it belongs to."""

    section = Section.RECORDS

    @admin.display(description=_("reference"), ordering="agreement__ref")
    def ref(self, part):
        return part.agreement.ref


@admin.register(Party)
class PartyAdmin(RecordPart):
    list_display = ["organization", "ref", "position", "number", "contact"]
    list_filter = [
        "organization__kind",
        filled_or_not("number", _("number of the paper"), _("has one"), _("has none")),
    ]
    list_select_related = ["agreement", "organization", "contact"]
    search_fields = ["agreement__ref", "organization__name", "organization__short_name", "number"]


@admin.register(Signatory)
class SignatoryAdmin(RecordPart):
    list_display = ["__str__", "ref", "party", "post", "capacity", "presence"]
    list_filter = ["capacity", "presence"]
    list_select_related = ["agreement", "party__organization", "person"]
    search_fields = ["agreement__ref", "person__name", "post", "party__organization__name"]


@admin.register(Term)
class TermAdmin(RecordPart):
    list_display = ["__str__", "ref", "reason", "ends_open", "duration_months", "closed_because"]
    list_filter = [
        "reason",
        "ends_open",
        filled_or_not("ends_latest", _("end"), _("known"), _("not known")),
    ]
    list_select_related = ["agreement"]
    search_fields = ["agreement__ref", "agreement__title", "closed_because"]
    date_hierarchy = "ends_latest"
    fields = ["agreement", "position", "reason", "from_day", "until_day", "ends_open", "addendum"]
    fields += ["duration_months", "ended_early", "agreed_day", "closed_because"]
    readonly_fields = ["from_day", "until_day", "agreed_day"]

    @admin.display(description=_("from"))
    def from_day(self, term):
        return term.starts or self.get_empty_value_display()

    @admin.display(description=_("until"))
    def until_day(self, term):
        return term.ends or self.get_empty_value_display()

    @admin.display(description=_("end that had been agreed"))
    def agreed_day(self, term):
        return term.agreed or self.get_empty_value_display()


@admin.register(Addendum)
class AddendumAdmin(RecordPart):
    list_display = ["__str__", "ref", "subjects_said", "signed_day", "effective_on", "summary"]
    list_filter = [filled_or_not("number", _("number"), _("has one"), _("has none"))]
    list_select_related = ["agreement"]
    search_fields = ["agreement__ref", "agreement__title", "number", "summary"]
    date_hierarchy = "effective_on"
    fields = ["agreement", "position", "subjects_said", "number", "signed_day", "effective_on"]
    fields += ["summary", "version", "created_by", "created_at"]
    readonly_fields = ["subjects_said", "signed_day"]

    def other_links(self, obj):
        if obj is None:
            return []
        address = reverse("partnerships:addendum-change", args=[obj.agreement.ref, obj.position])
        return [{"label": _("Correct on the portal"), "url": address}]

    @admin.display(description=_("what it changes"))
    def subjects_said(self, addendum):
        return ", ".join(addendum.subjects_in_words)

    @admin.display(description=_("date of signing"), ordering="signed_latest")
    def signed_day(self, addendum):
        return addendum.signed or self.get_empty_value_display()


@admin.register(ClauseText)
class ClauseTextAdmin(RecordPart):
    list_display = ["clause", "ref", "addendum", "text"]
    list_filter = [filled_or_not("addendum", _("addendum"), _("by an addendum"), _("as first signed"))]
    list_select_related = ["agreement", "addendum"]
    search_fields = ["agreement__ref", "clause", "text"]

    def other_links(self, obj):
        if obj is None or obj.addendum is None:
            return []
        address = reverse("partnerships:addendum-change", args=[obj.agreement.ref, obj.addendum.position])
        return [{"label": _("Correct on the portal"), "url": address}]


@admin.register(Commitment)
class CommitmentAdmin(RecordPart):
    list_display = ["text", "ref", "owed_by", "indicator", "target", "due", "owner"]
    list_filter = ["recurrence", "funding", ("indicator", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["agreement", "owed_by__organization", "indicator", "owner"]
    search_fields = ["text", "agreement__ref", "owner__name", "clause"]
    date_hierarchy = "due"


@admin.register(SourcedFact)
class SourcedFactAdmin(RecordPart):
    list_display = ["field", "value", "ref", "source", "certainty", "in_force", "flag"]
    list_filter = ["field", "in_force", "certainty", "flag"]
    list_select_related = ["agreement"]
    search_fields = ["agreement__ref", "value", "source"]
    date_hierarchy = "recorded_at"


@admin.register(StatusChange)
class StatusChangeAdmin(RecordPart):
    list_display = ["ref", "old_label", "new", "effective_on", "by", "reason", "recorded_at"]
    list_filter = [
        "new",
        filled_or_not("effective_on", _("effective on"), _("known"), _("not known")),
    ]
    list_select_related = ["agreement", "by"]
    search_fields = ["agreement__ref", "reason", "by__name", "by__email"]
    date_hierarchy = "recorded_at"
    fields = ["agreement", "old_label", "new", "effective_on", "by", "reason", "recorded_at"]
    readonly_fields = ["old_label"]

    @admin.display(description=StatusChange._meta.get_field("old").verbose_name)
    def old_label(self, change):
        labels = dict(change._meta.get_field("new").flatchoices)
        return labels.get(change.old) or self.get_empty_value_display()


@admin.register(ReferenceSerial)
class ReferenceSerialAdmin(ReadOnlyAdmin):
    section = Section.OPERATION
    list_display = ["year", "last"]
    search_fields = ["year"]
    ordering = ["-year"]
