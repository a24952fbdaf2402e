"""An action point is done with a word or a file, and closed by somebody else."""

import datetime
import io
import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from partnerships.actions import action_points
from partnerships.actions.guard import StaleVersion
from partnerships.files import FileRefused
from partnerships.lifecycle import ActionPointStatus
from partnerships.models import ActionPoint, Document, Organization, StoredFile
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import (
    ActionPointFactory,
    AgreementFactory,
    MeasurableFactory,
    OrganizationFactory,
    PostingFactory,
    ReportFactory,
)

DUE = datetime.date(2050, 12, 31)


@pytest.fixture
def asahan(db):
    return Organization.objects.get(slug="pemerintah-kabupaten-asahan")


@pytest.fixture
def point(agreement_of_asahan):
    return ActionPointFactory(agreement=agreement_of_asahan)


@pytest.fixture
def done(agreement_of_asahan, officer_asahan):
    return ActionPointFactory(agreement=agreement_of_asahan, done_by=officer_asahan)


def opened(agreement, owner, by, **fields):
    fields = {"text": "Mengirim daftar hadir", "due": DUE, **fields}
    return action_points.open_point(agreement=agreement, owner=owner, by=by, **fields)


@pytest.mark.parametrize("who", ["registrar", "unit_officer", "officer_asahan", "officer_north_sumatra"])
def test_who_works_with_the_paper_opens_one(who, agreement_of_asahan, asahan, request):
    by = request.getfixturevalue(who)

    point = opened(agreement_of_asahan, asahan, by)

    assert (point.status, point.raised_by, point.owner) == (ActionPointStatus.OPEN, by, asahan)
    assert point.events.latest("pgh_id").pgh_context["action"] == "action_point.open"


@pytest.mark.parametrize("who", ["officer_batang", "leadership", "nobody", "admin"])
def test_others_do_not(who, agreement_of_asahan, asahan, request):
    with pytest.raises(PermissionDenied):
        opened(agreement_of_asahan, asahan, request.getfixturevalue(who))


def test_it_is_about_a_report_of_its_own_paper(agreement_of_asahan, agreement_of_batang, asahan, registrar):
    report = ReportFactory(commitment=MeasurableFactory(agreement=agreement_of_asahan), reach="submitted")

    assert opened(agreement_of_asahan, asahan, registrar, report=report).commitment == report.commitment
    with pytest.raises(ValidationError):
        opened(agreement_of_batang, asahan, registrar, report=report)


def test_the_same_form_twice_opens_one(agreement_of_asahan, asahan, registrar, unit_officer):
    key = uuid.uuid4()

    assert opened(agreement_of_asahan, asahan, registrar, key=key) == opened(
        agreement_of_asahan, asahan, registrar, key=key
    )
    with pytest.raises(ValidationError):
        opened(agreement_of_asahan, asahan, unit_officer, key=key)
    assert ActionPoint.objects.count() == 1


def test_it_is_done_with_a_word(point, officer_asahan):
    with pytest.raises(ValidationError):
        action_points.report_done(point=point, note="  ", by=officer_asahan)

    action_points.report_done(point=point, note="Sudah dikirim", by=officer_asahan)

    point.refresh_from_db()
    assert (point.status, point.done_by, point.done_note) == ("done", officer_asahan, "Sudah dikirim")


def test_it_is_done_with_a_file(point, officer_asahan):
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    upload = SimpleUploadedFile("hadir.png", picture.getvalue())

    action_points.report_done(point=point, note="", by=officer_asahan, upload=upload)

    document = Document.objects.get(action_point=point)
    assert document.files.get().name == "hadir.png"
    assert ActionPoint.objects.get(pk=point.pk).status == "done"


def test_a_file_that_is_refused_leaves_nothing(point, officer_asahan):
    with pytest.raises(FileRefused):
        action_points.report_done(
            point=point, note="", by=officer_asahan, upload=SimpleUploadedFile("x.pdf", b"bukan PDF")
        )

    assert StoredFile.objects.count() == Document.objects.count() == 0
    assert ActionPoint.objects.get(pk=point.pk).status == "open"


