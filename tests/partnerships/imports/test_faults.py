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
from tests.partnerships.imports.files import as_csv, public_records, rows

pytestmark = pytest.mark.django_db

GOOD_ROWS = 12


class DamagedCopy:
    """The records twice over, shuffled; each fault has a row of its own, a dozen rows have none."""

    def __init__(self):
        records = [{**row, "renews": "", "implements": ""} for row in public_records()]
        records += [{**row, "id": f"{row['id']}-2"} for row in records]
        chance = random.Random(20250320)  # noqa: S311
        chance.shuffle(records)
        self.good = records[:GOOD_ROWS]
        faults = [*REFUSED, *WARNED]
        damaged = [{**records[GOOD_ROWS + at], **fault.cells} for at, fault in enumerate(faults)]
        lines = [*zip(self.good, [None] * GOOD_ROWS, strict=True), *zip(damaged, faults, strict=True)]
        chance.shuffle(lines)
        self.row_of = {fault.name: row for row, (_line, fault) in enumerate(lines, start=2) if fault}
        self.text = self._with_broken_lines(as_csv([line for line, _fault in lines]).read().decode())

    def _with_broken_lines(self, text):
        physical = text.split("\r\n")
        for fault in REFUSED:
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


def row_of(damaged, fault):
    return next(row for row in damaged.plan.rows if row.number == damaged.row_of[fault.name])


def test_there_are_faults_enough():
    assert len({fault.name for fault in REFUSED}) == len(REFUSED) >= 60


@pytest.mark.parametrize("fault", REFUSED, ids=lambda fault: fault.name)
def test_a_fault_is_refused_with_row_column_and_reason(damaged, fault):
    refusals = [(refusal.row, refusal.column) for refusal in row_of(damaged, fault).refusals]

    assert refusals == [(damaged.row_of[fault.name], fault.column)]
    assert fault.says in row_of(damaged, fault).refusals[0].reason


@pytest.mark.parametrize("fault", WARNED, ids=lambda fault: fault.name)
def test_a_doubt_is_warned_of_and_the_row_is_taken(damaged, fault):
    planned = row_of(damaged, fault)

    assert planned.verdict == "new"
    assert any(
        warning.column == fault.column and fault.says in warning.reason for warning in planned.warnings
    )


def test_no_good_row_is_lost_and_no_bad_one_slips_in(damaged):
    taken = set(Agreement.objects.values_list("external_id", flat=True))
    doubtful = {row_of(damaged, fault).external_id for fault in WARNED}

    assert taken == {record["id"] for record in damaged.good} | doubtful
    assert damaged.plan.counts().new == len(taken) == GOOD_ROWS + len(WARNED)
    assert damaged.plan.counts().refused == len(REFUSED)


def test_the_numbers_of_the_plan_are_the_numbers_of_the_application(damaged):
    assert damaged.plan.counts() == damaged.outcome.counts


def test_a_number_that_stands_twice_is_refused_in_both_rows(plan):
    planned = plan([*rows({}, {}), {**rows({})[0], "title": "Lain"}])

    assert [(each.row, each.column, each.reason) for each in planned.refusals] == [
        (2, "id", "“X1” stands in rows 2, 4."),
        (4, "id", "“X1” stands in rows 2, 4."),
    ]
    assert planned.counts().new == 1


@pytest.mark.parametrize("relation", ["renews", "implements"])
def test_papers_in_a_circle_are_refused(plan, relation):
    planned = plan(rows({relation: "X2"}, {relation: "X3"}, {relation: "X1"}, {relation: "X4"}, {}))

    assert [(each.row, each.column) for each in planned.refusals] == [
        (2, relation),
        (3, relation),
        (4, relation),
        (5, relation),
    ]
    assert "X1 → X2 → X3 → X1" in planned.refusals[0].reason
    assert "names itself" in planned.refusals[3].reason
    assert planned.counts().new == 1


def test_a_circle_through_papers_that_are_in_already_is_refused(imported, plan):
    imported(rows({"renews": "X2"}, {}))

    (refusal,) = plan([rows({"renews": "X1"})[0] | {"id": "X2"}]).refusals

    assert (refusal.column, "X2 → X1 → X2" in refusal.reason) == ("renews", True)


def test_a_paper_below_a_refused_one_is_refused_with_it(plan):
    planned = plan(rows({"date_signed": "segera"}, {"implements": "X1"}, {"renews": "X2"}, {}))

    assert [(each.row, each.column, each.reason) for each in planned.refusals][1:] == [
        (3, "implements", "Row 2, which it names, is refused."),
        (4, "renews", "Row 3, which it names, is refused."),
    ]
    assert planned.counts().new == 1


@pytest.mark.parametrize("seed", range(2))
def test_random_damage_is_answered_row_by_row(admin, seed):
    chance = random.Random(seed)  # noqa: S311
    nasty = ["", ";", "\u200b", "A" * 999, "31-02-2025", "=1+1", "<b>", "Bandung", "R001", "-1", "\U0001f600"]
    lines = chance.sample(public_records(), 40)
    for line in lines:
        for _time in range(chance.randrange(3)):
            another = chance.choice(lines)[chance.choice(COLUMNS)]
            line[chance.choice(COLUMNS)] = chance.choice([*nasty, another])

    plan = plan_import(as_csv(lines), by=admin)
    outcome = apply_plan(plan, by=admin)

    assert plan.counts() == outcome.counts
    assert len(plan.rows) == len([line for line in lines if any(line.values())])
    assert all(refusal.reason and refusal.row for refusal in plan.refusals)
    good = {row.external_id for row in plan.rows if not row.refusals}
    assert good <= set(Agreement.objects.values_list("external_id", flat=True))
