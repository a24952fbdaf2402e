"""The stages that a foreign paper passes on its way to the signing."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.actions import guard, refusals
from partnerships.lifecycle import BEFORE_SIGNING, ForeignStage, check_stage
from partnerships.models import Agreement, StageChange
from partnerships.permissions import Action, check


def enter_stage(*, agreement, stage, by, since=None, note="", version=None):
    """Let a foreign paper enter a stage (lifecycle.FOREIGN_STAGE_MOVES); the note stays in its history.

    ``since`` is the day from which it is so, today without one. Raises PermissionDenied, StaleVersion
    when the paper is no longer the one of ``version``, and ValidationError with a sentence.
    """
    since = since or timezone.localdate()
    note = note.strip()
    with refusals.in_words(_REFUSALS), transaction.atomic():
        agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        check(by, Action.MOVE_AGREEMENT, agreement)
        guard.check_version(agreement, version)
        last = agreement.stage
        _check_takes_stages(agreement, last)
        check_stage(last.new if last else "", ForeignStage(stage))
        _check_day(since, last)
        step = StageChange.objects.create(
            agreement=agreement, old=last.new if last else "", new=stage, since=since, by=by, note=note
        )
        agreement.version += 1
        with guard.history(by, "agreement.enter_stage", note, stage_change=step.pk):
            agreement.save(update_fields=["version"])
    return step


def _check_takes_stages(agreement, last):
    if last is None and not agreement.is_foreign:
        raise ValidationError(
            _("Only a foreign paper has stages: an international kind, or a partner from abroad."),
            code="not_foreign",
        )
    if agreement.status not in BEFORE_SIGNING:
        raise ValidationError(
            _("A paper that is “%(status)s” is past its stages."),
            code="past_signing",
            params={"status": agreement.get_status_display()},
        )


def _check_day(since, last):
    if since > timezone.localdate():
        raise ValidationError(_("A stage is recorded when it has begun, not before."), code="not_yet")
    if last and since < last.since:
        raise ValidationError(
            _("The stage “%(stage)s” began on %(day)s. The next one can't begin before it."),
            code="before_the_last",
            params={"stage": last.get_new_display(), "day": last.since_in_words},
        )


_REFUSALS = {
    "stage_allowed_moves": _("The paper has meanwhile entered another stage. Open the page again."),
    "stage_before_signing": _("The paper is past its stages: it was signed or cancelled meanwhile."),
}
