"""The page on which a paper is written: its own fields and the rows of its parts, read together."""

import re

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.actions.record import AgreementRecord, PartyLine, SignatoryLine, TermLine
from partnerships.forms.lines import MOST_ROWS, PartyLines, SignatoryLines, TermLines
from partnerships.forms.names import KnownOrganizations, find_person
from partnerships.models import Organization
from partnerships.permissions import Action, can, check_own_unit_is_party

PARTS = {"parties": PartyLines, "signatories": SignatoryLines, "terms": TermLines}
_PICKED = re.compile(r"parties-(\d{1,2})=(.{1,200})", re.DOTALL)


class Sheet:
    """What was typed about a paper, from the page's first showing to its record.

    ``form`` holds the paper's own fields; ``parties``, ``signatories`` and ``terms`` its rows.
    With ``unread`` the page shows what was typed and judges nothing: a row is only being added.
    """

    form_class: type

    def __init__(self, user, data=None, *, agreement=None, initial=None):
        self.user, self.agreement = user, agreement
        self.data = data
        self.unread = False
        self._new_people = {}
        initial = initial or {}
        if data is not None:
            self.data = self._with_help(data.copy())
        self.form = self.form_class(user, self.data, agreement=agreement, unread=self.unread, initial=initial)
        self.parties = self._rows("parties", initial, **self._about_parties())
        self.signatories = self._rows("signatories", initial, parties=self._party_choices())
        self.terms = self._rows("terms", initial)

    # --- what is shown ------------------------------------------------------------------------

    @property
    def formsets(self):
        return [self.parties, self.signatories, self.terms]

    def _rows(self, part, initial, **more):
        return PARTS[part](
            self.data,
            prefix=part,
            initial=initial.get(part, []),
            form_kwargs={"standing": self._standing[part], "unread": self.unread, **more},
        )

    @cached_property
    def _standing(self):
        """The paper's rows by id, of each part."""
        if not self.agreement:
            return {part: {} for part in PARTS}
        return {
            "parties": self.agreement.parties.select_related("organization", "contact").in_bulk(),
            "signatories": self.agreement.signatories.select_related("person").in_bulk(),
            "terms": self.agreement.terms.in_bulk(),
        }

    def _about_parties(self):
        return {
            "organizations": KnownOrganizations(Organization.objects.visible_to(self.user)),
            "may_add": can(self.user, Action.CHANGE_ORGANIZATION),
        }

    def blank_row(self, part, index):
        """One more row of a part, as the page adds it."""
        more = {"parties": self._about_parties(), "signatories": {"parties": self._party_choices()}}
        return PARTS[part].form(prefix=f"{part}-{index}", **more.get(part, {}))

    def _party_choices(self):
        """The rows of parties as a signatory may choose them: "1. Pemerintah Kabupaten Asahan"."""
        choices = []
        for index, row in enumerate(self.parties.forms):
            name = row.typed("organization") or gettext("party %(number)s") % {"number": index + 1}
            choices.append((str(index), f"{index + 1}. {name}"[:90]))
        return choices

    def _with_help(self, data):
        """Do what the small buttons of the page ask: one more row, or a name that was picked."""
        part = data.get("add")
        if part in PARTS:
            total = data.get(f"{part}-TOTAL_FORMS", "")
            if total.isascii() and total.isdigit() and len(total) < 4:
                data[f"{part}-TOTAL_FORMS"] = str(min(int(total) + 1, MOST_ROWS))
            self.unread = True
        if picked := _PICKED.fullmatch(data.get("pick", "")):
            data[f"parties-{picked[1]}-organization"] = picked[2]
        return data

    @property
    def only_looks(self):
        """Whether the page was sent to be shown again, not to be saved."""
        return self.unread or "pick" in self.data

    # --- what was said ------------------------------------------------------------------------

    def is_valid(self):
        valid = all([self.form.is_valid(), *(rows.is_valid() for rows in self.formsets)])
        if valid:
            self._judge_together()
        return self.form.is_valid() and all(rows.is_valid() for rows in self.formsets)

    def _judge_together(self):
        """What only the fields together can say."""
        rows = self.parties.said
        organizations = [row.cleaned_data["organization"] for row in rows]
        for row in self.signatories.said:
            if row.cleaned_data["party"] and self._party_of(row) is None:
                row.add_error("party", _("That row of the parties is empty or removed."))
        names = [organization.pk or organization.name.casefold() for organization in organizations]
        for index, row in enumerate(rows):
            if names[index] in names[:index]:
                row.add_error("organization", _("This organisation stands among the parties twice."))
        if not rows:
            self.form.add_error(None, _("Name at least one party."))
            return
        try:
            check_own_unit_is_party(self.user, organizations)
        except PermissionDenied as refusal:
            self.form.add_error(None, str(refusal))

    def refuse(self, refusal):
        """Put what an action refused on top of the page."""
        self.form.add_error(None, ValidationError(refusal.messages))

    @cached_property
    def _party_lines(self):
        """The parties; a row of the paper goes with its organisation when names were exchanged."""
        rows = self.parties.said
        row_of = {party.organization_id: pk for pk, party in self._standing["parties"].items()}
        claimed = {row_of.get(row.cleaned_data["organization"].pk) for row in rows}
        lines = []
        for row in rows:
            said = row.cleaned_data
            own = said["id"] if said["id"] not in claimed else None
            standing = self._standing["parties"].get(said["id"])
            lines.append(
                PartyLine(
                    organization=said["organization"],
                    number=said["number"],
                    contact=self._person(
                        said["contact"], said["organization"], standing and standing.contact
                    ),
                    contact_details=said["contact_details"],
                    pk=row_of.get(said["organization"].pk) or own,
                )
            )
        return lines

    def _party_of(self, row):
        """The organisation of the party row that a signatory's row names, or None."""
        index = row.cleaned_data.get("party")
        if not index:
            return None
        party = self.parties.forms[int(index)]
        return party.cleaned_data.get("organization") if party.is_said else None

    def _person(self, typed, organization, standing):
        """Who is meant; one new person for one name at one organisation, however often it is typed."""
        person = find_person(typed, organization, standing)
        if person is None or person.pk:
            return person
        key = (typed.casefold(), organization.name if organization else None)
        return self._new_people.setdefault(key, person)

    def record(self):
        """What the writer says of the paper; new organisations and people in it are not saved yet."""
        said = self.form.cleaned_data
        return AgreementRecord(
            **{
                name: said[name]
                for name in ("kind", "title", "signed", "place", "event", "represents", "certainty")
            },
            implements=said["implements"],
            renews=said["renews"],
            themes=list(said["themes"]),
            work_regions=said["work_regions"],
            parties=self._party_lines,
            signatories=[self._signatory_line(row) for row in self.signatories.said],
            terms=[self._term_line(row) for row in self.terms.said],
        )

    def _signatory_line(self, row):
        said, organization = row.cleaned_data, self._party_of(row)
        standing = self._standing["signatories"].get(said["id"])
        return SignatoryLine(
            person=self._person(said["person"], organization, standing and standing.person),
            post=said["post"],
            organization=organization,
            capacity=said["capacity"],
            on_behalf_of=said["on_behalf_of"],
            letter=said["letter"],
            presence=said["presence"],
            pk=said["id"],
        )

    @staticmethod
    def _term_line(row):
        said = row.cleaned_data
        names = ("starts", "ends", "ends_open", "duration_months", "reason", "closed_because")
        return TermLine(**{name: said[name] for name in names}, pk=said["id"])
