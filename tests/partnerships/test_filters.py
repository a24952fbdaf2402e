"""What each filter of the register keeps. Who may see what is not decided here."""

import datetime

import pytest
from django.http import QueryDict

from partnerships.lifecycle import Status
from partnerships.models import AgreementKind, PartialDate, PartnerClass
from partnerships.register import agreements_for
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    OrganizationFactory,
    PartyFactory,
    SigningEventFactory,
    SourcedFactFactory,
    TermFactory,
)


@pytest.fixture
def shows(registrar):
    """Whether a question to the register shows a paper."""

    def ask(agreement, query):
        register = agreements_for(registrar, QueryDict(query))
        assert register.problems == []
        return register.rows().filter(pk=agreement.pk).exists()

    return ask


@pytest.mark.parametrize(
    ("code", "shown"), [("12.09", True), ("12", True), ("12.08", False), ("33", False), ("33.25", False)]
)
def test_a_province_includes_its_kabupaten_and_kota(shows, agreement_of_asahan, code, shown):
    assert shows(agreement_of_asahan, f"region={code}") is shown


def test_a_kabupaten_does_not_include_its_province(shows):
    agreement = AgreementFactory(with_parties=["pemerintah-provinsi-sumatera-utara"])

    assert shows(agreement, "region=12")
    assert not shows(agreement, "region=12.09")


def test_several_values_of_one_filter_widen_and_several_filters_narrow(shows, agreement_of_asahan):
    assert shows(agreement_of_asahan, "region=12.09&region=33.25")
    assert not shows(agreement_of_asahan, "region=12.09&class=ministry")


@pytest.mark.parametrize(
    ("slug", "shown"),
    [
        ("bbpvp-makassar", True),
        ("ditjen-binalavotas", True),
        ("kementerian-ketenagakerjaan", True),
        ("barenbang", False),
        ("bbpvp-bandung", False),
    ],
)
def test_a_unit_includes_what_is_below_it(shows, slug, shown):
    assert shows(AgreementFactory(with_parties=["bbpvp-makassar"]), f"unit={slug}") is shown


def test_a_class_matches_any_counterpart(shows):
    agreement = AgreementFactory(with_parties=["ditjen-binalavotas"])
    PartyFactory(agreement=agreement, organization=OrganizationFactory(kind="company"), position=2)
    PartyFactory(agreement=agreement, organization=OrganizationFactory(kind="ministry"), position=3)

    found = {c for c in PartnerClass if shows(agreement, f"class={c.value}")}

    assert found == {PartnerClass.DEVELOPMENT, PartnerClass.MINISTRY}


@pytest.mark.parametrize("parties", [[], ["ditjen-binalavotas"]])
def test_a_paper_without_a_counterpart_is_of_unknown_class(shows, parties):
    agreement = AgreementFactory(with_parties=parties)

    assert {c for c in PartnerClass if shows(agreement, f"class={c.value}")} == {PartnerClass.UNKNOWN}


@pytest.mark.parametrize(
    ("signed", "query", "shown"),
    [
        ("2024-05-07", "signed_after=2024-05-07", True),
        ("2024-05-07", "signed_after=2024-05-08", False),
        ("2024-05-07", "signed_before=2024-05-07", True),
        ("2024-05-07", "signed_before=2024-05-06", False),
        ("2024", "signed_after=2024-12-31", True),
        ("2024", "signed_before=2024-01-01", True),
        ("2024-05", "signed_after=2024-06-01", False),
        ("", "signed_after=2000-01-01", False),
        ("2024-05-07", "signed_after=07/05/2024", True),
    ],
)
def test_signed_between_matches_what_may_have_been_signed_then(shows, signed, query, shown):
    assert shows(AgreementFactory(signed=PartialDate.parse(signed)), query) is shown


@pytest.mark.parametrize(
    ("ends", "shown"), [("2026-12-31", True), ("2027-01-01", False), ("2026", True), ("", False)]
)
def test_ends_by_wants_a_known_end(shows, ends, shown):
    term = TermFactory(ends=PartialDate.parse(ends))

    assert shows(term.agreement, "ends_before=2026-12-31") is shown


def test_theme_event_partner_kind_and_status(shows):
    event = SigningEventFactory()
    agreement = AgreementFactory(
        kind=AgreementKind.PKS,
        status=Status.TERMINATED,
        event=event,
        with_parties=["pemerintah-kabupaten-asahan"],
        with_themes=["integrasi-data"],
    )
    for query, shown in [
        ("theme=integrasi-data", True),
        ("theme=k3", False),
        (f"event={event.slug}", True),
        ("event=pks-kadin-2023", False),
        ("partner=pemerintah-kabupaten-asahan", True),
        ("partner=pemerintah-kabupaten-batang", False),
        ("kind=pks", True),
        ("kind=mou&kind=pks", True),
        ("kind=mou", False),
        ("status=terminated", True),
        ("status=signed", False),
    ]:
        assert shows(agreement, query) is shown, query


def with_pks(agreement):
    AgreementFactory(kind=AgreementKind.PKS, implements=agreement)


def with_action_plan(agreement):
    AgreementFactory(kind=AgreementKind.RENCANA_AKSI, implements=agreement)


def with_term(agreement):
    TermFactory(agreement=agreement, ends=PartialDate.of(2030))


def with_open_term(agreement):
    TermFactory(agreement=agreement, ends_open=True)


def with_term_of_unknown_end(agreement):
    TermFactory(agreement=agreement)


def with_commitment(agreement):
    CommitmentFactory(agreement=agreement)


def with_conflict(agreement):
    SourcedFactFactory(agreement=agreement, in_force=False)


def with_source(agreement):
    SourcedFactFactory(agreement=agreement, in_force=True)


@pytest.mark.parametrize(
    ("thing", "give", "has"),
    [
        ("pks", with_pks, True),
        ("pks", with_action_plan, False),
        ("rencana_aksi", with_action_plan, True),
        ("term", with_term, True),
        ("term", with_open_term, True),
        ("term", with_term_of_unknown_end, False),
        ("commitments", with_commitment, True),
        ("conflict", with_conflict, True),
        ("conflict", with_source, False),
    ],
)
def test_has_and_lacks_are_each_other_s_opposite(shows, thing, give, has):
    agreement = AgreementFactory()
    assert not shows(agreement, f"has={thing}")

    give(agreement)

    assert shows(agreement, f"has={thing}") is has
    assert shows(agreement, f"lacks={thing}") is not has


def test_as_of_a_day_before_the_paper_there_is_none(shows):
    agreement = AgreementFactory(signed=PartialDate.of(2024, 5, 7))
    day = datetime.date(2024, 5, 7)

    assert shows(agreement, f"on={day}")
    assert not shows(agreement, f"on={day - datetime.timedelta(days=1)}")
