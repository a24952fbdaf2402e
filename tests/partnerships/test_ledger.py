"""The ledger's answer to a reader's question: rows, states, counts, order, and what is said about it."""

import random
from datetime import date

import pytest
from django.http import QueryDict

from partnerships.columns import COMMITMENT_COLUMNS, REPAIR_COLUMNS
from partnerships.lifecycle import Status
from partnerships.models import Commitment, Indicator, Organization
from partnerships.models.commitment_state import CommitmentState
from partnerships.register import commitments_for
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    MeasurableFactory,
    OrganizationFactory,
    PartyFactory,
    ReportFactory,
)
from tests.partnerships.register.commitment_questions import COMBINED, chance_question
from tests.partnerships.register.test_answer import INJECTIONS
from tests.partnerships.varied_commitments import varied_commitments

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def the_second_of_march(time_machine):
    time_machine.move_to("2026-03-02T05:00:00Z", tick=False)


def asked(user, query=""):
    return commitments_for(user, QueryDict(query))


def found(user, query=""):
    ledger = asked(user, query)
    assert ledger.problems == []
    return [row.pk for row in ledger.rows()]


# --- state ----------------------------------------------------------------------------------------


def state_of(registrar, commitment, query=""):
    return {row.pk: row.state for row in asked(registrar, query).page}[commitment.pk]


@pytest.mark.parametrize(
    ("due", "reach", "state"),
    [
        ("2026-03-01", None, "overdue"),
        ("2026-03-01", "draft", "overdue"),
        ("2026-03-01", "returned", "overdue"),
        ("2026-03-01", "submitted", "waiting"),
        ("2026-03-01", "verified", "done"),
        ("2026-03-02", None, "due"),
        ("2026-03-16", None, "due"),
        ("2026-03-16", "draft", "due"),
        ("2026-03-16", "returned", "returned"),
        ("2026-03-17", None, "not_yet_due"),
        ("2026-03-17", "submitted", "waiting"),
        (None, None, "undated"),
    ],
)
def test_the_state_is_the_worst_of_what_is_open(registrar, due, reach, state):
    commitment = CommitmentFactory(due=due)
    if reach:
        ReportFactory(commitment=commitment, reach=reach)

    assert state_of(registrar, commitment) == state


def test_one_late_period_outweighs_all_that_were_verified(registrar):
    commitment = MeasurableFactory(recurrence="quarterly")
    for ends in ("2025-03-31", "2025-06-30", "2025-12-31"):
        ReportFactory(commitment=commitment, period_end=ends, reach="verified")

    assert state_of(registrar, commitment) == "overdue"

    ReportFactory(commitment=commitment, period_end="2025-09-30", reach="verified")
    assert state_of(registrar, commitment) == "done"


def test_a_paper_that_is_not_signed_owes_no_report(registrar):
    commitment = MeasurableFactory(agreement=AgreementFactory(status=Status.DRAFTING, signed=None))

    assert state_of(registrar, commitment) == "undated"


def test_a_day_in_the_past_reads_the_state_of_that_day(registrar):
    commitment = MeasurableFactory(due="2025-12-31")

    assert state_of(registrar, commitment, "on=2025-12-31") == "due"
    assert state_of(registrar, commitment, "on=2025-11-30") == "not_yet_due"
    assert state_of(registrar, commitment) == "overdue"


# --- filters --------------------------------------------------------------------------------------


def test_a_withdrawn_commitment_is_left_out_unless_asked_for(registrar):
    standing, withdrawn = MeasurableFactory(), MeasurableFactory(withdrawn_on="2026-02-01")

    assert found(registrar) == [standing.pk]
    assert found(registrar, "withdrawn=yes") == [withdrawn.pk]
    assert set(found(registrar, "withdrawn=yes&withdrawn=no")) == {standing.pk, withdrawn.pk}
    assert state_of(registrar, withdrawn, "withdrawn=yes") == "withdrawn"
    assert set(found(registrar, "on=2026-01-31")) == {standing.pk, withdrawn.pk}


def test_what_can_be_measured_and_what_is_for_repair(registrar):
    whole, vague = MeasurableFactory(), CommitmentFactory(text="Menyediakan fasilitas")

    assert found(registrar, "measurable=yes") == [whole.pk]
    assert found(registrar, "measurable=no") == [vague.pk]
    assert len(found(registrar, "measurable=no&measurable=yes")) == 2


