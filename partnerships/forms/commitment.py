"""The page on which a commitment is logged or changed, and the small ones beside it."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.actions.commitments import CommitmentEntry
from partnerships.forms.comparison import Difference, Said
from partnerships.forms.decisions import Decision
from partnerships.forms.fields import (
    AmountField,
    LineField,
    NoteField,
    PartialDateField,
    SentenceField,
    written_amount,
)
from partnerships.forms.names import find_person
from partnerships.models import (
    Commitment,
    Funding,
    Indicator,
    Organization,
    Party,
    Recurrence,
    access_of,
)
from partnerships.roles import Role

# What the next commitment of the same paper usually has in common with the one before.
HANDED_ON = ("owed_by", "owed_to", "due", "owner", "recurrence")
# Five questions and the proof make a commitment measurable; these stand folded below them.
FOLDED = (
    "owed_to",
    "owner",
    "contact",
    "starts_on",
    "recurrence",
    "cumulative",
    "baseline",
    "funding",
    "clause",
    "source",
)
_LARGEST_VERSION = 2**31 - 1
_DAY = {"whole": True, "widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}
# Which field an action's refusal is about, by its code.
_FIELD_OF = {
    "text": "text",
    "party": "owed_by",
    "due": "due",
    "whole": "target",
    "counted_already": "indicator",
    "commitment_due_after_it_starts": "due",
    "commitment_not_owed_to_oneself": "owed_to",
}


class PartyChoice(forms.ModelChoiceField):
    def label_from_instance(self, party):
        return party.organization.name


class IndicatorChoice(forms.ModelChoiceField):
    def label_from_instance(self, indicator):
        return f"{indicator} ({indicator.unit})"


class CommitmentForm(forms.Form):
    """What a person says of a commitment. ``agreement`` is the paper that it stands in."""

    use_required_attribute = False

    text = SentenceField(
        label=_("What is promised"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Begin with the verb: “Train 120 participants in welding”."),
        error_messages={"required": _("Say what is promised.")},
    )
    indicator = IndicatorChoice(
        label=_("Indicator"),
        queryset=Indicator.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label=pgettext_lazy("indicator", "not yet known"),
    )
    target = AmountField(label=_("Number promised"), required=False)
    due = PartialDateField(label=_("Due"), required=False, **_DAY)
    owed_by = PartyChoice(
        label=_("Who owes it"), queryset=Party.objects.none(), required=False, empty_label=_("not said")
    )
    proof_wanted = SentenceField(
        label=_("Proof wanted"),
        max_length=300,
        required=False,
        help_text=_("What will show that it was done: attendance list, certificates, photo."),
    )
    owed_to = PartyChoice(
        label=_("Owed to"), queryset=Party.objects.none(), required=False, empty_label=_("not said")
    )
    owner = forms.ModelChoiceField(
        label=_("Responsible office"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=_("the office of who owes it"),
    )
    contact = LineField(label=_("Contact person"), max_length=150, required=False)
    starts_on = PartialDateField(
        label=_("Reported from"),
        required=False,
        help_text=_("The first day that counts; without one, the day of signing."),
        **_DAY,
    )
    recurrence = forms.ChoiceField(
        label=_("A report is due"), choices=Recurrence.choices, initial=Recurrence.ONCE
    )
    cumulative = forms.TypedChoiceField(
        label=_("Each report gives"),
        choices=[("yes", _("the total so far")), ("no", _("only what was done in its period"))],
        coerce=lambda value: value == "yes",
        initial="yes",
    )
    baseline = AmountField(
        label=_("Baseline"), required=False, help_text=_("The number at the start, if there was one.")
    )
    funding = forms.ChoiceField(
        label=_("Source of funds"), choices=[("", _("not said")), *Funding.choices], required=False
    )
    clause = LineField(label=_("Clause of the paper"), max_length=60, required=False)
    source = forms.URLField(
        label=_("Public source"),
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("Where the public can read of it."),
    )

    def __init__(self, user, agreement, data=None, *, commitment=None, initial=None):
        self.user, self.agreement, self.commitment = user, agreement, commitment
        first = _as_typed(commitment) if commitment else self._first_shown()
        super().__init__(data, initial={**first, **(initial or {})})
        parties = Party.objects.filter(agreement=agreement).select_related("organization")
        self.fields["owed_by"].queryset = self.fields["owed_to"].queryset = parties
        self.fields["owner"].queryset = self._offices()

    # --- what is shown ------------------------------------------------------------------------

    @cached_property
    def _parties(self):
        return list(self.agreement.parties.select_related("organization"))

    @cached_property
    def _own_offices(self):
        access = access_of(self.user)
        writers = (Role.UNIT_OFFICER, Role.REGIONAL_OFFICER)
        return [posting.organization for posting in access.postings if posting.role in writers]

    def _first_shown(self):
        own = next((party for party in self._parties if self._own_office_of(party)), None)
        return {"owed_by": own.pk if own else None, "key": uuid.uuid4()}

    def _own_office_of(self, party):
        """The writer's own office if it is the party, acts for the party's region or lies below it."""
        for office in self._own_offices:
            same_region = office.region_id and office.region_id == party.organization.region_id
            if party.organization_id in {office.pk, office.parent_id} or same_region:
                return office
        return None

    def _offices(self):
        """Who may answer for it: the parties, the offices below them, and the writer's own."""
        below = Organization.objects.subtree_ids(party.organization_id for party in self._parties)
        near = Q(pk__in=below | {office.pk for office in self._own_offices})
        near &= Q(closed_on=None) | Q(closed_on__gt=timezone.localdate())
        standing = Q(pk=self.commitment.owner_id if self.commitment else None)
        return Organization.objects.filter(near | standing).order_by("name")

    @property
    def is_folded_open(self):
        """Whether the folded part holds something to see."""
        if self.commitment or any(self.errors.get(name) for name in FOLDED):
            return True
        usual = {"recurrence": Recurrence.ONCE, "cumulative": "yes"}
        return any(self[name].value() not in (None, "", usual.get(name)) for name in FOLDED)

    # --- what was said ------------------------------------------------------------------------

    def clean_source(self):
        source = self.cleaned_data["source"]
        if source and not source.startswith(("https://", "http://")):
            raise ValidationError(_("Give an address that begins with https://."), code="scheme")
        return source

    def clean(self):
        said = self.cleaned_data
        indicator = said.get("indicator")
        if indicator and indicator.is_money and not said.get("funding") and said.get("target"):
            self.add_error("funding", _("Say where the money comes from."))
        owed_by = said.get("owed_by")
        if owed_by and owed_by == said.get("owed_to"):
            self.add_error("owed_to", _("A party can't owe something to itself. Choose another one."))
        if owed_by and not said.get("owner") and "owner" not in self.errors:
            said["owner"] = self._own_office_of(owed_by) or owed_by.organization
        return said

    def entry(self):
        """What the writer says; a contact that nobody has named before is not saved yet."""
        said = self.cleaned_data
        names = set(CommitmentEntry.__dataclass_fields__) - {"contact"}
        standing = self.commitment.contact if self.commitment else None
        return CommitmentEntry(
            **{name: said[name] for name in names},
            contact=find_person(said["contact"], said["owner"], standing),
        )

    def refuse(self, refusal):
        """Put what the action refused at its field."""
        self.add_error(_FIELD_OF.get(getattr(refusal, "code", None)), ValidationError(refusal.messages))