def test_the_database_wants_a_word_or_a_file_too(point, officer_asahan):
    with pytest.raises(Exception, match="a word or a file"):
        ActionPoint.objects.filter(pk=point.pk).update(
            status="done", done_by=officer_asahan, done_at="2026-01-01T00:00:00Z"
        )


@pytest.mark.parametrize("who", ["officer_batang", "officer_north_sumatra", "unit_officer", "leadership"])
def test_another_office_does_not_say_that_it_is_done(who, point, request):
    with pytest.raises(PermissionDenied):
        action_points.report_done(point=point, note="Sudah", by=request.getfixturevalue(who))


def test_the_bureau_may_say_it_for_anyone(point, registrar):
    assert action_points.report_done(point=point, note="Sudah", by=registrar).status == "done"


def test_a_unit_says_it_for_a_centre_below_it(agreement_of_asahan, unit_officer):
    ditjen = Organization.objects.get(slug="ditjen-binalavotas")
    centre = OrganizationFactory(kind="unit", parent=ditjen)
    point = ActionPointFactory(agreement=agreement_of_asahan, owner=centre)

    assert action_points.report_done(point=point, note="Sudah", by=unit_officer).status == "done"


@pytest.mark.parametrize("who", ["registrar", "unit_officer"])
def test_somebody_else_closes_it(who, done, request):
    by = request.getfixturevalue(who)

    closed = action_points.close(point=done, by=by)

    assert (closed.status, closed.checked_by) == (ActionPointStatus.CLOSED, by)
    assert action_points.close(point=done, by=by).version == closed.version


def test_who_did_it_does_not_close_it(agreement_of_asahan, registrar):
    point = ActionPointFactory(agreement=agreement_of_asahan, done_by=registrar)

    with pytest.raises(PermissionDenied):
        action_points.close(point=point, by=registrar)
    with pytest.raises(PermissionDenied):
        action_points.give_back(point=point, by=registrar, reason="Belum")


@pytest.mark.parametrize("who", ["officer_asahan", "officer_batang", "leadership"])
def test_a_region_checks_none(who, done, request):
    with pytest.raises(PermissionDenied):
        action_points.close(point=done, by=request.getfixturevalue(who))


def test_the_office_that_was_named_checks_it(agreement_of_asahan, officer_asahan, unit_officer, registrar):
    centre = OrganizationFactory(kind="unit", parent=Organization.objects.get(slug="itjen"))
    point = ActionPointFactory(agreement=agreement_of_asahan, done_by=officer_asahan, verifier=centre)

    with pytest.raises(PermissionDenied):
        action_points.close(point=point, by=unit_officer)
    assert action_points.close(point=point, by=registrar).status == "closed"


def test_what_is_open_is_not_closed(point, registrar):
    with pytest.raises(ValidationError):
        action_points.close(point=point, by=registrar)


def test_it_is_given_back_with_a_reason(done, registrar, officer_asahan):
    with pytest.raises(ValidationError):
        action_points.give_back(point=done, by=registrar, reason=" ")

    action_points.give_back(point=done, by=registrar, reason="Lampirkan tanda tangan")

    done.refresh_from_db()
    assert done.status == ActionPointStatus.OPEN
    assert done.events.latest("pgh_id").pgh_context["reason"] == "Lampirkan tanda tangan"
    assert action_points.report_done(point=done, note="Ditambah", by=officer_asahan).status == "done"


def test_a_stale_step_is_not_taken(done, registrar, unit_officer):
    action_points.give_back(point=done, by=registrar, reason="Belum lengkap", version=1)

    with pytest.raises(StaleVersion):
        action_points.close(point=done, by=unit_officer, version=1)


