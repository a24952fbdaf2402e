"""Which papers are past their period, why, and what is decided about them."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import Case, Count, DateField, F, OuterRef, Prefetch, Q, Subquery, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from partnerships.lifecycle import NO_LONGER_ALIVE
from partnerships.models import (
    Agreement,
    AgreementKind,
    Disposal,
    DisposalItem,
    DisposalOutcome,
    LegalHold,
    RetentionRule,
    StatusChange,
    Validity,
)

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Due:
    """A paper past its period: over since when, to be kept until when, by which rule; what holds it (or None)
    and the list on which it waits (or None)."""

    agreement: Agreement
    rule: RetentionRule
    due_on: datetime.date
    hold: LegalHold | None
    waits_on: Disposal | None

    @property
    def can_be_proposed(self):
        return self.hold is None and self.waits_on is None


def due_papers(on=None):
    """Papers whose period is over on that day (today without one), with ``over_on``, the day since which they
    are over. A paper of which no end is known, or for whose kind there is no period, is never due."""
    on = on or timezone.localdate()
    past = Q(pk__in=[])
    for rule in RetentionRule.objects.all():
        past |= Q(kind=rule.kind, over_on__lte=rule.over_before(on))
    newest = StatusChange.objects.filter(agreement=OuterRef("pk")).order_by("-pk")
    decided = Coalesce(
        Subquery(newest.values("effective_on")[:1]), TruncDate(Subquery(newest.values("recorded_at")[:1]))
    )
    over = Agreement.objects.filter(kind__in=RetentionRule.objects.values("kind")).with_validity(None)
    return (
        over.filter(Q(validity=Validity.ENDED) | Q(status__in=NO_LONGER_ALIVE))
        .annotate(
            over_on=Case(
                When(status__in=NO_LONGER_ALIVE, then=decided),
                default=F("ends_latest"),
                output_field=DateField(),
            )
        )
        .filter(past)
    )


class Retention:
    """The page of retention: what is due, what is held, and the lists."""

    def __init__(self, page=1):
        self._page = page

    @cached_property
    def page(self):
        """A page of what is due, longest over first."""
        pages = Paginator(due_papers().with_parties().order_by("over_on", "ref"), ROWS_A_PAGE)
        shown = pages.get_page(self._page)
        shown.object_list = self._judged(list(shown.object_list))
        return shown

    @property
    def due(self):
        return self.page.object_list

    @cached_property
    def rules(self):
        return {rule.kind: rule for rule in RetentionRule.objects.all()}

    @property
    def kinds_without_rule(self):
        """Kinds of papers that are kept for good, because no period is set for them."""
        return [kind.label for kind in AgreementKind if kind not in self.rules]

    @cached_property
    def holds(self):
        return list(LegalHold.objects.open().select_related("agreement", "placed_by"))

    @cached_property
    def lists(self):
        """The lists, the newest first, with how many papers are on each and how many were destroyed."""
        gone = Count("items", filter=Q(items__outcome=DisposalOutcome.DESTROYED))
        rows = Disposal.objects.select_related("proposed_by", "approved_by").prefetch_related("items")
        return list(rows.annotate(papers=Count("items"), gone=gone)[:ROWS_A_PAGE])

    def _judged(self, papers):
        keys = [paper.pk for paper in papers]
        holds = {hold.agreement_id: hold for hold in LegalHold.objects.open().filter(agreement__in=keys)}
        waiting = DisposalItem.objects.filter(paper__in=keys, outcome=DisposalOutcome.WAITING)
        lists = {item.paper: item.disposal for item in waiting.select_related("disposal")}
        return [
            Due(
                paper,
                rule := self.rules[paper.kind],
                rule.until(paper.over_on),
                holds.get(paper.pk),
                lists.get(paper.pk),
            )
            for paper in papers
        ]


def disposals_for(user):
    """Lists with their papers, for who may see them."""
    rows = Disposal.objects.visible_to(user).select_related("proposed_by", "approved_by")
    return rows.prefetch_related(Prefetch("items", DisposalItem.objects.order_by("ref")))
