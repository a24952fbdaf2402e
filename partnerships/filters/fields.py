"""How a parameter of a list is read: days within reach, rows by their codes."""

import datetime
import re
from contextlib import suppress

import django_filters
from django import forms

from partnerships.models.partial_date import FIRST_YEAR, LAST_YEAR


class AskedFilterSet(django_filters.FilterSet):
    """Filters of which only those that were asked are there: most questions ask few, a page asks dozens of
    questions, and to copy each filter and to build its field costs more than to read them."""

    def __init__(self, data, *arguments, **named):
        self.base_filters = {name: each for name, each in type(self).base_filters.items() if name in data}
        super().__init__(data, *arguments, **named)

    def get_form_class(self):
        fields = {name: each.field for name, each in self.filters.items()}
        return type(f"{type(self).__name__}Form", (self._meta.form,), fields)


class DayField(forms.DateField):
    """A day between 1945 and 2100, written 2025-03-20 or as the reader's language writes it."""

    def to_python(self, value):
        # As links and a browser write it; what the language knows would all be tried before.
        if isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            with suppress(ValueError):
                return datetime.date.fromisoformat(value)
        return super().to_python(value)

    def clean(self, value):
        day = super().clean(value)
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class DayFilter(django_filters.DateFilter):
    field_class = DayField

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(*args, **kwargs)


class CodesField(forms.ModelMultipleChoiceField):
    """Several rows by their codes; one broken code is one plain error."""

    def clean(self, value):
        if value and any(not re.fullmatch(r"[\w.-]{1,80}", code) for code in value):
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], params={"value": ", ".join(value)[:60]}
            )
        return super().clean(value)


class CodesFilter(django_filters.ModelMultipleChoiceFilter):
    field_class = CodesField


def by_codes(rows, method, label, code="slug"):
    """A filter by the codes of rows that the reader may know; ``rows`` gives these for a user."""
    return CodesFilter(
        queryset=lambda asking: rows(asking.user), to_field_name=code, method=method, label=label
    )
