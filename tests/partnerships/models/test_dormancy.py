"""Papers that were signed and sleep: which signs of life count, from when on, and what was decided."""

import datetime

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from partnerships.lifecycle import Status
from partnerships.models import (
    Agreement,
    AgreementKind,
    DormancyDecision,
    DormancyLimit,
    DormantState,
    PartialDate,
)
from tests.factories import ActionPointFactory, AgreementFactory, MeasurableFactory, ReportFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def days_ago(days):
    return timezone.localdate() - datetime.timedelta(days=days)


@pytest.fixture
def limits():
    DormancyLimit.objects.all().delete()
    return DormancyLimit.objects.create(kind=AgreementKind.MOU, follow_up=100, action_plan=None, progress=300)


def day(days):
    """The day so many days ago as a date of the record."""
    on = days_ago(days)
    return PartialDate.of(on.year, on.month, on.day)


def signed(days, **more):
    return AgreementFactory(signed=day(days), **{"kind": AgreementKind.MOU, **more})


def seen(paper, on=None):
    rows = Agreement.objects.as_of(on) if on else Agreement.objects.all()
    of_many = rows.with_validity(on).with_dormancy(on).get(pk=paper.pk)
    # What is told of one paper is what is told of many.
    alone = rows.with_validity(on).with_signs_of_life(on).get(pk=paper.pk)
    assert alone.sleep_on(on or TODAY) == (of_many.asleep_since, of_many.dormant)
    return of_many


def test_a_paper_sleeps_from_the_day_after_its_limit(limits):
    awake, asleep = signed(100), signed(101)
    assert seen(awake).asleep_since is None
    assert seen(asleep).asleep_since == TODAY
    assert seen(asleep).dormant == DormantState.UNDECIDED


def test_a_paper_of_a_kind_without_a_limit_never_sleeps(limits):
    assert seen(signed(4_000, kind=AgreementKind.PKS)).asleep_since is None


def test_a_signed_paper_under_it_wakes_it_and_a_draft_does_not(limits):
    paper = signed(150)
    AgreementFactory(kind=AgreementKind.PKS, implements=paper, status=Status.DRAFTING, signed=None)
    assert seen(paper).asleep_since == days_ago(49)
    AgreementFactory(kind=AgreementKind.PKS, implements=paper, signed=day(20))
    shown = seen(paper)
    assert shown.asleep_since is None
    assert shown.first_follow_up == days_ago(20)
    assert seen(paper, days_ago(21)).asleep_since == days_ago(49)


def test_verified_progress_stands_for_a_paper_under_it(limits):
    paper = signed(400)
    ReportFactory(commitment=MeasurableFactory(agreement=paper), reach="submitted")
    assert seen(paper).asleep_since == days_ago(299)
    ReportFactory(commitment=MeasurableFactory(agreement=paper), reach="verified")
    assert seen(paper).asleep_since is None


def test_each_limit_counts_by_itself(limits):
    paper = signed(301)
    AgreementFactory(kind=AgreementKind.PKS, implements=paper, signed=day(250))
    assert seen(paper).asleep_since == TODAY


def test_what_is_over_does_not_sleep(limits):
    for status in (Status.ENDED, Status.TERMINATED, Status.CANCELLED):
        paper = signed(400, status=status)
        assert seen(paper).asleep_since is None


def test_a_decision_holds_until_its_action_point_is_due(limits, registrar):
    paper = signed(150)
    point = ActionPointFactory(agreement=paper, due=days_ago(0))
    DormancyDecision.objects.create(
        agreement=paper,
        outcome="revive",
        reason="ada",
        action_point=point,
        decided_on=days_ago(9),
        by=registrar,
    )
    assert seen(paper).dormant == DormantState.DECIDED
    assert seen(paper, days_ago(10)).dormant == DormantState.UNDECIDED
    point.due = days_ago(1)
    point.save()
    assert seen(paper).dormant == DormantState.UNDECIDED


def test_the_database_keeps_a_decision_as_it_was_made(limits, registrar):
    paper, other = signed(150), signed(150)
    point = ActionPointFactory(agreement=paper)
    of_another = ActionPointFactory(agreement=other)
    said = {"agreement": paper, "reason": "ada", "decided_on": TODAY, "by": registrar}
    for wrong in ({"action_point": of_another}, {"reason": ""}, {"outcome": "forget"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DormancyDecision.objects.create(**{**said, "outcome": "end", "action_point": point, **wrong})
    kept = DormancyDecision.objects.create(**said, outcome="end", action_point=point)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        DormancyDecision.objects.filter(pk=kept.pk).update(reason="lain")


def test_a_limit_says_something_of_a_paper(limits):
    for wrong in ({"kind": AgreementKind.PKS}, {"kind": AgreementKind.ACTIVITY, "progress": 5}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DormancyLimit.objects.create(**wrong)
