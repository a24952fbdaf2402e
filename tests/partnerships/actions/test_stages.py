"""The stages of foreign papers: who records them, in which order, and what signing waits for."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnerships.actions import agreements, stages
from partnerships.actions.guard import StaleVersion
from partnerships.lifecycle import FOREIGN_STAGE_MOVES, ForeignStage, Status
from partnerships.models import Party, StageChange
from partnerships.permissions import Action, can
from tests.factories import AgreementFactory, OrganizationFactory
from tests.partnerships.models.raw_sql import execute

FIRST = datetime.date(2026, 3, 2)
INSERT = """INSERT INTO partnerships_stagechange (agreement_id, old, new, since, recorded_at, by_id, note)
            VALUES (%s, %s, %s, '2026-03-02', now(), %s, '')"""


@pytest.fixture
def foreign(db):
    """A draft of a memorandum of cooperation."""
    return AgreementFactory(
        kind="moc", status=Status.DRAFTING, signed=None, with_parties=["ditjen-binalavotas"]
    )


def at(paper, stage, by):
    """The paper at a stage, as the first that is recorded of it."""
    StageChange.objects.create(agreement=paper, new=stage, since=FIRST, by=by)
    return paper


def refusal_of(**step):
    with pytest.raises(ValidationError) as refusal:
        stages.enter_stage(**step)
    assert refusal.value.messages[0].endswith(".")
    return refusal.value.code


def test_a_stage_leaves_since_when_by_whom_and_the_note(foreign, registrar):
    step = stages.enter_stage(
        agreement=foreign, stage="exploration", since=FIRST, note=" Nota diplomatik ", by=registrar, version=1
    )

    assert (step.old, step.new, step.since, step.by) == ("", "exploration", FIRST, registrar)
    assert step.note == "Nota diplomatik"
    foreign.refresh_from_db()
    assert foreign.version == 2
    context = foreign.events.latest("pgh_id").pgh_context
    assert (context["action"], context["actor"], context["reason"]) == (
        "agreement.enter_stage",
        registrar.pk,
        "Nota diplomatik",
    )


def test_every_pair_of_stages_is_taken_or_refused_as_the_table_says(registrar):
    for old in ForeignStage:
        for new in ForeignStage:
            paper = at(AgreementFactory(kind="moc", status=Status.DRAFTING, signed=None), old, registrar)
            try:
                stages.enter_stage(agreement=paper, stage=new, by=registrar)
                taken = True
            except ValidationError as refusal:
                assert refusal.code == "forbidden_stage"
                taken = False

            assert taken is (new in FOREIGN_STAGE_MOVES[old]), (old, new)
            assert paper.stage.new == (new if taken else old)


def test_plain_sql_takes_the_same_steps(registrar):
    for old in ForeignStage:
        for new in ForeignStage:
            paper = at(AgreementFactory(kind="moc", status=Status.DRAFTING, signed=None), old, registrar)
            row = [paper.pk, old.value, new.value, registrar.pk]
            if new in FOREIGN_STAGE_MOVES[old]:
                execute(INSERT, row)
                continue
            with pytest.raises(IntegrityError, match="no step from stage"), transaction.atomic():
                execute(INSERT, row)


@pytest.mark.parametrize("status", Status)
def test_each_person_records_stages_where_the_right_to_move_reaches(
    status, registrar, unit_officer, officer_asahan, officer_batang, leadership, admin, nobody
):
    for user in (registrar, unit_officer, officer_asahan, officer_batang, leadership, admin, nobody):
        paper = AgreementFactory(kind="moc", status=status, with_parties=["ditjen-binalavotas"])
        allowed = can(user, Action.MOVE_AGREEMENT, paper)
        try:
            stages.enter_stage(agreement=paper, stage="request", by=user)
            outcome = "entered"
        except PermissionDenied:
            outcome = "forbidden"
        except ValidationError as refusal:
            assert refusal.code == "past_signing"
            outcome = "refused"

        before = status in (Status.PROPOSED, Status.DRAFTING, Status.SCHEDULED)
        assert outcome == (("entered" if before else "refused") if allowed else "forbidden")
        assert paper.stage_changes.count() == (outcome == "entered")


@pytest.mark.parametrize(
    ("kind", "partner", "foreign"),
    [
        ("mou", "company", False),
        ("mou", "foreign_government", True),
        ("pks", "international_agency", True),
        ("international", "company", True),
        ("moc", "company", True),
        ("technical", "company", True),
        ("loan_grant", "company", True),
        ("grant", "company", False),
    ],
)
def test_what_is_foreign_is_a_kind_or_the_leading_counterpart(kind, partner, foreign, registrar):
    paper = AgreementFactory(
        kind=kind, status=Status.SCHEDULED, signed=None, with_parties=["ditjen-binalavotas"]
    )
    Party.objects.create(agreement=paper, organization=OrganizationFactory(kind=partner), position=2)
    second = OrganizationFactory(kind="company" if foreign else "foreign_government")
    Party.objects.create(agreement=paper, organization=second, position=3)

    assert paper.is_foreign is foreign
    statement = "UPDATE partnerships_agreement SET status = 'signed' WHERE id = %s"
    if not foreign:
        assert refusal_of(agreement=paper, stage="request", by=registrar) == "not_foreign"
        execute(statement, [paper.pk])
        return
    with pytest.raises(IntegrityError, match="not at the stage of signing"), transaction.atomic():
        execute(statement, [paper.pk])
    stages.enter_stage(agreement=paper, stage="signing", by=registrar)
    execute(statement, [paper.pk])


def test_a_stage_is_not_recorded_ahead_and_not_before_the_last(foreign, registrar):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert refusal_of(agreement=foreign, stage="request", since=tomorrow, by=registrar) == "not_yet"
    at(foreign, "exploration", registrar)

    early = FIRST - datetime.timedelta(days=1)
    assert refusal_of(agreement=foreign, stage="request", since=early, by=registrar) == "before_the_last"
    stages.enter_stage(agreement=foreign, stage="request", since=FIRST, by=registrar)


def test_a_stage_of_a_paper_that_was_changed_meanwhile_is_not_recorded(foreign, registrar):
    stages.enter_stage(agreement=foreign, stage="exploration", by=registrar, version=1)

    with pytest.raises(StaleVersion):
        stages.enter_stage(agreement=foreign, stage="request", by=registrar, version=1)
    assert foreign.stage_changes.count() == 1


@pytest.mark.parametrize("stage", [None, *ForeignStage])
def test_a_foreign_paper_is_signed_at_its_last_stage_only(stage, registrar):
    paper = AgreementFactory(kind="moc", status=Status.SCHEDULED, signed=None)
    if stage:
        at(paper, stage, registrar)

    if stage == ForeignStage.SIGNING:
        agreements.move(agreement=paper, to=Status.SIGNED, by=registrar)
        return
    with pytest.raises(ValidationError) as refusal:
        agreements.move(agreement=paper, to=Status.SIGNED, by=registrar)
    assert refusal.value.code == "stage"
    with pytest.raises(IntegrityError, match="not at the stage of signing"), transaction.atomic():
        execute("UPDATE partnerships_agreement SET status = 'signed' WHERE id = %s", [paper.pk])
    agreements.move(agreement=paper, to=Status.CANCELLED, by=registrar, reason="Batal")