class NewCommitmentForm(CommitmentForm):
    """A commitment that nobody has logged yet.

    ``params`` are the address's: what it has in common with the one before; what can't stand in its
    field is named in ``problems`` and left out.
    """

    key = forms.UUIDField(label=_("Form"), widget=forms.HiddenInput)

    def __init__(self, user, agreement, data=None, params=None):
        if data is not None:
            data = data.copy()
            try:
                uuid.UUID(data.get("key", ""))
            except ValueError:
                # A form that lost its key gets one, or it could never be sent.
                data["key"] = str(uuid.uuid4())
        super().__init__(user, agreement, data)
        self.problems = []
        for name in HANDED_ON if data is None else ():
            self._take_over(name, (params or {}).get(name, ""))

    def _take_over(self, name, value):
        if not value:
            return
        field = self.fields[name]
        try:
            field.clean(value)
        except ValidationError:
            said = {"value": value[:60], "field": field.label}
            self.problems.append(
                gettext("“%(value)s” can't stand in “%(field)s”; the page goes on without it.") % said
            )
        else:
            self.initial[name] = value

    def handed_on(self):
        """What the next commitment of the paper has in common with this one, as parameters."""
        return {name: value for name in HANDED_ON if (value := self.data.get(name, ""))}


class CommitmentChangeForm(CommitmentForm):
    """A commitment that stands already; ``version`` is the one that the writer read."""

    version = forms.IntegerField(
        label=_("Version"), min_value=0, max_value=_LARGEST_VERSION, widget=forms.HiddenInput
    )
    reason = SentenceField(
        label=_("Reason for the change"),
        max_length=500,
        required=False,
        help_text=_("Stays in the history, beside your name."),
    )

    def __init__(self, user, commitment, data=None):
        if data is not None:
            data = data.copy()
            version = data.get("version", "")
            if not (version.isascii() and version.isdigit()):
                # Without a version nothing is known of what the writer read: both will be shown.
                data["version"] = "0"
        super().__init__(user, commitment.agreement, data, commitment=commitment)

    def over(self, current):
        """What was typed, now written over the version that stands."""
        form = CommitmentChangeForm(self.user, current, self.data)
        form.data["version"] = str(current.version)
        return form

    def differences(self, current):
        """Field by field, only where what was typed differs from what stands."""
        found = []
        mine, theirs = _in_words(self.entry()), _in_words(current)
        for label, text in mine.items():
            if text != theirs[label]:
                sides = [[Said(side, alone=True)] if side else [] for side in (text, theirs[label])]
                found.append(Difference(label, *sides))
        return found


