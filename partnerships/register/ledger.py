from functools import cached_property

from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partnerships.columns import (
    COMMITMENT_COLUMNS,
    COMMITMENT_TABLES,
    DEFAULT_COMMITMENT_COLUMNS,
    REPAIR_COLUMNS,
)
from partnerships.filters import CommitmentFilter
from partnerships.lifecycle import ReportStatus
from partnerships.models import Commitment, CommitmentStanding, ListName, Party, ProgressReport, access_of
from partnerships.models.commitment_state import CommitmentState
from partnerships.models.standing import severity, state_on
from partnerships.register import guidance, ledger_facets, selecting_commitments
from partnerships.register.index import commitment_index
from partnerships.register.index.look import looked_up
from partnerships.register.listing import Listing, directed

# Columns by which the standings are ordered without reading the commitments, and what decides between
# rows that are alike: the index ``standing_order``.
_ORDERS_OF_STANDINGS = {
    **{code: code for code in ("ref", "next_due", "target", "achieved", "rate", "waiting", "due")},
    "state": "severity",
}
_LAST_ORDER = ("ref", "position", "pk")
# So few commitments the database puts in another order by their ids.
_FEW = 5_000


def commitments_for(user, params):
    """The ledger as this reader, asking with these parameters (a QueryDict), gets it."""
    return Ledger(user, params)


