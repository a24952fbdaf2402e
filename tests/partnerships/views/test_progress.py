import json
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.actions import progress
from partnerships.forms.report import content_of
from partnerships.models import Indicator, ProgressReport, ReportMove, StoredFile, TraineeBatch
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory
from tests.partnerships.report_pages import report_of, report_page, small_pdf
from tests.partnerships.sheets import everything_stored, text_of, value_of

BATCH = {"name": "Las, Maret", "trained_women": 15, "trained_men": 25}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.PORTAL_DATA = tmp_path
    return tmp_path / "media"


@pytest.fixture
def office(client, officer_asahan):
    """The officer of Kabupaten Asahan at the keyboard."""
    client.force_login(officer_asahan)
    return client


@pytest.fixture
def commitment(agreement_of_asahan):
    return MeasurableFactory(agreement=agreement_of_asahan)


@pytest.fixture
def per_period(agreement_of_asahan):
    return MeasurableFactory(agreement=agreement_of_asahan, cumulative=False)


def submit(office, commitment, **fields):
    return office.post(report_page(commitment), report_of(commitment, then="submit", **fields))


# --- written ---


def test_a_report_is_submitted_in_one_go(office, officer_asahan, commitment):
    answer = submit(office, commitment, value="1.250")

    report = ProgressReport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, report.get_absolute_url())
    assert (report.status, report.value, report.submitted_by) == ("submitted", 1250, officer_asahan)
    assert report.posting == officer_asahan.postings.get()


def test_a_draft_may_be_empty_and_is_no_report_yet(office, commitment):
    answer = office.post(report_page(commitment), report_of(commitment, value="", note="", then="draft"))

    assert answer.status_code == 302
    assert ProgressReport.objects.get().status == "draft"
    assert not ReportMove.objects.exists()


def test_without_a_value_nothing_is_submitted_and_what_was_typed_stays(office, commitment):
    answer = submit(office, commitment, value="", note="Belum dihitung")

    assert answer.status_code == 422
    assert _("Fill in the value of the period; 0 is a value too.") in text_of(answer)
    assert "Belum dihitung" in text_of(answer)
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize("value", ["1.25", "1,250", "-1", "1e3", "empat puluh"])
def test_a_value_that_is_not_clear_is_refused(value, office, commitment):
    answer = submit(office, commitment, value=value)

    assert answer.status_code == 422
    assert value_of(answer, "value") == value
    assert not ProgressReport.objects.exists()


def test_the_form_shows_target_last_verified_value_and_why_it_was_returned(office, commitment):
    ReportFactory(commitment=commitment, value=30, reach="verified", period_end="2025-06-30")
    ReportFactory(commitment=commitment, value=40, reach="returned")

    shown = text_of(office.get(report_page(commitment)))

    assert "100 orang" in shown
    assert "30 orang" in shown
    assert "Uji" in shown
    assert value_of(office.get(report_page(commitment)), "value") == "40"


