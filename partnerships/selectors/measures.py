"""By what regions are measured: for each measure the value of every region, and the rows behind it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from partnerships.columns import Rate
from partnerships.models import DormantState
from partnerships.register import agreements_for, commitments_for
from partnerships.selectors import tally
from regions.models import Region


@dataclass(frozen=True)
class Subject:
    """What a map shows."""

    label: str | Promise
    note: str | Promise


# What the papers of a region are, in place of a number.
STATE = Subject(_("Papers"), _("what is alive, asleep and over"))


@dataclass(frozen=True)
class Measure(Subject):
    """What is counted of a region, or (``is_share``) which part of it.

    ``values`` gives {code of a region: value} as a reader sees it on a day (None: today), ``said`` a value in
    words; ``url`` leads to exactly the rows of a region.
    """

    code: str
    values: Callable
    url: Callable
    said: Callable
    is_share: bool = False
    # What a region has that is not among the values.
    nothing: int | None = 0

    def short(self, value):
        """The value as it is printed on a tile."""
        if value is None:
            return "–"
        return percent(value) if self.is_share else number_format(value, force_grouping=True)


def percent(share):
    """A part as whole percents, cut: 100 is said only of all."""
    return f"{int(share * 100)}%"


def _with(on):
    return f"?on={on.isoformat()}" if on else ""


def _papers_by_region(**asked):
    def values(user, on):
        return agreements_for(user, tally.asking(**asked, **tally.day(on))).counts_by("region")

    return values


def _papers_url(**asked):
    return lambda code, on: tally.address(tally.asking(**asked, region=code, **tally.day(on)))


def _commitments_url(**asked):
    return lambda code, on: tally.ledger_address(tally.asking(**asked, region=code, **tally.day(on)))


def coverage_of(papers):
    """{code of a region: which part of its kabupaten and kota has papers, by the numbers of ``papers``}; one
    without any is left out, and a kabupaten or kota is all of itself."""
    covered: Counter[str] = Counter()
    there: Counter[str] = Counter()
    for code, province in Region.objects.kabupaten_kota().open().order_by().values_list("code", "parent"):
        there.update((code, province))
        if papers.get(code):
            covered.update((code, province))
    return {code: Decimal(number) / there[code] for code, number in covered.items()}


def _overdue(user, on):
    return commitments_for(user, tally.asking(overdue="yes", **tally.day(on))).counts_by("region")


def _achieved(user, on):
    return commitments_for(user, tally.asking(**tally.day(on))).measured.by("region")


def _papers_said(value):
    return ngettext("%(n)s paper", "%(n)s papers", value or 0) % {
        "n": number_format(value or 0, force_grouping=True)
    }


def _overdue_said(value):
    return ngettext("%(n)s commitment overdue", "%(n)s commitments overdue", value or 0) % {
        "n": number_format(value or 0, force_grouping=True)
    }


def _share_said(value):
    if value is None:
        return gettext("nothing that can be measured")
    return Rate(Decimal(value)).percent


_ALIVE = [code.value for code in tally.IN_FORCE]


IN_FORCE = Measure(
    _("Papers in force"),
    _("in force, ending soon, or of unknown end"),
    "in_force",
    _papers_by_region(validity=_ALIVE),
    _papers_url(validity=_ALIVE),
    _papers_said,
)
ASLEEP = Measure(
    _("Asleep"),
    _("signed papers without a sign of life in time"),
    "asleep",
    _papers_by_region(dormant=DormantState.values),
    _papers_url(dormant=DormantState.values),
    _papers_said,
)
COVERAGE = Measure(
    _("Coverage"),
    _("kabupaten and kota with a paper in force"),
    "coverage",
    lambda user, on: coverage_of(IN_FORCE.values(user, on)),
    lambda code, on: f"{reverse('partnerships:region-detail', args=[code])}{_with(on)}#below",
    _share_said,
    is_share=True,
)
MEASURES = {
    measure.code: measure
    for measure in (
        IN_FORCE,
        COVERAGE,
        Measure(
            _("Achieved, verified"),
            _("mean of what can be measured"),
            "achieved",
            _achieved,
            _commitments_url(measurable="yes"),
            _share_said,
            is_share=True,
            nothing=None,
        ),
        Measure(
            _("Overdue"),
            _("commitments with an overdue report"),
            "overdue",
            _overdue,
            _commitments_url(overdue="yes"),
            _overdue_said,
        ),
        ASLEEP,
        Measure(
            _("Term unknown"),
            _("papers of which no source gives the end"),
            "unknown",
            _papers_by_region(validity="unknown"),
            _papers_url(validity="unknown"),
            _papers_said,
        ),
    )
}
