"""What is known of a commitment without the clock, kept by the database so that lists of a million answer."""

import datetime
import operator
from dataclasses import astuple, dataclass
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Least

from partnerships.models.access import access_of
from partnerships.models.agreement import Agreement
from partnerships.models.commitment import Commitment, Funding, Recurrence
from partnerships.models.commitment_state import CommitmentState
from partnerships.models.organization import Organization
from partnerships.models.reference import Indicator
from partnerships.models.reporting import DUE_SOON
from partnerships.roles import ADMIN, ANONYMOUS, Role

# So many commitments are compared with their reports in one question.
_AT_ONCE = 20_000


def state_on(on, prefix=""):
    """The CommitmentState on that day as an expression over the columns of the standing.

    ``prefix`` leads to the standing from the rows that are asked.
    """

    def when(state, **conditions):
        return When(Q(**{f"{prefix}{name}": value for name, value in conditions.items()}), then=Value(state))

    return Case(
        when(CommitmentState.WITHDRAWN, withdrawn_on__lte=on),
        when(CommitmentState.OVERDUE, next_due__lt=on),
        when(CommitmentState.RETURNED, returned__gt=0),
        when(CommitmentState.DUE, next_due__lte=on + DUE_SOON),
        when(CommitmentState.WAITING, waiting__gt=0),
        when(CommitmentState.NOT_YET_DUE, next_due__isnull=False),
        when(CommitmentState.DONE, owes=True),
        default=Value(CommitmentState.UNDATED),
        output_field=CharField(),
    )


def severity():
    """The place of a row's ``state`` among all states, the worst first."""
    ranks = [When(state=state.value, then=Value(rank)) for rank, state in enumerate(CommitmentState)]
    return Case(*ranks, output_field=IntegerField())


class DaysWithin(Func):
    """What is asked (``min(day)``, ``count(*)``) of the days of an array from the first to the last one."""

    def __init__(self, asked, days, first, last, **extra):
        super().__init__(days, Value(first), Value(last), asked=asked, **extra)

    def as_sql(self, compiler, connection, **context):
        parts = [compiler.compile(each) for each in self.source_expressions]
        (days, _), (first, _), (last, _) = parts
        asked = self.extra["asked"]
        sql = f"(SELECT {asked} FROM unnest({days}) AS day WHERE day BETWEEN {first} AND {last})"  # noqa: S608
        return sql, tuple(param for _sql, params in parts for param in params)


class LastOf(Func):
    """The last of the days of an array that is in order."""

    template = "(%(expressions)s)[cardinality(%(expressions)s)]"
    output_field = models.DateField()


@dataclass(frozen=True)
class Figures:
    """How many rows are shown, and of those that were not withdrawn: how many there are, are overdue and
    can be measured, the reports that wait, and of the measurable the sums of their rates (each up to 1)
    and, where they share an indicator, of target, achieved and waiting reports."""

    shown: int = 0
    commitments: int = 0
    overdue: int = 0
    measurable_ones: int = 0
    reports_waiting: int = 0
    rates: Decimal = Decimal(0)
    promised: Decimal = Decimal(0)
    done: Decimal = Decimal(0)
    waiting_of_measurable: int = 0

    def __add__(self, other):
        return Figures(*map(operator.add, astuple(self), astuple(other)))


NO_FIGURES = Figures()


def _sums(day):
    standing = Q(withdrawn_on=None)
    measured = {"filter": standing & Q(measurable=True)}
    none = {"default": Decimal(0)}
    return {
        "shown": Count("pk"),
        "commitments": Count("pk", filter=standing),
        "overdue": Count("pk", filter=standing & Q(next_due__lt=day)),
        "measurable_ones": Count("pk", **measured),
        "reports_waiting": Sum("waiting", filter=standing, default=0),
        "rates": Sum(Least("rate", Decimal(1)), **measured, **none),
        "promised": Sum("target", **measured, **none),
        "done": Sum("achieved", **measured, **none),
        "waiting_of_measurable": Sum("waiting", **measured, default=0),
    }


