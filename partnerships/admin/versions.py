"""Pages whose main row is saved by an action: the same rights, rules and locking as every other door."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _

from partnerships.actions.guard import StaleVersion


def _changed_meanwhile(row):
    return _(
        "Somebody changed “%(name)s” after you opened this page. Open it again to see it as it is"
        " now, and make your change there."
    ) % {"name": row}


class VersionedForm(forms.ModelForm):
    """A form that remembers which version of the row it shows, and says what the action refuses."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    # Given by the page: save(row or None, cleaned values) through the action.
    save_by_action = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version

    def clean(self):
        """Ask the action itself, and undo it: its sentences stand on the form, with what was typed."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        try:
            with transaction.atomic():
                self.save_by_action(self.instance, cleaned)
                transaction.set_rollback(True)
        except StaleVersion as stale:
            self.add_error(None, _changed_meanwhile(stale.current))
        except ValidationError as refusal:
            self.add_error(None, refusal)
        return cleaned

    def _get_validation_exclusions(self):
        # The model would say once more what the action says, with the name of a constraint.
        return {column.name for column in self.instance._meta.fields}


class SavedByAction:
    """``enter(values, by)`` makes the row of a page, ``change(row, values, by)`` changes it."""

    form: Any = VersionedForm

    def get_form(self, request, obj=None, change=False, **kwargs):
        # The class is made anew for each request, so it can carry who asks.
        form = super().get_form(request, obj, change=change, **kwargs)
        form.save_by_action = staticmethod(lambda row, values: self._save(row, values, request.user))
        return form

    def save_model(self, request, obj, form, change):
        saved = self._save(obj, form.cleaned_data, request.user)
        obj.__dict__.update(saved.__dict__)

    def _save(self, row, values, by):
        return self.change(row, values, by) if row.pk else self.enter(values, by)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except StaleVersion as stale:
            # Somebody saved between the form's question and the answer.
            messages.error(request, _changed_meanwhile(stale.current))
            return HttpResponseRedirect(request.get_full_path())
