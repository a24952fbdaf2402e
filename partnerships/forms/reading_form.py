"""What was read off a naskah, field by field, for a person to take over or leave."""

import dataclasses
import uuid

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.forms.fields import CountField, LineField, PartialDateField
from partnerships.forms.names import KnownOrganizations, NameRefused
from partnerships.forms.reading_words import COMPUTED, how_sure, in_words, written_day
from partnerships.imports.lookups import Themes
from partnerships.imports.naskah import SIGNING, SURE, Proposal, proposals_from
from partnerships.models import AgreementKind, Capacity, Organization, TextState

# A paper has so many parties at most that are asked about here; the next page takes more.
MOST_PARTIES = 6
AS_NEW = "new"
_LONGEST_CONTACT = 200


class ReadingUploadForm(forms.Form):
    """A file that shall be read. What it is, is found out by looking into it."""

    file = forms.FileField(
        label=_("File of the naskah"),
        allow_empty_file=True,
        help_text=_("PDF, or JPG or PNG of one page; at most 50 MB."),
        error_messages={"required": _("Choose a file."), "invalid": _("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
    )
    # One key for each form: a retry after a lost answer reads the file once.
    key = forms.UUIDField(label=_("Form"), widget=forms.HiddenInput, initial=uuid.uuid4)


@dataclasses.dataclass
class Row:
    """One value on the page: its field and its tick, and where it was read.

    ``meant`` asks which organisation of the register a name stands for.
    """

    field: forms.BoundField
    take: forms.BoundField
    proposal: Proposal
    sure: tuple
    problems: list = dataclasses.field(default_factory=list)
    meant: forms.BoundField | None = None
    known: Organization | None = None

    @property
    def quote(self):
        """The sentence in three parts: before, the value where it stands so, after."""
        sentence, value = self.proposal.sentence, str(self.proposal.value)
        start = sentence.casefold().find(value.casefold())
        if start < 0 or len(sentence.casefold()) != len(sentence):
            return sentence, "", ""
        return sentence[:start], sentence[start : start + len(value)], sentence[start + len(value) :]


class ConfirmForm(forms.Form):
    """A tick and a value for everything that was read. What is not ticked is not looked at.

    ``data`` are the answers of before, or those that are sent; without them the page shows what was read,
    ticked where the reader is sure and nothing speaks against it.
    """

    use_required_attribute = False

    def __init__(self, reading, user, data=None):
        self.reading, self.user = reading, user
        self.read = proposals_from(reading.proposals["read"])
        self._proposals, self._sure, self._near, self.known = {}, {}, {}, {}
        super().__init__(data)
        self._add_paper()
        for number, party in enumerate(self.parties):
            self._add_party(number, party)
        self._add_term()
        self._add_themes()

    @property
    def parties(self):
        return self.read.parties[:MOST_PARTIES]

    @property
    def state(self):
        """How far the pages could be read."""
        return TextState(self.reading.proposals["state"])

    # --- fields -----------------------------------------------------------------------------------

    def _add_paper(self):
        read = self.read
        self._add(
            "kind", forms.ChoiceField(label=_("Kind of paper"), choices=AgreementKind.choices), read.kind
        )
        self._add("title", LineField(label=_("Title"), max_length=400), read.title)
        self._add("signed", PartialDateField(label=_("Date of signing")), _as_day(read.signed))
        self._add("place", LineField(label=_("Place of signing"), max_length=200), read.place)

    def _add_party(self, number, party):
        add = lambda name, made, proposal: self._add(f"party-{number}-{name}", made, proposal)  # noqa: E731
        add("organization", LineField(label=_("Organisation"), max_length=200), party.organization)
        self._add_meaning(number, party.organization)
        add("number", LineField(label=_("Its number of the paper"), max_length=120), party.number)
        add("person", LineField(label=_("Who signs"), max_length=150), party.person)
        add("post", LineField(label=_("Post"), max_length=200), party.post)
        add("capacity", forms.ChoiceField(label=_("Capacity"), choices=_CAPACITIES), party.capacity)
        add("on_behalf_of", LineField(label=_("On behalf of"), max_length=200), party.on_behalf_of)
        add("letter", LineField(label=_("Letter of authority"), max_length=200), party.letter)
        contact = LineField(label=_("How to reach the contact"), max_length=_LONGEST_CONTACT)
        add("contact", contact, contact_of(party))

    def _add_meaning(self, number, proposal):
        """Which organisation is meant: the one of that name, or one of those near to it, or a new one."""
        if not proposal:
            return
        try:
            self.known[number] = self._organizations.find(
                without_republic(proposal.value, self._organizations)
            )
        except NameRefused as refusal:
            near = [(name, name) for name in refusal.near]
            choices = [*near, (AS_NEW, _("none of these: register it as new"))]
            self._near[number] = f"party-{number}-meant"
            self.fields[self._near[number]] = forms.ChoiceField(
                label=_("Which one is meant"), choices=choices, widget=forms.RadioSelect, required=False
            )

    def _add_term(self):
        read = self.read
        self._add(
            "duration_months",
            CountField(label=_("Duration as said, in months"), most=1200),
            read.duration_months,
        )
        self._add("starts", PartialDateField(label=_("Begins")), self._start())
        self._add("ends", PartialDateField(label=_("Ends")), _as_day(read.ends))
        label = _("End, if it is counted from the beginning")
        self._add("derived_end", PartialDateField(label=label), _as_day(read.derived_end), sure=COMPUTED)

    def _start(self):
        """The day on which it begins: for a paper that begins when it is signed, the day of signing."""
        read = self.read
        if read.starts.value != SIGNING:
            return _as_day(read.starts)
        if not read.signed:
            return Proposal(None)
        sure = min(read.starts.sure, read.signed.sure)
        return _as_day(
            dataclasses.replace(
                read.starts, value=read.signed.value, sure=sure, problems=read.signed.problems
            )
        )

    def _add_themes(self):
        """A tick for each theme of which a word stands in the scope; the words stay in the file."""
        themes = Themes()
        self.themes = {}
        for item in self.read.scope:
            exact = themes.find(item.value)
            for theme in [exact] if exact else themes.within(item.value):
                self.themes.setdefault(f"theme-{theme.slug}", (theme, item, bool(exact)))
        for name, (theme, item, exact) in self.themes.items():
            sure = item.sure if exact else min(item.sure, 0.8)
            self.fields[name] = forms.BooleanField(label=str(theme), required=False, initial=sure >= SURE)

    def _add(self, name, made, proposal, sure=None):
        if not proposal:
            return
        made.required = False
        made.initial = proposal.value
        self._proposals[name] = proposal
        self._sure[name] = sure or how_sure(proposal)
        self.fields[name] = made
        ticked = sure is None and proposal.sure >= SURE and not proposal.problems
        self.fields[f"{name}-take"] = forms.BooleanField(label=_("Take over"), required=False, initial=ticked)

    @cached_property
    def _organizations(self):
        return KnownOrganizations(Organization.objects.visible_to(self.user))

    # --- the page ---------------------------------------------------------------------------------

    def row(self, name):
        proposal = self._proposals[name]
        problems = [in_words(problem) for problem in proposal.problems]
        row = Row(self[name], self[f"{name}-take"], proposal, self._sure[name], problems)
        _prefix, _dash, rest = name.partition("-")
        number = int(rest.partition("-")[0]) if rest.endswith("-organization") else None
        if number in self._near:
            row.meant = self[self._near[number]]
            row.problems.append(gettext("This name is not in the register."))
        row.known = self.known.get(number)
        return row

    def rows(self, *names):
        return [self.row(name) for name in names if name in self._proposals]

    @property
    def paper_rows(self):
        return self.rows("kind", "title", "signed", "place")

    @property
    def term_rows(self):
        return self.rows("duration_months", "starts", "ends", "derived_end")

    @property
    def party_rows(self):
        """The rows of each party, in the order of the paper."""
        return [
            self.rows(*(f"party-{number}-{name}" for name in PARTY_FIELDS))
            for number in range(len(self.parties))
        ]

    @property
    def theme_rows(self):
        """(tick, item of the scope) of each theme."""
        return [(self[name], item) for name, (_theme, item, _exact) in self.themes.items()]

    # --- what was taken ---------------------------------------------------------------------------

    def clean(self):
        for name in self._proposals:
            if not self.is_taken(name):
                # Nobody has looked at it, so nothing of it is wrong.
                self._errors.pop(name, None)
                self.cleaned_data.pop(name, None)
        for number, name in self._near.items():
            if self.is_taken(f"party-{number}-organization") and not self.cleaned_data.get(name):
                self.add_error(name, _("Say which one is meant, or leave the organisation out."))
        if self.is_taken("ends") and self.is_taken("derived_end"):
            self.add_error("derived_end", _("The naskah names an end: take one of the two."))
        return self.cleaned_data

    def is_taken(self, name):
        return bool(self.cleaned_data.get(f"{name}-take"))

    def taken(self, name):
        """The value that was taken over, or None."""
        return (
            self.cleaned_data.get(name) or None if name in self._proposals and self.is_taken(name) else None
        )

    @property
    def answers(self):
        """What was sent, as texts by the name of the field, to be read again by the next page."""
        return {name: self.data[name] for name in self.fields if name in self.data}


PARTY_FIELDS = ("organization", "number", "person", "post", "capacity", "on_behalf_of", "letter", "contact")
_CAPACITIES = [choice for choice in Capacity.choices if choice[0]]


def contact_of(party):
    """Whom to reach and how, in one line as the register keeps it; what does not fit stays in the file."""
    parts = (party.contact_name, party.contact_phone, party.contact_email, party.contact_address)
    found = [part for part in parts if part]
    if not found:
        return Proposal(None)
    line = found[0].value
    for part in found[1:]:
        if len(f"{line}, {part.value}") <= _LONGEST_CONTACT:
            line = f"{line}, {part.value}"
    first = min(found, key=lambda part: part.sure)
    return Proposal(line, found[0].sentence, found[0].page, first.sure)


def without_republic(name, organizations):
    """A name as the register has it: many leave "Republik Indonesia" away."""
    short = name.removesuffix(" Republik Indonesia")
    return short if short != name and not organizations.knows(name) else name


def _as_day(proposal):
    return dataclasses.replace(proposal, value=written_day(proposal.value)) if proposal else proposal
