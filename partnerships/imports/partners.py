"""Which organisations a cell of partners means: known ones, governments of regions, or new ones.

Only a recorded name or alias links a row to a known partner. A name that merely looks like one, or
shares its acronym, becomes a partner of its own with a warning: nothing merges by itself.
"""

import re
from dataclasses import dataclass

from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from partnerships.imports.cells import NotUnderstood, fits
from partnerships.imports.vocabulary import (
    AGGREGATE,
    MOST_PAPERS_IN_ONE_RECORD,
    PARTNER_NOT_NAMED,
    SEVERAL_UNNAMED,
    name_key,
)
from partnerships.models import Organization, OrganizationAlias, OrganizationKind
from partnerships.models.kinds import GOVERNMENT_KINDS

_NEAR_ENOUGH = 90
_NAME = Organization._meta.get_field("name")

_REGION_KIND = r"(?:provinsi|propinsi|prov|kabupaten|kab|kota)"
_GOVERNMENT_NAMES = [
    (re.compile(rf"(?:pemerintah daerah|pemerintah|pemda) ({_REGION_KIND}\b.+)"), "{}"),
    (re.compile(r"pem(?:erintah )?prov(?:insi)? (.+)"), "provinsi {}"),
    (re.compile(r"pem(?:erintah )?kab(?:upaten)? (.+)"), "kabupaten {}"),
    (re.compile(r"pem(?:erintah )?kota? (.+)"), "kota {}"),
    (re.compile(r"(?:pemerintah daerah|pemda|pemerintah) (.+)"), "{}"),
    (re.compile(rf"({_REGION_KIND}\b.+)"), "{}"),
]
_GOVERNMENT = re.compile(rf"(?:pemerintah|pemda|pemprov|pemkab|pemkot|{_REGION_KIND})\b")
_OFFICE = re.compile(
    r"(?:dinas|disnaker\w*|badan|sekretariat daerah|bappeda|uptd|rsud)\b.*"
    r"\b(?P<region>(?:provinsi|prov\.?|kabupaten|kab\.?|kota) .+)",
    re.IGNORECASE,
)
_OFFICE_OF_A_REGION = re.compile(r"(?:dinas|disnaker\w*)\b", re.IGNORECASE)

# What a name itself says of its kind, when no column does.
_KIND_IN_NAME = [
    (
        re.compile(r"^(?:pt|cv|ud)\b|\b(?:corporation|corp|ltd|inc|gmbh|tbk|company)\b"),
        OrganizationKind.COMPANY,
    ),
    (
        re.compile(r"^(?:universitas|institut|politeknik|sekolah tinggi|uin|iain|akademi)\b"),
        OrganizationKind.UNIVERSITY,
    ),
    (re.compile(r"^(?:kementerian|kemen\w+)\b"), OrganizationKind.MINISTRY),
    (re.compile(r"^(?:yayasan|perkumpulan|lsm)\b"), OrganizationKind.NGO),
    (re.compile(r"^(?:asosiasi|himpunan|ikatan|persatuan|kamar dagang)\b"), OrganizationKind.ASSOCIATION),
    (re.compile(r"\bperusahaan\b"), OrganizationKind.COMPANY),
]


@dataclass
class Found:
    """An organisation for a name in a cell; an unsaved one is new. ``papers``: how many it stands for."""

    organization: Organization
    papers: int = 1
    warning: str = ""


