"""The register by province, kabupaten and kota."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.charts import Scale, Tile
from partnerships.models import Organization
from partnerships.register import agreements_for
from partnerships.selectors import achievement, quarters, tally
from partnerships.selectors.asking import Question
from partnerships.selectors.measures import ASLEEP, IN_FORCE, MEASURES, STATE, Subject
from regions.grid import LETTERS, NAMES, PLACES
from regions.models import Region

# The regions behind the figures above the map: by its code in an address what a list of them is called.
LISTS = {
    "provinces": _("Provinces with a paper"),
    "below": _("Kabupaten and kota with a paper"),
}
_ORDERS = ["-value", "name", "code", "papers", "in_force", "reached"]


class RegionLine:
    """A region with its papers, a province with those of its kabupaten and kota; ``value`` is what the
    measure asked for says of it, in words ``said``, with the rows behind it at ``url``."""

    def __init__(self, region, papers, in_force, reached=0, below=0):
        self.region = region
        self.code = region.code
        self.name = region.name
        self.papers = papers
        self.in_force = in_force
        self.reached = reached
        self.below = below
        self.value = self.said = self.url = None


class _Counts:
    """How many papers each region has on a day, within the reader's sight."""

    def __init__(self, user, on=None):
        self.register = agreements_for(user, tally.asking(**tally.day(on)))
        self.papers = self.register.counts_by("region")
        self.in_force = agreements_for(user, tally.in_force(**tally.day(on))).counts_by("region")
        # Of each province, how many kabupaten and kota have a paper.
        below = self.regions.exclude(parent=None).order_by()
        self.reached = Counter(below.values_list("parent", flat=True))

    @property
    def regions(self):
        """The regions that have a paper."""
        return Region.objects.filter(code__in=self.papers)

    def line(self, region, below=0):
        return RegionLine(
            region,
            self.papers.get(region.code, 0),
            self.in_force.get(region.code, 0),
            self.reached.get(region.code, 0),
            below,
        )


@dataclass(frozen=True)
class Map:
    """What is measured, the tiles, and of each look of theirs (from the palest on) which values have it."""

    measure: Subject
    tiles: list
    legend: list


def map_of_country(user, measure=IN_FORCE, on=None, values=None):
    """The 38 provinces where they lie; ``values`` are those of the measure, if they are known already."""
    values = measure.values(user, on) if values is None else values
    regions = Region.objects.provinces().in_bulk(PLACES)
    return _map(measure, on, values, regions, lambda code: PLACES[code], NAMES)


def map_of_province(user, code):
    """The kabupaten and kota of a province with their papers in force, in the order of their codes."""
    regions = {region.code: region for region in Region.objects.filter(parent=code).open().order_by("code")}
    return _map(IN_FORCE, None, IN_FORCE.values(user, None), regions, lambda code: (0, 0), {})


_ALIVE, _ASLEEP, _OVER, _NONE = "4", "asleep", "over", "0"


def map_of_states(user, regions, on=None):
    """Kabupaten and kota by what their papers are: one is alive where a paper is in force and does not sleep,
    else asleep, else over; none has no paper."""
    papers = agreements_for(user, tally.asking(**tally.day(on))).counts_by("region")
    in_force = IN_FORCE.values(user, on)
    asleep = ASLEEP.values(user, on)

    def tile(region):
        alive = in_force.get(region.code, 0) - asleep.get(region.code, 0)
        numbers = [
            (_ALIVE, alive, gettext("alive")),
            (_ASLEEP, asleep.get(region.code, 0), gettext("asleep")),
            (_OVER, papers.get(region.code, 0) - in_force.get(region.code, 0), gettext("over")),
        ]
        had = [(look, f"{number} {word}") for look, number, word in numbers if number > 0]
        look, number = had[0] if had else (_NONE, "–")
        words = ", ".join(said for _look, said in had) or gettext("no paper")
        url = tally.address(tally.asking(region=region.code, **tally.day(on)))
        return Tile(0, 0, _on_a_tile(region), number, look, f"{region.name}: {words}", url)

    legend = [
        (_ALIVE, gettext("a paper is in force and does not sleep")),
        (_ASLEEP, gettext("signed and asleep")),
        (_OVER, gettext("over, or not begun")),
        (_NONE, gettext("no paper")),
    ]
    return Map(STATE, [tile(region) for region in regions], legend)


def _on_a_tile(region):
    """What a kabupaten or kota is called where there is little room: of two of one name the kota says so."""
    return region.short_name.removeprefix("Kab. ")


def _map(measure, on, values, regions, place, names):
    scale = Scale.of([values.get(code) for code in regions])

    def tile(code, region):
        value = values.get(code, measure.nothing)
        return Tile(
            *place(code),
            name=names.get(code) or _on_a_tile(region),
            number=measure.short(value),
            look=str(scale.level(value)),
            words=f"{region.name}: {measure.said(value)}",
            url=measure.url(code, on),
            letters=LETTERS.get(code, ""),
        )

    tiles = [tile(code, region) for code, region in regions.items()]
    return Map(measure, tiles, scale.legend(measure.short, measure.nothing))


