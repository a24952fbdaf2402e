"""Files made by a worker: whole, cancelled, refused, without room, and what is in a dossier."""

import csv
import hashlib
import io
import resource
import threading
import time
import zipfile
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from partnerships import files, jobs
from partnerships.actions import exports, meetings
from partnerships.exports import dossier
from partnerships.exports.extract import Refused
from partnerships.exports.files import FORMS
from partnerships.models import Agreement, ExportJob, IssuedFile, Organization, Posting
from partnerships.models.agreement_queryset import AgreementQuerySet
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import (
    AgreementFactory,
    EvaluationMeetingFactory,
    MeasurableFactory,
    ReportFactory,
    SigningEventFactory,
)
from tests.partnerships.filed_documents import filed


@pytest.fixture
def papers(own_database, settings, tmp_path):
    """Three papers of Asahan in a committed database, and nobody's files."""
    settings.PORTAL_DATA = tmp_path
    return AgreementFactory.create_batch(
        3, with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]
    )


@pytest.fixture
def reader(papers):
    return person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")


def asked_for(by, query="", **said):
    facts = {"made_of": "register", "form": "xlsx", "params": QueryDict(query), "language": "en"}
    return exports.ask(**{**facts, "by": by, "key": uuid4(), **said})


def made(job):
    jobs.make_waiting_file.call()
    job.refresh_from_db()
    return job


def content(job):
    with files.open_made(job.file_key, sha256=job.sha256) as file:
        return file.read()


def left_on_disk(folder):
    return [path for path in (folder / "media").rglob("*") if path.is_file()]


def test_the_file_holds_what_its_reader_sees_and_the_row_says_so(reader, papers, settings):
    AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-batang"])

    job = made(asked_for(reader))

    assert (job.status, job.rows_total, job.rows_done, job.attempts) == ("done", 3, 3, 1)
    sheet = openpyxl.load_workbook(io.BytesIO(content(job))).worksheets[0]
    refs = {row[0].value for row in sheet.iter_rows()}
    assert {paper.ref for paper in papers} <= refs
    assert job.can_be_taken_by(reader)
    [path] = left_on_disk(settings.PORTAL_DATA)
    assert path.name == job.file_key
    assert jobs.make_waiting_file.call() is None


def test_the_database_keeps_what_is_not_the_readers_out_of_a_file_that_forgot_to_ask(
    reader, papers, monkeypatch
):
    AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-batang"])
    monkeypatch.setattr(AgreementQuerySet, "visible_to", lambda rows, _reader: rows.all())

    job = made(asked_for(reader, form="csv"))

    assert job.status == "done"
    rows = csv.reader(io.StringIO(content(job).decode("utf-8-sig")), delimiter=";")
    assert {row[0] for row in rows if row and row[0].startswith("KS-")} == {paper.ref for paper in papers}


def test_every_kind_of_file_is_made_and_tells_how_far_it_is(papers, monkeypatch):
    reader = person(Role.REGISTRAR, "biro-kerja-sama")
    event = SigningEventFactory()
    papers[0].event = event
    papers[0].save()
    MeasurableFactory(agreement=papers[0])
    Agreement.objects.bulk_create(
        Agreement(ref=f"KS-2024-{number:04d}", kind="pks", status="signed") for number in range(1, 302)
    )
    wishes = [
        ("register", "pdf", "kind=pks", 301, b"%PDF"),
        ("register", "csv", "kind=pks", 301, b"\xef\xbb\xbf"),
        ("register", "json", "kind=pks", 301, b"{"),
        ("ledger", "pdf", "", 1, b"%PDF"),
        ("ledger", "xlsx", "", 1, b"PK"),
        ("packet", "pdf", f"event={event.slug}", 1, b"%PDF"),
    ]
    for made_of, form, question, rows, beginning in wishes:
        job = made(asked_for(reader, question, made_of=made_of, form=form))
        assert (job.status, job.rows_done, job.problem) == ("done", rows, ""), (made_of, form)
        assert content(job).startswith(beginning)
        assert job.file_name.endswith(f".{form}")
        known = IssuedFile.objects.filter(sha256=job.sha256, size=job.size, rows=rows)
        assert known.count() == (form == "pdf")


