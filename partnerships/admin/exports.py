"""Files made in the background: who asked for what, and what became of it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.administration.pages import ReadOnlyAdmin
from kemnaker_portal.administration.site import Section
from partnerships.models import ExportJob


@admin.register(ExportJob)
class ExportJobAdmin(ReadOnlyAdmin):
    """The log of who took which rows along; the files themselves are for who asked for them."""

    section = Section.OPERATION
    list_display = ["id", "asked_by", "made_of", "form", "status", "rows_total", "asked_at", "finished_at"]
    list_filter = ["status", "made_of", "form", "attempts"]
    list_select_related = ["asked_by"]
    search_fields = ["id", "asked_by__name", "asked_by__email", "params", "problem"]
    date_hierarchy = "asked_at"
    ordering = ["-asked_at"]
    fields = (
        *("asked_by", "made_of", "form", "filters", "params", "language", "status", "problem"),
        *("rows_total", "rows_done", "attempts", "worker", "heartbeat_at", "not_before"),
        *("asked_at", "started_at", "cancel_asked_at", "finished_at", "file_name", "size", "sha256", "scope"),
    )
    readonly_fields = fields

    @admin.display(description=_("filters"))
    def filters(self, job):
        return "; ".join(job.narrowed_by) or self.get_empty_value_display()

    def view_on_site(self, obj):
        """Its page is its owner's only."""
        return
