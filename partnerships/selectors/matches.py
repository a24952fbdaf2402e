"""Which offers fit which needs, and why."""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from django.db import connection
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from kemnaker_portal.readers import whole_register
from partnerships.columns.measures import Amount, Rate
from partnerships.lifecycle import Status
from partnerships.models import Agreement, Need, NeedStatus, Offer, OfferStatus

# So many proposals are shown for a need; as many more are looked at, in case papers stand in the way.
MOST_EACH = 3
OF_A_NEED = ("office", "region__parent", "theme", "indicator", "stated_by")


class Place(IntEnum):
    """How an offer's regions lie to the region of a need."""

    HERE = 1
    PROVINCE = 2
    COUNTRY = 3
    PART = 4
    NEARBY = 5

    @property
    def reaches(self):
        """Whether the offer is for the whole region of the need."""
        return self <= Place.COUNTRY


@dataclass(frozen=True)
class Reason:
    """A reason for a proposal in words; ``whole`` when nothing is lacking in it."""

    words: str
    whole: bool = True


@dataclass(frozen=True)
class Proposal:
    """An offer for a need. ``left`` is what the offer has left and ``wanted`` what the need still lacks, in
    the unit of both; ``paper`` is the reference of a paper in force that covers it already, or None."""

    need: Need
    offer: Offer
    place: Place
    left: Decimal
    wanted: Decimal
    paper: str | None

    @property
    def number(self):
        """How much of the need the offer can meet."""
        return min(self.left, self.wanted)

    @property
    def amount(self):
        return Amount.of(self.number, self.need.indicator)

    @property
    def rate(self):
        """Which part of what the need still lacks this is."""
        return Rate(self.number / self.wanted)

    @property
    def reasons(self):
        """Why it is proposed: theme, place, size, years."""
        return [
            Reason(self._theme),
            Reason(self._where, self.place.reaches),
            Reason(self._size, self.left >= self.wanted),
            Reason(self._years),
        ]

    @property
    def _theme(self):
        return _("Same theme and unit: %(theme)s, %(indicator)s") % {
            "theme": self.need.theme,
            "indicator": self.need.indicator,
        }

    @property
    def _where(self):
        region = self.need.region
        province = region.parent or region
        words = {
            Place.HERE: _("For %(region)s itself"),
            Place.PROVINCE: _("For all of %(province)s"),
            Place.COUNTRY: _("For the whole country"),
            Place.PART: _("Only for a part of %(province)s"),
            Place.NEARBY: _("For another part of %(province)s: ask whether it may reach %(region)s"),
        }
        return words[self.place] % {"region": region, "province": province}

    @property
    def _size(self):
        indicator = self.need.indicator
        said = {
            "partner": self.offer.organization.label,
            "offered": Amount.of(self.offer.number, indicator),
            "left": Amount.of(self.left, indicator).plain,
            "wanted": number_format(Amount.of(self.wanted, indicator).plain, force_grouping=True),
            "rate": self.rate.percent,
        }
        said["left"] = number_format(said["left"], force_grouping=True)
        if self.left < self.offer.number:
            return _("%(partner)s offers %(offered)s, %(left)s left; %(wanted)s needed: %(rate)s") % said
        return _("%(partner)s offers %(offered)s; %(wanted)s needed: %(rate)s") % said

    @property
    def _years(self):
        first, last = self.offer.first_year, self.offer.last_year
        said = {"year": self.need.year, "years": str(first) if first == last else f"{first}–{last}"}
        return _("Needed in %(year)s, offered for %(years)s") % said


def proposals_for(user, needs, most=MOST_EACH):
    """The offers that fit each of these needs best (rows with OF_A_NEED), at most so many each: a dictionary
    from the id of the need. What reaches the whole region comes first, then what meets more of the need;
    what a paper in force covers already comes last. Four queries for any number of needs."""
    needs = {need.pk: need for need in needs}
    found = _best(list(needs), most=2 * most)
    offers = Offer.objects.select_related("organization").in_bulk({row[1] for row in found})
    papers = _papers_between(user, [(needs[need], offers[offer]) for need, offer, *_rest in found])
    proposals: dict[int, list[Proposal]] = {pk: [] for pk in needs}
    for need_id, offer_id, place, left, wanted in found:
        need, offer = needs[need_id], offers[offer_id]
        paper = papers.get((offer.organization_id, need.region_id, need.theme_id))
        proposals[need_id].append(Proposal(need, offer, Place(place), left, wanted, paper))
    return {pk: sorted(each, key=lambda one: one.paper is not None)[:most] for pk, each in proposals.items()}


