"""What is decided about a paper that sleeps: an action point sees to it, and the paper counts as decided."""

import datetime
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from partnerships.actions import dormancy
from partnerships.actions.guard import StaleVersion
from partnerships.models import (
    ActionPoint,
    Agreement,
    DormancyDecision,
    DormancyLimit,
    DormantState,
    Organization,
    PartialDate,
)
from tests.factories import AgreementFactory

PARTIES = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]


@pytest.fixture
def paper(db):
    """Signed in 2020; a paper under it was to follow within a hundred days."""
    DormancyLimit.objects.update_or_create(kind="mou", defaults={"follow_up": 100, "progress": None})
    return AgreementFactory(with_parties=PARTIES, signed=PartialDate.of(2020, 1, 2))


def said(paper, **more):
    return {
        "agreement": paper,
        "outcome": "revive",
        "reason": "Anggaran 2027 tersedia",
        "text": "Menyusun perjanjian kerja sama",
        "owner": Organization.objects.get(slug="ditjen-binalavotas"),
        "due": timezone.localdate() + datetime.timedelta(days=30),
        "key": uuid4(),
        **more,
    }


def state_of(paper):
    return Agreement.objects.with_validity().with_dormancy().get(pk=paper.pk).dormant


def test_a_decision_opens_an_action_point_and_settles_the_paper(paper, unit_officer):
    assert state_of(paper) == DormantState.UNDECIDED
    decision = dormancy.decide(by=unit_officer, **said(paper))

    assert decision.action_point.text == "Menyusun perjanjian kerja sama"
    assert decision.action_point.raised_by == unit_officer
    assert state_of(paper) == DormantState.DECIDED


def test_the_same_form_twice_decides_once(paper, registrar):
    once = said(paper)
    assert dormancy.decide(by=registrar, **once) == dormancy.decide(by=registrar, **once)
    assert DormancyDecision.objects.count() == ActionPoint.objects.count() == 1


def test_two_who_decide_at_once_see_each_other(paper, registrar, unit_officer):
    dormancy.decide(by=registrar, version=paper.version, **said(paper))
    with pytest.raises(StaleVersion):
        dormancy.decide(by=unit_officer, version=paper.version, **said(paper))


@pytest.mark.parametrize("who", ["officer_asahan", "leadership", "admin", "nobody"])
def test_others_decide_nothing(paper, request, who):
    with pytest.raises(PermissionDenied):
        dormancy.decide(by=request.getfixturevalue(who), **said(paper))
    assert not ActionPoint.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"due": datetime.date(2024, 1, 1)}, "due"),
        ({"reason": " "}, "dormancy_decided_with_a_reason"),
        ({"outcome": "forget"}, "dormancy_outcome_known"),
        ({"text": " "}, "text"),
    ],
)
def test_what_can_not_be_is_said_in_a_sentence_and_leaves_nothing(paper, registrar, wrong, code):
    with pytest.raises(ValidationError) as refusal:
        dormancy.decide(by=registrar, **said(paper, **wrong))
    assert refusal.value.code == code
    assert not ActionPoint.objects.exists()
    assert not DormancyDecision.objects.exists()


def test_a_paper_that_is_awake_needs_no_decision(paper, registrar):
    AgreementFactory(kind="pks", implements=paper, signed=PartialDate.of(2020, 2, 1))
    with pytest.raises(ValidationError) as refusal:
        dormancy.decide(by=registrar, **said(paper))
    assert refusal.value.code == "awake"
