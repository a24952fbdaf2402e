"""Whom to remind of what: the ladder, the people of an office, and those above it."""

import datetime

import pytest

from partnerships.lifecycle import Status
from partnerships.models import Commitment, MailPreference, Organization
from partnerships.roles import Role
from partnerships.selectors import reminders
from partnerships.selectors.reminders import digests_on, step_on
from tests.conftest import person
from tests.factories import (
    AgreementFactory,
    MeasurableFactory,
    OrganizationFactory,
    PartyFactory,
    PostingFactory,
    ReportFactory,
    UserFactory,
)

# Long after the day on which the people of the tests are posted.
ENDS = datetime.date(2050, 12, 31)


def days_before(days):
    return ENDS - datetime.timedelta(days=days)


def owed(agreement, **fields):
    return MeasurableFactory(agreement=agreement, due=ENDS, **fields)


def told(on):
    return {
        digest.reader: [(each.commitment, each.ends, each.step) for each in digest.reminders]
        for digest in digests_on(on)
    }


@pytest.fixture
def commitment(agreement_of_asahan):
    return owed(agreement_of_asahan)


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (91, None),
        (90, 90),
        (61, 90),
        (60, 60),
        (30, 30),
        (15, 30),
        (14, 14),
        (7, 7),
        (1, 7),
        (0, 0),
        (-1, 0),
        (-6, 0),
        (-7, -7),
        (-13, -7),
        (-14, -14),
        (-21, -21),
        (-365, -364),
    ],
)
def test_the_step_that_holds_on_a_day_is_the_last_one_reached(days, step):
    assert step_on(ENDS, days_before(days)) == step


def test_the_people_of_the_owing_office_are_told_from_ninety_days_before(commitment, officer_asahan):
    assert told(days_before(91)) == {}
    assert told(days_before(90)) == {officer_asahan: [(commitment.pk, ENDS, 90)]}


@pytest.mark.parametrize("reach", ["submitted", "verified"])
def test_what_is_handed_in_is_not_asked_for(reach, commitment, officer_asahan):
    ReportFactory(commitment=commitment, reach=reach)

    assert told(days_before(7)) == {}


@pytest.mark.parametrize("reach", [None, "returned"])
def test_a_draft_and_a_returned_report_are_still_owed(reach, commitment, officer_asahan):
    ReportFactory(commitment=commitment, reach=reach)

    assert told(days_before(7)) == {officer_asahan: [(commitment.pk, ENDS, 7)]}


def test_what_is_withdrawn_is_owed_no_longer(commitment, officer_asahan):
    Commitment.objects.update(withdrawn_on=days_before(100))

    assert told(days_before(7)) == {}


def test_the_owing_party_answers_where_no_office_is_named(agreement_of_asahan, officer_asahan):
    party = agreement_of_asahan.parties.get(organization__slug="pemerintah-kabupaten-asahan")
    commitment = owed(agreement_of_asahan, owner=None, owed_by=party)

    assert told(days_before(7)) == {officer_asahan: [(commitment.pk, ENDS, 7)]}


def test_the_regions_own_office_answers_for_its_government(commitment):
    government = Organization.objects.get(slug="pemerintah-kabupaten-asahan")
    office = OrganizationFactory(kind="regional_office", parent=government, region=government.region)
    officer = PostingFactory(organization=office, role=Role.REGIONAL_OFFICER).user

    assert set(told(days_before(7))) == {officer}


def test_the_province_answers_for_a_region_without_people(commitment, officer_north_sumatra, unit_officer):
    assert set(told(days_before(7))) == {officer_north_sumatra}


def test_the_unit_above_answers_for_a_unit_without_people(agreement_of_asahan, unit_officer):
    ditjen = Organization.objects.get(slug="ditjen-binalavotas")
    centre = OrganizationFactory(kind="unit", parent=ditjen)
    owed(agreement_of_asahan, owner=centre)

    assert set(told(days_before(7))) == {unit_officer}


def test_a_party_without_accounts_is_answered_for_by_the_units_of_the_paper(
    agreement_of_asahan, unit_officer, officer_asahan
):
    company = PartyFactory(agreement=agreement_of_asahan, position=3).organization
    owed(agreement_of_asahan, owner=company)

    assert set(told(days_before(7))) == {unit_officer}