def test_the_repair_list_says_what_is_missing(registrar):
    CommitmentFactory()

    assert "missing" not in [column.code for column in asked(registrar).columns]
    assert [column.code for column in asked(registrar, "measurable=no").columns] == list(REPAIR_COLUMNS)
    assert [column.code for column in asked(registrar, "measurable=no&columns=due").columns] == [
        *("ref", "text", "due")
    ]


def test_a_region_includes_what_is_below_it_and_reads_owner_and_debtor(registrar):
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    unit, asahan = paper.parties.order_by("position")
    owned = MeasurableFactory()
    owed = CommitmentFactory(agreement=paper, owed_by=asahan, owed_to=unit)
    CommitmentFactory(agreement=paper, owed_by=unit, owed_to=asahan)

    for code in ("12", "12.09"):
        assert set(found(registrar, f"region={code}")) == {owned.pk, owed.pk}
    assert found(registrar, "region=33") == found(registrar, "region=12.08") == []


def test_an_office_answers_for_what_is_below_it(registrar):
    commitment = CommitmentFactory(owner=Organization.objects.get(slug="bbpvp-makassar"))

    for slug in ("bbpvp-makassar", "ditjen-binalavotas", "kementerian-ketenagakerjaan"):
        assert found(registrar, f"owner={slug}") == [commitment.pk]
    assert found(registrar, "owner=barenbang") == []


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("indicator=peserta-dilatih", True),
        ("indicator=anggaran", False),
        ("partner=pemerintah-kabupaten-asahan", True),
        ("partner=pemerintah-kabupaten-batang", False),
        ("unit=ditjen-binalavotas", True),
        ("unit=kementerian-ketenagakerjaan", True),
        ("unit=barenbang", False),
        ("class=regional", True),
        ("class=ministry", False),
        ("agreement=KS-2024-0042", True),
        ("agreement=KS-2024-0043", False),
        ("due_before=2025-12-31", True),
        ("due_before=2025-12-30", False),
        ("due_after=2025-12-31", True),
        ("due_after=2026-01-01", False),
        ("funding=apbd", True),
        ("funding=phln", False),
        ("recurrence=once", True),
        ("recurrence=monthly", False),
        ("demonstration=yes", True),
        ("demonstration=no", False),
        ("overdue=yes", True),
        ("state=overdue", True),
        ("state=due", False),
        ("unverified=yes", False),
        ("q=melatih", True),
        ("q=KS-2024-0042", True),
        ("q=asahan+peserta", True),
        ("q=asahan+batang", False),
        ("q=pasal+7", True),
        ("q=%25", False),
    ],
)
def test_each_filter(registrar, query, shown):
    AgreementFactory(ref="KS-2024-0043")
    commitment = MeasurableFactory(
        agreement=AgreementFactory(
            ref="KS-2024-0042", with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]
        ),
        text="Melatih 100 peserta",
        clause="Pasal 7",
        funding="apbd",
        demonstration=True,
    )

    assert found(registrar, query) == ([commitment.pk] if shown else [])


def test_what_waits_for_verification(registrar):
    commitment = MeasurableFactory(recurrence="quarterly")
    ReportFactory(commitment=commitment, period_end="2025-03-31", reach="submitted")

    assert found(registrar, "unverified=yes") == [commitment.pk]


# --- scope ----------------------------------------------------------------------------------------


def test_a_reader_sees_the_commitments_of_the_papers_in_scope(
    registrar, officer_asahan, officer_batang, nobody, agreement_of_asahan, agreement_of_batang
):
    of_asahan = CommitmentFactory(agreement=agreement_of_asahan)
    of_batang = CommitmentFactory(agreement=agreement_of_batang)

    assert set(found(registrar)) == {of_asahan.pk, of_batang.pk}
    assert found(officer_asahan) == [of_asahan.pk]
    assert found(officer_batang) == [of_batang.pk]
    assert found(nobody) == []
    assert asked(nobody).knows_none
    assert not asked(registrar, "q=nothing-like-this").knows_none


def test_no_filter_reaches_beyond_the_scope(registrar, officer_asahan, agreement_of_batang):
    commitment = MeasurableFactory(agreement=agreement_of_batang, demonstration=True)
    ReportFactory(commitment=commitment, reach="submitted")

    for query in (
        f"q={commitment.text.split()[0]}",
        "state=waiting",
        "unverified=yes",
        "demonstration=yes",
        "withdrawn=yes&withdrawn=no",
        "region=12.09",
        "owner=pemerintah-kabupaten-asahan",
    ):
        assert found(registrar, query) == [commitment.pk], query
        assert found(officer_asahan, query) == [], query
        assert all(
            option.count == 0 for facet in asked(officer_asahan, query).facets for option in facet.options
        )