def proposal_of(user, need, offer):
    """The proposal of this offer for this need (with OF_A_NEED), or None where they don't fit."""
    for need_id, offer_id, place, left, wanted in _best([need.pk], most=1, offer=offer.pk):
        paper = _papers_between(user, [(need, offer)]).get(
            (offer.organization_id, need.region_id, need.theme_id)
        )
        if (need_id, offer_id) == (need.pk, offer.pk):
            return Proposal(need, offer, Place(place), left, wanted, paper)
    return None


def _papers_between(user, pairs):
    """The papers in force that the reader may see between a partner that offers and the region that needs, on
    the theme, by (organisation, region, theme)."""
    if not pairs:
        return {}
    rows = (
        Agreement.objects.visible_to(user)
        .papers()
        .in_force()
        .filter(
            parties__organization__in={offer.organization_id for _need, offer in pairs},
            scopes__region__in={need.region_id for need, _offer in pairs},
            themes__in={need.theme_id for need, _offer in pairs},
        )
        .order_by("-ref")
    )
    found = rows.values_list("parties__organization", "scopes__region", "themes", "ref")
    return {(organization, region, theme): ref for organization, region, theme, ref in found}


def _best(needs, most, offer=None):
    """(need, offer, place, left, wanted) of the offers that fit each need best, best first."""
    if not needs:
        return []
    with whole_register(), connection.cursor() as cursor:
        cursor.execute(
            _BEST,
            {
                "needs": needs,
                "offer": offer,
                "most": most,
                "open_need": NeedStatus.OPEN,
                "open_offer": OfferStatus.OPEN,
                "cancelled": Status.CANCELLED,
                **{f"place_{place.name.lower()}": place.value for place in Place},
            },
        )
        return cursor.fetchall()


# Needs and offers are joined by theme and unit, each pair is placed, and the best of each need are kept.
_BEST = """
WITH standing AS (
    SELECT m.need_id, m.offer_id, m.number FROM partnerships_match m
    JOIN partnerships_agreement a ON a.id = m.agreement_id WHERE a.status <> %(cancelled)s
), asked AS (
    SELECT n.id, n.theme_id, n.indicator_id, n.year, n.region_id, r.parent_id,
        n.number - coalesce((SELECT sum(s.number) FROM standing s WHERE s.need_id = n.id), 0) AS wanted
    FROM partnerships_need n JOIN regions_region r ON r.code = n.region_id
    WHERE n.id = ANY(%(needs)s) AND n.status = %(open_need)s
), placed AS (
    SELECT asked.id AS need, asked.wanted, o.id AS offer, o.number, min(CASE
        WHEN o.everywhere THEN %(place_country)s
        WHEN p.region_id = asked.region_id THEN %(place_here)s
        WHEN p.region_id = asked.parent_id THEN %(place_province)s
        WHEN r.parent_id = asked.region_id THEN %(place_part)s
        WHEN r.parent_id = asked.parent_id THEN %(place_nearby)s
    END) AS place
    FROM asked
    JOIN partnerships_offer o ON o.theme_id = asked.theme_id AND o.indicator_id = asked.indicator_id
        AND asked.year BETWEEN o.first_year AND o.last_year
    LEFT JOIN partnerships_offerregion p ON p.offer_id = o.id
    LEFT JOIN regions_region r ON r.code = p.region_id
    WHERE o.status = %(open_offer)s AND (%(offer)s::bigint IS NULL OR o.id = %(offer)s)
    GROUP BY asked.id, asked.wanted, o.id
), lasting AS (
    SELECT placed.*, placed.number - coalesce(taken.number, 0) AS remaining
    FROM placed
    LEFT JOIN (SELECT offer_id, sum(number) AS number FROM standing GROUP BY offer_id) taken
        ON taken.offer_id = placed.offer
    WHERE place IS NOT NULL AND wanted > 0
        AND NOT EXISTS (SELECT 1 FROM standing s WHERE s.need_id = need AND s.offer_id = offer)
), ranked AS (
    SELECT lasting.*, row_number() OVER (
        PARTITION BY need
        ORDER BY place > %(place_country)s, least(remaining, wanted) DESC, place, remaining, offer
    ) AS rank
    FROM lasting WHERE remaining > 0
)
SELECT need, offer, place, remaining, wanted FROM ranked WHERE rank <= %(most)s ORDER BY need, rank
"""
