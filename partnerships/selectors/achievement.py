"""How much of what was promised has been done: the one definition of every rate (docs/glossary.md).

A commitment's rate is its verified value over its target. The rate of many is the mean of theirs, each
counted up to 1, so that one that was over-fulfilled hides no other; of one indicator it is the sum over
the sum, because the unit is the same. What can't be measured is in no rate and is said beside it, and
so is how many reports wait for verification.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.db.models import Avg, Count, DecimalField, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Least
from django.utils import timezone

from partnerships.models import Commitment, CommitmentStanding, Indicator, Organization
from partnerships.models.standing import NO_FIGURES
from partnerships.selectors import tally

# As fine as the sums of a million of them are exact as a number of the machine.
_EXACTLY = 10**12


@dataclass(frozen=True)
class Achievement:
    """``rate`` as a fraction (None: nothing to measure); the counts are commitments, ``waiting`` reports."""

    commitments: int
    measurable: int
    rate: Decimal | None
    waiting: int
    overdue: int

    @property
    def unmeasurable(self):
        return self.commitments - self.measurable


@dataclass(frozen=True)
class Total:
    """What was promised and done in one indicator, in its unit; ``rate`` as a fraction or None."""

    indicator: object
    commitments: int
    target: Decimal
    achieved: Decimal
    waiting: int

    @property
    def rate(self):
        return self.achieved / self.target if self.target else None


def of(rows, on=None):
    """The achievement of commitments (their standings, a queryset), or of those that stood on a day.

    Of today it is a sum over the standings. What had been achieved by another day is computed from the
    reports of each commitment, which takes as long as there are commitments with reports.
    """
    if on is None:
        return _said(rows.figures(timezone.localdate()))
    figures = (
        _as_of(_standing(rows, on), on)
        .order_by()
        .aggregate(
            commitments=Count("pk"),
            measured=Count("pk", filter=Q(measurable=True)),
            mean=Avg(Least(F("rate_then"), Decimal(1)), filter=Q(measurable=True)),
            to_verify=Sum("waiting", default=0),
            overdue=Count("pk", filter=Q(next_due__lt=on)),
        )
    )
    return Achievement(
        commitments=figures["commitments"],
        measurable=figures["measured"],
        rate=figures["mean"],
        waiting=figures["to_verify"],
        overdue=figures["overdue"],
    )


def of_ledger(ledger):
    """The achievement of what a ledger shows, read together with its count."""
    return of(ledger.standings(), ledger.on) if ledger.on else _said(ledger.figures)


def _said(figures):
    measured = figures.measurable_ones
    return Achievement(
        commitments=figures.commitments,
        measurable=measured,
        rate=figures.rates / measured if measured else None,
        waiting=figures.reports_waiting,
        overdue=figures.overdue,
    )


def totals(rows, on=None):
    """What was promised and done in each indicator of the measurable commitments (their standings), in the
    order of these."""
    if on is None:
        return _totals(rows.figures_by("indicator", timezone.localdate()))
    rows = _as_of(_standing(rows, on).measurable(), on).order_by()
    sums = rows.values_list("indicator").annotate(
        Count("pk"), Sum("target"), Sum("achieved_then"), Sum("waiting")
    )
    return _in_order({indicator: numbers for indicator, *numbers in sums})


def _totals(figures):
    numbers = {
        indicator: (each.measurable_ones, each.promised, each.done, each.waiting_of_measurable)
        for indicator, each in figures.items()
        if each.measurable_ones
    }
    return _in_order(numbers)


def _in_order(numbers):
    indicators = Indicator.objects.filter(pk__in=numbers).order_by("position", "name")
    return [Total(indicator, *numbers[indicator.pk]) for indicator in indicators]


def _as_of(rows, on):
    """The standings with ``achieved_then`` and ``rate_then``, as had been known by that day."""
    plain = Commitment.objects.filter(pk=OuterRef("pk")).with_achieved(on)
    return rows.annotate(
        achieved_then=Subquery(plain.values("achieved"), output_field=DecimalField()),
        rate_then=Subquery(plain.values("rate"), output_field=DecimalField()),
    )


class Promises:
    """What a page says of the commitments of a region, an organisation or a paper: the rate, the totals of
    each indicator, and for each figure the address of its rows.

    ``rows`` are the standings of the commitments that the reader may see, ``asking`` the parameters of
    their list, ``on`` the day (None: today).
    """

    def __init__(self, rows, on=None, **asking):
        self._rows = rows
        self._on = on
        self._asking = {**asking, "on": on.isoformat()} if on else asking

    @cached_property
    def _of_indicators(self):
        # The rows are read once for the rate and for the totals.
        return self._rows.figures_by("indicator", timezone.localdate())

    @cached_property
    def figure(self):
        if self._on:
            return of(self._rows, self._on)
        return _said(sum(self._of_indicators.values(), NO_FIGURES))

    @cached_property
    def totals(self):
        """(total, address of its commitments) of each indicator."""
        found = totals(self._rows, self._on) if self._on else _totals(self._of_indicators)
        return [(total, self._url(indicator=total.indicator.slug)) for total in found]

    @property
    def url(self):
        return self._url()

    @property
    def urls(self):
        """The addresses behind the other figures, by name."""
        return {
            "waiting": self._url(unverified="yes"),
            "overdue": self._url(overdue="yes"),
            "unmeasurable": self._url(measurable="no"),
        }

    def _url(self, **more):
        return tally.ledger_address(tally.asking(**self._asking, **more))


def promises_of_region(user, region, on=None):
    return Promises(_of_region(user, region), on, region=region.code)


def promises_of_organization(user, organization):
    return Promises(_of_organization(user, organization), owner=organization.slug)


def of_agreement(user, agreement, on=None):
    return of(CommitmentStanding.objects.visible_to(user).filter(agreement=agreement), on)


def of_organization(user, organization, on=None):
    """Of a partner or a unit: what it, or an office below it, owes or answers for."""
    return of(_of_organization(user, organization), on)


def of_region(user, region, on=None):
    """Of a region: what offices that act for it owe; a province includes its kabupaten and kota.

    A region that has closed keeps what its offices owed, and its province counts it on.
    """
    return of(_of_region(user, region), on)


def by_region(user, on):
    """{code of a region: the rate as a fraction} on a day, of every region for which an office acts that owes
    something that can be measured. Computed from the reports of each commitment."""
    rows = _as_of(_standing(CommitmentStanding.objects.visible_to(user), on).measurable(), on).order_by()
    return _mean_by_region(_added_up(rows, "rate_then", "owner", "owing"))


class Shares:
    """The rates of the measurable commitments of a ledger, each up to 1, for their means: read once. As of a
    day they are computed from the reports of each commitment."""

    def __init__(self, ledger):
        self._ledger = ledger
        on = ledger.on
        rows = _standing(ledger.standings(), on).measurable().order_by()
        self._rows, self._rate = (_as_of(rows, on), "rate_then") if on else (rows, "rate")

    @cached_property
    def _sums(self):
        return list(_added_up(self._rows, self._rate, "agreement", "owner", "owing"))

    @property
    def mean(self):
        """Of all of them, as a fraction; None of none."""
        number = sum(number for *_of, number, _rates in self._sums)
        return Fraction(sum(rates for *_of, rates in self._sums)) / number if number else None

    def by(self, name):
        """{value: the mean} by region of the offices, or by class, unit or theme of the papers."""
        if name == "region":
            return _mean_by_region([each[1:] for each in self._sums])
        numbers, rates = self._of_papers
        papers = self._ledger.index.papers
        sums = papers.sums(rates, name)
        return {
            value: Fraction(sums.get(value, 0), number * _EXACTLY)
            for value, number in papers.sums(numbers, name).items()
        }

    @cached_property
    def _of_papers(self):
        """({paper: how many are measured}, {paper: the sum of their rates, as a whole number})."""
        numbers: Counter[int] = Counter()
        rates: Counter[int] = Counter()
        for paper, _owner, _owing, number, sum_of_rates in self._sums:
            numbers[paper] += number
            rates[paper] += int(sum_of_rates * _EXACTLY)
        return numbers, rates


def _added_up(rows, rate, *of):
    """(what they are of, how many they are, the sum of their rates) of standings."""
    return rows.values_list(*of).annotate(number=Count("pk"), rates=Sum(Least(rate, Decimal(1))))


def _mean_by_region(pairs):
    """{code of a region: the mean} from (who answers, who owes, number, sum of the rates)."""
    offices = Organization.objects.exclude(region=None).order_by()
    places = {pk: {code, above} for pk, code, above in offices.values_list("pk", "region", "region__parent")}
    sums: dict[str, tuple[int, Decimal]] = {}
    for owner, owing, number, rates in pairs:
        for code in (places.get(owner, set()) | places.get(owing, set())) - {None}:
            before = sums.get(code, (0, Decimal(0)))
            sums[code] = before[0] + number, before[1] + rates
    return {code: Fraction(rates) / number for code, (number, rates) in sums.items()}


def of_indicator(user, indicator, on=None):
    """Of an indicator: one Total, or None when nobody has promised anything in it."""
    found = totals(CommitmentStanding.objects.visible_to(user).filter(indicator=indicator), on)
    return found[0] if found else None


def _of_organization(user, organization):
    offices = Organization.objects.subtree_ids([organization.pk])
    return CommitmentStanding.objects.visible_to(user).answered_for_by(offices)


def _of_region(user, region):
    return CommitmentStanding.objects.visible_to(user).in_regions([region.code])


def _standing(rows, on):
    if on is None:
        return rows.standing()
    return rows.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on))
