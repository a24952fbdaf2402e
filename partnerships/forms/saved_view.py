"""What somebody says of a view of a list: its name, whom it is for, and whether the list opens with it."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.actions.saved_views import ViewRecord
from partnerships.forms.decisions import Decision
from partnerships.forms.fields import LineField
from partnerships.permissions import Action, can
from partnerships.roles import Role


class _ViewFields(forms.Form):
    use_required_attribute = False

    name = LineField(
        label=_("Name of the view"),
        max_length=80,
        help_text=_("Such as “Ending this year” or “MoUs without a PKS”."),
        error_messages={"required": _("A view needs a name.")},
    )
    is_default = forms.BooleanField(label=_("The list opens with this view"), required=False)
    shared_with = forms.ChoiceField(
        label=_("Shared with"),
        required=False,
        choices=[("", _("nobody else")), *Role.choices],
        help_text=_("Whoever holds the role finds it in the menu, and sees the rows of their own scope."),
    )

    def __init__(self, *args, user, view=None, **kwargs):
        super().__init__(*args, **kwargs)
        if not can(user, Action.SHARE_VIEW) and not (view and view.shared_with):
            del self.fields["shared_with"]

    def record(self):
        said = self.cleaned_data
        return ViewRecord(said["name"], said.get("shared_with", ""), said["is_default"])

    def refuse(self, refusal):
        of_name = getattr(refusal, "code", None) in {"name", "saved_view_once_by_name"}
        self.add_error("name" if of_name else None, refusal)


class NewViewForm(_ViewFields):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)


class ViewForm(_ViewFields, Decision):
    """A view as it is kept, about the version that was read."""


class ViewStep(Decision):
    """A step about the version that was read, such as letting go of a view."""

    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)
