"""The step that a paper takes along its life, and what becomes of the papers that implement it."""

from dataclasses import dataclass

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.readers import whole_register
from partnerships.actions import guard, refusals
from partnerships.actions.term_closing import close_early
from partnerships.lifecycle import NO_LONGER_ALIVE, OVER, ForeignStage, Status, check_move
from partnerships.models import Agreement, ChildDecision, ChildOutcome, StatusChange
from partnerships.permissions import Action, check

_ALL_DECIDED = "partnerships.StatusChange:papers_below_are_decided"


@dataclass(frozen=True)
class Below:
    """What becomes of one paper that implements the one that is over; ``moved_to`` is the paper that it
    implements from now on."""

    child: Agreement
    outcome: str
    moved_to: Agreement | None = None


def move(*, agreement, to, by, effective_on=None, reason="", version=None, below=()):
    """Move a paper along its life (lifecycle.MOVES); the reason stays in its history.

    ``effective_on`` is the day from which it is so, today without one. A paper that is over needs a
    decision (``Below``) for each paper that implements it, goes on, and can be seen by who decides; one
    that can't be seen goes on by itself. Raises PermissionDenied, ValidationError with a sentence, and
    with a ``version`` StaleVersion when somebody has changed the paper since it was read.
    """
    effective_on = effective_on or timezone.localdate()
    with refusals.in_words(REFUSALS), transaction.atomic():
        agreement = _held(agreement, below)
        check(by, Action.MOVE_AGREEMENT, agreement)
        guard.check_version(agreement, version)
        _go(agreement, to, by, effective_on, reason, below)
        if to in OVER:
            check_all_decided()
        return agreement


def _go(agreement, to, by, effective_on, reason, below=()):
    """The move of a paper that is held, with what it does to those below it."""
    change = _take(agreement, to, by, effective_on, reason)
    if to in OVER:
        _settle(change, by, _decided(agreement, below, by))


def _held(agreement, below):
    """The paper as it stands, locked with every paper that the decisions name, in one order for all."""
    named = [paper.pk for each in below for paper in (each.child, each.moved_to) if paper]
    rows = Agreement.objects.select_for_update(of=("self",)).filter(pk__in=[agreement.pk, *named])
    return {row.pk: row for row in rows.order_by("pk")}[agreement.pk]


def _take(agreement, to, by, effective_on, reason):
    check_move(agreement.status, to)
    _check_day(agreement, to, effective_on)
    _check_stage(agreement, to)
    old, agreement.status = agreement.status, to
    agreement.version += 1
    with guard.history(by, "agreement.move", reason):
        agreement.save(update_fields=["status", "version"])
        if to in OVER:
            close_early(agreement=agreement, on=effective_on, reason=reason)
        return StatusChange.objects.create(
            agreement=agreement, old=old, new=to, effective_on=effective_on, by=by, reason=reason
        )


def _check_day(agreement, to, effective_on):
    if effective_on > timezone.localdate():
        raise ValidationError(
            _("A step is recorded when it has been taken. Choose today or an earlier day."), code="not_yet"
        )
    if to in OVER and agreement.signed and effective_on < agreement.signed.earliest:
        raise ValidationError(
            _("A paper signed on %(signed)s can't be over before."),
            code="over_before_signing",
            params={"signed": agreement.signed},
        )


def _check_stage(agreement, to):
    if to != Status.SIGNED:
        return
    last = agreement.stage
    if last is None and agreement.is_foreign:
        raise ValidationError(
            _("A foreign paper is signed at the stage “%(signing)s”; no stage of it is recorded yet."),
            code="stage",
            params={"signing": ForeignStage.SIGNING.label},
        )
    if last and last.new != ForeignStage.SIGNING:
        raise ValidationError(
            _("A foreign paper is signed at the stage “%(signing)s”; it is at “%(stage)s” now."),
            code="stage",
            params={"signing": ForeignStage.SIGNING.label, "stage": last.get_new_display()},
        )


