"""The page on which an addendum of a paper is recorded, or what was recorded of it is put right."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import formset_factory
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.actions.addenda import AddendumRecord, ClauseLine
from partnerships.forms.comparison import Difference, Said
from partnerships.forms.fields import LineField, NoteField, PartialDateField, SentenceField
from partnerships.forms.lines import OFFERS_ORGANIZATIONS, Line, Lines
from partnerships.forms.names import KnownOrganizations, NameRefused
from partnerships.models import Addendum, AddendumSubject, Organization

MOST_CLAUSES = 40
_BLANK_CLAUSES = 1
_LARGEST_VERSION = 2**31 - 1
_OF_THE_ADDENDUM = ("subjects", "number", "signed", "effective_on", "summary")


class ClauseLineForm(Line):
    """A clause with the wording that the addendum gives it."""

    counts = ("clause", "text", "earlier")

    clause = LineField(
        label=_("Clause"),
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": "Pasal 3 ayat (1)"}),
        error_messages={"required": _("Name the clause, such as Pasal 3 ayat (1).")},
    )
    text = NoteField(
        label=_("New wording"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write the wording that the addendum gives this clause.")},
    )
    earlier = NoteField(
        label=_("Wording before"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As first signed; only where the portal does not have it yet."),
    )


ClauseLines = formset_factory(
    ClauseLineForm,
    formset=Lines,
    extra=0,
    max_num=MOST_CLAUSES,
    absolute_max=MOST_CLAUSES,
    validate_max=True,
)


class AddendumForm(forms.Form):
    """What a person says of an addendum itself; its clauses are rows beside it."""

    use_required_attribute = False

    subjects = forms.MultipleChoiceField(
        label=_("What it changes"),
        choices=AddendumSubject.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what the addendum changes.")},
    )
    summary = NoteField(
        label=_("What changed"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In one or two sentences, for who does not open the scan."),
        error_messages={"required": _("Say what the addendum changes.")},
    )
    number = LineField(label=_("Number"), max_length=120, required=False)
    signed = PartialDateField(
        label=_("Date of signing"),
        required=False,
        help_text=_("20 Maret 2025, 2025-03-20, Maret 2025 or 2025: as far as it is known."),
    )
    effective_on = PartialDateField(
        label=_("Holds from"),
        whole=True,
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Empty: the day of signing."),
    )
    ends = PartialDateField(
        label=_("New end"), required=False, help_text=_("The paper is extended until then.")
    )
    ends_open = forms.BooleanField(label=_("No end agreed"), required=False)
    starts = PartialDateField(
        label=_("Extended from"),
        required=False,
        help_text=_("Empty: the day after the last term ends."),
    )
    party = LineField(label=_("Organisation that joins"), max_length=200, required=False)
    party_number = LineField(label=_("Its number of the paper"), max_length=120, required=False)
    reason = SentenceField(label=_("Reason"), max_length=300, required=False)
    key = forms.UUIDField(label=_("Form"), widget=forms.HiddenInput, required=False)

    def __init__(self, user, *args, addendum=None, unread=False, **kwargs):
        super().__init__(*args, **kwargs)
        self._organizations = KnownOrganizations(Organization.objects.visible_to(user))
        self.fields["party"].widget.attrs |= OFFERS_ORGANIZATIONS
        if addendum:
            del self.fields["key"]
            self.fields["version"] = forms.IntegerField(
                label=_("Version"), min_value=0, max_value=_LARGEST_VERSION, widget=forms.HiddenInput
            )
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = _("Say why you correct the addendum.")
        if addendum and addendum.terms.exists():
            for name in ("ends", "ends_open", "starts"):
                del self.fields[name]
        self.unread = unread

    def full_clean(self):
        if self.unread:
            self._errors, self.cleaned_data = forms.utils.ErrorDict(renderer=self.renderer), {}
            return
        super().full_clean()

    def clean_party(self):
        typed = self.cleaned_data["party"]
        if not typed:
            return None
        try:
            return self._organizations.find(typed)
        except NameRefused as refusal:
            near = gettext("Did you mean: %(names)s") % {"names": "; ".join(refusal.near)}
            raise ValidationError([*refusal.messages, *([near] if refusal.near else [])]) from None

    def clean(self):
        said = self.cleaned_data
        if said.get("ends") and said.get("ends_open"):
            self.add_error("ends", _("A term with an end has an end agreed: clear one of the two."))
        if (
            said.get("starts")
            and not (said.get("ends") or said.get("ends_open"))
            and "ends" not in self.errors
        ):
            self.add_error("ends", _("Say until when, or that no end was agreed."))
        return said


class AddendumSheet:
    """What was typed about an addendum: ``form`` holds its own fields, ``clauses`` its wordings.

    ``addendum`` is the one that is put right, None for a new one.
    """

    def __init__(self, user, agreement, data=None, addendum=None):
        self.user, self.agreement, self.addendum = user, agreement, addendum
        self.data, self.only_looks = data, False
        if data is not None:
            self.data = self._with_help(data.copy())
        initial = self._first_shown() if data is None else {}
        self.form = AddendumForm(
            user, self.data, addendum=addendum, unread=self.only_looks, initial=initial.get("form")
        )
        self.clauses = ClauseLines(
            self.data,
            prefix="clauses",
            initial=initial.get("clauses", []),
            form_kwargs={"unread": self.only_looks},
        )

    @property
    def formsets(self):
        return [self.clauses]

    def _first_shown(self):
        blank = [{}] * _BLANK_CLAUSES
        if self.addendum is None:
            return {"form": {"key": uuid.uuid4()}, "clauses": blank}
        standing = {name: getattr(self.addendum, name) for name in (*_OF_THE_ADDENDUM, "version")}
        texts = self.addendum.clause_texts.all()
        return {
            "form": standing,
            "clauses": [{"clause": each.clause, "text": each.text} for each in texts] + blank,
        }

    def _with_help(self, data):
        """One more row when that was asked for; a key or a version that was lost on the way."""
        if data.get("add") == "clauses":
            total = data.get("clauses-TOTAL_FORMS", "")
            if total.isascii() and total.isdigit() and len(total) < 4:
                data["clauses-TOTAL_FORMS"] = str(min(int(total) + 1, MOST_CLAUSES))
            self.only_looks = True
        if self.addendum is None:
            try:
                uuid.UUID(data.get("key", ""))
            except ValueError:
                data["key"] = str(uuid.uuid4())
        elif not (data.get("version", "").isascii() and data.get("version", "").isdigit()):
            data["version"] = "0"
        return data

    def is_valid(self):
        return all([self.form.is_valid(), self.clauses.is_valid()])

    def record(self):
        """What the writer says of the addendum."""
        said = self.form.cleaned_data
        names = set(AddendumRecord.__dataclass_fields__) - {"clauses"}
        lines = [row.cleaned_data for row in self.clauses.said]
        return AddendumRecord(
            **{name: said[name] for name in names if name in said},
            clauses=[
                ClauseLine(clause=line["clause"], text=line["text"], earlier=line["earlier"])
                for line in lines
            ],
        )

    def said(self):
        """What the action asks for beside the paper or the addendum."""
        said = self.form.cleaned_data
        stands = {"version": said["version"]} if self.addendum else {"key": said["key"]}
        return {"record": self.record(), "reason": said["reason"], **stands}

    def refuse(self, refusal):
        """Put what the action refused at the field it is about."""
        code = getattr(refusal, "code", None)
        self.form.add_error(code if code in self.form.fields else None, ValidationError(refusal.messages))

    def over(self, current):
        """What was typed, now written over the addendum as it stands."""
        sheet = AddendumSheet(self.user, self.agreement, self.data, addendum=current)
        sheet.data["version"] = str(current.version)
        return sheet

    def differences(self, current):
        """Where what was typed differs from the addendum as it stands, field by field."""
        mine, theirs = _in_words(self.record()), _in_words(_record_of(current))
        return [
            Difference(
                AddendumForm.base_fields[name].label if name != "clauses" else gettext("Clauses"),
                [Said(text, text not in theirs[name]) for text in said],
                [Said(text, text not in said) for text in theirs[name]],
            )
            for name, said in mine.items()
            if said != theirs[name]
        ]


def _record_of(addendum: Addendum) -> AddendumRecord:
    return AddendumRecord(
        **{name: getattr(addendum, name) for name in _OF_THE_ADDENDUM},
        clauses=[ClauseLine(clause=each.clause, text=each.text) for each in addendum.clause_texts.all()],
    )


def _in_words(record):
    """Each field of a record as a list of texts."""
    words = {name: [str(value)] if (value := getattr(record, name)) else [] for name in _OF_THE_ADDENDUM}
    words["subjects"] = [str(AddendumSubject(each).label) for each in sorted(record.subjects)]
    words["clauses"] = sorted(f"{line.clause}: {line.text}" for line in record.clauses)
    return words
