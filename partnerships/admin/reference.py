"""The vocabularies and rules that the ministry keeps itself."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.administration.pages import filled_or_not
from kemnaker_portal.administration.site import Section
from partnerships.admin.tables import (
    DormancyLimitTable,
    HolderTable,
    IndicatorTable,
    InstrumentRuleTable,
    TableAdmin,
    ThemeTable,
)
from partnerships.models import DormancyLimit, Indicator, InstrumentRule, OfficeHolder, SignOfLife, Theme


@admin.register(Theme)
class ThemeAdmin(TableAdmin):
    section = Section.REFERENCE
    table = ThemeTable
    list_display = ["name", "name_en", "slug", "position"]
    search_fields = ["name", "name_en", "slug", "aliases"]
    ordering = ["position", "name"]


@admin.register(Indicator)
class IndicatorAdmin(TableAdmin):
    section = Section.REFERENCE
    table = IndicatorTable
    list_display = ["name", "name_en", "unit", "stage", "slug", "position"]
    list_filter = ["unit", "stage"]
    search_fields = ["name", "name_en", "slug", "unit"]
    ordering = ["position", "name"]


class InstrumentRuleForm(forms.ModelForm):
    """Days are counted for a paper that must follow; without one they mean nothing."""

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("within_days") is not None and not cleaned.get("asks_for"):
            self.add_error("within_days", _("Name the paper that must follow within these days."))
        return cleaned


@admin.register(InstrumentRule)
class InstrumentRuleAdmin(TableAdmin):
    section = Section.REFERENCE
    table = InstrumentRuleTable
    form = InstrumentRuleForm
    list_display = ["partner_class", "proposes", "asks_for", "within_days"]
    list_filter = ["proposes", "asks_for"]
    search_fields = ["partner_class", "proposes", "asks_for"]


class DormancyLimitForm(forms.ModelForm):
    """At least one sign of life is looked for."""

    def clean(self):
        cleaned = super().clean()
        if not self.errors and all(cleaned.get(sign.value) is None for sign in SignOfLife):
            raise forms.ValidationError(
                _("Say within how many days at least one sign of life is looked for, or delete this limit.")
            )
        return cleaned


@admin.register(DormancyLimit)
class DormancyLimitAdmin(TableAdmin):
    section = Section.REFERENCE
    table = DormancyLimitTable
    form = DormancyLimitForm
    list_display = ["kind", *SignOfLife.values]
    search_fields = ["kind"]


class HolderForm(forms.ModelForm):
    """The days in order, said in words."""

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("A post can't be left before it is taken up."))
        return cleaned


@admin.register(OfficeHolder)
class OfficeHolderAdmin(TableAdmin):
    section = Section.REFERENCE
    table = HolderTable
    form = HolderForm
    list_display = ["person", "post", "organization", "capacity", "starts_on", "ends_on"]
    list_filter = [
        filled_or_not("ends_on", _("time in the post"), _("held it before"), _("holds it now")),
        "capacity",
        "organization__kind",
    ]
    list_select_related = ["person", "organization"]
    search_fields = ["person__name", "post", "organization__name", "organization__short_name"]
    autocomplete_fields = ["organization", "person"]