def test_the_same_form_sent_twice_makes_one_report_and_one_step(office, commitment):
    sent = report_of(commitment, then="submit")

    answers = [office.post(report_page(commitment), sent) for _each in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert (ProgressReport.objects.count(), ReportMove.objects.count()) == (1, 1)


def test_a_day_without_a_report_is_not_found(office, commitment):
    for day in ("2025-12-30", "2025-02-30", "2025-13-01"):
        assert office.get(f"/komitmen/{commitment.pk}/capaian/{day}/").status_code == 404


def test_nothing_but_the_questions_of_the_page_is_written(office, officer_batang, commitment):
    other = MeasurableFactory(agreement=AgreementFactory(with_parties=["itjen"]))
    foreign = {
        "status": "verified",
        "decided_by": str(officer_batang.pk),
        "written_by": str(officer_batang.pk),
        "commitment": str(other.pk),
        "period_end": "2020-01-01",
        "demonstration": "on",
        "source": "https://example.test/",
    }

    office.post(report_page(commitment), {**report_of(commitment), **foreign, "then": "draft"})

    report = ProgressReport.objects.get()
    assert (report.status, report.decided_by, report.commitment) == ("draft", None, commitment)
    assert (report.written_by == officer_batang, report.demonstration, report.source) == (False, False, "")


# --- doubts ---


def test_a_total_below_the_last_verified_one_asks_again_and_goes_on_when_it_is_right(office, commitment):
    ReportFactory(commitment=commitment, value=60, reach="verified", period_end="2025-06-30")

    asked = submit(office, commitment, value="40")
    assert asked.status_code == 422
    assert _("The total is lower than the last verified one, %(last)s.") % {"last": "60"} in text_of(asked)
    assert not ProgressReport.objects.filter(period_end=commitment.due).exists()

    assert submit(office, commitment, value="40", certain="on").status_code == 302
    assert ProgressReport.objects.get(period_end=commitment.due).value == 40


def test_a_lower_number_of_one_period_is_nothing_to_doubt(office, per_period):
    ReportFactory(commitment=per_period, value=60, reach="verified", period_end="2025-06-30")

    assert submit(office, per_period, value="40").status_code == 302


# --- batches ---


def test_the_value_of_a_period_is_counted_from_its_batches(office, per_period):
    other = MeasurableFactory(agreement=per_period.agreement)
    shared = {**BATCH, "name": "Listrik", "share_1": other.pk, "percent_1": "25"}

    answer = submit(office, per_period, value="", batches=[BATCH, shared])

    assert answer.status_code == 302
    report = ProgressReport.objects.get()
    assert report.value == 40 + 30
    weights = {share.commitment: share.weight for share in report.batches.get(name="Listrik").shares.all()}
    assert weights == {per_period: Decimal("0.75"), other: Decimal("0.25")}


def test_a_value_other_than_the_sum_of_its_batches_asks_again(office, per_period):
    asked = submit(office, per_period, value="41", batches=[BATCH])

    assert asked.status_code == 422
    assert "40" in asked.context["sheet"].doubts()[0]
    assert value_of(asked, "batches-0-name") == "Las, Maret"
    assert submit(office, per_period, value="41", batches=[BATCH], certain="on").status_code == 302


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"certified_women": 16}, "certified_women"),
        ({"placed_men": 26}, "placed_men"),
        ({"trained_disabled": 41}, "trained_disabled"),
        ({"trained_women": "1.5"}, "trained_women"),
        ({"percent_1": "30"}, "percent_1"),
        ({"percent_1": "101"}, "percent_1"),
        ({"share_1": "4711", "percent_1": "30"}, "share_1"),
    ],
)
def test_numbers_of_a_batch_that_can_not_be_are_refused_at_their_place(wrong, field, office, per_period):
    answer = submit(office, per_period, value="40", batches=[{**BATCH, **wrong}])

    assert answer.status_code == 422
    assert list(answer.context["sheet"].batches.errors[0]) == [field]
    assert not ProgressReport.objects.exists()


def test_a_batch_is_not_shared_with_a_commitment_out_of_sight(office, per_period):
    hidden = MeasurableFactory(agreement=AgreementFactory(with_parties=["pemerintah-kabupaten-batang"]))
    before = everything_stored()

    answer = submit(
        office, per_period, value="40", batches=[{**BATCH, "share_1": hidden.pk, "percent_1": "30"}]
    )

    assert answer.status_code == 422
    assert everything_stored() == before


def test_a_removed_batch_goes_with_the_next_save(office, per_period):
    office.post(report_page(per_period), report_of(per_period, batches=[BATCH], then="draft"))
    office.post(
        report_page(per_period), report_of(per_period, batches=[{**BATCH, "remove": "on"}], then="draft")
    )

    assert not TraineeBatch.objects.exists()


def test_a_report_that_counts_no_people_asks_for_no_batches(office, agreement_of_asahan):
    land = MeasurableFactory(agreement=agreement_of_asahan, indicator=Indicator.objects.get(slug="lahan"))

    assert "batches-0-name" not in text_of(office.get(report_page(land)))


# --- kept while typing ---


def keep(office, commitment, **fields):
    sent = report_of(commitment, **fields)
    return office.post(
        report_page(commitment, "progress-draft"), sent, headers={"Accept": "application/json"}
    )


def test_what_is_typed_is_kept_and_the_answer_says_which_version_it_is(office, commitment):
    first = keep(office, commitment, value="4")
    second = keep(office, commitment, value="41")

    report = ProgressReport.objects.get()
    assert (first.status_code, second.status_code) == (200, 200)
    assert [json.loads(answer.content)["version"] for answer in (first, second)] == [1, 2]
    assert json.loads(second.content)["evidence"] == reverse("partnerships:evidence-upload", args=[report.pk])
    assert (report.value, report.status) == (41, "draft")


def test_what_can_not_be_read_yet_is_named_and_the_rest_is_kept(office, commitment):
    keep(office, commitment, value="4")

    answer = keep(office, commitment, value="1.2", note="Masih dihitung", batches=[{**BATCH, "name": ""}])

    assert len(json.loads(answer.content)["left_out"]) == 2
    report = ProgressReport.objects.get()
    assert (report.value, report.note) == (4, "Masih dihitung")


