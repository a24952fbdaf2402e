"""What an office has to do, and the number beside “Tasks”."""

import datetime

import pytest
from django.http import QueryDict
from django.utils import timezone

from partnerships.models import CommitmentStanding, Document, DocumentPurpose, Organization, PartialDate
from partnerships.register import agreements_for
from partnerships.roles import Role
from partnerships.selectors.awaited import awaited_of
from partnerships.selectors.inbox import Inbox, open_count, postings_with_tasks
from tests.conftest import person
from tests.factories import (
    ActionPointFactory,
    AgreementFactory,
    MeasurableFactory,
    OrganizationFactory,
    PartyFactory,
    PostingFactory,
    ReportFactory,
    TermFactory,
    UserFactory,
)
from tests.partnerships.varied_commitments import varied_commitments


def day(days):
    return timezone.localdate() + datetime.timedelta(days=days)


def inbox_of(user):
    (posting,) = postings_with_tasks(user)
    return Inbox(user, posting)


def groups_of(user):
    return {
        group.code: [(line.commitment, line.ends) for line in group.lines] for group in inbox_of(user).groups
    }


def owed(agreement, days, **fields):
    return MeasurableFactory(agreement=agreement, due=day(days), **fields)


def test_each_report_stands_in_the_group_of_its_state(agreement_of_asahan, officer_asahan):
    overdue, today, week = (owed(agreement_of_asahan, days) for days in (-1, 0, 7))
    later, last = owed(agreement_of_asahan, 8), owed(agreement_of_asahan, 90)
    owed(agreement_of_asahan, 91)
    draft, returned = owed(agreement_of_asahan, -3), owed(agreement_of_asahan, 30)
    ReportFactory(commitment=draft)
    ReportFactory(commitment=returned, reach="returned")
    ReportFactory(commitment=owed(agreement_of_asahan, -5), reach="submitted")

    assert groups_of(officer_asahan) == {
        "draft": [(draft, draft.due)],
        "returned": [(returned, returned.due)],
        "overdue": [(overdue, overdue.due)],
        "week": [(today, today.due), (week, week.due)],
        "later": [(later, later.due), (last, last.due)],
    }
    assert open_count(officer_asahan) == 5


def test_a_commitment_stands_once_in_a_group_with_its_first_period(agreement_of_asahan, officer_asahan):
    owed(agreement_of_asahan, -1, starts_on=day(-100), recurrence="monthly")

    (group,) = inbox_of(officer_asahan).groups
    (line,) = group.lines
    assert group.count == 1
    assert line.more >= 2
    assert open_count(officer_asahan) == 1


def test_the_count_is_the_sum_of_the_groups_that_are_for_now(agreement_of_asahan, officer_asahan):
    both = owed(agreement_of_asahan, -1, starts_on=day(-70), recurrence="monthly")
    ReportFactory(commitment=both, period_end=both.due, reach="returned")
    owed(agreement_of_asahan, 3)
    owed(agreement_of_asahan, 60)

    groups = {group.code: group.count for group in inbox_of(officer_asahan).groups}

    assert groups == {"returned": 1, "overdue": 1, "week": 1, "later": 1}
    assert open_count(officer_asahan) == 3


def test_the_office_above_does_not_see_what_others_answer_for(
    agreement_of_asahan, officer_asahan, officer_batang, officer_north_sumatra, registrar
):
    owed(agreement_of_asahan, -1)

    assert open_count(officer_asahan) == 1
    for other in (officer_batang, officer_north_sumatra, registrar):
        assert groups_of(other) == {}
        assert open_count(other) == 0


def test_the_province_answers_for_a_region_without_people(
    agreement_of_asahan, officer_north_sumatra, unit_officer
):
    commitment = owed(agreement_of_asahan, -1)

    assert groups_of(officer_north_sumatra) == {"overdue": [(commitment, commitment.due)]}
    assert groups_of(unit_officer) == {}


def test_units_answer_for_those_without_accounts_in_their_papers(agreement_of_asahan, unit_officer):
    other_unit = person(Role.UNIT_OFFICER, "itjen")
    company = PartyFactory(agreement=agreement_of_asahan, position=3).organization
    of_company = owed(agreement_of_asahan, -3, owner=company)
    of_nobody = owed(agreement_of_asahan, -2, owner=None)
    of_region_without_people = owed(agreement_of_asahan, -1)

    assert [row for row, _ends in groups_of(unit_officer)["overdue"]] == [
        of_company,
        of_nobody,
        of_region_without_people,
    ]
    assert groups_of(other_unit) == {}


def test_the_bureau_answers_for_what_no_unit_with_people_is_a_party_to(registrar, unit_officer):
    paper = AgreementFactory(with_parties=["kementerian-ketenagakerjaan"])
    company = PartyFactory(agreement=paper, position=2).organization
    commitment = owed(paper, -1, owner=company)

    assert groups_of(registrar) == {"overdue": [(commitment, commitment.due)]}
    assert groups_of(unit_officer) == {}


