from django.contrib import admin

from accounts.models import ErrorReport, SecondFactor
from kemnaker_portal.administration.pages import ReadOnlyAdmin
from kemnaker_portal.administration.site import Section


@admin.register(ErrorReport)
class ErrorReportAdmin(ReadOnlyAdmin):
    """Errors that people met, to find by the number they quote."""

    section = Section.OPERATION
    list_display = ["request_id", "happened_at", "kind", "method", "path", "place", "user"]
    list_filter = ["kind", "method"]
    list_select_related = ["user"]
    search_fields = ["request_id", "kind", "path", "place", "user__email", "user__name"]
    date_hierarchy = "happened_at"


@admin.register(SecondFactor)
class SecondFactorAdmin(ReadOnlyAdmin):
    """Who has which second factor; the secret itself is shown to nobody."""

    section = Section.ACCOUNTS
    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    search_fields = ["user__name", "user__email"]
    date_hierarchy = "created_at"
    fields = ["user", "type", "created_at", "last_used_at"]
