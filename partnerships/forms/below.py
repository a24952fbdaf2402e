"""The questions about the papers that implement one that comes to its end: one answer for each."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.actions.moving import Below
from partnerships.forms.fields import ReferenceField
from partnerships.models import Agreement, ChildOutcome

_CANCELLED = _("is cancelled")


class BelowQuestion:
    """What is asked about one paper: its two fields, and what the writer should know."""

    def __init__(self, form, about):
        self.about, self.paper = about, about.paper
        self._form = form
        self.name = f"below-{self.paper.ref}"
        self.where = f"{self.name}-other"

    @property
    def outcome_field(self):
        return self._form[self.name]

    @property
    def other_field(self):
        return self._form[self.where] if self.where in self._form.fields else None

    @property
    def is_settled(self):
        """Whether there is nothing to choose."""
        return self.about.outcomes == [ChildOutcome.STAYS]

    def fields(self, papers):
        """The form's fields by their names; ``papers`` are those that may be named."""
        choices = [(outcome.value, self._said(outcome)) for outcome in self.about.outcomes]
        yield (
            self.name,
            forms.ChoiceField(
                label=_("What becomes of %(ref)s") % {"ref": self.paper.ref},
                widget=forms.RadioSelect,
                choices=choices,
                initial=ChildOutcome.STAYS if self.is_settled else None,
                error_messages={
                    "required": _("Choose what becomes of %(ref)s.") % {"ref": self.paper.ref},
                    "invalid_choice": _("Choose what becomes of %(ref)s.") % {"ref": self.paper.ref},
                },
            ),
        )
        if ChildOutcome.MOVES in self.about.outcomes:
            where = ReferenceField(
                label=_("The paper that it implements from now on"),
                required=False,
                help_text=_("Its reference; only if it goes to another paper."),
                widget=forms.TextInput(attrs={"placeholder": "KS-2025-0001", "autocomplete": "off"}),
            )
            where.papers = papers.exclude(pk=self.paper.pk)
            yield self.where, where

    def _said(self, outcome):
        return _CANCELLED if outcome == ChildOutcome.ENDS and not self.about.is_signed else outcome.label


class AsksAboutBelow:
    """What a form of a move needs to ask about papers below; the first base of such a form.

    ``below`` are selectors.endings.PaperBelow. After ``clean`` the answers stand in
    ``cleaned_data["below"]``, as ``actions.agreements.move`` takes them.
    """

    def ask_about(self, below, user):
        self.questions = [BelowQuestion(self, each) for each in below]
        papers = Agreement.objects.visible_to(user).papers()
        for question in self.questions:
            self.fields.update(question.fields(papers))

    def gather_answers(self):
        """Put the answers together under ``below``; call it at the end of ``clean``."""
        said = self.cleaned_data
        answers = []
        for question in self.questions:
            outcome, other = said.pop(question.name, None), said.pop(question.where, None)
            if outcome != ChildOutcome.MOVES:
                other = None
            elif other is None and question.where not in self.errors:
                self.add_error(
                    question.where,
                    _("Name the paper that %(ref)s implements from now on.") % {"ref": question.paper.ref},
                )
            answers.append(Below(question.paper, outcome, other))
        said["below"] = answers

    def field_of_refusal(self, refusal):
        """The name of the field that a refusal of the action is about, or None for the whole form."""
        code = getattr(refusal, "code", None) or ""
        if code in {"over_before_signing", "not_yet"}:
            return "effective_on"
        if code == "stage":
            return "to"
        child = (getattr(refusal, "params", None) or {}).get("child")
        question = next((each for each in self.questions if each.paper.pk == child), None)
        if question is None:
            return None
        about_the_other = code in {"below_where", "below_over", "below_circle"}
        return question.where if about_the_other and question.other_field else question.name
