"""The public page of a PDF: what it was, whether a file is it, and nothing that is nobody's business."""

import hashlib
import io
import re

import pikepdf
import pypdfium2
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from partnerships.actions import meetings
from partnerships.models import Agreement, IssuedFile, Organization, PartialDate, issue_code
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import (
    AgreementFactory,
    EvaluationMeetingFactory,
    IssuedFileFactory,
    MeasurableFactory,
    SigningEventFactory,
)
from tests.test_access_matrix import PEOPLE, everybody

pytestmark = pytest.mark.django_db

ASAHAN = ("ditjen-binalavotas", "pemerintah-kabupaten-asahan")
SECRET = "Rahasia yang belum diumumkan"


@pytest.fixture(autouse=True)
def nothing_remembered():
    cache.clear()


@pytest.fixture
def event():
    return SigningEventFactory(name="Penandatanganan rahasia", held=PartialDate.of(2025, 3, 20))


@pytest.fixture
def paper(event):
    paper = AgreementFactory(title=SECRET, event=event, with_parties=ASAHAN, with_themes=["integrasi-data"])
    MeasurableFactory(agreement=paper, text="Komitmen rahasia")
    return paper


@pytest.fixture
def taken(client, registrar, paper):
    """(the bytes of a PDF that the registrar takes, its record); the reader is signed out again."""

    def take(name, *arguments, query=""):
        client.force_login(registrar)
        answer = client.get(reverse(f"partnerships:{name}", args=arguments) + query)
        assert answer.status_code == 200
        content = b"".join(answer) if answer.streaming else answer.content
        client.logout()
        return content, IssuedFile.objects.latest("pk")

    return take


def a_meeting():
    meeting = EvaluationMeetingFactory(title=SECRET, with_partners=["pemerintah-kabupaten-asahan"])
    return meetings.freeze(meeting=meeting, by=person(Role.REGISTRAR, "biro-kerja-sama"))


KINDS = {
    "register": lambda paper: ("agreement-export", "pdf"),
    "ledger": lambda paper: ("commitment-export", "pdf"),
    "matrix": lambda paper: ("agreement-matrix", paper.ref, "pdf"),
    "profile": lambda paper: ("agreement-profile", paper.ref),
    "packet": lambda paper: ("event-packet", paper.event.slug),
    "door": lambda paper: ("event-door", paper.event.slug),
    "region": lambda paper: ("region-profile", "12.09"),
    "brief": lambda paper: ("brief-pdf",),
    "period": lambda paper: ("period-pdf", 2025),
    "handout": lambda paper: ("meeting-handout", a_meeting().pk),
    "slides": lambda paper: ("meeting-slides", a_meeting().pk),
    "funnel": lambda paper: ("funnel-export", "pdf"),
    "regions": lambda paper: ("matrix-export", "pdf"),
}
# What these say are numbers of many papers.
OF_MANY = {"brief", "period", "handout", "slides", "funnel", "regions"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_pdf_carries_its_code_and_its_rows_and_is_known_to_anybody(
    kind, paper, taken, client, registrar
):
    content, issued = taken(*KINDS[kind](paper), query="?theme=integrasi-data" if kind == "regions" else "")

    assert (issued.kind, issued.issued_for, issued.rows > 0) == (kind, registrar, True)
    assert (issued.sha256, issued.size) == (hashlib.sha256(content).hexdigest(), len(content))
    with pypdfium2.PdfDocument(content) as pdf:
        text = pdf[0].get_textpage().get_text_range().replace("−", "-")
    # At the top of the first page, and at the foot.
    assert text.count(issued.shown_code) == 2
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert {name.rpartition(".")[2] for name in pdf.attachments} == {"csv", "json"}
        inside = b"".join(pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments)
    assert paper.ref.encode() in inside or kind in {"door", *OF_MANY}

    page = client.get(issued.get_absolute_url())

    assert page.status_code == 200
    assert (page.context["issued"], page.context["since"]) == (issued, "same")
    for said in (issued.shown_code, issued.sha256, issued.get_kind_display()):
        assert said in page.text
    for unsaid in (SECRET, "rahasia", paper.ref, paper.event.slug, registrar.name, registrar.email, "Asahan"):
        assert unsaid not in page.text
    assert page["X-Robots-Tag"] == "noindex"
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("who", PEOPLE)
def test_the_page_is_the_same_for_everybody(who, client, db):
    person, issued = everybody()[who], IssuedFileFactory()
    if person:
        client.force_login(person)

    page = client.get(issued.get_absolute_url())

    assert page.status_code == 200
    assert issued.issued_for.name not in page.text


def test_the_rows_inside_are_those_of_the_list(paper, taken, client, registrar):
    AgreementFactory(with_parties=ASAHAN, title="=1+1; “kutip”")
    client.force_login(registrar)
    address = reverse("partnerships:agreement-export", args=["csv"]) + "?sort=title&columns=title,partner"
    lines = b"".join(client.get(address))

    content, issued = taken("agreement-export", "pdf", query="?sort=title&columns=title,partner")

    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.attachments["kemitraan.csv"].get_file().read_bytes() == lines
        assert all(described.AFRelationship == "/Data" for described in pdf.Root.AF)
    assert issued.rows == 2


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - OF_MANY))
def test_a_changed_row_is_said(kind, paper, taken, client, event):
    _content, issued = taken(*KINDS[kind](paper))

    Agreement.objects.filter(pk=paper.pk).update(title="Judul lain")
    paper.commitments.update(text="Komitmen lain")
    Organization.objects.filter(pk__in=paper.parties.values("organization")).update(name="Nama lain")

    page = client.get(issued.get_absolute_url())
    assert page.context["since"] == "other"
    assert "Judul lain" not in page.text


