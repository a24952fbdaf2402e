"""Organisations, their other names, people, and signing events."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.administration.pages import PortalAdmin, filled_or_not
from kemnaker_portal.administration.site import Section
from kemnaker_portal.typed import LineField
from partnerships.actions import events, organizations, people
from partnerships.actions.events import EventRecord
from partnerships.actions.organizations import OrganizationRecord
from partnerships.actions.people import PersonRecord
from partnerships.admin.tables import AliasTable, TableAdmin
from partnerships.admin.versions import SavedByAction, VersionedForm
from partnerships.models import (
    EventExpectation,
    Organization,
    OrganizationAlias,
    PartialDate,
    PartnerClass,
    Person,
    SigningEvent,
)

CLOSED = filled_or_not("closed_on", _("closed"), _("closed"), _("not closed"))


class PartnerClassFilter(admin.SimpleListFilter):
    title = _("partner class")
    parameter_name = "class"

    def lookups(self, request, model_admin):
        return PartnerClass.choices

    def queryset(self, request, queryset):
        return queryset.of_class(self.value()) if self.value() else queryset


class NamedFormSet(BaseInlineFormSet):
    """Rows of a table have no labels of their own; each field says what its column is."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            if field.label:
                field.widget.attrs["aria-label"] = field.label


class AliasForm(forms.ModelForm):
    """The days in order, said in words."""

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("used_from"), cleaned.get("used_until")
        if first and last and last < first:
            self.add_error("used_until", _("A name can't go out of use before it came into use."))
        return cleaned


class AliasInline(admin.TabularInline):
    model = OrganizationAlias
    form = AliasForm
    formset = NamedFormSet
    fields = ["name", "used_from", "used_until"]
    extra = 0
    formfield_overrides = PortalAdmin.formfield_overrides


@admin.register(Organization)
class OrganizationAdmin(SavedByAction, PortalAdmin):
    section = Section.PARTNERS
    list_display = ["name", "short_name", "kind", "parent", "region", "closed_on"]
    list_filter = [
        PartnerClassFilter,
        "kind",
        "collective",
        CLOSED,
    ]
    list_select_related = ["parent", "region"]
    search_fields = ["name", "short_name", "aliases__name", "region__name", "slug"]
    autocomplete_fields = ["parent", "region", "seat_region"]
    readonly_fields = ["slug", "version"]
    inlines = [AliasInline]
    history_parts = [(OrganizationAlias, "organization")]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "kind", "parent", "collective"]}),
        (_("Where"), {"fields": ["region", "seat_region"]}),
        (_("Record"), {"fields": ["closed_on", "slug", "version", "seen_version"]}),
    ]

    def enter(self, values, by):
        return organizations.enter(record=self._record(values), by=by)

    def change(self, row, values, by):
        return organizations.change(
            organization=row, record=self._record(values), version=values["seen_version"], by=by
        )

    @staticmethod
    def _record(values):
        return OrganizationRecord(**{name: value for name, value in values.items() if name != "seen_version"})


@admin.register(OrganizationAlias)
class OrganizationAliasAdmin(TableAdmin):
    section = Section.PARTNERS
    deletable = True
    form = AliasForm
    table = AliasTable
    list_display = ["name", "organization", "used_from", "used_until"]
    list_filter = [
        filled_or_not("used_until", _("in use"), _("no longer in use"), _("in use")),
        "organization__kind",
    ]
    list_select_related = ["organization"]
    search_fields = ["name", "organization__name", "organization__short_name"]
    autocomplete_fields = ["organization"]


@admin.register(Person)
class PersonAdmin(SavedByAction, PortalAdmin):
    section = Section.PARTNERS
    list_display = ["name", "title_before", "title_after"]
    search_fields = ["name", "title_before", "title_after"]
    readonly_fields = ["version"]
    fields = ["title_before", "name", "title_after", "version", "seen_version"]

    def enter(self, values, by):
        return people.enter(record=self._record(values), by=by)

    def change(self, row, values, by):
        return people.correct(person=row, record=self._record(values), version=values["seen_version"], by=by)

    @staticmethod
    def _record(values):
        return PersonRecord(values["name"], values["title_before"], values["title_after"])


class EventForm(VersionedForm):
    """The day of the event may be known by its month or year only."""

    held = LineField(
        label=_("held"),
        required=False,
        max_length=60,
        help_text=_("A day, a month or a year: 20 Maret 2025, 2025-03 or 2025."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["held"].initial = self.instance.held.isoformat() if self.instance.held else ""

    def clean_held(self):
        try:
            return PartialDate.parse(self.cleaned_data["held"])
        except ValueError:
            raise ValidationError(
                _("Not a date. Write 20 Maret 2025, 2025-03-20, 2025-03 or 2025.")
            ) from None


class ExpectationInline(admin.TabularInline):
    model = EventExpectation
    formset = NamedFormSet
    fields = ["partner_class", "papers"]
    extra = 0


@admin.register(SigningEvent)
class SigningEventAdmin(SavedByAction, PortalAdmin):
    section = Section.PARTNERS
    form = EventForm
    list_display = ["name", "held_in_words", "place", "host"]
    list_filter = [("host", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["host"]
    search_fields = ["name", "place", "slug", "host__name"]
    date_hierarchy = "held_latest"
    autocomplete_fields = ["host"]
    readonly_fields = ["slug", "version"]
    inlines = [ExpectationInline]
    history_parts = [(EventExpectation, "event")]
    fields = ["name", "held", "place", "host", "source", "agenda", "slug", "version", "seen_version"]

    @admin.display(description=_("held"), ordering="held_latest")
    def held_in_words(self, event):
        return event.held or self.get_empty_value_display()

    def enter(self, values, by):
        return events.enter(record=self._record(values), by=by)

    def change(self, row, values, by):
        return events.change(event=row, record=self._record(values), version=values["seen_version"], by=by)

    @staticmethod
    def _record(values):
        return EventRecord(**{name: value for name, value in values.items() if name != "seen_version"})
