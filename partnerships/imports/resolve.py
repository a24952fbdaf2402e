"""What a row says becomes a record: whom it means, and which source says each value."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.actions.record import (
    AgreementRecord,
    CommitmentLine,
    Entry,
    FactLine,
    PartyLine,
    SignatoryLine,
    TermLine,
)
from partnerships.imports.cells import as_said, listed, listed_with_gaps
from partnerships.imports.lookups import Events, People, Themes
from partnerships.imports.notes import facts_of_note
from partnerships.imports.partners import Partners
from partnerships.imports.places import Regions
from partnerships.imports.rows import Said
from partnerships.imports.units import Units
from partnerships.imports.vocabulary import CAPACITIES
from partnerships.lifecycle import Status
from partnerships.models import Capacity, FactField, FactFlag
from partnerships.models.kinds import GOVERNMENT_KINDS, OrganizationKind

# The cells that are facts as they stand; dates, terms and lists are told in words of their own.
_FACTS_OF_CELLS = {
    "instrument_kind": FactField.KIND,
    "title": FactField.TITLE,
    "number_kemnaker": FactField.NUMBER,
    "number_partner": FactField.NUMBER,
    "partner_name": FactField.PARTNER,
    "kemnaker_unit": FactField.UNIT,
    "region_name": FactField.REGION,
    "place": FactField.PLACE,
    "commitments": FactField.COMMITMENTS,
    "event": FactField.EVENT,
}
_ACT_FOR_A_REGION = {*GOVERNMENT_KINDS, OrganizationKind.REGIONAL_OFFICE}


@dataclass
class Draft:
    """The record that a row would write; its organisations, people and event may be unsaved."""

    said: Said
    record: AgreementRecord
    entry: Entry


class Resolver:
    """Turns rows into drafts with the reference data and the partners that the portal has."""

    def __init__(self, source, names):
        self.source = source
        self.regions = Regions()
        self.units = Units()
        self.partners = Partners(self.regions)
        self.themes = Themes()
        self.events = Events()
        self.people = People(names)

    def draft(self, said):
        """The draft of a row; whatever can't be resolved is added to the row's refusals."""
        signed = said.date if said.status != Status.PROPOSED else None
        record = AgreementRecord(
            kind=said.kind,
            title=said.cell("title"),
            signed=signed,
            place=said.cell("place"),
            certainty=said.certainty,
            commitments=[
                CommitmentLine(text, source=_first_address(said.sources))
                for text in listed(said.cell("commitments"))
            ],
        )
        units = self._units(said)
        partners, record.represents = self._partners(said)
        record.parties = self._parties(said, units, partners)
        record.work_regions = self._work_regions(said, partners)
        record.signatories = [
            *self._signatories(said, "signatory_kemnaker", units),
            *self._signatories(said, "signatory_partner", partners),
        ]
        if said.duration_months or said.ends or said.ends_open:
            record.terms = [
                TermLine(ends=said.ends, ends_open=said.ends_open, duration_months=said.duration_months)
            ]
        if event := said.cell("event"):
            record.event = self.events.find(event)
        record.themes, unknown_words = self._themes(said)
        record.facts = self._facts(said, record, unknown_words)
        return Draft(said, record, self._entry(said, signed))

    def _entry(self, said, signed):
        status = said.status
        if signed and signed.earliest > timezone.localdate():
            status = Status.SCHEDULED
            said.warn(
                "date_signed",
                _("%(date)s is still to come: the paper is entered as to be signed.") % {"date": signed},
            )
        return Entry(
            status=status,
            external_source=self.source,
            external_id=said.external_id,
        )

    def _units(self, said):
        units = []
        for text in listed(said.cell("kemnaker_unit")):
            if found := said.attempt("kemnaker_unit", self.units.find, text):
                unit, warning = found
                if warning:
                    said.warn("kemnaker_unit", warning)
                if unit not in units:
                    units.append(unit)
        # A paper that names no unit is still the ministry's.
        return units or [self.units.ministry]

    def _partners(self, said):
        """The organisations of the cell in their order, and how many papers the row stands for."""
        names = listed(said.cell("partner_name"))
        partners, papers = [], 0
        if not names:
            said.refuse("partner_name", _("The cell holds separators and no name."))
        for position, name in enumerate(names):
            kinds = self._kinds_of(said, name, position, len(names))
            refused = len(said.refusals)
            found = said.attempt("partner_name", self.partners.find, name, kinds)
            if found is None:
                if len(said.refusals) == refused and len(names) > 1:
                    said.warn("partner_name", _("“%(name)s” names no partner.") % {"name": name})
                continue
            if found.warning:
                said.warn("partner_name", found.warning)
            if found.organization in partners:
                said.refuse(
                    "partner_name",
                    _("%(name)s stands among the partners twice.") % {"name": found.organization.name},
                )
                continue
            partners.append(found.organization)
            papers += found.papers if found.papers > 1 else 0
        return partners, max(papers, 1)

    def _kinds_of(self, said, name, position, count):
        """One type holds for the first partner, and for the others unless their names say more."""
        if len(said.partner_kinds) == count:
            return said.partner_kinds[position]
        if not said.partner_kinds:
            return ()
        if len(said.partner_kinds) > 1:
            if position == 0:
                said.refuse(
                    "partner_type",
                    _("Types: %(types)d, partners: %(partners)d. Give one type, or one for each.")
                    % {"types": len(said.partner_kinds), "partners": count},
                )
            return ()
        first = position == 0
        return said.partner_kinds[0] if first or not self.partners.says_its_kind(name) else ()

    @staticmethod
    def _parties(said, units, partners):
        def numbered(organizations, column):
            numbers = listed_with_gaps(said.cell(column))
            if len(numbers) > max(len(organizations), 1):
                said.refuse(
                    column,
                    _("Numbers: %(numbers)d, parties: %(parties)d. Give one number for each.")
                    % {"numbers": len(numbers), "parties": len(organizations)},
                )
            elif numbers and not organizations:
                said.warn(column, _("The number belongs to a partner that the row does not name."))
            numbers += [""] * len(organizations)
            return [
                PartyLine(organization, number=number)
                for organization, number in zip(organizations, numbers, strict=False)
            ]

        return [*numbered(units, "number_kemnaker"), *numbered(partners, "number_partner")]

    def _work_regions(self, said, partners):
        """Regions in which the work happens; those that a partner acts for are the partner's own."""
        acting = [
            self.regions.by_code[each.region_id]
            for each in partners
            if each.kind in _ACT_FOR_A_REGION and each.region_id
        ]
        places = []
        for text in listed(said.cell("region_name")):
            region = said.attempt("region_name", self.regions.find, text)
            if region is None:
                continue
            if not acting:
                places.append(region)
            elif not any(region.code in (own.code, own.parent_id) for own in acting):
                said.refuse(
                    "region_name",
                    _("%(region)s is not the region of the partner, which is %(partner)s.")
                    % {"region": region.name, "partner": ", ".join(own.name for own in acting)},
                )
        return places

    def _signatories(self, said, column, organizations):
        names = listed_with_gaps(said.cell(column))
        posts = listed_with_gaps(said.cell(f"{column}_position"))
        if names and posts and len(names) != len(posts):
            said.warn(
                f"{column}_position",
                _("Posts: %(posts)d, names: %(names)d; they are paired in their order.")
                % {"posts": len(posts), "names": len(names)},
            )
        count = max(len(names), len(posts))
        names, posts = names + [""] * (count - len(names)), posts + [""] * (count - len(posts))
        if count > 1 and len(organizations) > 1 and count != len(organizations):
            said.warn(column, _("It is not clear which signatory signed for which party."))
            organizations = []
        lines = []
        for position, (name, post) in enumerate(zip(names, posts, strict=True)):
            if not name and not post:
                continue
            signs_for = None
            if organizations:
                signs_for = organizations[position if count == len(organizations) else 0]
            capacity, behalf = _capacity(post)
            lines.append(
                SignatoryLine(
                    person=self.people.find(name, signs_for) if name else None,
                    post=post,
                    organization=signs_for,
                    capacity=capacity,
                    on_behalf_of=behalf,
                )
            )
        return lines

    def _themes(self, said):
        themes, unknown = [], []
        for word in listed(said.cell("themes")):
            theme = self.themes.find(word)
            if theme is None:
                unknown.append(word)
                said.warn(
                    "themes",
                    _("“%(word)s” is not in the list of themes; it is kept among the sources.")
                    % {"word": word},
                )
            elif theme not in themes:
                themes.append(theme)
        return themes, unknown

    def _facts(self, said, record, unknown_themes):
        sources = said.sources or [f"{self.source} {said.external_id}"]

        def fact(field, value, **more):
            return FactLine(field, value, "; ".join(sources), said.certainty, **more)

        facts = [
            fact(field, said.cell(column)) for column, field in _FACTS_OF_CELLS.items() if said.cell(column)
        ]
        if said.date:
            wrong = said.wrong_weekdays.get("date_signed")
            facts.append(
                fact(
                    FactField.SIGNED,
                    wrong or as_said(said.date),
                    in_force=record.signed is not None,
                    flag=FactFlag.WEEKDAY if wrong else FactFlag.NONE,
                )
            )
        for column in ("signatory_kemnaker", "signatory_partner"):
            who = [said.cell(column), said.cell(f"{column}_position")]
            if any(who):
                facts.append(fact(FactField.SIGNATORY, ", ".join(filter(None, who))))
        known = [word for word in listed(said.cell("themes")) if word not in unknown_themes]
        if known:
            facts.append(fact(FactField.THEMES, "; ".join(known)))
        facts += [fact(FactField.THEMES, word) for word in unknown_themes]
        if said.duration_months:
            duration = said.cell("duration_years")
            if duration[-1].isdigit():
                duration = f"{duration} tahun"
            facts.append(fact(FactField.TERM, duration))
        if said.ends or said.ends_open:
            facts.append(fact(FactField.TERM, as_said(said.ends) or said.cell("end_date")))
        if record.represents > 1:
            facts.append(fact(FactField.COUNT, str(record.represents)))
        if note := said.cell("conflict_note"):
            facts += facts_of_note(note, signed=said.date, sources=sources, certainty=said.certainty)
        return facts


def _first_address(sources):
    """The first source that the public can open."""
    return next((each for each in sources if each.startswith("https://") and len(each) <= 300), "")


def _capacity(post):
    """(capacity, on whose behalf) that the text of a post tells."""
    if not post:
        return Capacity.UNKNOWN, ""
    for pattern, capacity in CAPACITIES:
        if match := pattern.search(post):
            return capacity, match.groupdict().get("behalf", "").strip()
    return Capacity.DEFINITIVE, ""
