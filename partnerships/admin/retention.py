"""How long papers are kept, as the ministry's archive schedule says; what is held and destroyed, to read."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.administration.pages import ReadOnlyAdmin, filled_or_not
from kemnaker_portal.administration.site import Section
from partnerships.admin.tables import RetentionRuleTable, TableAdmin
from partnerships.models import Disposal, DisposalItem, LegalHold, RetentionRule


def _to_the_page():
    return [{"label": _("Retention and destruction"), "url": reverse("partnerships:disposal-list")}]


@admin.register(RetentionRule)
class RetentionRuleAdmin(TableAdmin):
    section = Section.REFERENCE
    table = RetentionRuleTable
    list_display = ["kind", "years", "source"]
    search_fields = ["kind", "source"]

    def other_links(self, obj):
        return [*super().other_links(obj), *_to_the_page()]


@admin.register(LegalHold)
class LegalHoldAdmin(ReadOnlyAdmin):
    section = Section.RECORDS
    list_display = ["agreement", "reason", "placed_by", "placed_at", "lifted_by", "lifted_at"]
    list_filter = [filled_or_not("lifted_at", _("hold"), _("lifted"), _("holds"))]
    list_select_related = ["agreement", "placed_by", "lifted_by"]
    search_fields = ["agreement__ref", "reason"]
    date_hierarchy = "placed_at"

    def other_links(self, obj):
        return _to_the_page()


@admin.register(Disposal)
class DisposalAdmin(ReadOnlyAdmin):
    section = Section.RECORDS
    list_display = ["reason", "proposed_by", "proposed_at", "approved_by", "approved_at", "done_at"]
    list_filter = [filled_or_not("done_at", _("carried out"), _("carried out"), _("not yet"))]
    list_select_related = ["proposed_by", "approved_by"]
    search_fields = ["reason", "items__ref", "items__title"]
    date_hierarchy = "proposed_at"
    history_parts = [(DisposalItem, "disposal")]

    def other_links(self, obj):
        return _to_the_page()


@admin.register(DisposalItem)
class DisposalItemAdmin(ReadOnlyAdmin):
    section = Section.RECORDS
    list_display = ["ref", "title", "kind", "over_on", "due_on", "outcome", "rows", "files"]
    list_filter = ["outcome"]
    list_select_related = ["disposal"]
    search_fields = ["ref", "title"]