class RegionList:
    """All provinces on the map and ranked, by one measure and on one day; a search finds kabupaten and
    kota too, and ``rows`` asks for one of LISTS."""

    def __init__(self, user, params):
        self.user = user
        choices = {"measure": set(MEASURES), "rows": set(LISTS)}
        self.question = Question(params, sorts=_ORDERS, choices=choices, days=["on"])
        self.measures = list(MEASURES.values())
        self.measure = MEASURES[self.question["measure"] or next(iter(MEASURES))]
        self.on = self.question["on"]
        self._counts = _Counts(user, self.on)

    @cached_property
    def values(self):
        """{code of a region: its value by the measure}."""
        return self.measure.values(self.user, self.on)

    @cached_property
    def lines(self):
        below = dict(
            Region.objects.kabupaten_kota().open().order_by().values_list("parent").annotate(n=Count("pk"))
        )
        lines = [self._line(region, below.get(region.code, 0)) for region in self._regions()]
        sort = self.question.sort
        name = sort.removeprefix("-")
        # Ranked by a number, equals stand in the order of their codes; what has no value comes last.
        known = [line for line in lines if getattr(line, name) is not None]
        ranked = sorted(
            sorted(known, key=lambda line: line.code),
            key=lambda line: getattr(line, name),
            reverse=sort.startswith("-"),
        )
        return ranked + [line for line in lines if getattr(line, name) is None]

    def drawn(self, name, draw):
        """A piece of the page that papers, regions, values, the question and the reader decide alone. Of
        commitments, and of the day that makes a paper sleep, the index of papers is not told."""
        values = tuple(sorted(self.values.items()))
        asked = self.question.query.urlencode()
        return self._counts.register.drawn((name, asked, values, timezone.localdate()), draw)

    @cached_property
    def map(self):
        """The provinces as tiles, each with the number of the measure."""
        return map_of_country(self.user, self.measure, self.on, self.values)

    @cached_property
    def figures(self):
        """Of all provinces: how many there are, and how many have a paper in their reach."""
        provinces = Region.objects.provinces().open().values_list("code", flat=True)
        return {
            "provinces": len(provinces),
            "with_papers": sum(1 for code in provinces if self._counts.papers.get(code)),
            "reached": sum(self._counts.reached.values()),
        }

    def _line(self, region, below):
        line = self._counts.line(region, below)
        line.value = self._value(region.code)
        line.said = self.measure.short(line.value)
        line.url = self.measure.url(region.code, self.on)
        return line

    def _value(self, code):
        return self.values.get(code, self.measure.nothing)

    @property
    def is_whole(self):
        """Whether every province is shown, and so the map of them."""
        return not (self.question.q or self.question["rows"])

    @property
    def rows_label(self):
        """What the list is called that is asked for, or None."""
        return LISTS.get(self.question["rows"])

    @property
    def is_flat(self):
        """Whether no region of the list has others below it."""
        return self.question["rows"] == "below"

    @property
    def urls(self):
        """The addresses of the lists by their codes, and of all provinces as ``all``."""
        return {"all": self._url(), **{code: self._url(rows=code) for code in LISTS}}

    def _url(self, **more):
        query = self.question.query
        for name in ("q", "rows"):
            query.pop(name, None)
        query.update(more)
        return f"?{query.urlencode()}"

    def _regions(self):
        if self.is_whole:
            return Region.objects.provinces().open()
        found = Region.objects.select_related("parent")
        if self.question["rows"]:
            found = self._counts.regions.select_related("parent")
            is_province = self.question["rows"] == "provinces"
            found = found.open().filter(parent=None) if is_province else found.exclude(parent=None)
        for word in self.question.q.split()[:10]:
            found = found.filter(
                Q(name__icontains=word)
                | Q(short_name__icontains=word)
                | Q(aliases__icontains=word)
                | Q(code=word)
            )
        return found


class RegionPage(tally.PapersOf):
    """One region on a day: who governs it, its papers, what was promised, and of a province its kabupaten and
    kota."""

    def __init__(self, region, user, params):
        self.question = Question(params, sorts=["code"], days=["on"])
        self.on = self.question["on"]
        super().__init__(user, region=region.code, **tally.day(self.on))
        self.region = region

    @property
    def profile_url(self):
        """The address of the same on paper."""
        address = reverse("partnerships:region-profile", args=[self.region.code])
        return f"{address}?{urlencode(tally.day(self.on))}" if self.on else address

    @cached_property
    def lines(self):
        """The kabupaten and kota of a province, those with papers first."""
        if not self.region.is_province:
            return []
        counts = _Counts(self.user, self.on)
        lines = [counts.line(region) for region in self._below]
        return sorted(lines, key=lambda line: (-line.papers, line.code))

    @cached_property
    def _below(self):
        return list(Region.objects.filter(parent=self.region).order_by("code"))

    @cached_property
    def map(self):
        """The kabupaten and kota of a province as tiles: whether their papers are alive, asleep or over."""
        return map_of_states(self.user, self._below, self.on) if self._below else None

    @cached_property
    def reached(self):
        return sum(1 for line in self.lines if line.papers)

    @cached_property
    def promises(self):
        return achievement.promises_of_region(self.user, self.region, self.on)

    @cached_property
    def quarters(self):
        """The commitments of the region by the quarter in which they are due: a bar of each, from a year back
        to a year ahead, in which something is."""
        return quarters.of_region(self.user, self.region, self.on)

    @cached_property
    def organizations(self):
        """Its government and offices, each with its own papers."""
        acting = Organization.objects.visible_to(self.user).filter(region=self.region)
        ordered = acting.order_by("parent__pk", Lower("name"))
        return tally.PapersPer(self.user, "organization").put(ordered)
