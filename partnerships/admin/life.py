"""The life of papers: stages of foreign ones, decisions on those below and on those that sleep. To be
found and read; they are recorded on the pages of the portal, or with the move that they belong to."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from partnerships.admin.records import RecordPart
from partnerships.models import ChildDecision, DormancyDecision, StageChange


@admin.register(StageChange)
class StageChangeAdmin(RecordPart):
    list_display = ["ref", "old", "new", "since", "by", "note", "recorded_at"]
    list_filter = ["new"]
    list_select_related = ["agreement", "by"]
    search_fields = ["agreement__ref", "agreement__title", "note", "by__name", "by__email"]
    date_hierarchy = "since"


@admin.register(ChildDecision)
class ChildDecisionAdmin(RecordPart):
    list_display = ["child_ref", "outcome", "moved_to_ref", "above_ref", "day", "by"]
    list_filter = ["outcome"]
    list_select_related = ["child", "moved_to", "change__agreement", "change__by"]
    search_fields = ["child__ref", "change__agreement__ref", "moved_to__ref", "change__reason"]
    fields = ["child", "outcome", "moved_to", "above_ref", "day", "by"]
    readonly_fields = ["above_ref", "day", "by"]

    @admin.display(description=_("paper below"), ordering="child__ref")
    def child_ref(self, decision):
        return decision.child.ref

    @admin.display(description=_("implements from now on"), ordering="moved_to__ref")
    def moved_to_ref(self, decision):
        return decision.moved_to.ref if decision.moved_to else self.get_empty_value_display()

    @admin.display(description=_("paper above"), ordering="change__agreement__ref")
    def above_ref(self, decision):
        return decision.change.agreement.ref

    @admin.display(description=_("effective on"), ordering="change__effective_on")
    def day(self, decision):
        return decision.change.effective_on

    @admin.display(description=_("by"), ordering="change__by")
    def by(self, decision):
        return decision.change.by


@admin.register(DormancyDecision)
class DormancyDecisionAdmin(RecordPart):
    list_display = ["ref", "outcome", "decided_on", "by", "action_point", "reason"]
    list_filter = ["outcome"]
    list_select_related = ["agreement", "action_point", "by"]
    search_fields = ["agreement__ref", "agreement__title", "reason", "by__name", "by__email"]
    date_hierarchy = "decided_on"
