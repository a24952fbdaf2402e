"""Asking the partner's contact about a report, and the contact's answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms.fields import LineField, NoteField
from partnerships.models import Answer


class AskForm(forms.Form):
    """Whom to ask whether a report is right."""

    use_required_attribute = False

    name = LineField(label=_("Name of the contact"), max_length=150)
    email = forms.EmailField(label=_("E-mail of the contact"), max_length=254)

    def refuse(self, refusal):
        self.add_error({"name": "name"}.get(getattr(refusal, "code", None)), refusal)


class AnswerForm(forms.Form):
    """What somebody without an account says of a report."""

    use_required_attribute = False

    answer = forms.ChoiceField(
        label=_("Is this report right?"),
        choices=Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    comment = NoteField(
        label=_("Comment"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("If it is not right, say what is."),
    )
