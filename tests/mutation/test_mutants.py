"""The list of rules that script/mutate leaves out is whole, and what it leaves out is really gone."""

import ast

import pytest

from partnerships import permissions
from partnerships.lifecycle import MOVES, Status, check_move
from tests.mutation.mutants import ROOT, files, mutants_of
from tests.mutation.plugin import take_on
from tests.mutation.unnoticed import UNNOTICED

RIGHTS = "partnerships/permissions.py"


def test_every_right_is_left_out_once():
    left_out = [each.gone for each in mutants_of(RIGHTS) if each.gone.startswith("Right(")]

    assert len(left_out) == len(permissions.RIGHTS)


def test_every_model_that_limits_its_readers_is_among_the_files():
    models = (ROOT / "partnerships/models").glob("*.py")
    limiting = {each.name for each in models if "def visible_to" in each.read_text()}

    assert limiting == {path.rpartition("/")[2] for path in files() if "/models/" in path} - {"access.py"}


@pytest.mark.parametrize("path", files())
def test_a_file_without_a_rule_is_another_file_that_still_is_one(path):
    as_it_is = ast.dump(ast.parse((ROOT / path).read_text()))
    *_others, last = mutants_of(path)

    compile(last.tree, path, "exec")
    assert ast.dump(last.tree) != as_it_is


def test_what_is_said_to_change_nothing_is_a_rule_that_there_is():
    names = {mutant.name for path in files() for mutant in mutants_of(path)}

    assert set(UNNOTICED) <= names
    assert all(UNNOTICED.values())


def test_a_living_function_takes_on_what_it_would_be(monkeypatch):
    monkeypatch.setattr(check_move, "__code__", check_move.__code__)
    refusing = [each for each in mutants_of("partnerships/lifecycle.py") if each.within == "check_move"]
    guard = next(each for each in refusing if "can't go from" in each.gone)

    take_on(guard)

    check_move(Status.PROPOSED, Status.SIGNED)
    assert Status.SIGNED not in MOVES[Status.PROPOSED]
