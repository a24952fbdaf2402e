"""What administrators decide about papers past their period: held, proposed, approved by another, refused.

Nothing is destroyed here; that is done by ``actions.destruction`` alone.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.actions import guard, refusals
from partnerships.models import Agreement, Disposal, DisposalItem, DisposalOutcome, LegalHold, RetentionRule
from partnerships.permissions import Action, check
from partnerships.selectors.retention import due_papers

_LONGEST_TITLE = 400
_SENTENCES = {
    "hold_open_once": _("This paper is held already."),
    "hold_says_why": _("Say why; it stays in the history."),
    "disposal_says_why": _("Say why; it stays in the history."),
    "disposal_needs_four_eyes": _("Who proposed a list can't approve it: another administrator has to."),
    "disposal_waits_once": _("One of these papers waits on another list already."),
}


@transaction.atomic
def place_hold(*, agreement, reason, by):
    """Hold a paper, so that it is not destroyed whatever was approved."""
    check(by, Action.DISPOSE)
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    with refusals.in_words(_SENTENCES), guard.history(by, "retention.hold", reason):
        return LegalHold.objects.create(agreement=agreement, reason=reason.strip(), placed_by=by)


@transaction.atomic
def lift_hold(*, hold, by, reason=""):
    """End a hold; the paper may be proposed again when it is due."""
    check(by, Action.DISPOSE)
    hold = LegalHold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if hold.lifted_at:
        raise ValidationError(_("This hold was lifted already."))
    hold.lifted_by, hold.lifted_at = by, timezone.now()
    with guard.history(by, "retention.lift_hold", reason):
        hold.save(update_fields=["lifted_by", "lifted_at"])
    return hold


@transaction.atomic
def propose(*, papers, reason, by, key):
    """Propose papers, given by their keys, to be destroyed: the first of two approvals.

    The same ``key`` twice gives the same list. Raises ValidationError for papers that are not due or held.
    """
    check(by, Action.DISPOSE)
    guard.wait_for_the_first(key)
    if already := Disposal.objects.filter(entry_key=key).first():
        return already
    free = due_papers().filter(pk__in=papers).exclude(legal_holds__in=LegalHold.objects.open())
    due = list(free.with_parties())
    if not due or len(due) != len(set(papers)):
        raise ValidationError(_("Choose papers that are due, and that nothing holds."))
    rules = {rule.kind: rule for rule in RetentionRule.objects.all()}
    with refusals.in_words(_SENTENCES), guard.history(by, "retention.propose", reason):
        disposal = Disposal.objects.create(entry_key=key, reason=reason.strip(), proposed_by=by)
        for paper in due:
            DisposalItem.objects.create(
                disposal=disposal,
                paper=paper.pk,
                ref=paper.ref,
                title=paper.display_title[:_LONGEST_TITLE],
                kind=paper.kind,
                over_on=paper.over_on,
                due_on=rules[paper.kind].until(paper.over_on),
            )
    return disposal


@transaction.atomic
def approve(*, disposal, by):
    """Approve a list that another administrator proposed; the job of retention carries it out."""
    disposal = _waiting(disposal, by)
    disposal.approved_by, disposal.approved_at = by, timezone.now()
    with refusals.in_words(_SENTENCES), guard.history(by, "retention.approve"):
        disposal.save(update_fields=["approved_by", "approved_at"])
    return disposal


@transaction.atomic
def refuse(*, disposal, by, reason=""):
    """Refuse a list: its papers are kept, and may be proposed anew."""
    disposal = _waiting(disposal, by)
    with guard.history(by, "retention.refuse", reason):
        for item in disposal.items.filter(outcome=DisposalOutcome.WAITING):
            item.outcome = DisposalOutcome.REFUSED
            item.save(update_fields=["outcome"])
    return disposal


def _waiting(disposal, by):
    check(by, Action.DISPOSE)
    disposal = Disposal.objects.select_for_update(of=("self",)).get(pk=disposal.pk)
    if disposal.approved_at or not disposal.items.filter(outcome=DisposalOutcome.WAITING).exists():
        raise ValidationError(_("This list is decided already."))
    return disposal
