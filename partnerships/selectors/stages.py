"""The way of a foreign paper through its stages, as pages show it."""

from dataclasses import dataclass
from functools import cached_property

from partnerships.lifecycle import BEFORE_SIGNING, FOREIGN_STAGE_MOVES, ForeignStage, Status
from partnerships.models import StageChange


@dataclass(frozen=True)
class StageOnTheWay:
    """One stage: ``done``, ``now`` or ``to_come``, with the newest step that entered it, if any did."""

    stage: ForeignStage
    state: str
    step: StageChange | None


class Way:
    """The seven stages of a paper that came from ``visible_to``."""

    def __init__(self, agreement):
        self.agreement = agreement

    @cached_property
    def steps(self):
        """Every step, the newest first."""
        return list(self.agreement.stage_changes.select_related("by"))

    @property
    def now(self):
        """The newest step, or None when no stage is recorded."""
        return self.steps[0] if self.steps else None

    @property
    def stages(self):
        order = list(ForeignStage)
        place = order.index(self.now.new) if self.now else -1
        entered = {step.new: step for step in reversed(self.steps)}
        is_past = self.agreement.status not in (*BEFORE_SIGNING, Status.CANCELLED)
        return [
            StageOnTheWay(
                stage,
                "done" if at < place or (at == place and is_past) else "now" if at == place else "to_come",
                entered.get(stage),
            )
            for at, stage in enumerate(order)
        ]

    @property
    def possible(self):
        """The stages that the paper can enter now, in their order."""
        if self.agreement.status not in BEFORE_SIGNING or not (self.now or self.agreement.is_foreign):
            return []
        allowed = FOREIGN_STAGE_MOVES[ForeignStage(self.now.new)] if self.now else set(ForeignStage)
        return [stage for stage in ForeignStage if stage in allowed]

    @property
    def is_shown(self):
        """Whether the record has anything to say of stages: a step, or a foreign paper not signed yet."""
        return bool(self.steps) or bool(self.possible)
