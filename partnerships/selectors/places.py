"""The register by province, kabupaten and kota."""

from collections import Counter
from functools import cached_property

from django.db.models import Count, Q
from django.db.models.functions import Lower

from partnerships.models import Organization
from partnerships.register import agreements_for
from partnerships.selectors import achievement, tally
from partnerships.selectors.asking import Question
from regions.models import Region

_ORDERS = ["-papers", "name", "code", "in_force", "reached"]


class RegionLine:
    """A region with its papers, a province with those of its kabupaten and kota."""

    def __init__(self, region, papers, in_force, reached=0, below=0):
        self.region = region
        self.code = region.code
        self.name = region.name
        self.papers = papers
        self.in_force = in_force
        self.reached = reached
        self.below = below


class _Counts:
    """How many papers each region has, within the reader's sight."""

    def __init__(self, user):
        self.papers = agreements_for(user, tally.asking()).counts_by("region")
        self.in_force = agreements_for(user, tally.in_force()).counts_by("region")
        # Of each province, how many kabupaten and kota have a paper.
        parents = Region.objects.filter(code__in=self.papers).exclude(parent=None).order_by()
        self.reached = Counter(parents.values_list("parent", flat=True))

    def line(self, region, below=0):
        return RegionLine(
            region,
            self.papers.get(region.code, 0),
            self.in_force.get(region.code, 0),
            self.reached.get(region.code, 0),
            below,
        )


class RegionList:
    """All provinces ranked; a search finds kabupaten and kota too."""

    def __init__(self, user, params):
        self.question = Question(params, sorts=_ORDERS)
        self._counts = _Counts(user)

    @cached_property
    def lines(self):
        below = dict(
            Region.objects.kabupaten_kota().open().order_by().values_list("parent").annotate(n=Count("pk"))
        )
        lines = [self._counts.line(region, below.get(region.code, 0)) for region in self._regions()]
        sort = self.question.sort
        name = sort.removeprefix("-")
        # Ranked by a number, equals stand in the order of their codes.
        return sorted(
            sorted(lines, key=lambda line: line.code),
            key=lambda line: getattr(line, name),
            reverse=sort.startswith("-"),
        )

    @cached_property
    def figures(self):
        """Of all provinces: how many there are, and how many have a paper in their reach."""
        provinces = Region.objects.provinces().open().values_list("code", flat=True)
        return {
            "provinces": len(provinces),
            "with_papers": sum(1 for code in provinces if self._counts.papers.get(code)),
            "reached": sum(self._counts.reached.values()),
        }

    def _regions(self):
        if not self.question.q:
            return Region.objects.provinces().open()
        found = Region.objects.select_related("parent")
        for word in self.question.q.split()[:10]:
            found = found.filter(
                Q(name__icontains=word)
                | Q(short_name__icontains=word)
                | Q(aliases__icontains=word)
                | Q(code=word)
            )
        return found


class RegionPage(tally.PapersOf):
    """One region: who governs it, its papers, and of a province its kabupaten and kota."""

    def __init__(self, region, user):
        super().__init__(user, region=region.code)
        self.region = region

    @cached_property
    def lines(self):
        """The kabupaten and kota of a province, those with papers first."""
        if not self.region.is_province:
            return []
        below = Region.objects.filter(parent=self.region).order_by("code")
        counts = _Counts(self.user)
        lines = [counts.line(region) for region in below]
        return sorted(lines, key=lambda line: (-line.papers, line.code))

    @cached_property
    def reached(self):
        return sum(1 for line in self.lines if line.papers)

    @cached_property
    def promises(self):
        return achievement.promises_of_region(self.user, self.region)

    @cached_property
    def organizations(self):
        """Its government and offices, each with its own papers."""
        acting = Organization.objects.visible_to(self.user).filter(region=self.region)
        ordered = acting.order_by("parent__pk", Lower("name"))
        return tally.PapersPer(self.user, "organization").put(ordered)
