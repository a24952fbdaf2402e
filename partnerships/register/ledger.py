from functools import cached_property

from django.db.models import Case, CharField, OuterRef, Prefetch, Q, Subquery, Value, When
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
from partnerships.models import Commitment, Party, ProgressReport
from partnerships.models.commitment_state import CommitmentState, states_of
from partnerships.register import guidance, ledger_facets
from partnerships.register.listing import Listing


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
    wrong_sort = _("The list can't be sorted by “%(sort)s”; it shows what is to be reported first.")
    wrong_size = _("A page shows %(sizes)s commitments, not “%(size)s”.")

    def __init__(self, user, params):
        super().__init__(user, params)
        self._states = {}

    @cached_property
    def day(self):
        """The day on which every state is read: the one asked for, else today."""
        return self.on or timezone.localdate()

    @property
    def is_for_repair(self):
        """Whether the reader asks for exactly what can't be measured, to repair it."""
        return set(self.asked.get("measurable", [])) == {"no"}

    def _known(self, without):
        on = None if without == "on" else self.on
        day = on or timezone.localdate()
        rows = Commitment.objects.visible_to(self.user)
        if without != "withdrawn" and "withdrawn" not in self.asked:
            rows = rows.exclude(withdrawn_on__lte=day)
        if without != "state" and "state" in self.asked:
            rows = rows.filter(pk__in=self._ids_in(self.asked["state"], day))
        if without != "overdue" and "overdue" in self.asked:
            rows = rows.filter(pk__in=self._ids_in([CommitmentState.OVERDUE], day))
        return rows.with_next_due().with_achieved(on)

    def states(self, day):
        """The state on that day of every commitment that the reader may see, by its id."""
        if day not in self._states:
            everything = Commitment.objects.visible_to(self.user).order_by()
            self._states[day] = states_of(list(everything.values_list("pk", flat=True)), day)
        return self._states[day]

    def state_of(self, pk):
        """The state of one commitment; also of one that was logged since the others were read."""
        states = self.states(self.day)
        if pk not in states:
            states |= states_of([pk], self.day)
        return states[pk]

    def _ids_in(self, wanted, day):
        return [pk for pk, state in self.states(day).items() if state in wanted]

    def completed(self, rows):
        """Each row with its ``state`` on the day that the ledger is read on."""
        for row in rows:
            row.state = self.state_of(row.pk)
            yield row

    def number_in(self, state):
        """How many of the rows are in that state."""
        rows = self.rows().order_by().values_list("pk", flat=True)
        return sum(self.state_of(pk) == state for pk in rows)

    def _with_what_sorts(self, rows, code):
        if code != "state":
            return rows
        ranks = [
            When(pk__in=self._ids_in([state], self.day), then=Value(rank))
            for rank, state in enumerate(CommitmentState)
        ]
        return rows.annotate(severity=Case(*ranks, default=Value(len(CommitmentState))))

    @property
    def _state_in_sql(self):
        found = [When(pk__in=self._ids_in([state], self.day), then=Value(state)) for state in CommitmentState]
        return Case(*found, output_field=CharField())

    @cached_property
    def full_rows(self):
        parties = Party.objects.select_related("organization")
        return (
            self.rows()
            .annotate(
                state=self._state_in_sql, **_of_the_latest_report("obstacle", "obstacle_note", "next_step")
            )
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

    def _last_order(self, code):
        return ("agreement__ref", "position", "pk")

    @cached_property
    def count(self):
        return self.rows().order_by().count()

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
        return not self.count and not Commitment.objects.visible_to(self.user).exists()

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
