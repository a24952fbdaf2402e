"""How many people were trained, certified and placed, of those that commitments promise: as a whole and by
region, class, partner or period, each number with the commitments behind it."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships import charts
from partnerships.columns import Amount, Rate
from partnerships.models import BatchShare, Indicator, Stage
from partnerships.register import commitments_for
from partnerships.register.index.reach import Reached
from partnerships.selectors import tally
from partnerships.selectors.funnel_lines import OfClasses, OfPartners, OfPeriods, OfRegions

DIMENSIONS = {
    "period": _("Period"),
    "region": _("Region"),
    "class": _("Partner class"),
    "partner": _("Partner"),
}
# What shapes the ledger or asks for what stands in no step; the funnel has no use for it.
OF_THE_LEDGER = ("sort", "size", "columns", "opened", "view", "withdrawn", "on")
_LINES = 50


@dataclass(frozen=True)
class Step:
    """A Stage: what commitments with an indicator of it come to (``reached``), and the addresses of exactly
    those behind each number. ``rate`` and the shares are fractions, None of nothing."""

    stage: Stage
    reached: Reached
    urls: dict

    @property
    def rate(self):
        return self.reached.done / self.reached.promised if self.reached.promised else None

    @property
    def unmeasurable(self):
        return self.reached.commitments - self.reached.measurable

    @property
    def unmeasurable_share(self):
        return self._share(self.unmeasurable)

    @property
    def waiting_share(self):
        return self._share(self.reached.waiting)

    def _share(self, part):
        return Decimal(part) / self.reached.commitments if self.reached.commitments else None


@dataclass(frozen=True)
class Line:
    """One value of the dimension with its steps; ``url`` leads on."""

    label: str
    url: str
    steps: list


class Funnel:
    """A reader's question to the ledger, answered by the stages of people's way to work.

    The parameters are those of the ledger and ``by``, a code of DIMENSIONS. Wrong ones are named in
    ``problems`` and left out.
    """

    def __init__(self, user, params):
        self.user = user
        self.params = params
        question = params.copy()
        said = question.pop("by", [])[-1:]
        self.by = said[0] if said and said[0] in DIMENSIONS else next(iter(DIMENSIONS))
        self._page = (question.pop("page", None) or ["1"])[-1]
        left_out = [name for name in OF_THE_LEDGER if question.pop(name, None)]
        self.ledger = commitments_for(user, question)
        self.problems = [*self.ledger.problems]
        if said and said[0] != self.by:
            self.problems.append(
                gettext("“%(value)s” is not a value of “%(name)s”; the list goes on without it.")
                % {"value": said[0][:60], "name": "by"}
            )
        self.problems += [
            gettext("“%(name)s” is not a filter of this list; the list goes on without it.") % {"name": name}
            for name in left_out
        ]

    # --- numbers ------------------------------------------------------------------------------

    @cached_property
    def _indicators(self):
        """{Stage: its indicators}, of those asked for."""
        asked = self.ledger.asked.get("indicator")
        found: dict = {stage: [] for stage in Stage}
        for each in Indicator.objects.exclude(stage="") if asked is None else asked:
            if each.stage:
                found[Stage(each.stage)].append(each)
        return found

    @cached_property
    def _reaches(self):
        selection = self.ledger.selection()
        return {
            stage: selection.reach([each.pk for each in them]) for stage, them in self._indicators.items()
        }

    @cached_property
    def steps(self):
        """A Step of each Stage, of everything that was asked for."""
        return [self._step(stage, reach.whole) for stage, reach in self._reaches.items()]

    @cached_property
    def chart(self):
        return [
            charts.Step(
                str(step.stage.label),
                float(step.reached.done),
                str(Amount(step.reached.done)),
                gettext("%(rate)s of what was promised") % {"rate": Rate(step.rate).percent}
                if step.rate is not None
                else "",
                step.urls.get("done", ""),
            )
            for step in self.steps
        ]

    @cached_property
    def followed(self):
        """The people in verified batches, who are the same ones at every step, as steps of a chart; empty
        where nobody is."""
        shares = BatchShare.objects.verified().filter(commitment__in=self.ledger.standings().values("pk"))
        people = shares.people()
        first = people[Stage.TRAINED]
        if not first:
            return []
        url = tally.ledger_address(self.asking(has="batches"))
        return [
            charts.Step(
                str(stage.label),
                float(number),
                str(Amount(number)),
                Rate(number / first).percent if stage != Stage.TRAINED else "",
                url,
            )
            for stage, number in people.items()
        ]

    @cached_property
    def unmeasurable(self):
        """What was asked for and can't be measured, whatever its indicator or without any."""
        query = self.asking(measurable="no")
        return tally.Figure(commitments_for(self.user, query).count, tally.ledger_address(query))

    @cached_property
    def commitments(self):
        """Everything that was asked for."""
        return tally.Figure(self.ledger.count, tally.ledger_address(self.asking()))

    # --- lines --------------------------------------------------------------------------------

    @cached_property
    def lines(self):
        """A Line of every value of the dimension; a commitment of several values is in the line of each."""
        return list(self._lines_of(self._values))

    @cached_property
    def page(self):
        """A page of the lines."""
        pages = Paginator(self._values, _LINES)
        page = pages.get_page(self._page)
        page.object_list = list(self._lines_of(page.object_list))
        return page

    def _lines_of(self, values):
        names = self._dimension.names(values)
        for value in values:
            asked = self._dimension.asked(value)
            steps = [
                self._step(stage, self._by[stage].get(value, Reached()), asked) for stage in self._reaches
            ]
            yield Line(names[value], self._dimension.url(value), steps)

    @cached_property
    def _by(self):
        return {stage: self._dimension.of(reach) for stage, reach in self._reaches.items()}

    @cached_property
    def _values(self):
        """The values of the dimension, in the order of their lines."""
        return self._dimension.ordered({value for each in self._by.values() for value in each}, self._by)

    @cached_property
    def _dimension(self):
        return _DIMENSIONS[self.by](self)

    # --- addresses ----------------------------------------------------------------------------

    def _step(self, stage, reached, asked=None):
        indicators = [each.slug for each in self._indicators[stage]]
        flags = {"done": {"measurable": "yes"}, "unmeasurable": {"measurable": "no"}}
        flags |= {"waiting": {"unverified": "yes"}, "all": {}}
        urls = {
            name: tally.ledger_address(self.asking(**(asked or {}), **flag, indicator=indicators))
            for name, flag in flags.items()
            # Without an indicator of the step there is nothing behind it.
            if indicators
        }
        return Step(stage, reached, urls)

    def asking(self, **more):
        """The question to the ledger, with more asked of it."""
        query = self.ledger.question.copy()
        for name, value in more.items():
            query.setlist(name.rstrip("_"), value if isinstance(value, list) else [value])
        return query

    def query(self, **more):
        """The parameters of this page, with others in place of some."""
        query = self.asking(**more)
        if "by" not in query and self.by != next(iter(DIMENSIONS)):
            query["by"] = self.by
        return query

    def url(self, **more):
        return f"{reverse('partnerships:funnel')}?{self.query(**more).urlencode()}"

    @property
    def heading(self):
        """What the values of the lines are."""
        return DIMENSIONS[self.by]

    @property
    def tabs(self):
        """The dimensions, as tabs of the page."""
        return [
            {"url": self.url(by=code), "label": label, "current": code == self.by}
            for code, label in DIMENSIONS.items()
        ]

    @property
    def chips(self):
        """The filters in force, each with the address of the page without it."""
        return [(chip.label, chip.value, self._without(chip)) for chip in self.ledger.chips]

    def _without(self, chip):
        query = QueryDict(chip.url.removeprefix("?"), mutable=True)
        # Of a list without filters the address may name a view.
        query.pop("view", None)
        query["by"] = self.by
        return f"?{query.urlencode()}"


_DIMENSIONS = {"period": OfPeriods, "region": OfRegions, "class": OfClasses, "partner": OfPartners}