class WithdrawForm(Decision):
    """A commitment that is owed no longer."""

    reason = NoteField(
        label=_("Reason"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the ledger with this reason; it counts in no rate from now on."),
        error_messages={"required": _("Say why the commitment is withdrawn.")},
    )

    def __init__(self, commitment, *args, **kwargs):
        super().__init__(*args, initial={"version": commitment.version}, **kwargs)

    def refuse(self, refusal):
        self.add_error("reason" if getattr(refusal, "code", None) == "reason" else None, refusal)


class ReportingDateForm(forms.Form):
    """A day on which a report shall be due besides the regular ones."""

    use_required_attribute = False

    due_on = PartialDateField(label=_("Report due on"), **_DAY)


def _as_typed(commitment: Commitment):
    """The commitment as its writer would type it."""
    names = ("text", "target", "due", "proof_wanted", "starts_on", "recurrence", "baseline", "funding")
    initial = {name: getattr(commitment, name) for name in (*names, "clause", "source", "version")}
    return {
        **initial,
        "indicator": commitment.indicator.slug if commitment.indicator else None,
        "owed_by": commitment.owed_by_id,
        "owed_to": commitment.owed_to_id,
        "owner": commitment.owner_id,
        "contact": str(commitment.contact) if commitment.contact else "",
        "cumulative": "yes" if commitment.cumulative else "no",
    }


def _in_words(said):
    """Each field of an entry or a commitment as a text, under its label."""

    def party(row):
        return row.organization.name if row else ""

    return {
        _("What is promised"): said.text,
        _("Indicator"): str(said.indicator or ""),
        _("Number promised"): _number(said.target),
        _("Due"): str(said.due or ""),
        _("Who owes it"): party(said.owed_by),
        _("Proof wanted"): said.proof_wanted,
        _("Owed to"): party(said.owed_to),
        _("Responsible office"): str(said.owner or ""),
        _("Contact person"): str(said.contact or ""),
        _("Reported from"): str(said.starts_on or ""),
        _("A report is due"): str(Recurrence(said.recurrence).label),
        _("Each report gives"): str(
            _("the total so far") if said.cumulative else _("only what was done in its period")
        ),
        _("Baseline"): _number(said.baseline),
        _("Source of funds"): str(Funding(said.funding).label) if said.funding else "",
        _("Clause of the paper"): said.clause,
        _("Public source"): said.source,
    }


def _number(value):
    return "" if value is None else written_amount(value)