def test_a_unit_with_people_of_its_own_answers_for_itself(agreement_of_asahan, unit_officer):
    ditjen = Organization.objects.get(slug="ditjen-binalavotas")
    centre = OrganizationFactory(kind="unit", parent=ditjen)
    commitment = owed(agreement_of_asahan, -1, owner=centre)
    assert groups_of(unit_officer) == {"overdue": [(commitment, commitment.due)]}

    own = PostingFactory(organization=centre, role=Role.UNIT_OFFICER).user

    assert groups_of(UserFactory._meta.model.objects.get(pk=unit_officer.pk)) == {}
    assert groups_of(own) == {"overdue": [(commitment, commitment.due)]}


def test_verifiers_have_a_queue_without_their_own_entries(agreement_of_asahan, registrar, unit_officer):
    ReportFactory(commitment=owed(agreement_of_asahan, -1), reach="submitted")
    ReportFactory(commitment=owed(agreement_of_asahan, -1), reach="submitted", written_by=registrar)
    elsewhere = AgreementFactory(with_parties=["itjen", "pemerintah-kabupaten-batang"])
    ReportFactory(commitment=owed(elsewhere, -1), reach="submitted")

    assert inbox_of(registrar).queue.count == 2
    assert inbox_of(unit_officer).queue.count == 2
    assert open_count(registrar) == 2
    assert inbox_of(person(Role.UNIT_OFFICER, "itjen")).queue.count == 1


def test_the_queue_is_no_business_of_a_region(agreement_of_asahan, officer_asahan):
    ReportFactory(commitment=owed(agreement_of_asahan, -1), reach="submitted")

    assert inbox_of(officer_asahan).queue is None
    assert open_count(officer_asahan) == 0


def test_papers_that_lack_something_are_counted_as_the_register_shows_them(db, registrar):
    ending, with_scan, followed = (
        AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]) for _ in range(3)
    )
    end = day(30)
    TermFactory(agreement=ending, ends=PartialDate.of(end.year, end.month, end.day))
    Document.objects.create(agreement=with_scan, purpose=DocumentPurpose.PAPER, title="Pindaian")
    AgreementFactory(implements=followed, kind="pks")

    lacks = [lack.figure for lack in inbox_of(registrar).lacks]

    assert [figure.count for figure in lacks] == [1, 3, 3, 2]
    for figure in lacks:
        shown = agreements_for(registrar, QueryDict(figure.url.partition("?")[2]))
        assert (shown.count, shown.problems) == (figure.count, [])


def test_a_unit_sees_the_lacks_of_its_own_papers(db, unit_officer, agreement_of_asahan):
    AgreementFactory(with_parties=["itjen", "pemerintah-kabupaten-batang"])

    assert [lack.figure.count for lack in inbox_of(unit_officer).lacks] == [1, 1, 1]


def test_action_points_come_to_who_does_them_and_then_to_who_checks(
    agreement_of_asahan, officer_asahan, officer_batang, registrar
):
    point = ActionPointFactory(agreement=agreement_of_asahan)
    assert inbox_of(officer_asahan).action_points == [point]
    assert inbox_of(registrar).action_points == []

    ActionPointFactory(agreement=agreement_of_asahan, done_by=officer_asahan)

    assert inbox_of(officer_asahan).action_point_count == 1
    assert inbox_of(registrar).action_point_count == 1
    assert open_count(officer_batang) == 0


def test_an_empty_inbox_knows_when_the_next_report_is_due(agreement_of_asahan, officer_asahan):
    commitment = owed(agreement_of_asahan, 200)

    inbox = inbox_of(officer_asahan)

    assert inbox.is_empty
    assert inbox.next_due == commitment.due


def test_leadership_and_others_without_an_office_have_no_tasks(
    agreement_of_asahan, leadership, nobody, admin
):
    owed(agreement_of_asahan, -1, owner=Organization.objects.get(slug="kementerian-ketenagakerjaan"))

    for user in (leadership, nobody, admin):
        assert postings_with_tasks(user) == []
        assert open_count(user) == 0


@pytest.mark.parametrize("number", [1, 30])
def test_the_badge_asks_as_often_for_many_as_for_one(
    number, agreement_of_asahan, unit_officer, django_assert_num_queries
):
    postings_with_tasks(unit_officer)
    for _ in range(number):
        owed(agreement_of_asahan, -1, owner=None)

    with django_assert_num_queries(4):
        assert open_count(unit_officer) == number


def test_a_group_has_the_commitments_of_which_a_day_lies_in_it(db):
    varied_commitments(40)
    on = datetime.date(2026, 3, 2)
    for number in (-1, 0, 7, 8, 90, 91):
        MeasurableFactory(due=on + datetime.timedelta(days=number))
    MeasurableFactory(recurrence="monthly", due="2026-12-31")
    later = [on + datetime.timedelta(days=number) for number in (-1, 7, 8, 90)]
    spans = {"overdue": (datetime.date.min, later[0]), "week": (on, later[1]), "later": (later[2], later[3])}
    plain = {code: {} for code in spans}
    for standing in CommitmentStanding.objects.all():
        for code, (first, last) in spans.items():
            if days := [each for each in standing.awaited or [] if first <= each <= last]:
                plain[code][standing.pk] = (min(days), len(days) - 1)

    groups = awaited_of(CommitmentStanding.objects.all(), on)

    for code, wanted in plain.items():
        found = {row.commitment: (row.ends, row.more) for row in groups[code][:1_000]}
        assert (found, len(groups[code])) == (wanted, len(wanted)), code
        assert wanted
