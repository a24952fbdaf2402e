"""Files made in the background: who asked for what, and what became of it; and the PDFs given out."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.administration.pages import ReadOnlyAdmin
from kemnaker_portal.administration.site import Section
from partnerships.models import ExportJob, IssuedFile


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


@admin.register(IssuedFile)
class IssuedFileAdmin(ReadOnlyAdmin):
    """Every PDF that left the portal: what it was, and for whom, which its public page does not tell."""

    section = Section.OPERATION
    list_display = ["shown_code", "kind", "issued_for", "rows", "as_of", "issued_at"]
    list_filter = ["kind", "language"]
    list_select_related = ["issued_for"]
    search_fields = ["code", "issued_for__name", "issued_for__email", "params", "sha256"]
    date_hierarchy = "issued_at"
    ordering = ["-issued_at"]
    fields = (
        *("shown_code", "kind", "issued_for", "params", "language", "scope"),
        *("as_of", "issued_at", "rows", "rows_sha256", "size", "sha256"),
    )
    readonly_fields = fields

    @admin.display(description=_("code"), ordering="code")
    def shown_code(self, issued):
        return issued.shown_code
