"""What regions deliver of the same theme or of one event: a row for each region, a column for each thing
that is promised."""

import datetime
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.models import (
    AgreementScope,
    Indicator,
    SigningEvent,
    Theme,
)
from partnerships.register import agreements_for, commitments_for
from partnerships.register.index.standings import both_offices, of_alike
from partnerships.selectors import tally
from partnerships.selectors.asking import Question
from regions.models import Region

# So many regions are a row each; of more, provinces are, and each opens to its kabupaten and kota.
_MOST_REGIONS = 60
# So many verified reports make a delivery a routine, as long as none is overdue.
_ROUTINE = 2


class Delivery(TextChoices):
    """How far a commitment is delivered, the furthest last."""

    PROMISED = "promised", _("Promised only")
    PILOT = "pilot", _("Pilot")
    ROUTINE = "routine", _("Routine")


_STEPS = list(Delivery)


@dataclass(frozen=True)
class Column:
    """What is promised: an indicator, or None for what has none. ``url`` leads to its commitments."""

    indicator: Indicator | None
    url: str

    @property
    def label(self):
        return str(self.indicator) if self.indicator else gettext("Without an indicator")


@dataclass(frozen=True)
class Cell:
    """What the offices of a region promised of one thing: the furthest Delivery among the commitments, the
    end of the last verified period (None: none), who answers for them, how many there are and where."""

    delivery: Delivery
    last: datetime.date | None
    who: str
    offices: int
    count: int
    url: str


@dataclass(frozen=True)
class Row:
    """A region with a Cell, or None, in each column; ``url`` leads on."""

    region: Region
    url: str
    cells: list