class Ledger(Listing):
    """The commitments, what is to be reported first on top. A withdrawn one is left out unless asked for."""

    filter_class = CommitmentFilter
    all_columns = COMMITMENT_COLUMNS
    tables = COMMITMENT_TABLES
    default_columns = DEFAULT_COMMITMENT_COLUMNS
    fixed_columns = ("ref", "text")
    default_sort = "next_due"
    filters_by_default = frozenset({"withdrawn"})
    page_name = "partnerships:commitment-list"
    files_name = "partnerships:commitment-export"
    list_name = ListName.COMMITMENTS
    saving_name = "partnerships:commitment-view-add"
    wrong_sort = _("The list can't be sorted by “%(sort)s”; it shows what is to be reported first.")
    wrong_size = _("A page shows %(sizes)s commitments, not “%(size)s”.")

    def __init__(self, user, params):
        super().__init__(user, params)
        self._standings = {}
        self._selections = {}
        self._asked_for = {}

    @cached_property
    def day(self):
        """The day on which every state is read: the one asked for, else today."""
        return self.on or timezone.localdate()

    @property
    def is_for_repair(self):
        """Whether the reader asks for exactly what can't be measured, to repair it."""
        return set(self.asked.get("measurable", [])) == {"no"}

    def _known(self, without):
        rows = Commitment.objects.visible_to(self.user)
        on = None if without == "on" else self.on
        return self._in_state(rows.with_figures(on), without, "standing__")

    def standings(self, without=None):
        """The same rows as their standings, in no order: what counts and sums read, a narrow table alone."""
        if without not in self.asked and without not in self.filters_by_default:
            without = None
        if without not in self._standings:
            self._standings[without] = self._found(self._known_standings(without), without)
        return self._standings[without]

    def _known_standings(self, without):
        return self._in_state(CommitmentStanding.objects.visible_to(self.user), without)

    @property
    def _searched(self):
        return self._known_standings(None)

    def _in_state(self, rows, without=None, prefix=""):
        """The rows in the states asked for, each with its ``state``; without what was withdrawn by then."""
        day = timezone.localdate() if without == "on" else self.day
        rows = rows.annotate(state=state_on(day, prefix))
        if without != "withdrawn" and "withdrawn" not in self.asked:
            rows = rows.exclude(**{f"{prefix}withdrawn_on__lte": day})
        if without != "state" and "state" in self.asked:
            rows = rows.filter(state__in=self.asked["state"])
        if without != "overdue" and "overdue" in self.asked:
            rows = rows.filter(state=CommitmentState.OVERDUE)
        return rows

    def number_in(self, state):
        """How many of the rows are in that state."""
        return self.standings().filter(state=state).count()

    # --- counting -----------------------------------------------------------------------------

    @cached_property
    def index(self):
        return commitment_index()

    def selection(self, without=None):
        """The commitments of the answer in memory (register.index), without one of its filters for its
        facet."""
        if without not in self.asked and without not in self.filters_by_default:
            without = None
        if without not in self._selections:
            day = timezone.localdate() if without == "on" else self.day
            self._selections[without] = self.index.selection(self._selected(without, day), day)
        return self._selections[without]

    def _selected(self, without, day):
        if without == "withdrawn" or "withdrawn" in self.asked:
            mask = self.index.seen_by(self.user)
        else:
            # A page asks dozens of questions that begin with the same commitments.
            mask = looked_up(
                ("not withdrawn", access_of(self.user), day), lambda: self._not_withdrawn_by(day)
            )
        for name in self.asked:
            if name not in {without, "on"}:
                mask = mask & self._having(name, day)
        return mask

    def _not_withdrawn_by(self, day):
        return self.index.seen_by(self.user) & ~self.index.standings.withdrawn_by(day)

    def _having(self, name, day):
        if (name, day) not in self._asked_for:
            self._asked_for[name, day] = selecting_commitments.having(self, name, day)
        return self._asked_for[name, day]

    def counts_by(self, name):
        """How many of the commitments each value of a facet has, by the value."""
        return self.selection().counts(name)

    def ids_between(self, start, stop):
        if self.sort == self.default_sort:
            return self.selection().ids_between(start, stop)
        return list(self._ids_in_another_order()[start:stop])

    def _ids_in_another_order(self):
        ids = self.selection().ids().tolist() if self.count <= _FEW else None
        order = _ORDERS_OF_STANDINGS.get(self.sort.removeprefix("-"))
        # What had been achieved by another day is computed from the reports.
        if order is None or (self.on and order in {"achieved", "rate"}):
            rows = self.rows() if ids is None else self._in_order(self._known(None).filter(pk__in=ids))
            return rows.values_list("pk", flat=True)
        rows = self.standings()
        if ids is not None:
            rows = self._in_state(CommitmentStanding.objects.filter(pk__in=ids))
        if order == "severity":
            rows = rows.annotate(severity=severity())
        first = directed(order, down=self.sort.startswith("-"))
        return rows.order_by(first, *(directed(each) for each in _LAST_ORDER)).values_list("pk", flat=True)

    def _with_what_sorts(self, rows, code):
        return rows.annotate(severity=severity()) if code == "state" else rows

    @cached_property
    def full_rows(self):
        return _with_everything(self.rows())

    def rows_of(self, ids):
        # What was asked has been answered; whether the reader may see them is asked of the database.
        rows = Commitment.objects.visible_to(self.user).filter(pk__in=ids).with_figures(self.on)
        return _with_everything(rows.annotate(state=state_on(self.day, "standing__")))

    def _last_order(self, code):
        # As the index of the standings has it; the reference and the place are copied there.
        return tuple(directed(f"standing__{name}") for name in _LAST_ORDER)

    @property
    def count(self):
        return len(self.selection())

    def count_without(self, name):
        return len(self.selection(without=name))

    @property
    def figures(self):
        """What the rows come to (models.standing.Figures), as was known on the day asked for."""
        return self.selection().figures_as_of(self.on) if self.on else self.selection().figures

    @cached_property
    def measured(self):
        """What was achieved of the rows, as was known on the day asked for (register.index.measured)."""
        return self.selection().measured(self.on)

    @staticmethod
    def counted(number):
        said = ngettext("%(n)s commitment", "%(n)s commitments", number)
        return said % {"n": number_format(number, force_grouping=True)}

    @cached_property
    def facets(self):
        return ledger_facets.facets_of(self)

    @cached_property
    def marks(self):
        """The facets of what a commitment is beside its work: how it is paid, reported, and kept here."""
        return ledger_facets.marks_of(self)

    @cached_property
    def knows_none(self):
        return not self.count and not self.index.seen_by(self.user).any()

    @cached_property
    def suggestions(self):
        return guidance.suggestions(self)

    def _default_columns(self):
        return REPAIR_COLUMNS if self.is_for_repair else self.default_columns


def _of_the_latest_report(*fields):
    """What the latest report says that was handed in, verified or not, as ``latest_<field>``."""
    handed_in = ProgressReport.objects.filter(~Q(status=ReportStatus.DRAFT), commitment=OuterRef("pk"))
    latest = handed_in.order_by("-period_end")
    return {f"latest_{field}": Subquery(latest.values(field)[:1]) for field in fields}


def _with_everything(rows):
    """The rows with all that a column may show."""
    parties = Party.objects.select_related("organization")
    return (
        rows.annotate(**_of_the_latest_report("obstacle", "obstacle_note", "next_step"))
        .select_related(
            "agreement",
            "indicator",
            "owner__region",
            "owed_by__organization__region",
            "owed_to__organization",
            "contact",
        )
        .prefetch_related(Prefetch("agreement__parties", parties))
    )
