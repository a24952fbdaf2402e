"""What people keep and do in the lists: their saved views, and what was done to many papers at once."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.administration.pages import ReadOnlyAdmin, filled_or_not
from kemnaker_portal.administration.site import Section
from partnerships.models import BulkRun, SavedView


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdmin):
    section = Section.OPERATION
    list_display = ["name", "list", "owner", "shared_with", "is_default", "created_at"]
    list_filter = [
        "list",
        filled_or_not("shared_with", _("shared"), _("with a role"), _("with nobody")),
        "is_default",
    ]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__name", "owner__email"]
    date_hierarchy = "created_at"
    fields = ["name", "list", "query", "owner", "shared_with", "is_default", "version", "created_at"]


@admin.register(BulkRun)
class BulkRunAdmin(ReadOnlyAdmin):
    section = Section.OPERATION
    list_display = ["verb", "target", "by", "papers_done", "papers_selected", "made_at"]
    list_filter = ["verb"]
    list_select_related = ["by"]
    search_fields = ["target", "by__name", "by__email", "reason"]
    date_hierarchy = "made_at"
    ordering = ["-made_at"]
    fields = ["verb", "target", "by", "reason", "papers_done", "papers_selected", "made_at"]
    readonly_fields = ["papers_done", "papers_selected"]

    @admin.display(description=_("papers done"))
    def papers_done(self, run):
        return run.done

    @admin.display(description=_("papers selected"))
    def papers_selected(self, run):
        return len(run.results)