def test_a_paper_or_office_out_of_sight_is_as_wrong_as_one_that_is_not(officer_asahan, agreement_of_batang):
    partner = OrganizationFactory()
    PartyFactory(agreement=agreement_of_batang, organization=partner, position=3)

    for name, hidden, missing in [
        ("agreement", agreement_of_batang.ref, "KS-2099-0001"),
        ("owner", partner.slug, "no-such-office"),
        ("partner", partner.slug, "no-such-partner"),
    ]:
        [of_hidden] = asked(officer_asahan, f"{name}={hidden}").problems
        [of_missing] = asked(officer_asahan, f"{name}={missing}").problems
        assert of_hidden.replace(hidden, "?") == of_missing.replace(missing, "?")


# --- counts and order -----------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["registrar", "officer_north_sumatra", "unit_officer", "leadership"])
def test_the_number_beside_a_filter_is_what_the_filter_shows(role, request):
    user = request.getfixturevalue(role)
    varied_commitments()
    chance = random.Random(role)  # noqa: S311 - the same questions in every run

    checked = 0
    while checked < 60:
        question = chance_question(chance)
        ledger = commitments_for(user, question)
        for facet in [*ledger.facets, *ledger.marks]:
            for option in chance.sample(facet.options, min(1, len(facet.options))):
                query = question.copy()
                query.setlist(facet.name, [option.value])
                assert commitments_for(user, query).count == option.count, (query.urlencode(), option)
                checked += 1


def test_every_row_is_in_exactly_one_state(registrar):
    varied_commitments(70)
    counts = {option.value: option.count for option in asked(registrar).facets[0].options}

    assert sum(counts.values()) == asked(registrar).count
    assert sum(bool(number) for number in counts.values()) >= 6


def test_what_is_to_be_reported_first_comes_first_and_what_is_not_to_be_last(registrar):
    later, sooner, never = (MeasurableFactory(due=due) for due in ("2026-12-31", "2026-04-30", None))

    assert found(registrar) == [sooner.pk, later.pk, never.pk]
    assert found(registrar, "sort=-next_due") == [later.pk, sooner.pk, never.pk]


def test_sorted_by_state_the_worst_comes_first(registrar):
    varied_commitments()
    order = list(CommitmentState.values)
    states = [order.index(row.state) for row in asked(registrar, "sort=state&size=100").page]

    assert states == sorted(states)
    assert len(set(states)) > 3


@pytest.mark.parametrize("code", [code for code, column in COMMITMENT_COLUMNS.items() if column.order])
def test_every_column_that_sorts_sorts_both_ways_and_keeps_every_row(registrar, code):
    varied_commitments(25)
    up, down = found(registrar, f"sort={code}"), found(registrar, f"sort=-{code}")

    assert sorted(up) == sorted(down) == sorted(found(registrar))
    assert up == found(registrar, f"sort={code}")


def test_a_commitment_that_is_logged_while_a_page_is_made_is_on_the_next_one(registrar):
    ledger = asked(registrar)
    assert ledger.facets[0].options[0].count == 0
    MeasurableFactory(due="2026-03-01")

    assert list(ledger.page) == []
    assert [row.state for row in asked(registrar).page] == ["overdue"]


# --- what is wrong in a question ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("state=late", "late"),
        ("state=withdrawn", "withdrawn"),
        ("measurable=perhaps", "perhaps"),
        ("overdue=1", "1"),
        ("unverified=no", "no"),
        ("region=9999", "9999"),
        ("indicator=no-such", "no-such"),
        ("owner=no-such", "no-such"),
        ("agreement=%27", "'"),
        ("class=zzz", "zzz"),
        ("funding=cash", "cash"),
        ("due_before=2025-02-30", "2025-02-30"),
        ("on=9999-12-31", "9999-12-31"),
        ("sort=secret", "secret"),
        ("sort=missing", "missing"),
        ("size=7", "7"),
        ("page=0", "0"),
        ("columns=ref,secret", "secret"),
        ("validity=unknown", "validity"),
        ("q=" + "x" * 201, "x" * 60),
    ],
)
def test_a_wrong_parameter_gets_one_sentence_and_the_list_goes_on(registrar, query, words):
    commitment = CommitmentFactory()
    ledger = asked(registrar, query)

    assert [row.pk for row in ledger.page] == [commitment.pk]
    assert len(ledger.problems) == 1
    assert words in ledger.problems[0]
    assert len(ledger.problems[0]) < 200


