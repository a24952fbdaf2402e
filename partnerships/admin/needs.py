"""What regions need, what partners offer, and the papers that were made of both: to be found and read. They
are written on the pages of the portal."""

from django.contrib import admin

from kemnaker_portal.administration.pages import ReadOnlyAdmin
from kemnaker_portal.administration.site import Section
from partnerships.models import Match, Need, Offer, OfferRegion


@admin.register(Need)
class NeedAdmin(ReadOnlyAdmin):
    section = Section.PARTNERS
    list_display = ["theme", "region", "year", "number", "indicator", "office", "status"]
    list_filter = ["status", "year", ("theme", admin.RelatedOnlyFieldListFilter), "demonstration"]
    list_select_related = ["theme", "region", "indicator", "office"]
    search_fields = ["region__name", "office__name", "theme__name", "note"]
    date_hierarchy = "stated_at"


@admin.register(Offer)
class OfferAdmin(ReadOnlyAdmin):
    section = Section.PARTNERS
    list_display = [
        "title",
        "organization",
        "theme",
        "number",
        "indicator",
        "first_year",
        "last_year",
        "status",
    ]
    list_filter = ["status", "everywhere", ("theme", admin.RelatedOnlyFieldListFilter), "demonstration"]
    list_select_related = ["organization", "theme", "indicator"]
    search_fields = ["title", "organization__name", "organization__short_name", "source", "note"]
    date_hierarchy = "recorded_at"
    history_parts = [(OfferRegion, "offer")]


@admin.register(OfferRegion)
class OfferRegionAdmin(ReadOnlyAdmin):
    section = Section.PARTNERS
    list_display = ["region", "offer"]
    list_select_related = ["region", "offer"]
    search_fields = ["region__name", "offer__title"]


@admin.register(Match)
class MatchAdmin(ReadOnlyAdmin):
    section = Section.PARTNERS
    list_display = ["agreement", "need", "offer", "number", "by", "made_at"]
    list_select_related = ["agreement", "need__theme", "need__region", "offer", "by"]
    search_fields = ["agreement__ref", "offer__title", "need__region__name"]
    date_hierarchy = "made_at"
