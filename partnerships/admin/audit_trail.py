"""The history tables themselves, to search across records; nobody changes them through the portal."""

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.administration.history import DOORS, VERBS, Words
from kemnaker_portal.administration.pages import ReadOnlyAdmin, RowList
from kemnaker_portal.administration.site import Section


class DoorFilter(admin.SimpleListFilter):
    title = _("door")
    parameter_name = "door"

    def lookups(self, request, model_admin):
        return DOORS.items()

    def queryset(self, request, queryset):
        return queryset.filter(pgh_context__door=self.value()) if self.value() else queryset


class VerbFilter(admin.SimpleListFilter):
    title = _("what happened")
    parameter_name = "verb"

    def lookups(self, request, model_admin):
        return VERBS.items()

    def queryset(self, request, queryset):
        return queryset.filter(pgh_label=self.value()) if self.value() else queryset


class EventList(RowList):
    """A page of events, said in words for all of its rows at once."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        words = Words(self.result_list)
        for event in self.result_list:
            event.said = words.change(event)


class EventAdmin(ReadOnlyAdmin):
    """The events of one kind of record: search by the number or words of the record, or by who did it."""

    section = Section.HISTORY
    list_display = ["when", "verb", "what", "who", "door", "reason"]
    list_filter = [VerbFilter, DoorFilter]
    search_help_text = _("Number or words of the record, name or e-mail of the person, reason")
    search_fields = ["pgh_obj_id"]
    date_hierarchy = "pgh_created_at"
    ordering = ["-pgh_created_at", "-pgh_id"]
    fields = ("when", "verb", "what", "who", "door", "reason", "request", "values")
    readonly_fields = fields
    list_display_links = ["when"]

    @property
    def page_name(self):
        tracked = self.model.pgh_tracked_model._meta.verbose_name_plural
        return gettext("History: %(name)s") % {"name": capfirst(tracked)}

    def get_changelist(self, request, **kwargs):
        return EventList

    def get_object(self, request, object_id, from_field=None):
        event = super().get_object(request, object_id, from_field)
        if event:
            earlier = self.model.objects.filter(pgh_obj_id=event.pgh_obj_id, pgh_id__lt=event.pgh_id)
            before = earlier.order_by("pgh_id").last()
            event.said = Words([e for e in (before, event) if e]).change(event, before)
        return event

    def get_search_results(self, request, queryset, search_term):
        term = search_term.strip()
        if not term:
            return queryset, False
        people = get_user_model().objects.filter(Q(name__icontains=term) | Q(email__icontains=term))
        found = Q(pgh_context__actor__in=list(people.values_list("pk", flat=True)))
        found |= Q(pgh_context__reason__icontains=term)
        for column in self.model._meta.fields:
            if isinstance(column, (models.CharField, models.TextField)) and column.name != "pgh_label":
                found |= Q(**{f"{column.name}__icontains": term})
        if isinstance(self.model.pgh_tracked_model._meta.pk, models.CharField):
            found |= Q(pgh_obj_id=term)
        elif term.isascii() and term.isdigit() and len(term) < 19:
            found |= Q(pgh_obj_id=int(term))
        return queryset.filter(found), False

    @admin.display(description=_("time"), ordering="pgh_created_at")
    def when(self, event):
        return event.pgh_created_at

    @admin.display(description=_("what happened"))
    def verb(self, event):
        return event.said.verb

    @admin.display(description=_("record"))
    def what(self, event):
        return f"{event.said.what} (#{event.pgh_obj_id})"

    @admin.display(description=_("by"))
    def who(self, event):
        return event.said.who

    @admin.display(description=_("door"))
    def door(self, event):
        return event.said.door or self.get_empty_value_display()

    @admin.display(description=_("reason"))
    def reason(self, event):
        return event.said.reason or self.get_empty_value_display()

    @admin.display(description=_("request"))
    def request(self, event):
        context = event.pgh_context or {}
        said = f"{context.get('request', '')} {context.get('path', '')}".strip()
        return said or self.get_empty_value_display()

    @admin.display(description=_("before and after"))
    def values(self, event):
        return format_html_join("", "<div>{}: {} → {}</div>", event.said.lines)


for _model in apps.get_models():
    if hasattr(_model, "pgh_tracked_model"):
        admin.site.register(_model, EventAdmin)