def test_the_papers_of_a_meeting_are_made_for_who_may_have_them(reader, papers):
    bureau = person(Role.REGISTRAR, "biro-kerja-sama")
    meeting = EvaluationMeetingFactory(with_partners=["pemerintah-kabupaten-asahan"])
    asked = {"form": "pdf", "query": f"meeting={meeting.pk}"}
    with pytest.raises(Refused):
        asked_for(bureau, **asked, made_of="handout")
    meetings.freeze(meeting=meeting, by=bureau)

    for made_of, name in (("handout", "bahan"), ("slides", "paparan")):
        job = made(asked_for(bureau, **asked, made_of=made_of))
        assert (job.status, job.rows_done, job.problem) == ("done", 1, "")
        assert job.file_name == f"rapat-{meeting.pk}-{name}.pdf"
        assert content(job).startswith(b"%PDF")
        assert IssuedFile.objects.filter(sha256=job.sha256, kind=made_of).exists()
    assert made(asked_for(reader, **asked, made_of="handout")).status == "done"
    with pytest.raises(Refused):
        asked_for(reader, **asked, made_of="slides")


def test_rights_are_asked_again_when_a_file_is_begun(reader, papers):
    job, other = asked_for(reader), asked_for(reader, form="pdf")
    Posting.objects.filter(user=reader).update(
        starts_on=timezone.localdate() - timedelta(days=9), ends_on=timezone.localdate()
    )

    assert (made(job).status, job.problem) == ("failed", "Who asked holds no posting any more.")
    reader.is_active = False
    reader.save()
    assert made(other).status == "failed"
    assert "deactivated" in other.problem


def test_a_reader_who_sees_less_by_then_gets_less(papers):
    reader = person(Role.REGISTRAR, "biro-kerja-sama")
    job = asked_for(reader)
    batang = Organization.objects.get(slug="pemerintah-kabupaten-batang")
    reader.postings.update(role=Role.REGIONAL_OFFICER, organization=batang)

    assert (made(job).status, job.rows_total) == ("done", 0)
    assert job.narrowed_by != []


@contextmanager
def writing(monkeypatch, write):
    """The workbook as something else writes it."""
    with monkeypatch.context() as patch:
        patch.setitem(FORMS, "xlsx", type(FORMS["xlsx"])("x", write))
        yield


def endless(extract, to, progress):
    """A file that is never finished, as a writer makes it: it says how far it is."""
    for rows in range(10_000):
        to.write(b"x")
        progress(min(rows, 2))
        time.sleep(0.02)


def test_a_cancel_is_heard_within_two_seconds_and_leaves_nothing(reader, monkeypatch, settings):
    job = asked_for(reader)
    with writing(monkeypatch, endless):
        worker = threading.Thread(target=jobs.make_waiting_file.call)
        worker.start()
        _wait(lambda: ExportJob.objects.get(pk=job.pk).rows_done == 2)

        exports.cancel(job=job, by=reader)
        worker.join(timeout=2.5)

        assert not worker.is_alive()
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert left_on_disk(settings.PORTAL_DATA) == []


def test_a_worker_that_is_told_to_stop_gives_the_file_back(reader, monkeypatch, settings):
    job = asked_for(reader)
    with writing(monkeypatch, endless):
        worker = threading.Thread(target=jobs.make_waiting_file.call)
        worker.start()
        _wait(lambda: ExportJob.objects.get(pk=job.pk).rows_done == 2)
        jobs.stop_asked.set()
        worker.join(timeout=5)
    jobs.stop_asked.clear()

    job.refresh_from_db()
    assert (job.status, job.attempts) == ("waiting", 0)
    assert made(job).status == "done"


def test_a_worker_that_lost_its_file_writes_nothing(reader, monkeypatch, settings):
    job = asked_for(reader)

    def lost(extract, to, progress):
        ExportJob.objects.using("default").filter(pk=job.pk).update(worker="another")
        endless(extract, to, progress)

    monkeypatch.setattr("partnerships.jobs.exports.snapshot", _nothing)
    with writing(monkeypatch, lost):
        jobs.make_waiting_file.call()

    job.refresh_from_db()
    assert (job.status, job.worker) == ("running", "another")
    assert left_on_disk(settings.PORTAL_DATA) == []


@contextmanager
def _nothing():
    yield


