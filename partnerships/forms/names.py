"""Which organisation, region or person a typed name means. Nothing is guessed: a name that is not
known, or that several share, is refused with the names near to it."""

import re

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process, utils

from partnerships.imports.cells import NotUnderstood
from partnerships.imports.places import Regions
from partnerships.models import Organization, OrganizationAlias, Person
from partnerships.models.kinds import GOVERNMENT_KINDS

NEAR_NAMES = 5
_NEAR_ENOUGH = 60
# A name that is much farther than the nearest one is not meant.
_FARTHER = 8
# A page of nothing but unknown names is no slip of the pen; looking for what is near takes time.
_MOST_ANSWERED = 10
MOST_REGIONS = 60
_GOVERNMENT_OF = [
    (re.compile(r"(?:pemerintah provinsi|pemprov)\.? ", re.IGNORECASE), "Provinsi "),
    (re.compile(r"(?:pemerintah kabupaten|pemkab)\.? ", re.IGNORECASE), "Kabupaten "),
    (re.compile(r"(?:pemerintah kota|pemkot)\.? ", re.IGNORECASE), "Kota "),
    (re.compile(r"(?:pemerintah daerah|pemda|pemerintah)\.? ", re.IGNORECASE), ""),
]
_TITLE_BEFORE = re.compile(r"(?:prof|dr|drg|drh|ir|h|hj|drs|dra|kh|tgh|hc|apt)\.?", re.IGNORECASE)
_TITLE_AFTER = re.compile(r"(?:[A-Z][A-Za-z]{0,6}\. ?)+(?:[A-Z][A-Za-z]{0,6})?|[A-Z]{2,5}")


class NameRefused(ValidationError):
    """No single organisation has the typed name; ``near`` are names to choose instead."""

    def __init__(self, message, typed, near):
        super().__init__(message, code="name", params={"name": typed})
        self.near = near


class KnownOrganizations:
    """The organisations that a writer may name, found by what people call them.

    One for each page: what it learns of names and regions serves every row.
    """

    def __init__(self, among):
        self._among = among
        self._unknown = 0

    def find(self, typed, standing=None):
        """The one organisation of that name, short name, alias or code, or the region's government.

        ``standing`` stands on the row already and keeps its place when another one has the same
        name. Raises NameRefused.
        """
        if standing and typed.casefold() in {standing.name.casefold(), standing.short_name.casefold()}:
            return standing
        found = (
            list(self._among.called(typed)[: NEAR_NAMES + 1])
            or list(self._among.filter(slug=typed.casefold()))
            or self._governments(typed)
        )
        if len(found) == 1:
            return found[0]
        if found:
            raise NameRefused(
                _("Several organisations are called “%(name)s”. Choose one."),
                typed,
                [_distinct_name(each, found) for each in found[:NEAR_NAMES]],
            )
        self._unknown += 1
        near = self.near(typed) if self._unknown <= _MOST_ANSWERED else []
        raise NameRefused(
            _("“%(name)s” is not in the list of organisations."), typed, [each.name for each in near]
        )

    def knows(self, typed):
        """Whether some organisation has that name, short name or alias."""
        return self._among.called(typed).exists()

    def _governments(self, typed):
        """The government of the region that "Kab. Asahan" or "Pemda Asahan" means."""
        text = typed
        for prefix, kind in _GOVERNMENT_OF:
            if match := prefix.match(text):
                text = kind + text[match.end() :]
                break
        try:
            region = self._regions.find(text)
        except NotUnderstood:
            return []
        return list(self._among.filter(kind__in=GOVERNMENT_KINDS, region=region))

    @cached_property
    def _regions(self):
        return Regions()

    @cached_property
    def _names(self):
        """Every name, short name and alias, as (id, name): name."""
        names = {
            (pk, text): text
            for pk, *texts in self._among.values_list("pk", "name", "short_name")
            for text in texts
            if text
        }
        aliases = OrganizationAlias.objects.filter(organization__in=self._among)
        return names | {(pk, text): text for pk, text in aliases.values_list("organization", "name")}

    def near(self, typed):
        """The organisations that are called almost so, nearest first."""
        hits = process.extract(
            typed,
            self._names,
            scorer=fuzz.WRatio,
            processor=utils.default_process,
            limit=4 * NEAR_NAMES,
            score_cutoff=_NEAR_ENOUGH,
        )
        nearest = [key[0] for _text, score, key in hits if score > hits[0][1] - _FARTHER]
        nearest = list(dict.fromkeys(nearest))[:NEAR_NAMES]
        known = Organization.objects.in_bulk(nearest)
        return [known[pk] for pk in nearest]

    def with_words(self, typed, most=20):
        """The organisations in whose names every typed word occurs."""
        found = self._among
        for word in typed.split()[:8]:
            found = found.filter(
                Q(name__icontains=word) | Q(short_name__icontains=word) | Q(aliases__name__icontains=word)
            )
        return list(found.distinct().order_by(Lower("name"))[:most])


def _distinct_name(organization, others):
    alike = [each for each in others if each.name.casefold() == organization.name.casefold()]
    return organization.slug if len(alike) > 1 else organization.name


def find_regions(typed):
    """The regions that the lines of a text name, each once. Raises ValidationError."""
    lines = [line for line in typed.split("\n") if line]
    if len(lines) > MOST_REGIONS:
        raise ValidationError(
            _("Name at most %(most)d regions here."), code="many", params={"most": MOST_REGIONS}
        )
    # Learning 552 regions with their spellings takes a fifth of a second.
    regions = Regions() if lines else None
    found = {}
    refusals = []
    for line in lines:
        try:
            region = regions.find(line)
            found[region.code] = region
        except NotUnderstood as refusal:
            refusals.append(ValidationError(str(refusal), code="region"))
    if refusals:
        raise ValidationError(refusals)
    return list(found.values())


def find_person(typed, organization, standing=None):
    """The person of that name who stands on the line, or who has signed or been the contact for the
    same organisation before; else somebody new, not yet saved. Two of one name are two people."""
    if not typed:
        return None
    person = _person_from(typed)
    if standing and (str(standing) == str(person) or standing.name == typed):
        return standing
    if organization and organization.pk:
        known = Person.objects.filter(
            Q(signatures__party__organization=organization) | Q(contact_for__organization=organization),
            name__iexact=person.name,
        )
        found = list(known.distinct()[:2])
        if len(found) == 1:
            return found[0]
    return person


def _person_from(typed):
    """An unsaved person with the titles apart from the name: "Dr. H. Nama Orang, S.H., M.Si."."""
    name, *after = [part.strip() for part in typed.split(",")]
    if not name or not all(_TITLE_AFTER.fullmatch(part) for part in after):
        return Person(name=typed)
    words = name.split()
    before = []
    while len(words) > 1 and _TITLE_BEFORE.fullmatch(words[0]):
        before.append(words.pop(0))
    person = Person(name=" ".join(words), title_before=" ".join(before), title_after=", ".join(after))
    if len(person.title_before) > 40 or len(person.title_after) > 60:
        return Person(name=typed)
    return person