def _decided(agreement, below, by):
    """A decision for every paper below that goes on. Raises ValidationError when one is missing."""
    with whole_register():
        alive = {child.pk: child for child in Agreement.objects.filter(implements=agreement).alive()}
    decided = {each.child.pk: each for each in below}
    for pk in decided.keys() - alive.keys():
        raise ValidationError(
            _("%(ref)s no longer implements this paper, or is over already. Open the page again."),
            code="not_below",
            params={"ref": decided[pk].child.ref},
        )
    open_ones = Agreement.objects.visible_to(by).filter(pk__in=alive.keys() - decided.keys()).order_by("ref")
    if open_ones:
        raise ValidationError(
            _("Say what becomes of each paper that implements this one: %(refs)s."),
            code="below_undecided",
            params={"refs": ", ".join(child.ref for child in open_ones)},
        )
    unseen = [Below(child, ChildOutcome.STAYS) for pk, child in alive.items() if pk not in decided]
    return [*decided.values(), *unseen]


def _settle(change, by, decisions):
    # What ends with the paper ends first: nothing may then be hung below it.
    for each in sorted(decisions, key=lambda one: one.outcome != ChildOutcome.ENDS):
        if each.outcome == ChildOutcome.ENDS:
            _end(each.child, change, by)
        elif each.outcome == ChildOutcome.MOVES:
            _hang_below(each.child, each.moved_to, by, change.reason)
        ChildDecision.objects.create(
            change=change, child=each.child, outcome=each.outcome, moved_to=each.moved_to
        )


def _end(child, change, by):
    """Let a signed paper below be over in the same way, and one that is not signed yet be cancelled."""
    if Agreement.objects.visible_to(by).filter(implements=child).alive().exists():
        raise _about(
            child,
            _("%(ref)s has papers below it that go on. Decide about it on its own page first."),
            "below_has_more",
        )
    child = _held(child, ())
    check(by, Action.MOVE_AGREEMENT, child)
    to = change.new if child.status == Status.SIGNED else Status.CANCELLED
    try:
        _go(child, to, by, change.effective_on, change.reason)
    except ValidationError as refusal:
        raise _about(child, _("%(ref)s: %(why)s"), "below_refused", why=" ".join(refusal.messages)) from None


def _hang_below(child, other, by, reason):
    """Let a paper implement another one from now on."""
    child = Agreement.objects.get(pk=child.pk)
    check(by, Action.CHANGE_AGREEMENT, child)
    # As it stands within this transaction, in which it may just have ended.
    found = other and Agreement.objects.visible_to(by).papers().filter(pk=other.pk).first()
    if not found:
        raise _about(child, _("Name the paper that %(ref)s implements from now on."), "below_where")
    if found.status in NO_LONGER_ALIVE:
        raise _about(
            child, _("%(ref)s can't implement %(other)s, which is over."), "below_over", other=found.ref
        )
    if found.leads_to(child, "implements"):
        raise _about(
            child,
            _("%(ref)s can't implement %(other)s, which stands below it."),
            "below_circle",
            other=found.ref,
        )
    child.implements = found
    child.version += 1
    with guard.history(by, "agreement.hang_below", reason):
        child.save(update_fields=["implements", "version"])


def _about(child, sentence, code, **more):
    """A refusal that concerns one of the papers below; its key tells a form at which field to say it."""
    return ValidationError(sentence, code=code, params={"ref": child.ref, "child": child.pk, **more})


def check_all_decided():
    """Ask the database now, so that its refusal is a sentence, and leave it as it was for what follows."""
    pgtrigger.constraints(pgtrigger.Immediate, _ALL_DECIDED)
    pgtrigger.constraints(pgtrigger.Deferred, _ALL_DECIDED)


REFUSALS = {
    "agreement_papers_below_are_decided": _(
        "A paper that implements this one was entered meanwhile. Open the page again and decide about it too."
    ),
    "agreement_signed_at_the_last_stage": _("A foreign paper is signed at its last stage. Open it again."),
    "agreement_allowed_moves": _("The paper has taken another step meanwhile. Open it again."),
}
