"""What the pages of the administration have in common: how a list looks, and what nobody may do."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst

from kemnaker_portal.administration.history import changes_of
from kemnaker_portal.typed import LineField, NoteField


class DayInput(forms.DateInput):
    """The browser's own calendar; it speaks ISO dates whatever the language of the page."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


# What is typed here is read as on every other page. An address or a code is text too, and has its own field.
TYPED: dict[type[models.Field], dict[str, Any]] = {
    models.DateField: {"widget": DayInput},
    models.CharField: {"form_class": LineField},
    models.TextField: {"form_class": NoteField},
    **{kind: {} for kind in (models.EmailField, models.SlugField, models.URLField)},
}


class Chosen(AutocompleteSelect):
    """A choice that is looked up while one types. What was sent and can be no key is not looked up again."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [each for each in value if self._is_a_key(each)], attr)

    def _is_a_key(self, value):
        try:
            self.field.target_field.clean(value, None)
        except ValidationError:
            return False
        return True


def filled_or_not(field, name, filled, empty):
    """A filter by whether a field has a value, in words that say what that means."""

    class FilledOrNot(admin.SimpleListFilter):
        title = name
        parameter_name = field

        def lookups(self, request, model_admin):
            return [("1", filled), ("0", empty)]

        def queryset(self, request, queryset):
            nothing = {f"{field}__isnull": True}
            if isinstance(queryset.model._meta.get_field(field), models.CharField):
                nothing = {field: ""}
            if self.value() == "1":
                return queryset.exclude(**nothing)
            return queryset.filter(**nothing) if self.value() == "0" else queryset

    return FilledOrNot


class RowList(ChangeList):
    """The rows of a page, as its address asks for them."""

    def get_filters(self, request):
        try:
            return super().get_filters(request)
        except (ValueError, OverflowError) as no_such_day:
            # Django refuses some years that no calendar has, and breaks on 9999 and on those that are longer.
            raise IncorrectLookupParameters(no_such_day) from no_such_day


class PortalAdmin(admin.ModelAdmin):
    """A page of the administration. ``section`` says where on the front page it stands.

    ``history_parts`` are (model, name of its key to this one) whose changes belong to the history of
    a record; ``decisions`` are the pages that ask before they act (see decisions.py).
    """

    section: Any = None
    deletable = False
    decisions: Sequence = ()
    history_parts: Sequence = ()
    list_per_page = 50
    list_max_show_all = 0
    show_facets = admin.ShowFacets.ALWAYS
    empty_value_display = "–"
    formfield_overrides = TYPED

    def has_delete_permission(self, request, obj=None):
        return self.deletable and super().has_delete_permission(request, obj)

    def view_on_site(self, obj):
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Chosen(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # The database keeps the history, with reason and door; a second one would only contradict it.
    def log_addition(self, request, obj, message):
        return None

    def log_change(self, request, obj, message):
        return None

    def log_deletions(self, request, queryset):
        return None

    @property
    def page_name(self):
        return capfirst(self.opts.verbose_name_plural)

    @property
    def has_history(self):
        """Whether the database keeps one for the rows of this page."""
        return hasattr(self.model, "events")

    def get_urls(self):
        opts = self.opts
        pages = [
            path(
                decision.route,
                self.admin_site.admin_view(decision.view_of(self)),
                name=f"{opts.app_label}_{opts.model_name}_{decision.name}",
            )
            for decision in self.decisions
        ]
        return [*pages, *super().get_urls()]

    def get_changelist(self, request, **kwargs):
        return RowList

    def get_object(self, request, object_id, from_field=None):
        # A form may name no field at all; Django looks for one whose name is empty.
        return super().get_object(request, object_id, from_field or None)

    def changelist_view(self, request, extra_context=None):
        offered = [decision for decision in self.decisions if not decision.of_one_row]
        extra = {
            "title": self.page_name,
            "page_name": self.page_name,
            "decisions": [*self.other_links(None), *(decision.link(self) for decision in offered)],
        }
        return super().changelist_view(request, {**extra, **(extra_context or {})})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """A record's page is headed by the record, and offers what can be decided about it."""
        offered = [d for d in self.decisions if d.of_one_row and obj and d.is_offered(obj)]
        context |= {
            "page_name": self.page_name,
            "decisions": [*self.other_links(obj), *(decision.link(self, obj) for decision in offered)],
            "has_history": self.has_history,
        }
        if obj:
            context |= {"title": str(obj), "subtitle": None}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def other_links(self, obj):
        """Where else one goes from the list (obj is None) or from a record: dicts of label and url."""
        return []

    def history_view(self, request, object_id, extra_context=None):
        """Who changed what, when, through which door and why, from the history in the database."""
        obj = self.get_object(request, unquote(object_id)) if self.has_history else None
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        changes = self.get_paginator(request, changes_of(obj, self.history_parts), 100)
        context = {
            **self.admin_site.each_context(request),
            "title": obj,
            "changes": changes.get_page(request.GET.get("p")),
            "page_name": self.page_name,
            "object": obj,
            "opts": self.opts,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/object_history.html", context)


class ReadOnlyAdmin(PortalAdmin):
    """Rows to find and read; what changes them is an action elsewhere."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class ReadOnlyInline(admin.TabularInline):
    """The rows of a part, to read beside the record they belong to."""

    extra = 0
    can_delete = False
    related: Sequence = ()

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.related)

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
