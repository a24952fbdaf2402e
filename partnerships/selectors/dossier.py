"""Everything that the page of one paper shows, as far as its reader may know it."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from partnerships import permissions
from partnerships.lifecycle import MOVES, NO_LONGER_ALIVE, ONCE_SIGNED, Status
from partnerships.models import (
    ActionPoint,
    AgreementKind,
    InstrumentRule,
    Match,
    PartnerClass,
    Precision,
    SigningEvent,
)
from partnerships.permissions import Action
from partnerships.selectors.achievement import PromisesOfAPaper
from partnerships.selectors.addenda import Addenda
from partnerships.selectors.document_dossier import documents_seen_by, is_damaged
from partnerships.selectors.endings import decisions_about
from partnerships.selectors.lineage import Lineage
from partnerships.selectors.signatures import findings_of
from partnerships.selectors.sleep import Sleep
from partnerships.selectors.sources import sources_of
from partnerships.selectors.stages import Way
from partnerships.selectors.validity import validity_in_words

# The papers that others are to follow; what follows asks for nothing more.
_UMBRELLAS = {AgreementKind.MOU, AgreementKind.NOTA_KESEPAKATAN, AgreementKind.KOMITMEN_BERSAMA}


@dataclass(frozen=True)
class FollowUp:
    """What the instrument rule wants to follow a paper: its kind, until when, and what is there."""

    kind: str
    within_days: int | None
    due: datetime.date | None
    found: list
    overdue: bool


class Dossier:
    """One paper with its parts; related papers and the event only if the reader may see them."""

    def __init__(self, agreement, user):
        self.agreement = agreement
        self.user = user

    @cached_property
    def parties(self):
        return list(
            self.agreement.parties.select_related("organization__region", "contact").prefetch_related(
                "signatories__person"
            )
        )

    @cached_property
    def need(self):
        """The need for which the paper was proposed, if the reader sees it."""
        made = Match.objects.visible_to(self.user).filter(agreement=self.agreement)
        match = made.select_related("need__theme", "need__region").first()
        return match and match.need

    @cached_property
    def people_of_no_party(self):
        """Who signed or was there without a source saying for whom."""
        return list(self.agreement.signatories.filter(party=None).select_related("person"))

    @cached_property
    def findings(self):
        """What is wrong or missing about the signatures."""
        return findings_of([self.agreement])[self.agreement.pk]

    @cached_property
    def terms(self):
        return list(self.agreement.terms.select_related("addendum"))

    @cached_property
    def validity_sentence(self):
        return validity_in_words(self.agreement, self.terms)

    @cached_property
    def sleep(self):
        """Whether the paper sleeps, and what was decided about it."""
        return Sleep(self.agreement)

    @cached_property
    def themes(self):
        return list(self.agreement.themes.all())

    @cached_property
    def work_regions(self):
        return list(self.agreement.work_regions.all())

    @cached_property
    def event(self):
        return SigningEvent.objects.visible_to(self.user).filter(pk=self.agreement.event_id).first()

    @cached_property
    def _all_commitments(self):
        return list(
            self.agreement.commitments.with_achieved().select_related(
                "owed_by__organization", "owed_to__organization", "indicator", "owner", "contact"
            )
        )

    @cached_property
    def commitments(self):
        """What is owed, with how much of it is verified; what was withdrawn stands apart."""
        return [each for each in self._all_commitments if each.withdrawn_on is None]

    @cached_property
    def withdrawn_commitments(self):
        return [each for each in self._all_commitments if each.withdrawn_on is not None]

    @cached_property
    def measurable_count(self):
        return sum(not commitment.missing_for_measure for commitment in self.commitments)

    @cached_property
    def promises(self):
        """What the standing commitments come to, with the rows behind each figure."""
        return PromisesOfAPaper(self.user, self.agreement)

    @cached_property
    def action_points(self):
        """What is still to be done for the paper."""
        points = ActionPoint.objects.visible_to(self.user).filter(agreement=self.agreement).open()
        return list(points.select_related("agreement", "owner"))

    @cached_property
    def documents(self):
        """What is on file for the paper, with every version, newest first."""
        documents = documents_seen_by(self.user).filter(agreement=self.agreement).standing()
        return list(documents.order_by("-pk"))

    @cached_property
    def damaged_documents(self):
        """Those of which a version is no longer what came."""
        return [each for each in self.documents if any(is_damaged(file) for file in each.files.all())]

    @cached_property
    def addenda(self):
        """What was added to the paper after its signing, with the wordings in force and before."""
        return Addenda(self.agreement, self.documents)

    @cached_property
    def sources(self):
        return sources_of(self.agreement)

    @cached_property
    def conflict_count(self):
        return sum(len(each.others) for each in self.sources)

    @cached_property
    def lineage(self):
        """The papers above and below, and those before and after, that the reader may see."""
        return Lineage(self.agreement, self.user)

    @cached_property
    def way(self):
        """The stages of a foreign paper."""
        return Way(self.agreement)

    @cached_property
    def decisions(self):
        """What was decided about papers below when one above was over."""
        return decisions_about(self.agreement, self.user)

    @property
    def related_count(self):
        return self.lineage.count

    @cached_property
    def follow_up(self):
        """What must follow by the rule for the leading counterpart's class, or None; nothing must follow a
        paper that is over."""
        leading = next((p for p in self.parties if not p.organization.is_unit), None)
        partner_class = leading.organization.partner_class if leading else PartnerClass.UNKNOWN
        rule = InstrumentRule.objects.filter(partner_class=partner_class).exclude(asks_for="").first()
        own = self.agreement
        if rule is None or own.kind not in {rule.proposes, *_UMBRELLAS} or own.kind == rule.asks_for:
            return None
        if own.status in NO_LONGER_ALIVE:
            return None
        found = [
            paper
            for paper in self.lineage.below(own)
            if paper.kind == rule.asks_for and paper.status != Status.CANCELLED
        ]
        due = self._due(rule.within_days)
        overdue = bool(due and due < timezone.localdate() and not found)
        return FollowUp(rule.get_asks_for_display(), rule.within_days, due, found, overdue)

    def _due(self, days):
        """The last day for what must follow; none is computed from a date that is not whole."""
        if not days or self.agreement.signed_precision != Precision.DAY:
            return None
        return self.agreement.signed_latest + datetime.timedelta(days=days)

    @cached_property
    def rights(self):
        """What the reader may do with this paper."""
        return {
            "change": permissions.can(self.user, Action.CHANGE_AGREEMENT, self.agreement),
            "move": permissions.can(self.user, Action.MOVE_AGREEMENT, self.agreement),
            "publish": permissions.can(self.user, Action.PUBLISH_AGREEMENT, self.agreement),
            "decide_dormant": permissions.can(self.user, Action.DECIDE_DORMANT, self.agreement),
            "log": permissions.can(self.user, Action.ADD_COMMITMENT, self.agreement),
            "raise": permissions.can(self.user, Action.RAISE_ACTION_POINT, self.agreement),
            "renew": permissions.can(self.user, Action.ADD_AGREEMENT),
            "file": permissions.can(self.user, Action.FILE_DOCUMENT, self.agreement),
        }

    @property
    def filing_address(self):
        """Where the reader files a document of this paper; nothing for who may not."""
        return reverse("partnerships:document-add", args=[self.agreement.ref]) if self.rights["file"] else ""

    @property
    def was_signed(self):
        """Whether the paper came as far as to be amended or renewed."""
        return self.agreement.status in ONCE_SIGNED

    @property
    def can_move_on(self):
        """Whether the life of the paper knows a next step."""
        return bool(MOVES[Status(self.agreement.status)])


def dossier_of(agreement, user):
    """The dossier of a paper that came from ``Agreement.objects.visible_to(user).with_validity()``."""
    return Dossier(agreement, user)
