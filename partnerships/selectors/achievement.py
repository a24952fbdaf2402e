"""How much of what was promised has been done: the one definition of every rate (docs/glossary.md).

A commitment's rate is its verified value over its target. The rate of many is the mean of theirs, each
counted up to 1, so that one that was over-fulfilled hides no other; of one indicator it is the sum over
the sum, because the unit is the same. What can't be measured is in no rate and is said beside it, and
so is how many reports wait for verification.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Avg, Count, F, Q, Sum
from django.db.models.functions import Least
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Commitment, Organization

_MEASURED = Q(rate__isnull=False)


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
    """The achievement of commitments (a queryset), or of those that stood on a day."""
    rows = _standing(rows, on)
    today = on or timezone.localdate()
    figures = (
        rows.with_achieved(on)
        .order_by()
        .aggregate(
            commitments=Count("pk"),
            measurable=Count("pk", filter=_MEASURED),
            mean=Avg(Least(F("rate"), Decimal(1)), filter=_MEASURED),
            to_verify=Sum("waiting", default=0),
        )
    )
    return Achievement(
        commitments=figures["commitments"],
        measurable=figures["measurable"],
        rate=figures["mean"],
        waiting=figures["to_verify"],
        overdue=rows.overdue(today).count(),
    )


def totals(rows, on=None):
    """What was promised and done in each indicator of the measurable commitments, in the order of these."""
    rows = _standing(rows, on).measurable().with_achieved(on).order_by()
    sums: dict = {}
    for row in rows.select_related("indicator"):
        found = sums.setdefault(row.indicator, [0, Decimal(0), Decimal(0), 0])
        found[0] += 1
        found[1] += row.target
        found[2] += row.achieved
        found[3] += row.waiting
    ordered = sorted(sums, key=lambda indicator: (indicator.position, indicator.name))
    return [Total(indicator, *sums[indicator]) for indicator in ordered]


class Promises:
    """What a page says of the commitments of a region, an organisation or a paper: the rate, the totals of
    each indicator, and for each figure the address of its rows.

    ``rows`` are the commitments that the reader may see, ``asking`` the parameters of their list.
    """

    def __init__(self, rows, **asking):
        self._rows = rows
        self._asking = asking

    @cached_property
    def figure(self):
        return of(self._rows)

    @cached_property
    def totals(self):
        """(total, address of its commitments) of each indicator."""
        return [(total, self._url(indicator=total.indicator.slug)) for total in totals(self._rows)]

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
        return f"{reverse('partnerships:commitment-list')}?{urlencode({**self._asking, **more})}"


def promises_of_region(user, region):
    return Promises(_of_region(user, region), region=region.code)


def promises_of_organization(user, organization):
    return Promises(_of_organization(user, organization), owner=organization.slug)


def of_agreement(user, agreement, on=None):
    return of(Commitment.objects.visible_to(user).filter(agreement=agreement), on)


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
    found = totals(Commitment.objects.visible_to(user).filter(indicator=indicator), on)
    return found[0] if found else None


def _of_organization(user, organization):
    offices = Organization.objects.subtree_ids([organization.pk])
    return Commitment.objects.visible_to(user).answered_for_by(offices)


def _of_region(user, region):
    return Commitment.objects.visible_to(user).in_regions([region.code])


def _standing(rows, on):
    if on is None:
        return rows.standing()
    return rows.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on))
