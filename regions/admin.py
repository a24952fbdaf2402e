from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.administration.pages import PortalAdmin, filled_or_not
from kemnaker_portal.administration.site import Section
from regions.models import Region

CLOSED = filled_or_not("closed_on", _("closed"), _("closed"), _("not closed"))


class RegionForm(forms.ModelForm):
    """The closing of a region: everything else comes from the official list."""

    def clean(self):
        cleaned = super().clean()
        successor = cleaned.get("succeeded_by")
        if successor and not cleaned.get("closed_on"):
            self.add_error("closed_on", _("A region that has a successor closed on a day."))
        if successor and successor.pk == self.instance.pk:
            self.add_error("succeeded_by", _("A region can't be its own successor."))
        if successor and successor.closed_on:
            self.add_error("succeeded_by", _("This region is closed itself."))
        return cleaned


class ProvinceFilter(admin.SimpleListFilter):
    title = _("province")
    parameter_name = "province"

    def lookups(self, request, model_admin):
        return Region.objects.provinces().values_list("code", "bare_name")

    def queryset(self, request, queryset):
        return queryset.within(self.value()) if self.value() else queryset


@admin.register(Region)
class RegionAdmin(PortalAdmin):
    """Names and codes are the official list's (load_regions); here a region is only closed."""

    section = Section.REFERENCE
    form = RegionForm
    list_display = ["code", "name", "kind", "parent", "zone", "closed_on"]
    list_display_links = ["code", "name"]
    list_filter = ["kind", "time_zone", CLOSED, ProvinceFilter]
    list_select_related = ["parent"]
    list_per_page = 100
    search_fields = ["code", "name", "short_name", "aliases"]
    ordering = ["code"]
    autocomplete_fields = ["succeeded_by"]
    readonly_fields = ["code", "name", "kind", "short_name", "other_names", "parent", "zone"]
    fieldsets = [
        (None, {"fields": ["code", "name", "kind", "short_name", "other_names", "parent", "zone"]}),
        (
            _("Closing"),
            {
                "fields": ["closed_on", "succeeded_by"],
                "description": _("A region that was merged or split closes and stays: old papers name it."),
            },
        ),
    ]

    def has_add_permission(self, request):
        return False

    @admin.display(description=_("other spellings"))
    def other_names(self, region):
        return ", ".join(region.aliases)

    @admin.display(description=_("time zone"), ordering="time_zone")
    def zone(self, region):
        return region.get_time_zone_display()
