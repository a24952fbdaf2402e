"""The 78 public records, imported once for all tests of this file."""

from collections import Counter

import pytest
from django.db import transaction
from django.utils import translation

from partnerships.imports.plan import Counts
from partnerships.imports.run import apply_plan, plan_import
from partnerships.models import (
    Agreement,
    Commitment,
    Organization,
    PartnerClass,
    SigningEvent,
    SourcedFact,
    Term,
)
from tests.factories import UserFactory
from tests.partnerships.imports.files import PUBLIC_RECORDS

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def outcome(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        by = UserFactory(is_superuser=True)
        yield apply_plan(plan_import(PUBLIC_RECORDS, by=by), by=by)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def imported(outcome, db):
    return outcome


def record(external_id):
    return Agreement.objects.get(external_source="public-records", external_id=external_id)


def parties(external_id):
    return [party.organization.slug for party in record(external_id).parties.all()]


def test_all_rows_are_taken(outcome):
    assert outcome.counts == Counts(new=78, warned=27)
    assert all(row.ref.startswith("KS-") for row in outcome.rows)


def test_three_are_activities_and_75_are_papers():
    assert Agreement.objects.count() == 78
    assert Agreement.objects.papers().count() == 75
    assert Agreement.objects.filter(kind="activity").count() == 3


def test_papers_by_class():
    classes = Agreement.objects.papers().with_lead().values_list("lead_class", flat=True)

    assert Counter(classes) == {
        PartnerClass.MINISTRY: 11,
        PartnerClass.REGIONAL: 19,
        PartnerClass.DEVELOPMENT: 34,
        PartnerClass.INTERNATIONAL: 10,
        PartnerClass.UNKNOWN: 1,
    }


def test_papers_by_kind():
    assert Counter(Agreement.objects.values_list("kind", flat=True)) == {
        "mou": 38,
        "pks": 10,
        "komitmen_bersama": 6,
        "unknown": 5,
        "grant": 4,
        "technical": 4,
        "activity": 3,
        "international": 2,
        "moc": 2,
        "loan_grant": 2,
        "circular": 1,
        "nota_kesepakatan": 1,
    }


def test_talks_are_proposals_and_everything_else_is_signed():
    proposed = Agreement.objects.filter(status="proposed").values_list("external_id", flat=True)

    assert sorted(proposed) == ["R118", "R119", "R120", "R121"]
    assert Agreement.objects.filter(status="signed").count() == 74


def test_talks_keep_their_day_as_a_fact_and_not_as_a_signature():
    talks = record("R118")
    day = talks.facts.get(field="signed", value="2021-03-01")

    assert talks.signed is None
    assert not day.in_force


def test_the_signing_event_has_eight_of_nine_expected_regional_papers():
    event = SigningEvent.objects.get(slug="penandatanganan-29-naskah-2025")
    expected = dict(event.expectations.values_list("partner_class", "papers"))
    regional = event.agreements.papers().with_counterpart_of(PartnerClass.REGIONAL)

    assert expected == {"ministry": 3, "regional": 9, "development": 17}
    assert regional.count() == event.agreements.count() == 8


def test_no_event_is_made_twice():
    assert SigningEvent.objects.count() == 10


def test_every_value_of_a_record_shows_where_it_comes_from():
    asahan = record("R001")
    sources = (
        "https://infokepri.com/2025/03/bangun-sdm-berkualitas-kemenaker-ri-dan.html; "
        "https://sudutpandang.id/bupati-asahan-teken-mou-dengan-kemenaker-tingkatkan-sdm"
    )
    in_force = asahan.facts.filter(in_force=True).values_list("field", "value", "source", "certainty")

    assert sorted(in_force) == [
        (field, value, sources, "high")
        for field, value in [
            ("commitments", "Pemkab menyediakan fasilitas dan sumber daya pendukung pelatihan"),
            (
                "event",
                "Penandatanganan 29 naskah kerja sama Kemnaker, 20-03-2025 (tema Sinergi untuk Negeri)",
            ),
            ("kind", "Nota Kesepahaman"),
            ("partner", "Pemerintah Kabupaten Asahan"),
            ("place", "Ruang Tridharma, Gedung Kemnaker, Jakarta"),
            ("region", "Kabupaten Asahan"),
            ("signatory", "Rianto, Wakil Bupati Asahan"),
            ("signed", "2025-03-20"),
            ("themes", "pelatihan kerja; sertifikasi kompetensi"),
            ("themes", "pengembangan SDM"),
            ("themes", "sinergi pusat-daerah"),
        ]
    ]


def test_values_that_conflict_stay_beside_the_one_in_force():
    conflicts = record("R001").facts.in_conflict().values_list("field", "source", "flag")

    assert sorted(field for field, _source, _flag in conflicts) == ["count", "signatory", "signed", "signed"]
    assert ("signed", "planet.merdeka.com", "weekday") in conflicts


def test_the_thursday_of_2024_is_flagged_on_each_of_its_eight_records():
    flagged = SourcedFact.objects.filter(flag="weekday").values_list("agreement__external_id", "value")

    assert sorted(flagged) == [(f"R00{number}", "Kamis 20 Maret 2024") for number in range(1, 9)]


def test_the_deputy_regent_signs_for_the_regency():
    (signatory,) = record("R001").signatories.all()

    assert (str(signatory.person), signatory.post) == ("Rianto", "Wakil Bupati Asahan")
    assert signatory.capacity == "deputy"
    assert signatory.party.organization.slug == "pemerintah-kabupaten-asahan"


def test_parties_stand_in_order_with_the_ministry_first():
    assert parties("R021") == ["kementerian-ketenagakerjaan", "kemendagri", "kp2mi", "kemendes-pdt"]
    assert parties("R013") == [
        "kementerian-ketenagakerjaan",
        "bpvp-samarinda",
        "ditjen-binalavotas",
        "otorita-ikn",
    ]
    assert parties("R108") == ["ditjen-binalavotas", "jica", "ehime-toyota-motor-corporation"]
    assert parties("R025") == ["kementerian-ketenagakerjaan"]


def test_each_minister_signs_for_the_own_ministry():
    signed_for = {
        str(signatory.person): signatory.party.organization.slug
        for signatory in record("R021").signatories.all()
    }

    assert signed_for == {
        "Yassierli": "kementerian-ketenagakerjaan",
        "Muhammad Tito Karnavian": "kemendagri",
        "Abdul Kadir Karding": "kp2mi",
        "Yandri Susanto": "kemendes-pdt",
    }


@pytest.mark.parametrize(
    ("external_id", "capacity"), [("R050", "pj"), ("R061", "plh"), ("R063", "plt"), ("R009", "definitive")]
)
def test_the_capacity_of_a_signatory_is_read_from_the_post(external_id, capacity):
    assert capacity in record(external_id).signatories.values_list("capacity", flat=True)


def test_batches_stand_for_their_papers():
    batches = Agreement.objects.filter(represents__gt=1).values_list("external_id", "represents")

    assert dict(batches) == {"R069": 18, "R070": 15, "R098": 75, "R099": 500, "R100": 120}


def test_partial_dates_keep_their_precision():
    assert record("R013").signed.isoformat() == "2025"
    assert record("R109").signed.isoformat() == "2016-01"
    assert record("R022").signed is None


def test_terms_are_kept_as_said_and_no_end_is_computed():
    terms = {
        term.agreement.external_id: (term.ends and term.ends.isoformat(), term.duration_months)
        for term in Term.objects.select_related("agreement")
    }

    assert terms == {
        "R096": (None, 60),
        "R108": ("2022-08", None),
        "R109": ("2018-07", None),
        "R112": ("2025", None),
    }


def test_a_place_of_work_is_not_the_partners_region():
    assert [region.code for region in record("R066").work_regions.all()] == ["53"]
    assert not record("R066").scopes.exists()
    assert [scope.region_id for scope in record("R071").scopes.all()] == ["73.03"]
    assert not record("R071").work_regions.exists()


def test_a_paper_that_implements_another_is_tied_to_it():
    assert record("R025").implements == record("R023")


def test_all_commitments_are_in_with_their_words():
    assert Commitment.objects.count() == 63
    assert list(record("R111").commitments.values_list("text", flat=True)) == [
        "Gedung",
        "Peralatan",
        "Modul",
        "Pelatihan instruktur dan manajemen",
    ]


def test_nothing_imported_is_public_yet():
    assert not Agreement.objects.exclude(published_at=None).exists()


def test_a_name_without_a_recorded_alias_is_a_partner_of_its_own():
    assert Organization.objects.filter(slug="world-forest-jepang", kind="company").exists()


def test_the_history_says_who_and_through_which_door(outcome):
    asahan = record("R001")

    for entry in [
        asahan.events.get(),
        asahan.parties.first().events.get(),
        asahan.facts.first().events.get(),
    ]:
        assert entry.pgh_context["door"] == "import"
        assert entry.pgh_context["actor"] == asahan.created_by_id
        assert entry.pgh_context["reason"] == "Import of public-records"


def test_what_the_words_left_unknown(outcome):
    unknown = [
        trouble.reason.split("”")[0].strip("“")
        for row in outcome.rows
        for trouble in row.warnings
        if trouble.column == "themes"
    ]

    assert Counter(unknown) == {
        "pengembangan SDM": 4,
        "sinergi pusat-daerah": 1,
        "transisi sekolah ke kerja": 1,
        "perlindungan anak": 1,
        "kekayaan intelektual": 1,
        "ritel": 1,
        "otomotif mesin diesel": 1,
        "digitalisasi layanan": 1,
        "pemberdayaan masyarakat": 1,
        "transmigrasi": 1,
        "maritim": 1,
    }
