import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db.models import F

from partnerships.actions import agreements, terms
from partnerships.actions.record import CommitmentLine, FactLine, TermLine
from partnerships.imports import run
from partnerships.imports.compare import standing_records
from partnerships.imports.plan import Counts
from partnerships.imports.run import apply_plan, plan_import
from partnerships.models import Agreement, Organization, PartialDate, Party, Person, SigningEvent
from tests.factories import UserFactory
from tests.partnerships.imports.files import as_csv, as_xlsx, public_records, rows

pytestmark = pytest.mark.django_db


def contents():
    """Everything that an import writes, without keys and times."""
    return {
        (agreement.external_id, agreement.ref, agreement.version): (
            agreement.title,
            [(party.organization.name, party.number) for party in agreement.parties.all()],
            [(str(each.person), each.post) for each in agreement.signatories.all()],
            sorted(agreement.facts.values_list("field", "value", "source", "in_force")),
            list(agreement.commitments.values_list("text", flat=True)),
        )
        for agreement in Agreement.objects.all()
    }


def test_a_plan_changes_nothing(plan):
    organizations = Organization.objects.count()

    plan(rows({"event": "Acara baru, 01-02-2024", "signatory_partner": "Nama Uji"}))

    assert not Agreement.objects.exists()
    assert not Person.objects.exists()
    assert Organization.objects.count() == organizations
    assert not SigningEvent.objects.filter(name="Acara baru").exists()


def test_three_applications_end_like_one(registrar):
    lines = public_records()[:8]
    plan = plan_import(as_csv(lines), by=registrar)
    first = apply_plan(plan, by=registrar)
    after_the_first = contents()

    again = [apply_plan(plan_import(as_csv(lines), by=registrar), by=registrar) for _time in range(2)]

    assert plan.counts() == first.counts == Counts(new=8, warned=first.counts.warned)
    assert [(each.counts.same, each.counts.new) for each in again] == [(8, 0), (8, 0)]
    assert contents() == after_the_first


def test_a_plan_applied_twice_changes_nothing_the_second_time(plan, registrar):
    stale = plan(rows({}, {"title": "Lain"}))
    apply_plan(stale, by=registrar)

    outcome = apply_plan(stale, by=registrar)

    assert outcome.counts == Counts(same=2)


def test_a_shuffled_file_gives_the_same_records(imported):
    lines = rows({}, {"title": "Lain", "partner_name": "PT Lain"}, {"title": "Ketiga"})
    imported(lines)

    assert imported(lines[::-1]).counts == Counts(same=3)


def test_a_workbook_after_the_same_csv_changes_nothing(imported, registrar):
    lines = public_records()[20:30]
    imported(lines)

    plan = plan_import(as_xlsx(lines), by=registrar)

    assert plan.counts().same == 10


def test_who_may_not_import_is_refused(unit_officer, officer_asahan, leadership, nobody, plan):
    own_unit = {
        "kemnaker_unit": "Ditjen Binalavotas",
        "partner_name": "PT Semen Padang",
        "partner_type": "BUMN",
    }
    good = plan(rows(own_unit))

    for person in (unit_officer, officer_asahan, leadership, nobody):
        with pytest.raises(PermissionDenied):
            plan_import(as_csv(rows({})), by=person)
        with pytest.raises(PermissionDenied):
            apply_plan(good, by=person)
    assert not Agreement.objects.exists()


def test_a_changed_cell_is_planned_with_before_and_after_and_then_written(imported, plan):
    imported(rows({}))
    changed = rows({"title": "Judul baru", "place": "Jakarta"})

    (row,) = plan(changed).rows
    outcome = imported(changed)

    assert [(each.field, each.before, each.after) for each in row.changes][:2] == [
        ("Title", "Pelatihan vokasi", "Judul baru"),
        ("Place", "", "Jakarta"),
    ]
    assert outcome.counts == Counts(changed=1)
    agreement = Agreement.objects.get()
    assert (agreement.title, agreement.place, agreement.version) == ("Judul baru", "Jakarta", 2)
    assert imported(changed).counts == Counts(same=1)


def test_a_value_that_the_file_takes_back_goes(imported):
    imported(rows({"place": "Jakarta", "end_date": "2026"}))

    imported(rows({}))

    agreement = Agreement.objects.get()
    assert agreement.place == ""
    assert not agreement.terms.exists()


