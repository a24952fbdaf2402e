"""What was signed, ended, renewed, done and left asleep in a period, by class, theme, unit and region, beside
the period before: every number with its rows."""

from functools import cached_property

from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from partnerships.charts import Bar
from partnerships.models import Organization, PartnerClass, Theme
from partnerships.selectors import trend
from partnerships.selectors.period_cells import Cell, Dimension, Line, Table
from partnerships.selectors.period_measures import ACHIEVED, ASLEEP, IN_FORCE, OF_COMMITMENTS, OF_PAPERS
from partnerships.selectors.periods import Period
from regions.models import Region


class PeriodReport:
    """The report on a period (periods.Period) within what a reader may see."""

    def __init__(self, user, period):
        self.user = user
        self.period = period
        self.before = period.before
        self._listings = {}
        self._urls = {}

    @cached_property
    def summary(self):
        """A Line of each number, with the one of all papers or commitments."""
        lines = [Line(each.label, [self._total(each)]) for each in (*OF_PAPERS, *OF_COMMITMENTS)]
        return [*lines, Line(ACHIEVED.label, [self._achieved])]

    @cached_property
    def divided(self):
        """(heading, table of papers, table of commitments) by class, theme, unit and province."""
        return [(each.label, self._papers(each), self._commitments(each)) for each in self._dimensions]

    @property
    def urls(self):
        """The addresses of the files of the report, by their form."""
        return {form: self.period.url(f"period-{form}") for form in ("pdf", "csv")}

    @property
    def tabs(self):
        """The ways to the neighbouring reports: the years around it, and the parts of its own."""
        year = self.period.year
        near = [Period(year - 1), Period(year), Period(year, 1), Period(year, 2), Period(year + 1)]
        return [
            {"url": each.url(), "label": capfirst(str(each)), "current": each == self.period}
            for each in near
            if each.has_begun
        ]

    @property
    def in_force(self):
        """How many papers were in force at the end of each quarter up to the end of the period: a line."""
        return trend.in_force(self.user, self.period.day)

    @property
    def asleep(self):
        return trend.asleep(self.user, self.period.day)

    @cached_property
    def by_class(self):
        """A bar of the papers in force of each class: those that are awake, and those that sleep."""
        in_force, asleep = (self._counts(each, self.period, "class") for each in (IN_FORCE, ASLEEP))
        return [
            Bar(
                each.label,
                (
                    (in_force[each.value] - asleep.get(each.value, 0), "accent", ""),
                    (asleep.get(each.value, 0), "warn", ""),
                ),
                _grouped(in_force[each.value]),
                IN_FORCE.url(self.period, class_=each.value),
            )
            for each in PartnerClass
            if in_force.get(each.value)
        ]

    # --- numbers ------------------------------------------------------------------------------

    def _listing(self, measure, period):
        key = measure.code, period.code
        if key not in self._listings:
            self._listings[key] = measure.listing(self.user, period)
        return self._listings[key]

    def _counts(self, measure, period, name):
        return self._listing(measure, period).counts_by(name)

    def _total(self, measure):
        return self._cell(
            measure,
            self._listing(measure, self.period).count,
            self._listing(measure, self.before).count,
        )

    def _cell(self, measure, now, before, narrower=""):
        urls = [self._url(measure, period) + narrower for period in (self.period, self.before)]
        return Cell(measure.label, now, before, *urls, is_share=measure is ACHIEVED)

    def _url(self, measure, period):
        """The address of all the rows of a number; a line of a table narrows it."""
        key = measure.code, period.code
        if key not in self._urls:
            self._urls[key] = measure.url(period)
        return self._urls[key]

    @cached_property
    def _shares(self):
        return [self._listing(ACHIEVED, period).measured for period in (self.period, self.before)]

    @property
    def _achieved(self):
        return self._cell(ACHIEVED, *(shares.mean for shares in self._shares))

    # --- tables -------------------------------------------------------------------------------

    @cached_property
    def _dimensions(self):
        classes = [(each.value, each.value, each.label) for each in PartnerClass]
        themes = [(theme.pk, theme.slug, str(theme)) for theme in Theme.objects.all()]
        units = [(unit.pk, unit.slug, unit.label) for unit in Organization.objects.units().order_by("name")]
        found = Region.objects.provinces().order_by("code")
        provinces = [(each.code, each.code, each.short_name) for each in found]
        return [
            Dimension("class", _("By partner class"), classes),
            Dimension("theme", _("By theme"), themes),
            Dimension("unit", _("By unit of the ministry"), units),
            Dimension("region", _("By province"), provinces),
        ]

    def _papers(self, dimension):
        return self._table(dimension, OF_PAPERS)

    def _commitments(self, dimension):
        """The table of the commitments, with the part of what was promised that is verified."""
        now, before = (shares.by(dimension.code) for shares in self._shares)
        table = self._table(dimension, OF_COMMITMENTS)
        for line in table.lines:
            share = self._cell(ACHIEVED, now.get(line.key), before.get(line.key), line.narrower)
            line.cells.append(share)
        table.total.cells.append(self._achieved)
        return Table([*table.headings, ACHIEVED.label], table.lines, table.total)

    def _table(self, dimension, measures):
        counts = [
            [self._counts(measure, period, dimension.code) for period in (self.period, self.before)]
            for measure in measures
        ]
        lines = []
        for key, value, label in dimension.values:
            numbers = [(now.get(key, 0), before.get(key, 0)) for now, before in counts]
            if any(map(any, numbers)):
                narrower = f"&{urlencode({dimension.code: value})}"
                pairs = zip(measures, numbers, strict=True)
                cells = [self._cell(measure, *pair, narrower) for measure, pair in pairs]
                lines.append(Line(label, cells, key, narrower))
        total = Line(_("All"), [self._total(measure) for measure in measures])
        return Table([measure.label for measure in measures], lines, total)


def _grouped(number):
    return number_format(number, force_grouping=True)
