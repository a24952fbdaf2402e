"""How much of what was promised has been done: the one definition of every rate (docs/glossary.md).

A commitment's rate is its verified value over its target. The rate of many is the mean of theirs, each
counted up to 1, so that one that was over-fulfilled hides no other; of one indicator it is the sum over
the sum, because the unit is the same. What can't be measured is in no rate and is said beside it, and
so is how many reports wait for verification.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Avg, Count, DecimalField, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Least
from django.utils import timezone

from partnerships.models import Commitment, CommitmentStanding, Indicator, Organization
from partnerships.models.standing import NO_FIGURES
from partnerships.register import commitments_for
from partnerships.selectors import tally


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

    Asked of the database. Of today it is a sum over the standings; what had been achieved by another day is
    computed from the reports of each commitment, so for many ``of_ledger`` is the one to ask.
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
    """The achievement of what a ledger shows, counted in memory as its rows are: the same as ``of`` says."""
    return _said(ledger.figures)


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
        return _in_order(_numbers_of(rows.figures_by("indicator", timezone.localdate())))
    rows = _as_of(_standing(rows, on).measurable(), on).order_by()
    sums = rows.values_list("indicator").annotate(
        Count("pk"), Sum("target"), Sum("achieved_then"), Sum("waiting")
    )
    return _in_order({indicator: numbers for indicator, *numbers in sums})


def _numbers_of(figures):
    return {
        indicator: (each.measurable_ones, each.promised, each.done, each.waiting_of_measurable)
        for indicator, each in figures.items()
        if each.measurable_ones
    }


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
    """What a page says of the commitments of a region or an organisation: the rate, the totals of each
    indicator, and for each figure the address of its rows.

    ``asking`` are the parameters of their list, ``on`` the day (None: today).
    """

    def __init__(self, user, on=None, **asking):
        self._asking = {**asking, **tally.day(on)}
        self._ledger = commitments_for(user, tally.asking(**self._asking))

    @cached_property
    def figure(self):
        return of_ledger(self._ledger)

    @cached_property
    def totals(self):
        """(total, address of its commitments) of each indicator."""
        found = _in_order(self._numbers)
        return [(total, self._url(indicator=total.indicator.slug)) for total in found]

    @property
    def _numbers(self):
        return self._ledger.measured.by_indicator()

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


class PromisesOfAPaper(Promises):
    """The same of one paper, asked of the database: these few it finds at once."""

    def __init__(self, user, agreement):
        super().__init__(user, agreement=agreement.ref)
        self._rows = CommitmentStanding.objects.visible_to(user).filter(agreement=agreement)

    @cached_property
    def _figures(self):
        # The rows are read once for the rate and for the totals.
        return self._rows.figures_by("indicator", timezone.localdate())

    @cached_property
    def figure(self):
        return _said(sum(self._figures.values(), NO_FIGURES))

    @property
    def _numbers(self):
        return _numbers_of(self._figures)


def promises_of_region(user, region, on=None):
    return Promises(user, on, region=region.code)


def promises_of_organization(user, organization):
    return Promises(user, owner=organization.slug)


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