def test_a_commitment_that_names_nobody_is_the_units(agreement_of_asahan, unit_officer, officer_asahan):
    owed(agreement_of_asahan, owner=None)

    assert set(told(days_before(7))) == {unit_officer}


def test_the_bureau_answers_where_nobody_else_does(unit_officer, registrar, officer_asahan):
    paper = AgreementFactory(with_parties=["kementerian-ketenagakerjaan"])
    owed(paper, owner=PartyFactory(agreement=paper, position=2).organization)

    assert set(told(days_before(7))) == {registrar}


def test_the_office_above_is_told_after_thirty_days(commitment, officer_asahan, officer_north_sumatra):
    assert set(told(days_before(-30))) == {officer_asahan}
    assert set(told(days_before(-31))) == {officer_asahan, officer_north_sumatra}


def test_the_government_of_an_office_is_told_before_the_province(
    agreement_of_asahan, officer_asahan, officer_north_sumatra
):
    government = Organization.objects.get(slug="pemerintah-kabupaten-asahan")
    office = OrganizationFactory(kind="regional_office", parent=government, region=government.region)
    own = PostingFactory(organization=office, role=Role.REGIONAL_OFFICER).user
    owed(agreement_of_asahan, owner=office)

    assert set(told(days_before(-10))) == {own}
    assert set(told(days_before(-40))) == {own, officer_asahan}


def test_leadership_is_told_only_as_the_office_above(agreement_of_asahan, unit_officer, leadership):
    ditjen = Organization.objects.get(slug="ditjen-binalavotas")
    owed(agreement_of_asahan, owner=ditjen)

    assert set(told(days_before(-10))) == {unit_officer}
    assert set(told(days_before(-40))) == {unit_officer, leadership}


def test_people_of_other_regions_are_told_nothing(
    commitment, officer_asahan, officer_batang, registrar, leadership, admin, nobody
):
    assert set(told(days_before(7))) == {officer_asahan}


def test_nobody_is_told_of_a_paper_out_of_sight(officer_batang, agreement_of_asahan):
    office = Organization.objects.get(slug="pemerintah-kabupaten-batang")
    owed(agreement_of_asahan, owner=office)

    assert told(days_before(7)) == {}


def test_a_paper_that_is_not_signed_owes_no_report(officer_asahan):
    paper = AgreementFactory(
        status=Status.DRAFTING, with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]
    )
    owed(paper)

    assert told(days_before(7)) == {}


def test_who_has_left_or_is_deactivated_is_told_nothing(commitment, officer_asahan):
    former = person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")
    former.postings.update(starts_on="2024-01-01", ends_on="2025-01-01")
    person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan", is_active=False)

    assert set(told(days_before(7))) == {officer_asahan}


def test_who_wants_no_reminders_is_named_as_such(commitment, officer_asahan):
    MailPreference.objects.create(user=officer_asahan, reminders=False)

    (digest,) = digests_on(days_before(7))

    assert (digest.reader, digest.wanted) == (officer_asahan, False)


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_grows_with_readers_not_with_reports(
    number, agreement_of_asahan, officer_asahan, django_assert_num_queries
):
    for _ in range(number):
        owed(agreement_of_asahan)
    UserFactory()

    with django_assert_num_queries(9):
        (digest,) = digests_on(days_before(7))
    assert len(digest.reminders) == number


def test_many_are_told_the_same_however_few_are_read_at_once(
    agreement_of_asahan, officer_asahan, unit_officer, monkeypatch
):
    unit = Organization.objects.get(slug="ditjen-binalavotas")
    for days in (0, 7, 3, 7, 40):
        due = ENDS + datetime.timedelta(days=days)
        for owner in ({}, {"owner": unit}):
            MeasurableFactory(agreement=agreement_of_asahan, due=due, **owner)
    at_once = told(ENDS)
    monkeypatch.setattr(reminders, "_AT_A_TIME", 3)

    assert told(ENDS) == at_once
    assert at_once.keys() == {officer_asahan, unit_officer}
    for entries in at_once.values():
        assert entries == sorted(entries, key=lambda entry: (entry[1], entry[0]))
        assert len(entries) == 5
