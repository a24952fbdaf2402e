"""The chain that seals the history, and the log of files that people took: for auditors, to read."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.administration.history import DOORS
from kemnaker_portal.administration.pages import ReadOnlyAdmin
from kemnaker_portal.administration.site import Section
from partnerships.models import FileRead, HistoryBlock


@admin.register(HistoryBlock)
class HistoryBlockAdmin(ReadOnlyAdmin):
    """The first line is the head: whoever keeps its number and hash elsewhere can tell a cut chain."""

    section = Section.HISTORY
    list_display = ["number", "sealed_at", "table", "rows", "hashed", "note"]
    list_filter = ["table"]
    search_fields = ["number", "note"]
    date_hierarchy = "sealed_at"
    ordering = ["-number"]
    fields = ("number", "sealed_at", "table", "after", "upto", "rows", "note", "before", "hashed")
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).defer("digests")

    @admin.display(description=_("rows"))
    def rows(self, block):
        return len(block.ids)

    @admin.display(description="SHA-256")
    def hashed(self, block):
        return block.hex

    @admin.display(description=_("SHA-256 of the block before"))
    def before(self, block):
        return bytes(block.previous).hex()


@admin.register(FileRead)
class FileReadAdmin(ReadOnlyAdmin):
    """Who took which file or list along, or looked at a page of it."""

    section = Section.HISTORY
    list_display = ["at", "reader", "content", "form", "what", "rows", "through"]
    list_filter = ["content", "form"]
    list_select_related = ["reader", "file__document__agreement"]
    search_fields = ["reader__name", "reader__email", "question", "request", "file__document__agreement__ref"]
    date_hierarchy = "at"
    ordering = ["-pk"]
    fields = ("at", "reader", "content", "form", "what", "rows", "through", "request", "scope")
    readonly_fields = fields

    @admin.display(description=_("which"))
    def what(self, read):
        if read.file is None:
            return read.question or self.get_empty_value_display()
        page = _(", page %(number)d") % {"number": read.page} if read.page else ""
        return f"{read.file.document.agreement.ref}: {read.file.document.title}, v{read.file.number}{page}"

    @admin.display(description=_("door"))
    def through(self, read):
        return DOORS.get(read.door, read.door)
