"""What becomes of a paper that was signed and sleeps."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.actions import action_points, guard, refusals
from partnerships.models import Agreement, DormancyDecision
from partnerships.permissions import Action, check


@transaction.atomic
def decide(*, agreement, outcome, reason, text, owner, due, by, verifier=None, key=None, version=None):
    """Decide what becomes of a paper that sleeps (a DormancyOutcome), and open the action point that sees to
    it: what is to be done, by which office, until when.

    Until then the paper counts as decided. The same ``key`` twice gives the same decision. Raises
    PermissionDenied, StaleVersion, and ValidationError with a sentence for what can't be.
    """
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    check(by, Action.DECIDE_DORMANT, agreement)
    if already := DormancyDecision.objects.filter(action_point__entry_key=key, by=by).first():
        return already
    guard.check_version(agreement, version)
    asleep = Agreement.objects.with_validity().with_dormancy().filter(pk=agreement.pk).get().asleep_since
    if asleep is None:
        raise ValidationError(
            _("This paper does not sleep (any more): there is nothing to decide."), code="awake"
        )
    if due < timezone.localdate():
        raise ValidationError(_("Choose a day that is still to come."), code="due")
    with refusals.in_words(_REFUSALS), guard.history(by, "dormancy.decide", reason):
        point = action_points.open_point(
            agreement=agreement, text=text, owner=owner, due=due, verifier=verifier, by=by, key=key
        )
        decision = DormancyDecision.objects.create(
            agreement=agreement,
            outcome=outcome,
            reason=reason.strip(),
            action_point=point,
            decided_on=timezone.localdate(),
            by=by,
        )
        # Two who decide at once: the second sees what the first decided.
        agreement.version += 1
        agreement.save(update_fields=["version"])
    return decision


_REFUSALS = {
    "dormancy_decided_with_a_reason": _("Say why; it stays with the paper."),
    "dormancy_outcome_known": _("Choose what becomes of the paper."),
}
