"""docs/lifecycle.md, written from the tables: statuses, moves, stages, and who may take which step."""

from pathlib import Path

from django.conf import settings
from django.utils import translation

from partnerships.lifecycle import (
    ACTION_POINT_MOVES,
    BEFORE_SIGNING,
    FOREIGN_STAGE_MOVES,
    MOVES,
    ONCE_SIGNED,
    OVER,
    REPORT_MOVES,
    ActionPointStatus,
    ReportStatus,
    Status,
)
from partnerships.permissions import RIGHTS, Action

PATH = Path(settings.BASE_DIR) / "docs" / "lifecycle.md"

_HEAD = """# Lifecycle

Written by `manage.py write_lifecycle_page` from `partnerships/lifecycle.py` and the table of rights in
`partnerships/permissions.py`; do not edit. A test compares. The actions refuse every other step with a
sentence, and the database refuses it to everybody, plain SQL included.
"""
_PAPER = """
A step needs a reason when the paper is over or cancelled, is never dated ahead, and a paper is not over
before it was signed. A foreign paper is signed at its last stage only. When a paper is over before the end
of its term, that term ends on the same day and keeps the end that had been agreed.

Ending or terminating a paper asks, for each paper that implements it and goes on, whether it goes on by
itself, is over as well (one that is not signed yet is cancelled), or implements another paper from now on.
Who decides needs the right over that paper too; otherwise, and when it can't be seen, it goes on by itself.
"""
_STAGES = """
An international paper, a memorandum of cooperation, technical cooperation, a foreign loan or grant, and
every paper whose leading counterpart is international, passes these before it is signed: one on, or one
back when a text is opened again. The first step that is recorded may enter any stage.
"""


def page():
    """The text of the page."""
    with translation.override("en"):
        parts = [
            _HEAD,
            "## A paper\n",
            _diagram(MOVES, [Status.PROPOSED]),
            _PAPER.lstrip(),
            _table(MOVES, Status, lambda old, new: Action.MOVE_AGREEMENT, lambda old: {old}),
            "## The stages of a foreign paper\n",
            _diagram(FOREIGN_STAGE_MOVES, []),
            _STAGES.lstrip(),
            f"Who may: {_who(Action.MOVE_AGREEMENT, set(BEFORE_SIGNING))}.\n",
            "## A report\n",
            _diagram(REPORT_MOVES, [ReportStatus.DRAFT]),
            "Nobody verifies what they wrote in.\n",
            _table(REPORT_MOVES, ReportStatus, _report_action, lambda old: set(ONCE_SIGNED)),
            "## An action point\n",
            _diagram(ACTION_POINT_MOVES, [ActionPointStatus.OPEN]),
            "The office that is to do it, or a registrar, says that it is done; somebody else checks that.\n",
            f"Who may check: {_who(Action.CLOSE_ACTION_POINT, set(Status))}.\n",
            "## Words\n",
            f"- *over*: {_listed(OVER)}\n- *before signing*: {_listed(BEFORE_SIGNING)}\n",
        ]
        return "\n".join(parts)


def _diagram(moves, starts):
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state.value} : {state.label}" for state in moves]
    lines += [f"    [*] --> {state.value}" for state in starts]
    lines += [f"    {old.value} --> {new.value}" for old, new in _arrows(moves)]
    lines += [f"    {state.value} --> [*]" for state in moves if not moves[state]]
    return "\n".join([*lines, "```", ""])


def _arrows(moves):
    return [(old, new) for old in moves for new in moves if new in moves[old]]


def _table(moves, kind, action_of, statuses_of):
    """The arrows with who may take each; ``statuses_of`` gives the statuses that a paper may then have."""
    lines = ["| From | To | Who may |", "| --- | --- | --- |"]
    lines += [
        f"| `{old.value}` {kind(old).label} | `{new.value}` {kind(new).label} "
        f"| {_who(action_of(old, new), statuses_of(old))} |"
        for old, new in _arrows(moves)
    ]
    return "\n".join([*lines, ""])


def _report_action(old, new):
    by_the_verifier = new == ReportStatus.VERIFIED or (
        new == ReportStatus.RETURNED and old in (ReportStatus.SUBMITTED, ReportStatus.VERIFIED)
    )
    return Action.VERIFY_PROGRESS if by_the_verifier else Action.REPORT_PROGRESS


def _who(action, statuses):
    """The roles with a right to the action on a paper in one of the statuses, and how far it reaches."""
    rights = [right for right in RIGHTS if right.action == action and right.statuses & statuses]
    return "; ".join(f"`{right.role}` ({right.reach.label})" for right in rights)


def _listed(statuses):
    return ", ".join(f"`{status.value}`" for status in statuses)
