"""Which regions have a paper in force on something, and which have none: the gaps."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from partnerships.models import Agreement, Need, NeedStatus, PartnerClass, Theme
from partnerships.register import agreements_for
from partnerships.selectors import tally
from partnerships.selectors.asking import Question
from partnerships.selectors.measures import COVERAGE, coverage_of
from partnerships.selectors.places import map_of_country
from regions.models import Region

_COVERED = replace(
    COVERAGE,
    note=_("kabupaten and kota with such a paper in force"),
    url=lambda code, on: f"#{code}",
)


# What can be listed: the kabupaten and kota with such a paper and without, the provinces with one.
LISTS = {
    "covered": _("Kabupaten and kota with one"),
    "gaps": _("Kabupaten and kota without"),
    "provinces": _("Provinces with one"),
}


@dataclass(frozen=True)
class Listed:
    """A region on a list: how many such papers it has, where they are, and the newest (None: none)."""

    region: Region
    papers: int
    url: str
    newest: Agreement | None


@dataclass(frozen=True)
class ProvinceCoverage:
    """A province: whether it has such a paper in its reach (``papers``), its kabupaten and kota with one and
    without, and the address of the papers. Beside them what is needed: a Figure of the open needs of the
    province with its kabupaten and kota; each of ``gaps`` has its own in ``stated``."""

    region: Region
    papers: int
    covered: list
    gaps: list
    url: str
    needs: tally.Figure
    covered_url: str
    gaps_url: str

    @property
    def below(self):
        return len(self.covered) + len(self.gaps)


class Coverage:
    """The regions by whether a paper in force, of a class and on a theme if these are asked for, acts for
    them; on a day."""

    def __init__(self, user, params):
        self.user = user
        self.themes = list(Theme.objects.all())
        self.classes = list(PartnerClass)
        self.question = Question(
            params,
            sorts=["code"],
            choices={
                "theme": {theme.slug for theme in self.themes},
                "class": set(PartnerClass.values),
                "rows": set(LISTS),
                "region": set(Region.objects.provinces().values_list("code", flat=True)),
            },
            days=["on"],
        )
        self.on = self.question["on"]

    @property
    def theme(self):
        """The theme asked for; None for any."""
        return next((each for each in self.themes if each.slug == self.question["theme"]), None)

    @cached_property
    def _register(self):
        return agreements_for(self.user, self._asking())

    @cached_property
    def _numbers(self):
        return self._register.counts_by("region")

    @cached_property
    def _needs(self):
        """How many open needs each region states today, on the theme if one is asked for."""
        rows = Need.objects.visible_to(self.user).open()
        if self.theme:
            rows = rows.filter(theme=self.theme)
        return dict(rows.order_by().values_list("region").annotate(n=Count("pk")))

    @cached_property
    def needs(self):
        """All open needs on it, today."""
        return tally.Figure(sum(self._needs.values()), self._needs_url())

    @property
    def needed_in_gaps(self):
        """How many open needs are those of kabupaten and kota without such a paper."""
        return sum(region.stated.count for province in self.provinces for region in province.gaps)

    def _needs_url(self, region=None):
        asked = {"theme": self.theme and self.theme.slug, "region": region, "state": NeedStatus.OPEN.value}
        query = tally.asking(**{name: value for name, value in asked.items() if value})
        return f"{reverse('partnerships:need-list')}?{query.urlencode()}"

    @cached_property
    def provinces(self):
        """A ProvinceCoverage of each province, in the order of their codes."""
        below: dict[str, list] = {}
        for region in Region.objects.kabupaten_kota().open().order_by("code"):
            below.setdefault(region.parent_id, []).append(region)
        return [
            self._coverage(province, below.get(province.code, []))
            for province in Region.objects.provinces().open().order_by("code")
        ]

    @cached_property
    def figures(self):
        """How many provinces and how many kabupaten and kota there are, and how many have such a paper."""
        return {
            "provinces": len(self.provinces),
            "provinces_covered": sum(1 for each in self.provinces if each.papers),
            "below": sum(each.below for each in self.provinces),
            "below_covered": sum(len(each.covered) for each in self.provinces),
            "gaps": sum(len(each.gaps) for each in self.provinces),
        }

    @property
    def rows(self):
        """The list asked for, a code of LISTS, or None for the map and every province."""
        return self.question["rows"]

    @property
    def rows_label(self):
        return LISTS[self.rows]

    @cached_property
    def listed(self):
        """The regions of the list asked for, each Listed; of one province, if one is asked for."""
        within = self.question["region"]
        regions = [
            region
            for each in self.provinces
            if within in (None, each.region.code)
            for region in self._regions_of(each)
        ]
        newest = self._register.selection().newest("region")
        ids = {newest[region.code] for region in regions if region.code in newest}
        papers = Agreement.objects.visible_to(self.user).in_bulk(ids)
        return [
            Listed(
                region,
                self._numbers.get(region.code, 0),
                tally.address(self._asking(region=region.code)),
                papers.get(newest.get(region.code)),
            )
            for region in regions
        ]

    def _regions_of(self, each):
        if self.rows == "provinces":
            return [each.region] if each.papers else []
        return each.covered if self.rows == "covered" else each.gaps

    def url(self, **more):
        """The address of the page with other parameters in place of some."""
        query = self.question.query
        query.pop("region", None)
        for name, value in more.items():
            query[name] = value
        return f"{reverse('partnerships:coverage')}?{query.urlencode()}"

    @property
    def all_url(self):
        """The address of the map and every province."""
        query = self.question.query
        for name in ("rows", "region"):
            query.pop(name, None)
        return f"{reverse('partnerships:coverage')}?{query.urlencode()}"

    @cached_property
    def urls(self):
        """The addresses of the lists, by their codes."""
        return {code: self.url(rows=code) for code in LISTS}

    @cached_property
    def papers(self):
        """The papers in force that cover the regions, of every region together."""
        return tally.Figure(self._register.count, tally.address(self._asking()))

    def drawn(self, name, draw):
        """A piece of the page that papers, regions, needs, the question and the reader decide alone. Of needs
        the index is not told."""
        asked = self.question.query.urlencode()
        return self._register.drawn((name, asked, tuple(sorted(self._needs.items()))), draw)

    @cached_property
    def map(self):
        """The provinces as tiles, each with the part of its kabupaten and kota that have such a paper; a tile
        leads to its line on the page."""
        return map_of_country(self.user, _COVERED, self.on, coverage_of(self._numbers))

    def _coverage(self, province, below):
        covered = [region for region in below if self._numbers.get(region.code)]
        gaps = [region for region in below if not self._numbers.get(region.code)]
        for region in gaps:
            region.stated = self._stated(region)
        needs = self._stated(province, *below)
        narrower = f"&{urlencode({'region': province.code})}"
        lists = (self.urls[rows] + narrower for rows in ("covered", "gaps"))
        number = self._numbers.get(province.code, 0)
        return ProvinceCoverage(province, number, covered, gaps, self.papers.url + narrower, needs, *lists)

    def _stated(self, region, *below):
        """The open needs of a region and of those below it; where there are none, nothing to lead to."""
        number = sum(self._needs.get(each.code, 0) for each in (region, *below))
        return tally.Figure(number, self._needs_url(region.code) if number else "")

    def _asking(self, **more):
        asked = {f"{name}_": self.question[name] for name in ("theme", "class") if self.question[name]}
        return tally.in_force(**asked, **more, **tally.day(self.on))
