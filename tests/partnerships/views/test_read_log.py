"""The log of files read: each file that leaves the portal is one row, and nothing else is."""

import pytest
from django.urls import reverse

from partnerships import files
from partnerships.actions import exports
from partnerships.models import FileRead, StoredFile
from tests.factories import AgreementFactory, ExportJobFactory, SigningEventFactory
from tests.partnerships.filed_documents import filed


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.PORTAL_DATA = tmp_path


@pytest.fixture
def office(client, registrar):
    client.force_login(registrar)
    return client


@pytest.fixture
def paper(db, registrar):
    event = SigningEventFactory(slug="acara")
    paper = AgreementFactory(event=event, with_parties=["ditjen-binalavotas"], kind="mou")
    filed(paper, registrar)
    return paper


def finished_export(by):
    with files.being_made() as target:
        target.file.write(b"isi")
        made = target.keep()
    job = ExportJobFactory(asked_by=by, reach="running", form="xlsx", params="kind=mou", rows_total=7)
    return exports.finish(job=job, made=made, file_name="kemitraan.xlsx")


def address_of(name, paper, by):
    file = StoredFile.objects.get(document__agreement=paper)
    match name:
        case "document-file":
            return reverse("partnerships:document-file", args=[file.document_id, 1])
        case "document-page":
            return reverse("partnerships:document-page", args=[file.document_id, 1, 1])
        case "download-file":
            return reverse("partnerships:download-file", args=[finished_export(by).pk])
        case "agreement-profile":
            return reverse("partnerships:agreement-profile", args=[paper.ref])
        case "agreement-matrix":
            return reverse("partnerships:agreement-matrix", args=[paper.ref, "csv"])
        case "event-packet" | "event-door":
            return reverse(f"partnerships:{name}", args=["acara"])
    return reverse(f"partnerships:{name}", args=["csv"]) + "?sort=ref"


@pytest.mark.parametrize(
    ("name", "content", "form", "question", "rows"),
    [
        ("document-file", "document", "pdf", "", 1),
        ("document-page", "page", "png", "", 1),
        ("download-file", "register", "xlsx", "kind=mou", 7),
        ("agreement-profile", "profile", "pdf", "ref={ref}", 1),
        ("agreement-matrix", "ledger", "csv", "agreement={ref}", 0),
        ("agreement-export", "register", "csv", "sort=ref", 1),
        ("commitment-export", "ledger", "csv", "sort=ref", 0),
        ("event-packet", "packet", "pdf", "event=acara", 1),
        ("event-door", "door_sheet", "pdf", "event=acara", 1),
    ],
)
def test_a_file_that_is_handed_out_is_put_down(name, content, form, question, rows, office, paper, registrar):
    address = address_of(name, paper, registrar)
    office.head(address)
    assert not FileRead.objects.exists()

    answer = office.get(address)

    assert answer.status_code == 200
    read = FileRead.objects.get()
    assert (read.reader, read.content, read.form, read.rows) == (registrar, content, form, rows)
    assert question.format(ref=paper.ref) in read.question
    assert (read.door, read.request) == ("page", answer["X-Request-Id"])
    if content in {"document", "page"}:
        assert (read.file.document.agreement, read.page) == (paper, 1 if content == "page" else None)
    else:
        assert read.scope["roles"] == ["registrar"]


def test_what_is_not_handed_out_is_not_put_down(client, paper, officer_asahan, registrar):
    client.force_login(officer_asahan)
    for name in ("document-file", "document-page", "agreement-profile", "agreement-matrix", "event-packet"):
        assert client.get(address_of(name, paper, registrar)).status_code in {403, 404}
    assert (
        client.get(reverse("partnerships:agreement-export", args=["csv"]), {"tidak": "ada"}).status_code
        == 400
    )

    assert not FileRead.objects.exists()


def test_a_page_of_the_portal_is_no_file(office, paper):
    assert office.get(paper.get_absolute_url()).status_code == 200
    assert office.get(reverse("partnerships:agreement-list")).status_code == 200

    assert not FileRead.objects.exists()
