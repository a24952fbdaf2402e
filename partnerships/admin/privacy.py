"""Personal data that is withheld or was erased, to read; commands of the operators decide it."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.administration.pages import ReadOnlyAdmin
from kemnaker_portal.administration.site import Section
from partnerships.models import Erasure, Restriction


@admin.register(Restriction)
class RestrictionAdmin(ReadOnlyAdmin):
    """The one place that shows what a restriction withholds."""

    section = Section.PARTNERS
    list_display = ["since", "person", "user", "withheld", "reason"]
    list_select_related = ["person", "user"]
    search_fields = ["reason", "held"]
    date_hierarchy = "since"
    fields = ("since", "person", "user", "withheld", "reason")
    readonly_fields = fields

    @admin.display(description=_("what is withheld"))
    def withheld(self, restriction):
        values = [(value,) for _table, _key, _column, value in restriction.held if value]
        return format_html_join(" · ", "{}", values) or self.get_empty_value_display()


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    section = Section.HISTORY
    list_display = ["at", "reason", "digests"]
    search_fields = ["reason", "digests"]
    date_hierarchy = "at"
    fields = ("at", "reason", "digests")
    readonly_fields = fields
