"""What stands in each column of the register, for people and for machines."""

import pytest

from partnerships.columns import COLUMNS, DEFAULT_COLUMNS, in_words
from partnerships.lifecycle import Status
from partnerships.models import Agreement, AgreementKind, PartialDate
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    OrganizationFactory,
    PartyFactory,
    SigningEventFactory,
    SourcedFactFactory,
    TermFactory,
)
from tests.partnerships.exports.by_python import in_json


def full(agreement):
    rows = (
        Agreement.objects.with_validity()
        .with_stage()
        .with_dormancy()
        .with_lead()
        .with_counts()
        .with_parties()
    )
    return rows.get(pk=agreement.pk)


@pytest.fixture
def agreement(db):
    agreement = AgreementFactory(
        ref="KS-2024-0042",
        title="Pelatihan vokasi",
        kind=AgreementKind.PKS,
        signed=PartialDate.of(2024, 5),
        event=SigningEventFactory(name="Acara besar"),
        place="Makassar",
        represents=75,
        external_id="R042",
        with_parties=["bbpvp-makassar", "pemerintah-kabupaten-asahan"],
        with_themes=["integrasi-data", "k3"],
    )
    partner = OrganizationFactory(name="PT Contoh", kind="company")
    PartyFactory(agreement=agreement, organization=partner, number="12/PKS/2024", position=3)
    TermFactory(agreement=agreement, ends=PartialDate.of(2099))
    CommitmentFactory(agreement=agreement)
    SourcedFactFactory(agreement=agreement, in_force=False)
    return full(agreement)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("ref", "KS-2024-0042"),
        ("title", "Pelatihan vokasi"),
        ("partner", ["Pemerintah Kabupaten Asahan", "PT Contoh"]),
        ("signed", "2024-05"),
        ("ends", "2099"),
        ("region", ["Kabupaten Asahan"]),
        ("unit", "BBPVP Makassar"),
        ("event", "Acara besar"),
        ("place", "Makassar"),
        ("number", ["12/PKS/2024"]),
        ("represents", 75),
        ("commitments", 1),
        ("conflicts", 1),
        ("source", "R042"),
    ],
)
def test_a_machine_reads(agreement, code, value):
    assert in_json(COLUMNS[code].value(agreement)) == value


def test_people_read_words(agreement):
    said = {code: in_words(column.value(agreement)) for code, column in COLUMNS.items()}

    assert said["signed"] == "Mei 2024"
    assert said["partner"] == "Pemerintah Kabupaten Asahan; PT Contoh"
    assert said["kind"] == agreement.get_kind_display()
    assert said["status"] == str(Status.SIGNED.label)
    assert "Integrasi data" in said["theme"]


def test_what_is_unknown_is_empty(db):
    bare = full(AgreementFactory(signed=None, title="", kind=AgreementKind.UNKNOWN))

    empty = {code for code, column in COLUMNS.items() if in_words(column.value(bare)) == ""}

    assert empty == {
        *("partner", "signed", "ends", "stage", "region", "theme", "unit", "event", "place", "number"),
        *("source", "dormant", "asleep", "days_follow_up", "days_action_plan", "days_progress"),
    }


def test_a_year_is_never_printed_as_a_day(db):
    agreement = full(AgreementFactory(signed=PartialDate.of(2022)))

    assert in_words(COLUMNS["signed"].value(agreement)) == "2022"
    assert in_json(COLUMNS["signed"].value(agreement)) == "2022"


def test_the_reference_is_the_first_column(db):
    assert next(iter(COLUMNS)) == DEFAULT_COLUMNS[0] == "ref"


def test_no_cell_asks_the_database_again(agreement, django_assert_num_queries):
    with django_assert_num_queries(0):
        for column in COLUMNS.values():
            in_words(column.value(agreement))


def test_the_last_term_gives_the_end(db):
    agreement = AgreementFactory()
    TermFactory(agreement=agreement, position=1, ends=PartialDate.of(2024, 12, 31))
    TermFactory(agreement=agreement, position=2, starts=PartialDate.of(2025, 1, 1), ends_open=True)

    assert COLUMNS["ends"].value(full(agreement)) not in ("", None)
    assert not isinstance(COLUMNS["ends"].value(full(agreement)), PartialDate)
