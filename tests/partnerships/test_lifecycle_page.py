from partnerships.lifecycle import FOREIGN_STAGE_MOVES, MOVES
from partnerships.management.lifecycle_page import PATH, page


def test_the_page_of_the_life_cycle_is_the_one_that_the_tables_give():
    assert PATH.read_text() == page(), "run manage.py write_lifecycle_page"


def test_the_page_draws_every_arrow_and_no_other():
    drawn = page().partition("## A report")[0]
    expected = {
        f"    {old.value} --> {new.value}"
        for moves in (MOVES, FOREIGN_STAGE_MOVES)
        for old, targets in moves.items()
        for new in targets
    }

    assert {line for line in drawn.splitlines() if " --> " in line and "[*]" not in line} == expected