def test_what_people_have_changed_stays_unless_overwritten(imported, revised, plan):
    imported(rows({}))
    revised(title="Judul dari naskah asli")

    kept = imported(rows({}))
    assert kept.counts == Counts(kept=1)
    assert plan(rows({})).counts() == kept.counts
    assert Agreement.objects.get().title == "Judul dari naskah asli"

    overwritten = imported(rows({}), overwrite=True)
    assert overwritten.counts == Counts(changed=1)
    assert Agreement.objects.get().title == "Pelatihan vokasi"
    assert imported(rows({})).counts == Counts(same=1)


def test_moving_and_publishing_a_paper_is_no_change_of_what_the_file_says(imported, registrar):
    imported(rows({}))
    agreements.publish(agreement=Agreement.objects.get(), by=registrar)

    assert imported(rows({"title": "Judul baru"})).counts == Counts(changed=1)
    assert Agreement.objects.get().published_at


def test_an_import_does_not_open_a_term_again_that_was_closed_early(imported, registrar):
    file = {"date_signed": "2024-05-07", "end_date": "2027-05-06"}
    imported(rows(file))
    agreements.move(
        agreement=Agreement.objects.get(),
        to="terminated",
        by=registrar,
        effective_on=datetime.date(2026, 2, 1),
        reason="Dicabut",
    )

    assert imported(rows({**file, "title": "Judul baru"})).counts == Counts(changed=1)
    term = Agreement.objects.get().terms.get()
    assert (term.ends, term.agreed) == (PartialDate.of(2026, 2, 1), PartialDate.of(2027, 5, 6))


def test_an_import_never_takes_away_what_people_have_added(imported, revised):
    imported(rows({"commitments": "Melatih 100 peserta", "number_partner": "1/PT/2024"}))
    agreement = Agreement.objects.get()
    own_fact = FactLine("note", "Naskah asli dilihat", "Arsip Biro Kerja Sama")
    extension = TermLine(
        starts=PartialDate.of(2026, 1, 1), ends=PartialDate.of(2027, 12, 31), reason="extension"
    )
    record = standing_records("public-records", ["X1"])["X1"].record
    revised(
        place="Ruang Tridharma",
        commitments=[*record.commitments, CommitmentLine("Melapor tiap triwulan")],
        facts=[*record.facts, own_fact],
        terms=[*record.terms, extension],
    )
    Party.objects.filter(organization__kind="unit").update(number="5/KS/2024")

    imported(rows({"title": "Judul baru", "commitments": "Melatih 200 peserta"}), overwrite=True)

    agreement.refresh_from_db()
    assert agreement.title == "Judul baru"
    assert agreement.place == "Ruang Tridharma"
    assert list(agreement.commitments.values_list("text", flat=True)) == [
        "Melatih 200 peserta",
        "Melapor tiap triwulan",
    ]
    assert agreement.facts.filter(source="Arsip Biro Kerja Sama").exists()
    assert [term.reason for term in agreement.terms.all()] == ["extension"]
    assert agreement.parties.get(position=1).number == "5/KS/2024"


def test_an_import_never_undoes_an_early_end(imported, registrar):
    imported(rows({"end_date": "2028-12-31"}))
    agreement = Agreement.objects.get()
    early = datetime.date(2026, 6, 30)
    terms.end_early(agreement=agreement, on=early, by=registrar, reason="Berita acara")

    imported(rows({"end_date": "2028-12-31", "title": "Judul baru"}), overwrite=True)

    term = agreement.terms.get()
    assert (term.ends, term.ended_early) == (PartialDate.of(2026, 6, 30), True)
    assert term.agreed == PartialDate.of(2028, 12, 31)


def test_a_paper_comes_after_the_one_that_it_names(imported):
    outcome = imported(rows({"implements": "X2"}, {"title": "Induk", "renews": "X3"}, {"title": "Lama"}))

    papers = {paper.external_id: paper for paper in Agreement.objects.all()}
    assert outcome.counts.new == 3
    assert papers["X1"].implements == papers["X2"]
    assert papers["X2"].renews == papers["X3"]
    assert [row.external_id for row in outcome.rows] == ["X1", "X2", "X3"]


def test_a_paper_may_name_one_that_was_imported_before(imported):
    imported(rows({"title": "Induk"}))

    imported([{**rows({})[0], "id": "X9", "renews": "X1"}])

    assert Agreement.objects.get(external_id="X9").renews == Agreement.objects.get(external_id="X1")