class Partners:
    """The organisations on the other side of the table, known ones and those of this file."""

    def __init__(self, regions):
        self._regions = regions
        self._by_name, self._by_alias, self._governments, self._slugs = {}, {}, {}, set()
        self._labels, self._unit_names = {}, set()
        aliases = {}
        for pk, name in OrganizationAlias.objects.values_list("organization", "name"):
            aliases.setdefault(pk, []).append(name)
        for organization in Organization.objects.order_by():
            self._slugs.add(organization.slug)
            if organization.is_unit:
                self._unit_names |= {name_key(organization.name), name_key(organization.label)}
                continue
            if organization.kind in GOVERNMENT_KINDS:
                self._governments[organization.region_id] = organization
            self._learn(organization, aliases.get(organization.pk, ()))

    def _learn(self, organization, aliases=()):
        self._put(self._by_name, organization.name, organization)
        for name in filter(None, [organization.short_name, *aliases]):
            self._put(self._by_alias, name, organization)
        if not organization.collective and organization.kind not in GOVERNMENT_KINDS:
            self._labels[name_key(organization.name)] = organization.name

    @staticmethod
    def _put(index, name, organization):
        known = index.setdefault(name_key(name), [])
        if organization not in known:
            known.append(organization)

    def find(self, text, kinds):
        """The organisation that a name means, or None for "(mitra tidak dirinci)".

        ``kinds`` are those the row's type of partner allows; empty when it says nothing.
        Raises NotUnderstood.
        """
        if PARTNER_NOT_NAMED.fullmatch(text):
            return None
        if name_key(text) in self._unit_names:
            raise NotUnderstood(
                _("“%(text)s” is the ministry's own. Write it under kemnaker_unit.") % {"text": text}
            )
        if several := self._several(text, kinds):
            return several
        if known := self._known(text, kinds):
            return known
        if self._is_government(text, kinds):
            return self._government(text, kinds)
        if OrganizationKind.REGIONAL_OFFICE in kinds or (not kinds and self._is_office(text)):
            return self._regional_office(text)
        return self._new(text, kinds)

    def says_its_kind(self, text):
        """Whether a name is known or tells by itself what kind of partner it is."""
        key = name_key(text)
        return bool(
            key in self._by_name
            or key in self._by_alias
            or AGGREGATE.fullmatch(text)
            or SEVERAL_UNNAMED.fullmatch(text)
            or self._is_government(text, ())
            or self._is_office(text)
            or self._kind_for(text, ()) != OrganizationKind.UNKNOWN
        )

    def _several(self, text, kinds):
        match = AGGREGATE.fullmatch(text)
        if not match and not SEVERAL_UNNAMED.fullmatch(text):
            return None
        papers = 1
        if match:
            papers = int(match.group("number").replace(".", ""))
            if not 1 <= papers <= MOST_PAPERS_IN_ONE_RECORD:
                raise NotUnderstood(
                    _("“%(text)s”: a record can stand for 1 to %(most)d papers.")
                    % {"text": text, "most": MOST_PAPERS_IN_ONE_RECORD}
                )
        name = capfirst(re.sub(r"\s*\(agregat\)", "", text, flags=re.IGNORECASE))
        if known := self._by_name.get(name_key(name)):
            return Found(known[0], papers)
        organization = self._make(name, self._kind_for(name, kinds), collective=True)
        return Found(organization, papers)

    def _known(self, text, kinds):
        """A partner recorded under this name, this short name or this alias."""
        base = re.sub(r"\s*\([^()]*\)", "", text).strip()
        for name in dict.fromkeys([text, base]):
            if found := self._only(self._by_name, name, text):
                return Found(found, warning=self._kind_differs(found, kinds))
        for name in dict.fromkeys([text, base]):
            if found := self._only(self._by_alias, name, text):
                if found.kind in GOVERNMENT_KINDS:
                    return Found(found, warning=self._kind_differs(found, kinds))
                linked = _("“%(text)s” is linked to %(name)s, by a name recorded for it.") % {
                    "text": text,
                    "name": found.name,
                }
                differs = self._kind_differs(found, kinds)
                return Found(found, warning=f"{linked} {differs}".strip())
        return None

    @staticmethod
    def _only(index, name, text):
        found = index.get(name_key(name), [])
        if len(found) > 1:
            raise NotUnderstood(
                _("“%(text)s” is recorded for several partners: %(names)s. Write the full name.")
                % {"text": text, "names": "; ".join(each.name for each in found)}
            )
        return found[0] if found else None

    @staticmethod
    def _kind_differs(organization, kinds):
        if not kinds or organization.kind in kinds:
            return ""
        if organization.kind in GOVERNMENT_KINDS or set(kinds) & set(GOVERNMENT_KINDS):
            raise NotUnderstood(
                _("%(name)s is %(kind)s, which partner_type does not say.")
                % {"name": organization.name, "kind": organization.get_kind_display()},
                column="partner_type",
            )
        return _("The portal keeps %(name)s as %(kind)s, which partner_type does not say.") % {
            "name": organization.name,
            "kind": organization.get_kind_display(),
        }

    @staticmethod
    def _is_government(text, kinds):
        if OrganizationKind.FOREIGN_GOVERNMENT in kinds:
            return False
        if set(kinds) & set(GOVERNMENT_KINDS):
            return True
        return not kinds and bool(
            re.match(
                r"(?:pemerintah|pemda|pemprov|pemkab|pemkot|kabupaten|kab|kota|provinsi)\b", name_key(text)
            )
        )

    @staticmethod
    def _is_office(text):
        return bool(_OFFICE.fullmatch(text) or _OFFICE_OF_A_REGION.match(text))

    def _government(self, text, kinds):
        key = name_key(text)
        for pattern, form in _GOVERNMENT_NAMES:
            if match := pattern.fullmatch(key):
                region = self._regions.find(form.format(match.group(1)), said=text)
                break
        else:
            region = self._regions.find(text)
        organization = self._governments.get(region.code)
        if not organization:
            raise NotUnderstood(
                _("No government is recorded for %(region)s. Run load_regions.") % {"region": region.name}
            )
        self._kind_differs(organization, kinds)
        return Found(organization)

    def _regional_office(self, text):
        match = _OFFICE.fullmatch(text)
        if not match:
            raise NotUnderstood(
                _("“%(text)s”: of which province, kabupaten or kota is this the office?") % {"text": text}
            )
        region = self._regions.find(match.group("region"), said=text)
        organization = self._make(text, OrganizationKind.REGIONAL_OFFICE)
        organization.region = region
        organization.parent = self._governments.get(region.code)
        return Found(organization)

    def _new(self, text, kinds):
        warnings = []
        kind = self._kind_for(text, kinds)
        if kind == OrganizationKind.UNKNOWN:
            warnings.append(_("The type of %(name)s is not known.") % {"name": text})
        if alike := self._looks_like(text):
            warnings.append(
                _("%(name)s looks like %(known)s; it is entered as a partner of its own.")
                % {"name": text, "known": alike}
            )
        return Found(self._make(text, kind), warning=" ".join(warnings))

    def _looks_like(self, text):
        """The name of a known partner that is nearly this one, or that shares the acronym in brackets."""
        for acronym in re.findall(r"\(([^()]*)\)", text):
            for index in (self._by_alias, self._by_name):
                if shared := index.get(name_key(acronym)):
                    return shared[0].name
        near = process.extractOne(
            name_key(text), list(self._labels), scorer=fuzz.token_sort_ratio, score_cutoff=_NEAR_ENOUGH
        )
        return self._labels[near[0]] if near else ""

    @staticmethod
    def _kind_for(name, kinds):
        if len(kinds) == 1:
            return kinds[0]
        key = name_key(name)
        return next((kind for says, kind in _KIND_IN_NAME if says.search(key)), OrganizationKind.UNKNOWN)

    def _make(self, name, kind, *, collective=False):
        """An unsaved organisation, which the rows after this one find by its name."""
        organization = Organization(
            name=fits(name, _NAME), slug=self._free_slug(name), kind=kind, collective=collective
        )
        self._learn(organization)
        return organization

    def _free_slug(self, name):
        stem = slugify(name.replace("/", " "))[:70].strip("-") or "mitra"
        slug, number = stem, 1
        while slug in self._slugs:
            number += 1
            slug = f"{stem}-{number}"
        self._slugs.add(slug)
        return slug