def test_a_wrong_parameter_is_in_no_further_address(registrar):
    assert (
        asked(registrar, "state=zzz&measurable=no&sort=secret&size=7&foo=1&page=3").url() == "?measurable=no"
    )


PARAMETERS = [*COMBINED, "agreement", "find-owner", "opened", "sort", "page", "size", "columns", "view"]


@pytest.mark.parametrize("name", PARAMETERS)
def test_hostile_text_in_a_parameter_shows_no_more_and_breaks_nothing(registrar, officer_asahan, name):
    commitment = CommitmentFactory(agreement=AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"]))
    CommitmentFactory(agreement=AgreementFactory(with_parties=["pemerintah-kabupaten-batang"]))

    for text in INJECTIONS:
        query = QueryDict(mutable=True)
        query[name] = text
        ledger = commitments_for(officer_asahan, query)

        assert {row.pk for row in ledger.page} <= {commitment.pk}
        assert name != "q" or ledger.facets
        assert ledger.chips is not None
        assert ledger.ways_out is not None
        assert ledger.suggestions is not None
    assert Commitment.objects.count() == 2


def test_each_way_out_of_an_empty_list_says_what_it_leads_to(registrar):
    MeasurableFactory()
    ledger = asked(registrar, "measurable=no&region=12.09")

    assert [(way.values, way.count, way.url) for way in ledger.ways_out] == [
        (ledger.said("measurable")[1][0], 1, "?region=12.09")
    ]
    assert ledger.ways_out[0].counted == ledger.counted(1)


def test_chips_say_flags_and_days_in_words(registrar):
    ledger = asked(registrar, "measurable=no&due_before=2026-12-31&state=overdue&state=due")

    assert {(chip.value, chip.url) for chip in ledger.chips} == {
        (str(CommitmentState.OVERDUE.label), "?state=due&measurable=no&due_before=2026-12-31"),
        (str(CommitmentState.DUE.label), "?state=overdue&measurable=no&due_before=2026-12-31"),
        (ledger.said("measurable")[1][0], "?state=overdue&state=due&due_before=2026-12-31"),
        ("31 Desember 2026", "?state=overdue&state=due&measurable=no"),
    }


# --- columns --------------------------------------------------------------------------------------


def test_only_what_is_verified_is_achieved(registrar):
    commitment = MeasurableFactory(
        target=200,
        recurrence="quarterly",
        indicator=Indicator.objects.get(slug="peserta-dilatih"),
        starts_on="2025-01-01",
    )
    ReportFactory(commitment=commitment, period_end="2025-03-31", value=125, reach="verified")
    ReportFactory(
        commitment=commitment,
        period_end="2025-06-30",
        value=180,
        reach="submitted",
        obstacle="budget",
        obstacle_note="Dana belum cair",
        next_step="Rapat koordinasi",
    )
    ReportFactory(
        commitment=commitment, period_end="2025-09-30", value=190, next_step="Rahasia", reach="draft"
    )
    [row] = asked(registrar).page
    said = {code: str(column.value(row)) for code, column in COMMITMENT_COLUMNS.items()}

    assert said["target"] == "200 orang"
    assert said["achieved"] == "125 orang"
    assert said["rate"].startswith("62,5%, 1 ")
    assert said["next_due"] == str(COMMITMENT_COLUMNS["next_due"].value(row))
    assert row.next_due == date(2025, 9, 30)
    assert said["obstacle"].endswith(": Dana belum cair")
    assert said["next_step"] == "Rapat koordinasi"


def test_no_cell_asks_the_database_again(registrar, django_assert_num_queries):
    varied_commitments()
    rows = list(asked(registrar, "withdrawn=yes&withdrawn=no&size=100").page)

    with django_assert_num_queries(0):
        for row in rows:
            for column in COMMITMENT_COLUMNS.values():
                str(column.value(row))


def test_what_is_unknown_is_empty(registrar):
    CommitmentFactory()
    [row] = asked(registrar).page
    empty = {code for code, column in COMMITMENT_COLUMNS.items() if column.value(row) in (None, "", [])}

    assert empty == {
        *("office", "target", "achieved", "rate", "next_due", "partner", "owed_by", "owed_to", "region"),
        *("indicator", "measure", "baseline", "due", "obstacle", "next_step", "contact", "funding"),
        *("clause", "proof", "source"),
    }
