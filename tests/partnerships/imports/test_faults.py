"""A shuffled copy of the records with a fault in nearly every row, planned and applied once."""

import io
import random

import pytest
from django.db import transaction
from django.utils import translation

from partnerships.imports.run import apply_plan, plan_import
from partnerships.imports.vocabulary import COLUMNS
from partnerships.models import Agreement
from tests.factories import UserFactory
from tests.partnerships.imports.faults import REFUSED, WARNED
from tests.partnerships.imports.files import as_csv, public_records

pytestmark = pytest.mark.django_db

GOOD_ROWS = 12


class DamagedCopy:
    """The records twice over, shuffled; each fault has a row of its own, a dozen rows have none."""

    def __init__(self):
        twice = public_records() + [
            {**row, "id": f"{row['id']}-2", "implements": ""} for row in public_records()
        ]
        random.Random(20250320).shuffle(twice)
        self.faults = [*REFUSED, *WARNED]
        lines, self.row_of, self.ids = [], {}, {}
        for fault, record in zip(self.faults, twice, strict=False):
            self.row_of[fault.name] = len(lines) + 2
            lines.append({**record, "renews": "", "implements": "", **fault.cells})
        self.good = [
            {**record, "renews": "", "implements": ""}
            for record in twice[len(self.faults) : len(self.faults) + GOOD_ROWS]
        ]
        for number, record in enumerate(self.good):
            lines.insert(number * 6 + 1, record)
        self.row_of = {
            fault.name: row
            for fault in self.faults
            for row, line in enumerate(lines, start=2)
            if self._is_of(fault, line, twice)
        }
        self.text = self._damaged(as_csv(lines).read().decode(), lines)

    def _is_of(self, fault, line, twice):
        record = twice[self.faults.index(fault)]
        return line == {**record, "renews": "", "implements": "", **fault.cells}

    def _damaged(self, text, lines):
        physical = text.split("\r\n")
        for fault in self.faults:
            if fault.line:
                at = self.row_of[fault.name] - 1
                physical[at] = fault.line(physical[at])
        return "\r\n".join(physical)


@pytest.fixture(scope="module")
def damaged(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        by = UserFactory(is_superuser=True)
        copy = DamagedCopy()
        copy.plan = plan_import(io.BytesIO(copy.text.encode()), by=by)
        copy.outcome = apply_plan(copy.plan, by=by)
        yield copy
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def imported(damaged, db):
    return damaged


def row(damaged, fault):
    return next(row for row in damaged.plan.rows if row.number == damaged.row_of[fault.name])


def test_there_are_faults_enough():
    assert len({fault.name for fault in REFUSED}) == len(REFUSED) >= 60


@pytest.mark.parametrize("fault", REFUSED, ids=lambda fault: fault.name)
def test_a_fault_is_refused_with_row_column_and_reason(damaged, fault):
    refusals = [(refusal.row, refusal.column) for refusal in row(damaged, fault).refusals]

    assert refusals == [(damaged.row_of[fault.name], fault.column)]
    assert fault.says in row(damaged, fault).refusals[0].reason


@pytest.mark.parametrize("fault", WARNED, ids=lambda fault: fault.name)
def test_a_doubt_is_warned_of_and_the_row_is_taken(damaged, fault):
    planned = row(damaged, fault)

    assert planned.verdict == "new"
    assert any(
        warning.column == fault.column and fault.says in warning.reason for warning in planned.warnings
    )


def test_no_good_row_is_lost_and_no_bad_one_slips_in(damaged):
    taken = set(Agreement.objects.values_list("external_id", flat=True))
    doubtful = {row(damaged, fault).external_id for fault in WARNED}

    assert taken == {record["id"] for record in damaged.good} | doubtful
    assert damaged.plan.counts().new == len(taken) == GOOD_ROWS + len(WARNED)
    assert damaged.plan.counts().refused == len(REFUSED)


def test_the_numbers_of_the_plan_are_the_numbers_of_the_application(damaged):
    assert damaged.plan.counts() == damaged.outcome.counts


@pytest.mark.parametrize("seed", range(3))
def test_random_damage_is_answered_row_by_row(admin, seed):
    chance = random.Random(seed)
    nasty = ["", ";", "\u200b", "A" * 999, "31-02-2025", "=1+1", "<b>", "Bandung", "R001", "-1", "'; --", "\U0001f600"]
    lines = public_records()
    for line in lines:
        for _time in range(chance.randrange(3)):
            line[chance.choice(COLUMNS)] = chance.choice([*nasty, chance.choice(lines)[chance.choice(COLUMNS)]])
    chance.shuffle(lines)

    plan = plan_import(as_csv(lines), by=admin)
    outcome = apply_plan(plan, by=admin)

    assert plan.counts() == outcome.counts
    assert len(plan.rows) == len([line for line in lines if any(line.values())])
    assert all(refusal.reason and refusal.row for refusal in plan.refusals)
    assert Agreement.objects.count() == Agreement.objects.exclude(external_id="").count()
