"""The register's answer to a reader's question: rows, counts, order, and what is said about it."""

import random

import pytest
from django.http import QueryDict

from partnerships.columns import COLUMNS
from partnerships.lifecycle import Status
from partnerships.models import Agreement, AgreementKind, PartialDate
from partnerships.register import DEFAULT_SORT, agreements_for
from tests.factories import (
    AgreementFactory,
    OrganizationFactory,
    PartyFactory,
    SigningEventFactory,
    SourcedFactFactory,
    TermFactory,
)
from tests.partnerships.models.raw_sql import execute
from tests.partnerships.register.questions import chance_question
from tests.partnerships.varied_papers import varied_papers


def asked(user, query=""):
    return agreements_for(user, QueryDict(query))


def refs(user, query=""):
    return [agreement.ref for agreement in asked(user, query).rows()]


# --- counts and rows ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["registrar", "officer_north_sumatra", "unit_officer", "leadership"])
def test_the_number_beside_a_filter_is_what_the_filter_shows(role, request, db, time_machine):
    time_machine.move_to("2026-06-15")
    user = request.getfixturevalue(role)
    varied_papers()
    chance = random.Random(role)  # noqa: S311 - the same questions in every run

    checked = 0
    while checked < 50:
        question = chance_question(chance)
        for facet in agreements_for(user, question).facets:
            for option in chance.sample(facet.options, min(1, len(facet.options))):
                query = question.copy()
                query.setlist(facet.name, [option.value])
                assert agreements_for(user, query).count == option.count, (query.urlencode(), option)
                checked += 1


def test_the_rows_of_two_regions_are_those_that_plain_sql_finds(registrar, officer_asahan, officer_batang):
    varied_papers(60)
    sql = """
        SELECT DISTINCT a.ref FROM partnerships_agreement a
        JOIN partnerships_party p ON p.agreement_id = a.id
        JOIN partnerships_organization o ON o.id = p.organization_id
        WHERE o.region_id = %s AND a.status <> 'proposed' AND a.kind <> 'activity'
    """
    for user, region in [(officer_asahan, "12.09"), (officer_batang, "33.25")]:
        expected = {row[0] for row in execute(sql, [region])}
        register = asked(user)

        assert expected
        assert {agreement.ref for agreement in register.rows()} == expected
        assert register.count == len(expected)
        assert sum(option.count for option in register.facets[1].options) == len(expected)
        assert set(refs(registrar, f"region={region}")) >= expected


def test_an_activity_without_a_paper_is_in_no_list_unless_asked_for(registrar):
    paper = AgreementFactory()
    activity = AgreementFactory(kind=AgreementKind.ACTIVITY)

    assert refs(registrar) == [paper.ref]
    assert refs(registrar, "kind=activity") == [activity.ref]
    assert asked(registrar).count_in_words != asked(registrar, "kind=activity").count_in_words


def test_the_count_says_how_many_papers_the_records_stand_for(registrar):
    AgreementFactory()
    assert asked(registrar).represented == 1

    AgreementFactory(represents=1240)
    register = asked(registrar)

    assert (register.count, register.represented) == (2, 1241)
    assert "1.241" in register.count_in_words


def test_read_as_of_a_day_a_paper_has_the_status_of_that_day(registrar):
    agreement = AgreementFactory(signed=PartialDate.of(2024, 5, 7))

    assert refs(registrar, "on=2024-05-06") == []
    assert refs(registrar, "on=2024-05-07&status=signed") == [agreement.ref]


def test_a_filter_in_force_stays_in_the_panel_when_nothing_fits_it(registrar):
    AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"], kind=AgreementKind.MOU)
    register = asked(registrar, "kind=nda&theme=k3&region=33.25&unit=setjen&status=ended")

    for facet in register.facets:
        if facet.name in {"kind", "theme", "region", "unit", "status"}:
            assert [option.count for option in facet.chosen] == [0], facet.name


def test_a_region_option_comes_after_its_province(registrar):
    AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"])
    AgreementFactory(with_parties=["pemerintah-provinsi-sumatera-utara"])
    facet = next(facet for facet in asked(registrar).facets if facet.name == "region")

    assert [(option.value, option.count) for option in facet.options] == [("12", 2), ("12.09", 1)]


# --- order ----------------------------------------------------------------------------------------


def test_the_newest_signature_comes_first_then_the_reference_and_unknown_dates_last(registrar):
    wanted = ["KS-2025-0002", "KS-2025-0003", "KS-2024-0001", "KS-2026-0009"]
    for ref, signed in zip(wanted, ["2025-03-20", "2025-03-20", "2024", ""], strict=True):
        AgreementFactory(ref=ref, signed=PartialDate.parse(signed))

    assert refs(registrar) == wanted
    assert refs(registrar, f"sort={DEFAULT_SORT}") == wanted