def test_a_file_without_the_column_leaves_a_relation_as_it_is(imported):
    lines = rows({"renews": "X2"}, {"title": "Lama"})
    imported(lines)

    assert imported([{**line, "renews": ""} for line in lines]).counts == Counts(same=2)


def test_a_row_that_only_the_database_refuses_takes_no_other_with_it(imported, monkeypatch):
    register = agreements.register

    def refused_once(*, record, **options):
        if record.title == "Kedua":
            Organization.objects.create(name="Kembar", slug="baznas")
        return register(record=record, **options)

    monkeypatch.setattr(run.agreements, "register", refused_once)
    lines = rows({"title": "Pertama"}, {"title": "Kedua", "partner_name": "PT Baru"}, {"title": "Ketiga"},
                 {"title": "Keempat", "partner_name": "PT Baru"})  # fmt: skip

    outcome = imported(lines)

    assert (outcome.counts.new, outcome.counts.refused) == (3, 1)
    assert "The database refused the row" in outcome.rows[1].refusals[0].reason
    partner = Organization.objects.get(name="PT Baru")
    assert [party.agreement.title for party in partner.parties.all()] == ["Keempat"]


def test_a_paper_changed_during_the_import_stays(imported, registrar, monkeypatch):
    imported(rows({}))
    judged = run._judge

    def changed_meanwhile(work, relations):
        judged(work, relations)
        Agreement.objects.update(version=F("version") + 1)

    monkeypatch.setattr(run, "_judge", changed_meanwhile)
    outcome = imported(rows({"title": "Judul baru"}))

    assert outcome.counts.refused == 1
    assert "Somebody changed the paper" in outcome.rows[0].refusals[0].reason
    assert Agreement.objects.get().title == "Pelatihan vokasi"


def test_numbers_of_different_registers_do_not_meet(imported):
    imported(rows({}))

    outcome = imported(rows({}), source="arsip-biro")

    assert outcome.counts == Counts(new=1, warned=1)
    assert "perhaps the same paper" in outcome.rows[0].warnings[0].reason


def test_markup_is_stored_as_it_is_written(imported):
    hostile = "<img src=x onerror=alert(1)>{{7*7}}%(x)s'; DROP TABLE x;--"

    imported(rows({"title": hostile, "partner_name": hostile, "commitments": hostile.replace(";", "")}))

    agreement = Agreement.objects.get()
    assert agreement.title == hostile
    assert agreement.commitments.get().text == hostile.replace(";", "")


@time_machine.travel("2024-05-01", tick=False)
def test_a_day_that_is_still_to_come_is_no_signature(db):
    by = UserFactory(is_superuser=True)
    outcome = apply_plan(plan_import(as_csv(rows({})), by=by), by=by)

    assert Agreement.objects.get().status == "scheduled"
    assert "still to come" in outcome.rows[0].warnings[0].reason


def test_a_signature_is_not_read_into_a_paper_that_is_still_a_draft(imported):
    imported(rows({"instrument_kind": "Penjajakan (belum ditandatangani)"}))

    outcome = imported(rows({}))

    agreement = Agreement.objects.get()
    assert (agreement.kind, agreement.status) == ("mou", "proposed")
    assert "Move it along there" in outcome.rows[0].warnings[0].reason


def test_a_person_is_known_again_in_the_same_circle_only(imported):
    imported(
        rows(
            {"signatory_partner": "Dr. Ir. Nama Uji, M.Si.", "signatory_partner_position": "Direktur"},
            {"title": "Kedua", "signatory_partner": "Nama Uji"},
            {"title": "Ketiga", "signatory_partner": "Nama Uji", "partner_name": "PT Lain"},
        )
    )

    assert sorted(str(person) for person in Person.objects.all()) == ["Dr. Ir. Nama Uji, M.Si.", "Nama Uji"]


def test_on_behalf_of_is_read_from_the_post(imported):
    imported(
        rows({"signatory_partner": "Nama Uji", "signatory_partner_position": "Sekda a.n. Bupati Asahan"})
    )

    signatory = Agreement.objects.get().signatories.get()
    assert (signatory.capacity, signatory.on_behalf_of) == ("an", "Bupati Asahan")


def test_an_open_end_is_no_unknown_end(imported):
    imported(rows({"end_date": "tidak terbatas"}, {"title": "Kedua", "end_date": "tidak diketahui"}))

    assert [paper.terms.filter(ends_open=True).count() for paper in Agreement.objects.order_by("ref")] == [
        1,
        0,
    ]