@pytest.fixture
def small_disk():
    """Files may grow to 4 kB: what lies beyond is refused as by a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(("made_of", "form"), [("register", "xlsx"), ("dossier", "zip")])
def test_a_full_disk_is_said_and_the_file_made_when_there_is_room(
    made_of, form, reader, papers, settings, small_disk
):
    job = asked_for(reader, made_of=made_of, form=form)

    made(job)

    assert (job.status, job.attempts) == ("waiting", 1)
    assert job.problem
    assert left_on_disk(settings.PORTAL_DATA) == []
    small_disk()
    ExportJob.objects.update(not_before=None)
    assert (made(job).status, job.attempts, job.problem) == ("done", 2, "")


def test_what_fails_twice_is_given_up_with_a_sentence(reader, monkeypatch, settings):
    def broken(extract, to, progress):
        raise RuntimeError("a fault of the portal")

    job = asked_for(reader)
    with writing(monkeypatch, broken):
        assert made(job).status == "waiting"
        assert made(job).status == "failed"
    assert job.problem
    assert "RuntimeError" not in job.problem


# --- dossiers -------------------------------------------------------------------------------------


def test_a_dossier_holds_each_paper_with_its_files_and_their_sums(reader, papers, monkeypatch):
    registrar = person(Role.REGISTRAR, "biro-kerja-sama")
    paper = papers[0]
    whole = filed(paper, registrar)
    broken = filed(papers[1], registrar, name="rusak.pdf")
    commitment = MeasurableFactory(agreement=paper, text="=Melatih peserta")
    ReportFactory(commitment=commitment, reach="verified", note="Selesai")
    _path_of(broken.key).write_bytes(b"not what came")

    job = made(asked_for(reader, "region=12.09", made_of="dossier", form="zip"))

    assert (job.status, job.problem) == ("done", "")
    archive = zipfile.ZipFile(io.BytesIO(content(job)))
    assert archive.testzip() is None
    profiles = [hashlib.sha256(archive.read(f"{each.ref}/profil.pdf")).hexdigest() for each in papers]
    assert set(IssuedFile.objects.values_list("sha256", flat=True)) == set(profiles)
    names = set(archive.namelist())
    for each in papers:
        parts = {"profil.pdf", "komitmen.csv", "capaian.csv", "riwayat.csv"}
        assert {f"{each.ref}/{part}" for part in parts} <= names
    scan = f"{paper.ref}/dokumen/{whole.document_id}-naskah.pdf"
    assert hashlib.sha256(archive.read(scan)).hexdigest() == whole.sha256
    sums = dict(
        reversed(line.split("  ", 1)) for line in archive.read("manifest-sha256.txt").decode().splitlines()
    )
    assert set(sums) == names - {"manifest-sha256.txt"}
    assert all(hashlib.sha256(archive.read(name)).hexdigest() == digest for name, digest in sums.items())
    said = archive.read("baca-dulu.txt").decode()
    assert f"{papers[1].ref}/dokumen/{broken.document_id}-rusak.pdf" in said
    assert not any("rusak.pdf" in name for name in names)
    text = io.StringIO(archive.read(f"{paper.ref}/capaian.csv").decode("utf-8-sig"), newline="")
    rows = list(csv.reader(text, delimiter=";"))
    assert rows[1][0] == "'=Melatih peserta"
    assert "Selesai" in rows[1]


def _path_of(key):
    return settings.PORTAL_DATA / "media" / "files" / key[:2] / key


def test_a_dossier_holds_no_draft_report_of_another_side(papers):
    reader = person(Role.LEADERSHIP, "kementerian-ketenagakerjaan")
    ReportFactory(commitment=MeasurableFactory(agreement=papers[0]), note="Masih draf")

    job = made(asked_for(reader, f"ref={papers[0].ref}", made_of="dossier", form="zip"))

    archive = zipfile.ZipFile(io.BytesIO(content(job)))
    assert "Masih draf" not in archive.read(f"{papers[0].ref}/capaian.csv").decode()
    assert job.file_name.startswith(f"berkas-{papers[0].ref}-")
    assert {name.partition("/")[0] for name in archive.namelist() if "/" in name} == {papers[0].ref}


def test_a_dossier_of_nothing_or_of_too_much_is_refused(reader, papers, monkeypatch):
    with pytest.raises(Refused):
        asked_for(reader, "region=33.25", made_of="dossier", form="zip")
    monkeypatch.setattr(dossier, "MOST_PAPERS", 2)
    with pytest.raises(Refused):
        asked_for(reader, made_of="dossier", form="zip")
    assert not ExportJob.objects.exists()


def _wait(condition, seconds=15):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)
