"""The lists of what regions need and what partners offer, and what is known of one of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kemnaker_portal.readers import whole_register
from partnerships.columns.measures import Amount
from partnerships.models import Agreement, Match, Need, NeedStatus, Offer, OfferStatus, Theme
from partnerships.selectors import tally
from partnerships.selectors.action_points import Step
from partnerships.selectors.asking import Question
from partnerships.selectors.matches import OF_A_NEED, proposals_for
from regions.models import Region

_SIZE = 25
# Each of these has a few offers below it.
_NEEDS_WITH_OFFERS = 10
_MOST_ON_PAGE = 8
_STEPS = {
    "need.state": (_("Stated"), "circle-dot"),
    "need.change": (_("Changed"), "square-pen"),
    "need.open": (_("Opened again"), "undo-2"),
    "need.met": (_("Met"), "circle-check"),
    "need.withdrawn": (_("Withdrawn"), "ban"),
    "offer.record": (_("Recorded"), "circle-dot"),
    "offer.change": (_("Changed"), "square-pen"),
    "offer.open": (_("Opened again"), "undo-2"),
    "offer.withdrawn": (_("Withdrawn"), "ban"),
}
_PROVINCE = Coalesce(F("region__parent"), F("region"))
# What the answers to each question are counted by.
_KEYS = {"theme": F("theme__slug"), "region": _PROVINCE, "year": F("year"), "state": F("status")}


@dataclass(frozen=True)
class Option:
    """A value that the list can be narrowed to, and how many rows there are then."""

    value: str
    label: str
    count: int


class _List:
    """A list that is narrowed by theme, region, year and state, each offered with its counts."""

    states: Sequence = ()

    def __init__(self, user, params):
        self.visible = self.model.objects.visible_to(user)
        self.user = user
        self.themes = {theme.slug: theme for theme in Theme.objects.all()}
        self.regions = {region.code: region for region in Region.objects.provinces().open()}
        if asked := Region.objects.filter(code=params.get("region", "")[:5]).first():
            self.regions[asked.code] = asked
        self.years = self._known_years()
        self.question = Question(
            params,
            sorts=self.sorts,
            choices={
                "theme": set(self.themes),
                "region": set(self.regions),
                "year": {str(year) for year in self.years},
                "state": {state for state, _label in self.states},
            },
        )

    @cached_property
    def state_options(self):
        return self._options("state", self.states, self._counts("state"))

    @cached_property
    def theme_options(self):
        themes = [(slug, str(theme)) for slug, theme in self.themes.items()]
        return self._options("theme", themes, self._counts("theme"))

    @cached_property
    def region_options(self):
        regions = [(code, str(region)) for code, region in self.regions.items()]
        return self._options("region", regions, self._counts("region"))

    @cached_property
    def year_options(self):
        return self._options("year", [(str(year), str(year)) for year in self.years], self._counts("year"))

    def _counts(self, name):
        """How many rows there are of each answer to a question, as the other questions leave them."""
        rows = self._narrowed(name).order_by().values_list(_KEYS[name]).annotate(n=Count("pk"))
        return {str(value): n for value, n in rows}

    def _page_of(self, ids, size):
        """The page asked for of these ids, its rows with all that is shown of them."""
        page = self.question.page_of(ids, size)
        rows = self._whole.in_bulk(list(page.object_list))
        page.object_list = [rows[pk] for pk in page.object_list]
        return page

    def _options(self, name, values, counts):
        """The options that have rows, and the one that is chosen."""
        chosen = self.question[name]
        return [
            Option(value, label, counts.get(value, 0))
            for value, label in values
            if counts.get(value) or value == chosen
        ]

    def _narrowed(self, *but):
        """The rows that fit what was asked, without what these questions ask."""
        rows = self.visible
        for name, narrow in self._filters().items():
            value = self.question[name]
            if value and name not in but:
                rows = rows.filter(narrow(value))
        return rows


class NeedList(_List):
    """What the regions need, of what the reader may see."""

    model = Need
    states: Sequence = NeedStatus.choices
    sorts = ("year", "region", "number")

    @cached_property
    def page(self):
        in_order = self._narrowed().order_by(self.question.sort, "year", "region", "pk")
        return self._page_of(in_order.values_list("pk", flat=True), _SIZE)

    @property
    def _whole(self):
        return Need.objects.with_promised().select_related(*OF_A_NEED)

    def _known_years(self):
        return list(self.visible.order_by("year").values_list("year", flat=True).distinct())

    def _filters(self):
        return {
            "theme": lambda slug: Q(theme__slug=slug),
            "region": lambda code: Q(region=code) | Q(region__parent=code),
            "year": lambda year: Q(year=int(year)),
            "state": lambda state: Q(status=state),
        }


class MatchList(NeedList):
    """The open needs for which an offer is at hand, each with the offers that fit it best. What fits is asked
    once, and counted here."""

    states = ()

    @cached_property
    def page(self):
        page = self._page_of([row.pk for row in self._asked()], _NEEDS_WITH_OFFERS)
        proposals = proposals_for(self.user, page.object_list)
        for need in page.object_list:
            need.proposals = proposals[need.pk]
        return page

    @cached_property
    def _fitting(self):
        rows = self.visible.with_offers().unmet().order_by("year", "region", "pk")
        rows = rows.annotate(province=_PROVINCE, theme_slug=F("theme__slug"))
        return list(rows.values_list("pk", "theme_slug", "region", "province", "year", named=True))

    def _asked(self, but=None):
        """What fits, as the questions but one leave it."""
        theme, region, year = (
            None if name == but else self.question[name] for name in ("theme", "region", "year")
        )
        return [
            row
            for row in self._fitting
            if (not theme or row.theme_slug == theme)
            and (not region or region in (row.region, row.province))
            and (not year or str(row.year) == year)
        ]

    def _counts(self, name):
        field = {"theme": "theme_slug", "region": "province", "year": "year"}[name]
        return Counter(str(getattr(row, field)) for row in self._asked(name))


class OfferList(_List):
    """What partners offer, of what the reader may see."""

    model = Offer
    states: Sequence = OfferStatus.choices
    sorts = ("title", "number", "first_year")

    @cached_property
    def page(self):
        in_order = self._narrowed().order_by(self.question.sort, "title", "pk")
        return self._page_of(in_order.values_list("pk", flat=True), _SIZE)

    @property
    def _whole(self):
        rows = Offer.objects.with_promised().select_related("organization", "theme", "indicator")
        return rows.prefetch_related("places__region")

    @cached_property
    def region_options(self):
        """The provinces, uncounted: what is for the whole country would count for each of them."""
        return [Option(code, str(each), None) for code, each in self.regions.items()]

    def _counts(self, name):
        if name != "year":
            return super()._counts(name)
        of_a_year = {
            str(year): Count("pk", filter=Q(first_year__lte=year, last_year__gte=year)) for year in self.years
        }
        return self._narrowed(name).order_by().aggregate(**of_a_year)

    def _known_years(self):
        spans = self.visible.order_by().values_list("first_year", "last_year").distinct()
        return sorted({year for first, last in spans for year in range(first, last + 1)})

    def _narrowed(self, *but):
        rows = super()._narrowed(*but)
        code = self.question["region"]
        return rows.within(code) if code and "region" not in but else rows

    def _filters(self):
        return {
            "theme": lambda slug: Q(theme__slug=slug),
            "year": lambda year: Q(first_year__lte=int(year), last_year__gte=int(year)),
            "state": lambda state: Q(status=state),
        }


class NeedPage:
    """One need: the offers that fit it, the papers that were proposed for it, and its history."""

    def __init__(self, need, user):
        self.need = need
        self.user = user

    @cached_property
    def proposals(self):
        return proposals_for(self.user, [self.need], most=_MOST_ON_PAGE)[self.need.pk]

    @cached_property
    def matches(self):
        return _matches(Match.objects.filter(need=self.need), self.user)

    @cached_property
    def papers(self):
        """The papers in force on the theme with a party that acts for the region."""
        asked = tally.in_force(region=self.need.region_id, theme_=self.need.theme.slug)
        return tally.figure(self.user, asked)

    @property
    def promised(self):
        return Amount.of(self.need.promised, self.need.indicator)

    @property
    def wanted(self):
        """What papers do not take up yet."""
        return Amount.of(max(self.need.number - self.need.promised, 0), self.need.indicator)

    @cached_property
    def steps(self):
        return steps_of(self.need)


class OfferPage:
    """One offer: what is left of it, the needs it fits, the papers that were made of it, and its history."""

    def __init__(self, offer, user):
        self.offer = offer
        self.user = user

    @cached_property
    def regions(self):
        return [place.region for place in self.offer.places.select_related("region")]

    @cached_property
    def matches(self):
        return _matches(Match.objects.filter(offer=self.offer), self.user)

    @property
    def left(self):
        return Amount.of(max(self.offer.number - self.offer.promised, 0), self.offer.indicator)

    @cached_property
    def needs(self):
        """The first open needs that it fits."""
        fitting = Need.objects.visible_to(self.user).with_offers(Offer.objects.filter(pk=self.offer.pk))
        rows = fitting.unmet().select_related(*OF_A_NEED).order_by("year", "-number", "pk")
        return list(rows[:_MOST_ON_PAGE])

    @cached_property
    def steps(self):
        return steps_of(self.offer)


def _matches(matches, user):
    """What became of a need or an offer, newest first; ``is_visible`` says whether the reader may open the
    paper."""
    rows = matches.visible_to(user).select_related(
        "need__region", "need__theme", "need__indicator", "offer__organization", "agreement"
    )
    papers = Agreement.objects.visible_to(user).filter(pk=OuterRef("agreement"))
    with whole_register():
        return list(rows.annotate(is_visible=Exists(papers)))


def conflict_of(current, differences):
    """What the page says when somebody has saved the row meanwhile: who, when, and where both differ."""
    last = current.events.order_by("-pgh_id").first()
    actor = (last.pgh_context or {}).get("actor") if last else None
    return {
        "differences": differences,
        "who": User.objects.filter(pk=actor).first(),
        "when": last and last.pgh_created_at,
    }


def steps_of(row):
    """What was done to a need or an offer, newest first."""
    rows = list(row.events.order_by("-pgh_id").values("pgh_context", "pgh_created_at"))
    actors = {event["pgh_context"].get("actor") for event in rows if event["pgh_context"]}
    names = dict(User.objects.filter(pk__in=actors - {None}).values_list("pk", "name"))
    steps = []
    for event in rows:
        context = event["pgh_context"] or {}
        if context.get("action") in _STEPS:
            what, icon = _STEPS[context["action"]]
            who, reason = names.get(context.get("actor"), ""), context.get("reason", "")
            steps.append(Step(what, icon, who, event["pgh_created_at"], reason))
    return steps
