"""What the database holds on to, whichever way a paper is written: raw SQL as the web role."""

import itertools

import pytest
from django.db import DatabaseError, IntegrityError, InternalError, transaction
from django.utils import timezone

from partnerships.lifecycle import MOVES, Status
from partnerships.models import Agreement, AgreementScope, PartialDate, Party, StatusChange
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    OrganizationFactory,
    PartyFactory,
    SignatoryFactory,
    TermFactory,
)
from tests.partnerships.models.raw_sql import execute


@pytest.mark.parametrize(("old", "new"), list(itertools.permutations(Status, 2)))
def test_raw_sql_moves_a_paper_only_along_the_arrows(db, old, new):
    agreement = AgreementFactory(status=old)
    move = ("UPDATE partnerships_agreement SET status = %s WHERE id = %s", [new.value, agreement.pk])

    if new in MOVES[old]:
        execute(*move)
        agreement.refresh_from_db()
        assert agreement.status == new
    else:
        with pytest.raises(IntegrityError, match="no move from"), transaction.atomic():
            execute(*move)


def test_the_reference_never_changes(db):
    agreement = AgreementFactory()

    with pytest.raises(InternalError, match="ref_never_changes"), transaction.atomic():
        execute("UPDATE partnerships_agreement SET ref = 'KS-1999-0001' WHERE id = %s", [agreement.pk])


def test_a_reference_is_given_once(db):
    agreement = AgreementFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementFactory(ref=agreement.ref)


def test_a_paper_is_never_deleted(db):
    agreement = AgreementFactory()

    with pytest.raises(InternalError, match="never_deleted"), transaction.atomic():
        execute("DELETE FROM partnerships_agreement WHERE id = %s", [agreement.pk])


@pytest.mark.parametrize(
    "statement",
    ["UPDATE partnerships_statuschange SET reason = 'x'", "DELETE FROM partnerships_statuschange"],
)
def test_what_was_decided_when_is_only_added_to(db, statement):
    AgreementFactory()

    with pytest.raises(DatabaseError), transaction.atomic():
        execute(statement)
    assert StatusChange.objects.exists()


def test_a_draft_is_never_public(db):
    agreement = AgreementFactory(status=Status.DRAFTING)

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(published_at=timezone.now())


@pytest.mark.parametrize("relation", ["implements", "renews"])
def test_a_paper_is_not_above_itself(db, relation):
    agreement = AgreementFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(**{relation: agreement.pk})


def test_a_number_of_a_source_register_is_taken_once(db):
    AgreementFactory(external_source="public", external_id="R001")
    AgreementFactory(external_source="other", external_id="R001")

    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementFactory(external_source="public", external_id="R001")


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        (("2020-01-01", "2024-12-31"), ("2025-01-01", "2029-12-31"), True),
        (("2020-01-01", "2024-12-31"), ("2024-12-31", "2029-12-31"), False),
        (("2020-01-01", "2024-12-31"), ("2021-01-01", "2022-12-31"), False),
        (("2020-01-01", "open"), ("2025-01-01", "2029-12-31"), False),
        (("2020-01-01", ""), ("2021-01-01", "2022-12-31"), True),
        (("2020-01-01", "2024"), ("2024-06-01", "2029-12-31"), True),
    ],
)
def test_terms_of_one_paper_do_not_overlap(db, first, second, together):
    agreement = AgreementFactory()

    def term(position, starts, ends):
        TermFactory(
            agreement=agreement,
            position=position,
            starts=PartialDate.parse(starts),
            ends=None if ends == "open" else PartialDate.parse(ends),
            ends_open=ends == "open",
        )

    term(1, *first)
    if together:
        term(2, *second)
    else:
        with pytest.raises(IntegrityError, match="term_periods_do_not_overlap"), transaction.atomic():
            term(2, *second)


def test_terms_of_two_papers_may_overlap(db):
    TermFactory(ends_open=True)
    TermFactory(ends_open=True)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("partnerships_signatory", "party_id"),
        ("partnerships_commitment", "owed_by_id"),
        ("partnerships_commitment", "owed_to_id"),
    ],
)
def test_a_part_of_a_paper_points_to_a_party_of_the_same_paper(db, table, column):
    own = SignatoryFactory() if table.endswith("signatory") else CommitmentFactory()
    party_of_another = PartyFactory()

    with (
        pytest.raises(IntegrityError, match="its_paper"),
        transaction.atomic(),
    ):
        execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [party_of_another.pk, own.pk])
        execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_organisation_is_a_party_once(db):
    party = PartyFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        PartyFactory(agreement=party.agreement, organization=party.organization)


def scope(agreement):
    return set(AgreementScope.objects.filter(agreement=agreement).values_list("region", flat=True))


def test_the_regions_of_a_paper_follow_its_parties_in_raw_sql(db, agreement_of_asahan):
    assert scope(agreement_of_asahan) == {"12.09"}

    execute(
        "INSERT INTO partnerships_party (agreement_id, organization_id, position, number, contact_details) "
        "SELECT %s, id, 3, '', '' FROM partnerships_organization WHERE slug = 'pemerintah-kabupaten-batang'",
        [agreement_of_asahan.pk],
    )
    assert scope(agreement_of_asahan) == {"12.09", "33.25"}

    execute("DELETE FROM partnerships_party WHERE agreement_id = %s", [agreement_of_asahan.pk])
    assert scope(agreement_of_asahan) == set()


def test_the_regions_of_a_paper_follow_the_region_of_an_organisation(db):
    party = PartyFactory(organization=OrganizationFactory(kind="regional_office", region_id="12.09"))

    execute("UPDATE partnerships_organization SET region_id = '33.25' WHERE id = %s", [party.organization_id])

    assert scope(party.agreement) == {"33.25"}


def test_the_leading_counterpart_decides_the_class(db):
    agreement = AgreementFactory(with_parties=["ditjen-binalavotas"])
    Party.objects.create(agreement=agreement, organization=OrganizationFactory(kind="university"), position=2)
    Party.objects.create(agreement=agreement, organization=OrganizationFactory(kind="ministry"), position=3)

    assert agreement.partner_class == "development"
    assert Agreement.objects.with_lead().get(pk=agreement.pk).lead_class == "development"
    assert agreement.responsible_unit.slug == "ditjen-binalavotas"


def test_a_paper_without_a_title_is_named_by_its_kind_and_partners(db):
    agreement = AgreementFactory(title="", with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])

    assert agreement.display_title.endswith("Pemerintah Kabupaten Asahan")