def test_of_many_who_close_and_give_back_at_once_one_does(own_database):
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    officer = person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")
    point = ActionPointFactory(agreement=paper, done_by=officer)
    bureau = Organization.objects.get(slug="biro-kerja-sama")
    people = [PostingFactory(organization=bureau, role=Role.REGISTRAR).user for _ in range(8)]
    together, outcomes = threading.Barrier(8), []

    def work(number, by):
        try:
            together.wait(timeout=60)
            if number % 2:
                action_points.close(point=point, by=by, version=1)
            else:
                action_points.give_back(point=point, by=by, reason="Belum", version=1)
            outcomes.append("taken")
        except StaleVersion:
            outcomes.append("stale")
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=each) for each in enumerate(people)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(outcomes) == ["stale"] * 7 + ["taken"]
    point.refresh_from_db()
    assert point.version == 2
    assert point.events.filter(pgh_label="update").count() == 1


# --- the pages ------------------------------------------------------------------------------------


def test_one_is_opened_done_and_closed_on_its_pages(
    client, agreement_of_asahan, asahan, registrar, officer_asahan
):
    address = f"/kemitraan/{agreement_of_asahan.ref}/tindak-lanjut/baru/"
    form = {"key": str(uuid.uuid4()), "text": "Mengirim data", "owner": asahan.slug, "due": "2050-12-31"}
    client.force_login(registrar)
    assert client.get(address).status_code == 200
    refused = client.post(address, {**form, "text": "", "due": "besok"})
    assert refused.status_code == 422
    assert "besok" in refused.content.decode()
    first, second = client.post(address, form), client.post(address, form)
    assert first["Location"] == second["Location"]

    page = first["Location"]
    client.force_login(officer_asahan)
    assert client.post(page, {"step": "done", "version": "1", "note": ""}).status_code == 422
    assert client.post(page, {"step": "done", "version": "1", "note": "Sudah"}).status_code == 302
    assert client.post(page, {"step": "close", "version": "2"}).status_code == 403

    client.force_login(registrar)
    assert client.post(page, {"step": "back", "version": "2", "note": ""}).status_code == 422
    stale = client.post(page, {"step": "close", "version": "1"})
    assert stale.status_code == 409
    assert client.post(page, {"step": "close", "version": "2"}).status_code == 302
    assert ActionPoint.objects.get().status == "closed"


def test_the_word_is_kept_and_shown_literally(client, agreement_of_asahan, officer_asahan):
    point = ActionPointFactory(agreement=agreement_of_asahan, text="<script>alert(1)</script>")
    client.force_login(officer_asahan)

    text = client.get(point.get_absolute_url()).content.decode()

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_one_of_another_region_is_not_there(client, done, officer_batang):
    client.force_login(officer_batang)

    assert client.get(done.get_absolute_url()).status_code == 404
    assert client.get("/tindak-lanjut/").context["page"].paginator.count == 0


def test_the_list_counts_what_it_shows(client, agreement_of_asahan, registrar, officer_asahan):
    ActionPointFactory(agreement=agreement_of_asahan, due=datetime.date(2025, 1, 1))
    ActionPointFactory(agreement=agreement_of_asahan)
    ActionPointFactory(agreement=agreement_of_asahan, done_by=officer_asahan)
    client.force_login(registrar)

    for query, count in {
        "": 3,
        "?state=open": 2,
        "?state=overdue": 1,
        "?state=done": 1,
        "?state=closed": 0,
        "?mine=1": 1,
        f"?paper={agreement_of_asahan.ref}": 3,
        # Not a paper that the reader can see: said, and left out.
        "?paper=KS-1999-9999": 3,
    }.items():
        page = client.get(f"/tindak-lanjut/{query}")
        assert page.context["page"].paginator.count == count, query
    tabs = client.get("/tindak-lanjut/").context["points"].tabs
    assert [tab["count"] for tab in tabs] == [3, 2, 1, 1, 0]


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_asks_as_often_for_many_as_for_one(
    number, client, agreement_of_asahan, registrar, django_assert_num_queries
):
    for _ in range(number):
        ActionPointFactory(agreement=agreement_of_asahan)
    client.force_login(registrar)

    with django_assert_num_queries(11):
        client.get("/tindak-lanjut/")
