"""The next stage of a foreign paper on its way to the signing."""

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.forms.decisions import Decision
from partnerships.forms.fields import NoteField, PartialDateField
from partnerships.lifecycle import ForeignStage


class StageForm(Decision):
    """Only the stages that the paper can enter from where it is are offered."""

    stage = forms.ChoiceField(
        label=_("Stage"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the stage that the paper enters."),
            "invalid_choice": _("The paper can't enter that stage from where it is."),
        },
    )
    since = PartialDateField(
        label=_("Since"),
        whole=True,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The day on which the stage began."),
        initial=timezone.localdate,
    )
    note = NoteField(
        label=_("Note"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as the letter with which it began; it stays in the history."),
    )

    def __init__(self, way, *args, **kwargs):
        super().__init__(*args, initial={"version": way.agreement.version}, **kwargs)
        now = way.now and list(ForeignStage).index(way.now.new)
        self.fields["stage"].choices = [(stage.value, _opened_again(stage, now)) for stage in way.possible]

    def refuse(self, refusal):
        """Put what the action refused at its field."""
        code = getattr(refusal, "code", None)
        fields = {"not_yet": "since", "before_the_last": "since", "forbidden_stage": "stage"}
        self.add_error(fields.get(code), refusal)


def _opened_again(stage, now):
    is_back = now is not None and list(ForeignStage).index(stage) < now
    return format_lazy("{} ({})", stage.label, _("opened again")) if is_back else stage.label
