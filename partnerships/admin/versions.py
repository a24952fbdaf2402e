"""Optimistic locking on the pages of the administration: of two people saving, the second is told."""

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.actions.agreements import StaleVersion


def _said(row):
    return _(
        "Somebody changed “%(name)s” after you opened this page. Look at it as it is now, and save"
        " your change again."
    ) % {"name": row}


class VersionedForm(forms.ModelForm):
    """A form that remembers which version of the row it shows."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            current = type(self.instance)._default_manager.get(pk=self.instance.pk)
            if current.version != cleaned.get("seen_version"):
                raise ValidationError(_said(current))
        return cleaned


class SavedByAction:
    """Saves the main row through an action. ``enter(values, by)`` makes one, ``change(row, values,
    version, by)`` changes one; both return the row, and may refuse with a ValidationError."""

    def save_model(self, request, obj, form, change):
        values = form.cleaned_data
        if change:
            saved = self.change(obj, values, values["seen_version"], request.user)
        else:
            saved = self.enter(values, request.user)
        obj.__dict__.update(saved.__dict__)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except StaleVersion as stale:
            messages.error(request, _said(stale.current))
        except ValidationError as refusal:
            for sentence in refusal.messages:
                messages.error(request, sentence)
        # What the form could not foresee was refused under the lock.
        return HttpResponseRedirect(request.get_full_path())

    def url_of(self, obj):
        opts = self.opts
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[quote(obj.pk)])