class CommitmentStandingQuerySet(models.QuerySet):
    """Speaks of commitments in the words of CommitmentQuerySet, and reads one narrow table for it."""

    def visible_to(self, user):
        """A commitment is seen by who sees its paper."""
        access = access_of(user)
        if access.has(Role.REGISTRAR, ADMIN):
            return self.all()
        reach = Q(pk__in=[])
        if access.has(Role.LEADERSHIP, Role.UNIT_OFFICER):
            reach |= Q(in_draft=False)
        if access.units:
            reach |= Q(units__overlap=sorted(access.units))
        if access.regions or access.has(ANONYMOUS):
            # What else is seen, the paper itself must be asked for.
            reach |= Exists(Agreement.objects.visible_to(user).filter(pk=OuterRef("agreement")))
        return self.filter(reach)

    def standing(self):
        """Not withdrawn."""
        return self.filter(withdrawn_on=None)

    def measurable(self):
        return self.filter(measurable=True)

    def unmeasurable(self):
        return self.filter(measurable=False)

    def unverified(self):
        return self.filter(waiting__gt=0)

    def in_regions(self, codes):
        """Owed or answered for by an office that acts for one of the regions; a province includes its
        kabupaten and kota."""
        offices = Organization.objects.filter(Q(region__in=codes) | Q(region__parent__in=codes))
        return self.answered_for_by(list(offices.order_by().values_list("pk", flat=True)))

    def answered_for_by(self, organizations):
        """Owed by one of the organisations (rows or ids), or with one of them as the responsible office."""
        return self.filter(Q(owner__in=organizations) | Q(owing__in=organizations))

    def awaiting(self, first, last):
        """With periods that end within these days (``first`` None: whenever before) and that nobody has
        begun to report: ``ends``, the end of the earliest, and ``days``, how many."""
        rows = self.filter(next_awaited__lte=last)
        days = DaysWithin(
            "count(*)", "awaited", first or datetime.date.min, last, output_field=IntegerField()
        )
        if first is None:
            return rows.annotate(ends=F("next_awaited"), days=days)
        ends = DaysWithin("min(day)", "awaited", first, last, output_field=models.DateField())
        # Of most whose first day is over all days are: these are found out by their last.
        rows = rows.annotate(last_awaited=LastOf("awaited")).filter(last_awaited__gte=first)
        return rows.annotate(ends=ends, days=days).filter(ends__isnull=False)

    def numbers_awaiting(self, spans):
        """How many have a draft, a returned report, and for each of the named spans what ``awaiting`` finds;
        the rows are read once for all."""
        written = Q(first_draft__isnull=False) | Q(first_returned__isnull=False)
        rows = self.filter(written | Q(next_awaited__lte=max(last for _first, last in spans.values())))
        rows = rows.annotate(last_awaited=LastOf("awaited")).annotate(
            **{
                f"days_{name}": DaysWithin("count(*)", "awaited", first, last, output_field=IntegerField())
                for name, (first, last) in spans.items()
                if first
            }
        )
        return rows.aggregate(
            draft=Count("pk", filter=Q(first_draft__isnull=False)),
            returned=Count("pk", filter=Q(first_returned__isnull=False)),
            **{name: Count("pk", filter=_awaited_within(name, *span)) for name, span in spans.items()},
        )

    def of_units(self, units):
        """With one of the units (ids) in the paper."""
        return self.filter(units__overlap=list(units))

    def figures(self, day):
        """What the rows come to on a day; see ``Figures``."""
        return Figures(**self.order_by().aggregate(**_sums(day)))

    def figures_by(self, column, day):
        """The ``Figures`` of the rows with each value of a column, by the value."""
        groups = self.order_by().values(column).annotate(**_sums(day))
        return {group.pop(column): Figures(**group) for group in groups}

    def all_that_differ(self):
        """``that_differ`` of every commitment, some thousands at a time."""
        ends = [
            rows.aggregate(first=Min("pk"), last=Max("pk")) for rows in (self, Commitment.objects.order_by())
        ]
        first = min((each["first"] for each in ends if each["first"]), default=1)
        last = max((each["last"] for each in ends if each["last"]), default=0)
        for start in range(first, last + 1, _AT_ONCE):
            yield from self.that_differ(start, min(start + _AT_ONCE - 1, last))

    def that_differ(self, first, last):
        """Ids, of commitments from ``first`` to ``last``, whose standing is not what their reports and
        their calendar say; also of a standing without a commitment."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT portal_standings_that_differ(%s, %s)", [first, last])
            return [pk for (pk,) in cursor.fetchall()]


def _awaited_within(name, first, last):
    # The days themselves are read last, and of few: where a day is missing "and" would go on to them.
    begins = Q(next_awaited__isnull=False) & Q(next_awaited__lte=last)
    return begins & Q(last_awaited__gte=first) & Q(**{f"days_{name}__gt": 0}) if first else begins


def _copied(field, **options):
    """A column whose truth is elsewhere: triggers keep it, nothing is checked or deleted through it."""
    return field(
        on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False, **options
    )


class CommitmentStanding(models.Model):
    """How far a commitment is, by its reports, its calendar and its paper, for any day.

    Kept by triggers on everything it is made of (migration 0007): the portal never writes it. The view
    partnerships_plainstanding says what it must be, ``check_integrity`` compares. Facts that the clock
    decides are not in it: the state of a day is ``state_on``.
    """

    commitment = models.OneToOneField(
        Commitment, models.DO_NOTHING, primary_key=True, related_name="standing", db_constraint=False
    )
    # What the order, the filters and the facets of the ledger read, copied here.
    agreement = _copied(models.ForeignKey, to="partnerships.Agreement")
    ref = models.CharField(max_length=20)
    in_draft = models.BooleanField()
    position = models.PositiveSmallIntegerField()
    owner = _copied(models.ForeignKey, to=Organization, null=True)
    # The organisation of the party that owes it; the desk is who answers for it.
    owing = _copied(models.ForeignKey, to=Organization, null=True)
    desk = _copied(models.ForeignKey, to=Organization, null=True)
    indicator = _copied(models.ForeignKey, to=Indicator, null=True)
    target = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    due = models.DateField(null=True)
    recurrence = models.CharField(max_length=12, choices=Recurrence)
    funding = models.CharField(max_length=12, choices=Funding, blank=True)
    demonstration = models.BooleanField()
    withdrawn_on = models.DateField(null=True)
    measurable = models.BooleanField()
    # From the calendar: the ends of the periods nobody has begun to report on, of those begun or
    # returned, and the first of both; whether any report is owed at all.
    awaited = ArrayField(models.DateField(), null=True)
    begun = ArrayField(models.DateField(), null=True)
    next_awaited = models.DateField(null=True)
    next_due = models.DateField(null=True)
    owes = models.BooleanField()
    # From the reports: verified in the indicator's unit (with shares of batches that others report),
    # the part of the target, reports that wait for verification, and those that are being written.
    achieved = models.DecimalField(max_digits=24, decimal_places=4)
    rate = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    waiting = models.PositiveIntegerField()
    drafts = models.PositiveIntegerField()
    first_draft = models.DateField(null=True)
    returned = models.PositiveIntegerField()
    first_returned = models.DateField(null=True)
    # Of the paper: the ministry's units in it, and the kinds of its counterparts.
    units = ArrayField(models.BigIntegerField())
    counterparts = ArrayField(models.CharField(max_length=30))

    objects = CommitmentStandingQuerySet.as_manager()

    class Meta:
        verbose_name = "standing of a commitment"
        verbose_name_plural = "standings of commitments"
        indexes = [
            models.Index(fields=["next_due", "ref", "position", "commitment"], name="standing_order"),
            models.Index(fields=["desk", "next_awaited"], name="standing_by_desk"),
            models.Index(fields=["next_awaited", "commitment"], name="standing_by_day"),
            models.Index(
                fields=["first_draft", "commitment"],
                name="standing_with_draft",
                condition=Q(first_draft__isnull=False),
            ),
            models.Index(
                fields=["first_returned", "commitment"],
                name="standing_with_returned",
                condition=Q(first_returned__isnull=False),
            ),
            models.Index(fields=["agreement"], name="standing_by_paper"),
            models.Index(fields=["commitment"], name="standing_in_draft", condition=Q(in_draft=True)),
            models.Index(fields=["owner"], name="standing_by_owner"),
            models.Index(fields=["owing"], name="standing_by_owing"),
            models.Index(fields=["indicator"], name="standing_by_indicator"),
            models.Index(
                fields=["next_due", "ref", "position", "commitment"],
                name="standing_to_verify",
                condition=Q(waiting__gt=0),
            ),
        ]

    def __str__(self):
        return f"{self.commitment_id}"