def test_a_row_that_came_is_said_and_one_that_its_reader_may_not_see_is_none(taken, client, officer_asahan):
    client.force_login(officer_asahan)
    AgreementFactory(with_parties=ASAHAN)
    client.get(reverse("partnerships:agreement-export", args=["pdf"]))
    issued = IssuedFile.objects.get()

    AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-batang"])
    assert client.get(issued.get_absolute_url()).context["since"] == "same"

    cache.clear()
    AgreementFactory(with_parties=ASAHAN)
    assert client.get(issued.get_absolute_url()).context["since"] == "other"


def test_a_question_that_can_not_be_asked_as_it_was_is_not_compared(taken, client, paper, registrar, event):
    _content, packet = taken("event-packet", event.slug)
    _content, profile = taken("agreement-profile", paper.ref)
    Agreement.objects.filter(pk=paper.pk).update(event=None)
    event.delete()
    assert client.get(packet.get_absolute_url()).context["since"] == "unknown"

    registrar.postings.update(ends_on=timezone.localdate(), starts_on=timezone.localdate())
    assert client.get(profile.get_absolute_url()).context["since"] == "unknown"


def test_the_register_is_asked_once_a_minute_at_most(taken, client, paper, django_assert_max_num_queries):
    _content, issued = taken("agreement-profile", paper.ref)
    first = client.get(issued.get_absolute_url())

    with django_assert_max_num_queries(2):
        again = client.get(issued.get_absolute_url())

    assert again.context["looked_at"] == first.context["looked_at"]


def compared(client, issued, content, **headers):
    file = SimpleUploadedFile("berkas.pdf", content, "application/pdf")
    return client.post(issued.get_absolute_url(), {"berkas": file} if content is not None else {}, **headers)


def test_the_file_itself_is_told_from_every_other(taken, client, paper):
    content, issued = taken("agreement-profile", paper.ref)
    another, _issued = taken("agreement-profile", paper.ref)
    middle = len(content) // 2
    tampered = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]

    assert compared(client, issued, content).context["verdict"] == "same"
    for wrong in (tampered, another, content + b"\n", content[:-1], b"%", content + bytes(3_000_000)):
        page = compared(client, issued, wrong)
        assert page.status_code == 200
        assert page.context["verdict"] == "differs"


def test_nothing_of_a_compared_file_is_kept(taken, client, paper, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    _content, issued = taken("agreement-profile", paper.ref)
    before = IssuedFile.objects.count()

    assert compared(client, issued, bytes(4_000_000)).status_code == 200

    assert list(tmp_path.iterdir()) == []
    assert IssuedFile.objects.count() == before


def test_no_file_is_said(client):
    page = client.post(IssuedFileFactory().get_absolute_url())

    assert page.status_code == 422
    assert page.context["verdict"] == "missing"


def test_a_form_from_elsewhere_is_refused(client):
    client.handler.enforce_csrf_checks = True

    assert compared(client, IssuedFileFactory(), b"x").status_code == 403


def test_a_code_is_found_however_it_is_typed(client):
    issued = IssuedFileFactory()
    desk = reverse("partnerships:issued-files")

    assert client.get(desk).status_code == 200
    assert client.get(desk, {"kode": issued.code.lower()}).url == issued.get_absolute_url()
    assert client.get(f"{desk}{issued.code.lower()}/").url == issued.get_absolute_url()
    refused = client.get(desk, {"kode": "0000-0000-0000"})
    assert refused.status_code == 422
    assert "0000-0000-0000" in refused.text


def test_codes_that_are_none_and_that_nobody_has_are_answered_alike(client, settings):
    IssuedFileFactory()
    desk = reverse("partnerships:issued-files")
    texts = set()
    for code in (issue_code.shown(issue_code.drawn()), "ABCD-EFGH-JKMN", "KS-2025-0001", "x" * 300):
        answer = client.get(f"{desk}{code}/")
        assert answer.status_code == 404
        # But for the number of the request, the key of the form, and the address.
        texts.add(re.sub(r"\b([0-9a-f]{12}|[0-9A-Za-z]{64})\b", "", answer.text).replace(code, ""))
    assert len(texts) == 1


def test_who_tries_one_code_after_the_other_is_told_to_wait(client):
    desk, issued = reverse("partnerships:issued-files"), IssuedFileFactory()

    codes = {client.get(f"{desk}{issue_code.shown(issue_code.drawn())}/").status_code for _ in range(62)}

    assert codes == {404, 429}
    assert client.get(issued.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("change", [{"sha256": "1" * 64}, {"rows": 7}, {"code": "23456789ABCD"}])
def test_a_record_is_never_changed(change):
    issued = IssuedFileFactory()

    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedFile.objects.filter(pk=issued.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedFile.objects.filter(pk=issued.pk).delete()
