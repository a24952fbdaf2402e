"""Naskah that were given to be read: whose, when, and what became of them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.administration.pages import ReadOnlyAdmin, filled_or_not
from kemnaker_portal.administration.site import Section
from partnerships.models import NaskahReading


@admin.register(NaskahReading)
class NaskahReadingAdmin(ReadOnlyAdmin):
    """What was read stays with who asked for it, until it is a paper; its file is not opened here."""

    section = Section.OPERATION
    list_display = ["name", "by", "created_at", "pages", "by_ocr", "agreement"]
    list_filter = [
        filled_or_not("agreement", _("registered"), _("registered"), _("not registered")),
        "by_ocr",
    ]
    list_select_related = ["by", "agreement"]
    search_fields = ["name", "by__name", "by__email", "agreement__ref"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
    fields = ["name", "by", "created_at", "media_type", "size", "sha256", "pages", "by_ocr", "agreement"]

    def view_on_site(self, obj):
        """Its page is its owner's only."""
        return
