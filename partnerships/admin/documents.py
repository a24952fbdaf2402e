"""What the portal knows of the files it keeps: their text, page by page, whether they are whole, and what the
virus scanner said. To be found and read; the portal writes it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.administration.pages import ReadOnlyAdmin
from kemnaker_portal.administration.site import Section
from partnerships.models import FileCheck, FileScan, FileText, PageText


class _OfAFile(ReadOnlyAdmin):
    section = Section.PROGRESS
    list_select_related = ["file__document__agreement"]
    search_fields = ["file__name", "file__document__title", "file__document__agreement__ref"]

    @admin.display(description=_("reference"), ordering="file__document__agreement__ref")
    def ref(self, row):
        return row.file.document.agreement.ref


@admin.register(FileText)
class FileTextAdmin(_OfAFile):
    list_display = ["file", "ref", "state", "pages", "pages_by_ocr", "read_at"]
    list_filter = ["state"]
    date_hierarchy = "read_at"


@admin.register(PageText)
class PageTextAdmin(_OfAFile):
    list_display = ["file", "ref", "page", "by_ocr"]
    list_filter = ["by_ocr"]
    search_fields = [*_OfAFile.search_fields, "text"]
    # What the search reads; nobody else can.
    exclude = ["words"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("words")


@admin.register(FileCheck)
class FileCheckAdmin(_OfAFile):
    list_display = ["file", "ref", "state", "checked_at"]
    list_filter = ["state"]
    date_hierarchy = "checked_at"


@admin.register(FileScan)
class FileScanAdmin(_OfAFile):
    list_display = ["file", "ref", "verdict", "virus", "scanned_at"]
    list_filter = ["verdict"]
    search_fields = [*_OfAFile.search_fields, "virus"]
    date_hierarchy = "scanned_at"