class Matrix:
    """A reader's question by ``theme`` or ``event``; ``region`` opens a province. Wrong parameters are named
    in ``question.problems`` and left out."""

    def __init__(self, user, params):
        self.user = user
        self.themes = list(Theme.objects.all())
        self.events = list(SigningEvent.objects.visible_to(user))
        self.provinces = list(Region.objects.provinces().order_by("code"))
        choices = {
            "theme": {each.slug for each in self.themes},
            "event": {each.slug for each in self.events},
            "region": {each.code for each in self.provinces},
        }
        self.question = Question(params, sorts=["code"], choices=choices)
        self.theme = next((each for each in self.themes if each.slug == self.question["theme"]), None)
        self.event = next((each for each in self.events if each.slug == self.question["event"]), None)
        self.province = next((each for each in self.provinces if each.code == self.question["region"]), None)
        self.ledger = commitments_for(user, self._asking())

    @property
    def is_asked(self):
        """Whether there is a theme or an event to show something of."""
        return bool(self.theme or self.event)

    @property
    def title(self):
        of = [str(each) for each in (self.theme, self.event, self.province) if each]
        return " · ".join([gettext("Matrix"), *of])

    @property
    def commitments(self):
        return tally.Figure(self.ledger.count, tally.ledger_address(self._asking()))

    # --- the table ----------------------------------------------------------------------------

    @cached_property
    def columns(self):
        """The things that are promised, in the order of the indicators; what has none comes last."""
        promised = {indicator for _code, indicator in self._cells}
        known = Indicator.objects.filter(pk__in=promised).order_by("position", "name")
        return [Column(each, self._url(indicator=each.slug)) for each in known] + (
            [Column(None, self._url(lacks="indicator"))] if 0 in promised else []
        )

    @cached_property
    def rows(self):
        """The regions of the papers and of who owes something, a province before its kabupaten and kota."""
        own = self._regions_of_papers | self._owing
        if self.province:
            own = {code for code in own if code[:2] == self.province.code}
        if len(own) > _MOST_REGIONS and not self.province:
            own = {code[:2] for code in own}
        return [self._row(region) for region in Region.objects.filter(code__in=own).order_by("code")]

    @property
    def tables(self):
        """(columns, rows) of some columns each, as many as have room on a sheet of paper."""
        across = 7
        for first in range(0, len(self.columns), across):
            some = slice(first, first + across)
            yield self.columns[some], [Row(row.region, row.url, row.cells[some]) for row in self.rows]

    def _row(self, region):
        cells = [self._cell(region, column) for column in self.columns]
        url = reverse("partnerships:region-detail", args=[region.code])
        if region.is_province and not self.province:
            query = self.question.query
            query["region"] = region.code
            url = f"{reverse('partnerships:matrix')}?{query.urlencode()}"
        return Row(region, url, cells)

    def _cell(self, region, column):
        indicator = column.indicator
        found = self._cells.get((region.code, indicator.pk if indicator else 0))
        if found is None:
            return None
        count, step, last, offices = found
        asked = {"indicator": indicator.slug} if indicator else {"lacks": "indicator"}
        return Cell(
            _STEPS[step],
            datetime.date.fromordinal(last) if last else None,
            self._offices.names[next(iter(offices))][1] if len(offices) == 1 else "",
            len(offices),
            count,
            self._url(region=region.code, **asked),
        )

    @cached_property
    def _regions_of_papers(self):
        papers = agreements_for(self.user, self._asking()).rows().order_by().values("pk")
        scopes = AgreementScope.objects.filter(agreement__in=papers)
        return set(scopes.order_by().values_list("region", flat=True).distinct())

    @property
    def _offices(self):
        """What offices are called, and for which region and its province they act."""
        return self.ledger.index.offices

    @cached_property
    def _owing(self):
        named = {pk for pair, _indicator in self._groups for pk in pair if pk}
        return {code for pk in named for code in self._offices.places[pk][:1]}

    @cached_property
    def _cells(self):
        """{(code of a region, id of an indicator or 0): [count, step, last day or 0, offices]}."""
        cells: dict = {}
        places = self._offices.places
        for (pair, indicator), (count, step, last) in self._groups.items():
            for code in {code for pk in pair if pk for code in places[pk]}:
                cell = cells.setdefault((code, indicator), [0, 0, 0, set()])
                cell[0] += count
                cell[1:3] = max(cell[1], step), max(cell[2], last)
                cell[3].add(pair[0] or pair[1])
        return cells

    @cached_property
    def _groups(self):
        """{((office that answers, office that owes), indicator): (count, furthest step, last day or 0)} of
        the commitments asked for."""
        if not self.is_asked:
            return {}
        standings = self.ledger.index.standings
        places = np.flatnonzero(self.ledger.selection().mask)
        number, last = (each[places] for each in standings.deliveries)
        is_late = standings.next_due[places] < self.ledger.day.toordinal()
        step = np.where((number >= _ROUTINE) & ~is_late, 2, np.where(number > 0, 1, 0))
        indicators = of_alike(standings.alike.values)["indicator"][standings.alike.codes[places]]
        keys = np.stack([standings.offices.codes[places].astype(np.int64), indicators])
        found, codes, counts = np.unique(keys, axis=1, return_inverse=True, return_counts=True)
        furthest, latest = np.zeros(len(counts), np.int64), np.zeros(len(counts), np.int64)
        np.maximum.at(furthest, codes.reshape(-1), step)
        np.maximum.at(latest, codes.reshape(-1), last)
        answering, owing = both_offices(standings.offices.values[found[0]])
        pairs = zip(answering.tolist(), owing.tolist(), strict=True)
        said = zip(counts.tolist(), furthest.tolist(), latest.tolist(), strict=True)
        return dict(zip(zip(pairs, found[1].tolist(), strict=True), said, strict=True))

    # --- addresses ----------------------------------------------------------------------------

    def _asking(self, **more):
        names = ("theme", "event", "region")
        asked = {name: self.question[name] for name in names if self.question[name]} | more
        return tally.asking(**asked)

    def _url(self, **more):
        return tally.ledger_address(self._asking(**more))
