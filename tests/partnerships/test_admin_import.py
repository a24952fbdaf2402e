"""Papers from a file, in the administration: first what would change, then the change."""

import csv
import io

import pghistory
import pytest
from django.conf import settings as portal
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partnerships.models import Agreement

RECORDS = portal.BASE_DIR / "partnerships" / "data" / "public-records.csv"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.PORTAL_DATA = tmp_path


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def address():
    return reverse("admin:partnerships_agreement_import")


@pytest.fixture
def five_records():
    with RECORDS.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return rows[:5]


def as_file(rows, name="naskah.csv"):
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile(name, text.getvalue().encode())


def plan(client, address, rows, source="uji-impor"):
    return client.post(address, {"file": as_file(rows), "source": source})


def apply(client, address, answer, **more):
    return client.post(address, {**answer.context["form"].initial, **more})


def counted(answer):
    return {str(label): count for label, count in answer.context["counts"] if count}


def test_a_file_is_planned_before_it_is_applied(as_admin, admin, address, five_records):
    planned = plan(as_admin, address, five_records)
    assert sum(counted(planned).values()) >= 5
    assert not Agreement.objects.exists()

    done = apply(as_admin, address, planned)

    assert done.context["done"]
    assert Agreement.objects.count() == 5
    paper = Agreement.objects.first()
    assert (paper.external_source, paper.created_by) == ("uji-impor", admin)
    assert paper.events.latest("pgh_id").pgh_context["door"] == "import"


def test_the_same_file_again_has_nothing_to_apply(as_admin, address, five_records):
    apply(as_admin, address, plan(as_admin, address, five_records))
    versions = list(Agreement.objects.values_list("pk", "version"))

    again = plan(as_admin, address, five_records)

    assert again.context["form"] is None
    assert list(Agreement.objects.values_list("pk", "version")) == versions


def test_a_bad_row_is_named_and_the_good_ones_come_in(as_admin, address, five_records):
    five_records[2]["date_signed"] = "31 Februari 2025"

    planned = plan(as_admin, address, five_records)

    (trouble,) = planned.context["refusals"]
    assert (trouble.row, trouble.column) == (4, "date_signed")
    assert str(trouble.reason) in planned.content.decode().replace("&#x27;", "'")
    apply(as_admin, address, planned)
    assert Agreement.objects.count() == 4


def test_a_paper_that_somebody_edited_is_overwritten_only_when_asked(as_admin, admin, address, five_records):
    apply(as_admin, address, plan(as_admin, address, five_records))
    paper = Agreement.objects.get(external_id=five_records[0]["id"])
    with pghistory.context(door="page", actor=admin.pk, action="agreement.revise"):
        Agreement.objects.filter(pk=paper.pk).update(title="Judul menurut petugas", version=2)
    five_records[0]["title"] = "Judul menurut berkas"

    kept = plan(as_admin, address, five_records)
    if kept.context["form"]:
        apply(as_admin, address, kept)
    paper.refresh_from_db()
    assert paper.title == "Judul menurut petugas"

    apply(as_admin, address, plan(as_admin, address, five_records), overwrite="on")
    paper.refresh_from_db()
    assert paper.title == "Judul menurut berkas"


@pytest.mark.parametrize("content", [b"", b"bukan tabel", b"\x00\x01\x02", b"PK\x03\x04rusak"])
def test_what_is_no_table_is_refused_in_a_sentence(as_admin, address, content):
    answer = as_admin.post(address, {"file": SimpleUploadedFile("x.csv", content), "source": "uji-impor"})

    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]


def test_a_file_that_is_too_large_is_refused(as_admin, address, monkeypatch):
    monkeypatch.setattr("partnerships.admin.agreement_import.LARGEST_MB", 0)

    answer = as_admin.post(address, {"file": SimpleUploadedFile("x.csv", b"id\n1\n"), "source": "uji-impor"})

    assert answer.context["form"].errors["file"]


@pytest.mark.parametrize("name", ["../secret_key", "/etc/passwd", "f" * 32, ""])
def test_only_a_file_that_was_uploaded_is_applied(as_admin, address, settings, name):
    (settings.PORTAL_DATA / "secret_key").write_bytes(RECORDS.read_bytes())

    answer = as_admin.post(address, {"kept": name, "source": "uji-impor"})

    assert answer.status_code == 200
    assert answer.context["gone"]
    assert not Agreement.objects.exists()


def test_a_plan_pressed_twice_is_applied_once(as_admin, address, five_records):
    planned = plan(as_admin, address, five_records)

    apply(as_admin, address, planned)
    second = apply(as_admin, address, planned)

    assert second.context["gone"]
    assert Agreement.objects.count() == 5


def test_words_of_the_file_are_shown_literally(as_admin, address, five_records):
    five_records[0]["title"] = "<script>alert(1)</script>"

    html = plan(as_admin, address, five_records).content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("who", ["registrar", "unit_officer", "nobody"])
def test_the_page_does_not_exist_for_others(client, request, address, five_records, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(address).status_code == 404
    assert plan(client, address, five_records).status_code == 404