@pytest.mark.parametrize("code", [code for code, column in COLUMNS.items() if column.order])
def test_every_column_that_sorts_sorts_both_ways_and_keeps_every_row(registrar, code):
    varied_papers(25)
    up, down = refs(registrar, f"sort={code}"), refs(registrar, f"sort=-{code}")

    assert sorted(up) == sorted(down) == sorted(refs(registrar))
    assert asked(registrar, f"sort={code}").problems == []
    assert up == refs(registrar, f"sort={code}")


def test_what_is_unknown_stands_last_whichever_way(registrar):
    without = AgreementFactory(signed=None)
    dated = [AgreementFactory(signed=PartialDate.of(year)).ref for year in (2019, 2024)]

    assert refs(registrar, "sort=signed") == [*dated, without.ref]
    assert refs(registrar, "sort=-signed") == [*reversed(dated), without.ref]


# --- what is wrong in a question ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("class=zzz", "zzz"),
        ("validity=IN_FORCE", "IN_FORCE"),
        ("region=9999", "9999"),
        ("region=Bandung", "Bandung"),
        ("theme=%27", "'"),
        ("unit=no-such-unit", "no-such-unit"),
        ("event=no-such-event", "no-such-event"),
        ("partner=no-such-partner", "no-such-partner"),
        ("signed_after=2025-02-30", "2025-02-30"),
        ("signed_after=1500-01-01", "1500-01-01"),
        ("on=9999-12-31", "9999-12-31"),
        ("has=everything", "everything"),
        ("sort=secret", "secret"),
        ("sort=--ref", "--ref"),
        ("sort=region", "region"),
        ("size=1000000", "1000000"),
        ("page=0", "0"),
        ("page=1000000", "1000000"),
        ("page=%D9%A3", "٣"),
        ("page=1e9", "1e9"),
        ("columns=ref,secret", "secret"),
        ("limit=1000000000000000000000000000000", "limit"),
        ("q=" + "x" * 201, "x" * 60),
    ],
)
def test_a_wrong_parameter_gets_one_sentence_and_the_list_goes_on(registrar, query, words):
    agreement = AgreementFactory()
    register = asked(registrar, query)

    assert [row.ref for row in register.page] == [agreement.ref]
    assert len(register.problems) == 1
    assert words in register.problems[0]
    assert len(register.problems[0]) < 200


def test_a_wrong_parameter_is_in_no_further_address(registrar):
    register = asked(registrar, "class=zzz&kind=mou&sort=secret&size=7&foo=1&page=3")

    assert register.url() == "?kind=mou"


def test_boxes_of_a_form_that_were_left_empty_are_no_filters(registrar):
    register = asked(registrar, "q=&class=&region=&signed_after=&sort=&page=&size=&columns=&kind=mou")

    assert register.problems == []
    assert register.url() == "?kind=mou"


def test_an_event_that_the_reader_may_not_know_is_as_wrong_as_one_that_is_not(officer_asahan):
    event = SigningEventFactory()
    AgreementFactory(with_parties=["pemerintah-kabupaten-batang"], event=event)

    [hidden] = asked(officer_asahan, f"event={event.slug}").problems
    [missing] = asked(officer_asahan, "event=no-such-event").problems

    assert hidden.replace(event.slug, "?") == missing.replace("no-such-event", "?")


# --- addresses ------------------------------------------------------------------------------------


def test_a_chip_takes_away_one_value_of_a_filter(registrar):
    register = asked(registrar, "class=regional&class=ministry&theme=k3&sort=ref&page=2")
    regional, ministry = register.said("class")[1]

    addresses = {chip.value: QueryDict(chip.url.removeprefix("?")) for chip in register.chips}
    assert addresses == {
        regional: QueryDict("class=ministry&theme=k3&sort=ref"),
        ministry: QueryDict("class=regional&theme=k3&sort=ref"),
        register.said("theme")[1][0]: QueryDict("class=regional&class=ministry&sort=ref"),
    }


def test_of_a_filter_that_takes_one_value_the_last_counts(registrar):
    register = asked(registrar, "q=asahan&q=batang&on=2024-01-01&on=2025-01-01")

    assert register.url() == "?q=batang&on=2025-01-01"
    assert {chip.url for chip in register.chips} == {"?q=batang", "?on=2025-01-01"}


def test_the_same_value_twice_is_one_filter(registrar):
    register = asked(registrar, "kind=mou&kind=mou")

    assert len(register.chips) == 1
    assert register.url() == "?kind=mou"


