"""The papers below a paper that comes to its end, and what was decided about them."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from partnerships.lifecycle import Status
from partnerships.models import Agreement, ChildDecision, ChildOutcome
from partnerships.permissions import Action, papers_within


@dataclass(frozen=True)
class PaperBelow:
    """A paper that goes on and implements another one, with what its reader may decide about it."""

    paper: Agreement
    may_end: bool
    may_move: bool
    has_more: bool

    @property
    def outcomes(self):
        """What can become of it when the paper above is over."""
        possible = {
            ChildOutcome.STAYS: True,
            ChildOutcome.ENDS: self.may_end and not self.has_more,
            ChildOutcome.MOVES: self.may_move,
        }
        return [outcome for outcome in ChildOutcome if possible[outcome]]

    @property
    def is_signed(self):
        return self.paper.status == Status.SIGNED


def papers_below(agreement, user):
    """What implements a paper and goes on, as far as this reader may see it."""
    visible = Agreement.objects.visible_to(user)
    more = visible.filter(implements=OuterRef("pk")).alive().order_by()
    rows = (
        visible.filter(implements=agreement)
        .alive()
        .annotate(
            has_more=Exists(more),
            may_end=Exists(papers_within(user, Action.MOVE_AGREEMENT).filter(pk=OuterRef("pk")).order_by()),
            may_move=Exists(
                papers_within(user, Action.CHANGE_AGREEMENT).filter(pk=OuterRef("pk")).order_by()
            ),
        )
    )
    return [
        PaperBelow(row, row.may_end, row.may_move, row.has_more)
        for row in rows.with_parties().order_by("ref")
    ]


@dataclass(frozen=True)
class DecisionTaken:
    """What was decided about a paper below, as the reader of either paper is told it. ``other`` is the
    paper that it was hung below, or None when there is none, or none that the reader may see."""

    decision: ChildDecision
    above: Agreement
    child: Agreement
    other: Agreement | None

    @property
    def said(self):
        """What became of it, in words."""
        if self.decision.outcome == ChildOutcome.ENDS and self.child.status == Status.CANCELLED:
            return gettext("is cancelled")
        return self.decision.get_outcome_display()

    @property
    def change(self):
        return self.decision.change


def decisions_about(agreement, user):
    """What was decided about the papers below this one, and about this one as a paper below; in the order
    in which it was decided. A decision about a paper that the reader may not see is left out."""
    own = Q(change__agreement=agreement) | Q(child=agreement)
    rows = list(ChildDecision.objects.filter(own).select_related("change__by").order_by("pk"))
    named = {pk for row in rows for pk in (row.change.agreement_id, row.child_id, row.moved_to_id) if pk}
    seen = Agreement.objects.visible_to(user).with_parties().in_bulk(named) if named else {}
    return [
        DecisionTaken(row, seen[row.change.agreement_id], seen[row.child_id], seen.get(row.moved_to_id))
        for row in rows
        if row.child_id in seen and row.change.agreement_id in seen
    ]
