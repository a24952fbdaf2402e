"""The moves of a paper's life, and what is said of a move that there is not."""

from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from partnerships.lifecycle import (
    EXPORT_GOES_ON,
    EXPORT_MOVES,
    FOREIGN_STAGE_MOVES,
    NO_LONGER_ALIVE,
    ONCE_SIGNED,
    OVER,
    ForeignStage,
    Status,
    check_move,
    check_stage,
    check_step,
)

ON_THE_WAY = [
    ("proposed", "drafting"),
    ("proposed", "cancelled"),
    ("drafting", "scheduled"),
    ("drafting", "cancelled"),
    ("scheduled", "signed"),
    ("scheduled", "cancelled"),
    ("signed", "ended"),
    ("signed", "terminated"),
]


def said_of(check, old, new):
    with translation.override("en"):
        try:
            check(old, new)
        except ValidationError as refused:
            return refused.messages[0]
    return ""


def test_a_paper_goes_forward_and_nowhere_else():
    assert [move for move in product(Status.values, repeat=2) if not said_of(check_move, *move)] == ON_THE_WAY


def test_a_refused_move_says_what_is_possible():
    said = said_of(check_move, "drafting", "ended")

    assert said.endswith("Possible now: Scheduled to be signed, Cancelled.")


@pytest.mark.parametrize("status", ["ended", "terminated", "cancelled"])
def test_where_a_paper_stays_the_way_out_is_a_new_one(status):
    assert "register a new paper that renews it" in said_of(check_move, status, "signed")


def test_what_was_signed_once_stays_so_when_it_is_over():
    assert set(ONCE_SIGNED) == {"signed", "ended", "terminated"}


def test_nothing_stands_on_a_paper_that_is_over_or_was_cancelled():
    assert set(OVER) == {"ended", "terminated"}
    assert set(NO_LONGER_ALIVE) == {"ended", "terminated", "cancelled"}


def test_a_file_in_the_making_is_waiting_or_being_made():
    assert set(EXPORT_GOES_ON) == {"waiting", "running"}


def test_a_step_that_no_table_knows_is_refused_with_what_it_is_now():
    def step(old, new):
        check_step(EXPORT_MOVES, old, new)

    assert said_of(step, "waiting", "running") == ""
    assert "now, so it can't become" in said_of(step, "done", "running")


def test_a_foreign_paper_goes_one_stage_at_a_time_forward_or_back():
    stages = list(ForeignStage)
    steps = {
        (stages.index(old), stages.index(new)) for old, found in FOREIGN_STAGE_MOVES.items() for new in found
    }

    assert steps == {(at, at + step) for at in range(7) for step in (-1, 1) if 0 <= at + step < 7}
    assert said_of(check_stage, "request", "signing").endswith(
        "Possible now: Exploration, Writing of the draft."
    )
    assert said_of(check_stage, "", "signing") == ""