def test_a_second_sending_of_what_had_arrived_is_known_again(office, commitment):
    sent = report_of(commitment, value="4", batches=[BATCH])
    address = report_page(commitment, "progress-draft")

    versions = [json.loads(office.post(address, sent).content)["version"] for _each in range(2)]

    assert versions == [1, 1]


def test_a_text_that_somebody_else_went_on_with_is_not_written_over(office, unit_officer, commitment):
    keep(office, commitment, value="4")
    stale = report_of(commitment, value="5")
    report = ProgressReport.objects.get()
    content = content_of(report)
    content.note = "Ditambah unit"
    progress.draft(
        commitment=commitment, period_end=commitment.due, content=content, by=unit_officer, version=1
    )

    answer = office.post(report_page(commitment, "progress-draft"), stale)
    shown = office.post(report_page(commitment), {**stale, "then": "draft"})

    assert (answer.status_code, shown.status_code) == (409, 409)
    report.refresh_from_db()
    assert (report.value, report.note) == (4, "Ditambah unit")
    assert "<mark>Ditambah unit</mark>" in text_of(shown)
    assert value_of(shown, "value") == "5"
    # Pressed again, what was typed goes over the other.
    again = {**stale, "version": value_of(shown, "version"), "then": "submit"}
    assert office.post(report_page(commitment), again).status_code == 302


@pytest.mark.parametrize("version", ["", "-1", "1.5", "x", "9" * 40, "٣"])
def test_a_version_that_is_none_is_no_error(version, office, commitment):
    keep(office, commitment, value="4")

    answer = office.post(
        report_page(commitment), {**report_of(commitment, value="6"), "version": version, "then": "draft"}
    )

    assert answer.status_code in {409, 422}


def test_a_submitted_report_is_not_typed_over(office, commitment):
    submit(office, commitment)

    answer = keep(office, commitment, value="99")

    assert answer.status_code == 422
    assert ProgressReport.objects.get().value == 40


# --- evidence with the form, without scripts ---


def test_files_go_with_the_form(office, commitment):
    sent = report_of(commitment, then="submit", evidence=[small_pdf(), small_pdf("surat.pdf")])

    answer = office.post(report_page(commitment), sent)

    assert answer.status_code == 302
    assert sorted(StoredFile.objects.values_list("name", flat=True)) == ["daftar-hadir.pdf", "surat.pdf"]
    assert ProgressReport.objects.get().status == "submitted"


def test_a_refused_file_is_named_and_the_report_stays_a_draft(office, commitment):
    bad = small_pdf("skrip.pdf")
    bad.file.truncate(9)

    answer = office.post(report_page(commitment), report_of(commitment, then="submit", evidence=bad))

    assert answer.status_code == 422
    assert "skrip.pdf: " in text_of(answer)
    report = ProgressReport.objects.get()
    assert (report.status, report.value, StoredFile.objects.count()) == ("draft", 40, 0)
    # The page holds the version that stands now, so that the next press goes through.
    assert value_of(answer, "version") == str(report.version)


# --- taken back, read ---


def test_who_submitted_a_report_takes_it_back_once(office, commitment):
    submit(office, commitment)
    report = ProgressReport.objects.get()
    address = reverse("partnerships:progress-take-back", args=[report.pk])
    assert address in text_of(office.get(report_page(commitment)))

    assert office.post(address).status_code == 302

    report.refresh_from_db()
    assert report.status == "draft"
    assert office.post(address).status_code == 302
    assert report.moves.count() == 2


def test_others_read_what_was_submitted_and_no_form(client, leadership, commitment):
    ReportFactory(commitment=commitment, note="Selesai di Kisaran", reach="submitted")
    client.force_login(leadership)

    shown = client.get(report_page(commitment))

    assert "Selesai di Kisaran" in text_of(shown)
    assert "sheet" not in shown.context
    assert client.post(report_page(commitment), report_of(commitment)).status_code == 403


def test_a_period_without_a_report_says_so_to_who_may_not_report(client, leadership, commitment):
    client.force_login(leadership)

    assert _("Nobody has reported on this period yet") in text_of(client.get(report_page(commitment)))


def test_what_people_type_is_shown_and_never_run(office, commitment):
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"
    submit(office, commitment, note=hostile, next_step=hostile, obstacle_note=hostile)

    shown = text_of(office.get(report_page(commitment)))

    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "&lt;script&gt;alert(1)" in shown
