"""Pages that ask before they act: a few questions, one button, and the action's own refusals."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.confirming import confirmed
from kemnaker_portal.typed import NoteField


class Confirmation(forms.Form):
    """A decision without a question: the button is the answer. ``by`` is who decides."""

    def __init__(self, *args, admin_site, by, obj=None, **kwargs):
        self.admin_site, self.by, self.obj = admin_site, by, obj
        super().__init__(*args, **kwargs)

    def refuse(self, refusal):
        """Say what the action refused, where the form can say it best."""
        self.add_error(None, refusal)


class ReasonForm(Confirmation):
    """A decision that asks for its reason, which stays in the history."""

    reason = NoteField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stays in the history."),
    )


def always(_obj):
    return True


@dataclass(frozen=True)
class Decision:
    """One such page. ``apply`` is called with the row (None for the list's), the cleaned answers and ``by``;
    it may refuse with a ValidationError and returns the row that was decided about."""

    name: str
    label: str | Promise
    apply: Callable
    done: str | Promise
    form: type = ReasonForm
    explanation: str | Promise = ""
    of_one_row: bool = True
    is_offered: Callable = always
    grave: bool = False
    # Whether it changes who may do what: whoever decides proves first who they are.
    confirmed: bool = False

    @property
    def route(self):
        return f"<path:object_id>/{self.name}/" if self.of_one_row else f"{self.name}/"

    def url(self, model_admin, obj=None):
        opts = model_admin.opts
        return reverse(
            f"admin:{opts.app_label}_{opts.model_name}_{self.name}",
            args=[quote(obj.pk)] if obj else [],
        )

    def link(self, model_admin, obj=None):
        return {"label": self.label, "url": self.url(model_admin, obj)}

    def view_of(self, model_admin):
        def view(request, object_id=None):
            return self._page(model_admin, request, object_id)

        return confirmed(view) if self.confirmed else view

    def _page(self, model_admin, request, object_id):
        obj = None
        if self.of_one_row:
            obj = model_admin.get_object(request, unquote(object_id))
            if obj is None:
                return model_admin._get_obj_does_not_exist_redirect(request, model_admin.opts, object_id)
        if not model_admin.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        form = self.form(data, obj=obj, by=request.user, admin_site=model_admin.admin_site)
        if form.is_valid():
            try:
                decided = self.apply(obj, form.cleaned_data, request.user)
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, self.done % {"name": decided})
                return HttpResponseRedirect(self._afterwards(model_admin, decided))
        return self._render(model_admin, request, obj, form)

    def _afterwards(self, model_admin, decided):
        opts = model_admin.opts
        if isinstance(decided, opts.model):
            return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[quote(decided.pk)])
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")

    def _render(self, model_admin, request, obj, form):
        request.current_app = model_admin.admin_site.name
        context = {
            **model_admin.admin_site.each_context(request),
            "title": self.label,
            "page_name": model_admin.page_name,
            "decision": self,
            "form": form,
            "media": model_admin.media + form.media,
            "object": obj,
            "opts": model_admin.opts,
        }
        return TemplateResponse(request, "admin/decision.html", context)