def test_the_columns_asked_for_stay_in_the_address(registrar):
    register = asked(registrar, "columns=title&columns=place&columns=secret")

    assert [column.code for column in register.columns] == ["ref", "title", "place"]
    assert register.url() == "?columns=ref,title,place"


# --- a list without rows --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Asahn", "Asahan"),
        ("integrasi dta", "Integrasi data"),
        ("Sumber Alfria Trijaya", "PT Sumber Alfaria Trijaya"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_right_one(registrar, text, name):
    agreement = AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"], with_themes=["integrasi-data"])
    PartyFactory(
        agreement=agreement, organization=OrganizationFactory(name="PT Sumber Alfaria Trijaya"), position=2
    )
    proposed = dict(asked(registrar, f"q={text}").suggestions)

    assert name in proposed
    assert refs(registrar, proposed[name].removeprefix("?")) == [agreement.ref]


def test_nothing_is_proposed_that_the_reader_may_not_know(officer_asahan, registrar):
    secret = OrganizationFactory(name="PT Rahasia Negara")
    PartyFactory(agreement=AgreementFactory(status=Status.PROPOSED), organization=secret)

    assert asked(registrar, "q=Rahasa Negara").suggestions
    assert asked(officer_asahan, "q=Rahasa Negara").suggestions == []


def test_each_way_out_of_an_empty_list_says_what_it_leads_to(registrar):
    AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"], with_themes=["k3"])
    register = asked(registrar, "region=12.09&theme=green-jobs&kind=mou")

    assert [(way.values, way.count, way.url) for way in register.ways_out] == [
        (register.said("theme")[1][0], 1, "?kind=mou&region=12.09")
    ]
    assert len(refs(registrar, "kind=mou&region=12.09")) == 1


def test_a_reader_without_any_paper_is_told_so(nobody, registrar, agreement_of_asahan):
    assert asked(nobody).knows_none
    assert asked(nobody, "q=asahan").knows_none
    assert not asked(registrar, "q=nothing-like-this").knows_none


# --- hostile text ---------------------------------------------------------------------------------

INJECTIONS = [
    "' OR '1'='1",
    "'; DROP TABLE partnerships_agreement; --",
    "1) OR 1=1--",
    "\\'; SELECT pg_sleep(5); --",
    "%27%20OR%201=1",
    "1 UNION SELECT password FROM accounts_user",
    "$$; DELETE FROM partnerships_party; $$",
    "ref; DROP TABLE x",
    "signed_latest DESC NULLS LAST, (SELECT 1)",
    "{{7*7}}",
    "%s%s%s%(x)s",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "-1",
    "1e308",
    "NaN",
    "[]",
    "{}",
    "true",
    "\u202e",
    "🙂" * 50,
    "A" * 4000,
]
PARAMETERS = [
    *("q", "class", "kind", "status", "validity", "region", "theme", "unit", "event", "partner"),
    *("signed_after", "signed_before", "ends_before", "on", "has", "lacks"),
    *("sort", "page", "size", "columns", "view"),
]


@pytest.mark.parametrize("name", PARAMETERS)
def test_hostile_text_in_a_parameter_shows_no_more_and_breaks_nothing(registrar, officer_asahan, name):
    agreement = AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"])
    AgreementFactory(with_parties=["pemerintah-kabupaten-batang"])
    before = Agreement.objects.count()

    for text in INJECTIONS:
        query = QueryDict(mutable=True)
        query[name] = text
        register = agreements_for(officer_asahan, query)

        assert {row.ref for row in register.page} <= {agreement.ref}
        assert name != "q" or register.facets
        assert register.chips is not None
        assert register.ways_out is not None
        assert register.suggestions is not None
    assert Agreement.objects.count() == before


def test_what_a_paper_has_below_it_is_told_as_far_as_the_reader_may_know(officer_asahan, registrar):
    agreement = AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"])
    AgreementFactory(kind=AgreementKind.PKS, implements=agreement, status=Status.PROPOSED)

    assert agreement.ref in refs(registrar, "has=pks")
    assert refs(officer_asahan, "has=pks") == []
    assert refs(officer_asahan, "lacks=pks") == [agreement.ref]


def test_the_conflicts_of_a_paper_are_countable(registrar):
    agreement = AgreementFactory()
    SourcedFactFactory(agreement=agreement, in_force=True)
    SourcedFactFactory(agreement=agreement, in_force=False)
    SourcedFactFactory(agreement=agreement, in_force=False)
    TermFactory(agreement=AgreementFactory())

    assert refs(registrar, "has=conflict") == [agreement.ref]
    assert asked(registrar).full_rows.get(ref=agreement.ref).conflict_count == 2
