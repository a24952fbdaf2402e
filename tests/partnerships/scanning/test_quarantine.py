"""A virus that is found in a file after it was kept takes the file from everybody, for good."""

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.readers import reading_for
from partnerships import jobs
from partnerships.actions import documents, readings, scanning
from partnerships.models import FileScan, FileText, OutboxMessage, PageText, StoredFile, Verdict
from partnerships.selectors.operation import operating_figures
from tests.factories import MeasurableFactory, ReportFactory
from tests.partnerships.filed_documents import filed, upload_of
from tests.scanners import VIRUS, infected_pdf

GONE = 410
QUARANTINED = _("Quarantined: virus found")


def doors_of(file):
    """The addresses under which a file, or a picture of it, is given out."""
    return [file.get_absolute_url(), reverse("partnerships:document-page", args=[file.document_id, 1, 1])]


def quarantined(paper, by, clamd, settings):
    """A file that was kept and read before there was a scanner, which then finds something in it."""
    settings.CLAMD = ""
    file = filed(paper, by, infected_pdf())
    readings.read(file=file)
    settings.CLAMD = clamd.address
    jobs.scan_waiting_files.call()
    return file


def test_a_virus_that_is_found_later_takes_the_file_from_everybody(
    client, admin, registrar, officer_asahan, agreement_of_asahan, clamd, settings
):
    settings.CLAMD = ""
    file = filed(agreement_of_asahan, registrar, infected_pdf())
    readings.read(file=file)
    assert PageText.objects.filter(file=file).exists()
    settings.CLAMD = clamd.address

    assert jobs.scan_waiting_files.call() == file.pk

    (scan,) = FileScan.objects.all()
    assert (scan.file, scan.verdict, scan.virus) == (file, Verdict.INFECTED, VIRUS)
    assert not PageText.objects.exists()
    assert not FileText.objects.exists()
    # Who was reading it at that moment keeps nothing of it.
    readings.read(file=file)
    assert not PageText.objects.exists()
    # Nor does it come back where the scanner is taken away.
    for address_of_scanner in (clamd.address, ""):
        settings.CLAMD = address_of_scanner
        for who in (admin, registrar, officer_asahan):
            client.force_login(who)
            assert [client.get(each).status_code for each in doors_of(file)] == [GONE, GONE]
            assert jobs.read_waiting_files.call() is None
        page = client.get(file.document.get_absolute_url()).content.decode()
        assert str(QUARANTINED) in page
        assert VIRUS in page
        assert not any(each in page for each in doors_of(file))


def test_who_brought_it_and_the_registrars_are_told(
    officer_asahan, registrar, unit_officer, agreement_of_asahan, clamd, settings
):
    commitment = MeasurableFactory(agreement=agreement_of_asahan)
    report = ReportFactory(commitment=commitment, written_by=officer_asahan)
    settings.CLAMD = ""
    file = documents.attach(report=report, upload=upload_of(infected_pdf()), by=officer_asahan)
    settings.CLAMD = clamd.address

    jobs.scan_waiting_files.call()
    scanning.scan(file=file)

    told = OutboxMessage.objects.filter(kind="file_quarantined")
    assert {message.recipient for message in told} == {officer_asahan, registrar}
    assert told.count() == 2
    assert jobs.deliver_messages.call() == 2
    assert {sent.to[0] for sent in mail.outbox} == {officer_asahan.email, registrar.email}
    for sent in mail.outbox:
        assert VIRUS in sent.body
        assert file.document.get_absolute_url() in sent.body
        assert agreement_of_asahan.ref in sent.body


def test_nobody_makes_an_infected_file_clean_again(agreement_of_asahan, registrar, clamd, settings):
    file = quarantined(agreement_of_asahan, registrar, clamd, settings)
    table = FileScan._meta.db_table

    for statement in (f"UPDATE {table} SET verdict = 'clean', virus = ''", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    FileScan.objects.create(file=file, verdict=Verdict.CLEAN)

    kept = StoredFile.objects.with_verdict().get(pk=file.pk)
    assert (kept.verdict, kept.is_withheld) == (Verdict.INFECTED, True)
    assert StoredFile.objects.get(pk=file.pk).is_withheld
    assert not StoredFile.objects.let_out().exists()


def test_the_database_shows_a_verdict_to_who_sees_the_file(
    agreement_of_asahan, registrar, officer_asahan, officer_batang, clamd
):
    filed(agreement_of_asahan, registrar)

    seen = []
    for who in (registrar, officer_asahan, officer_batang):
        with reading_for(who):
            seen.append(FileScan.objects.count())
    assert seen == [1, 1, 0]


def test_a_monitor_counts_what_waits_and_what_was_found(agreement_of_asahan, registrar, clamd, settings):
    quarantined(agreement_of_asahan, registrar, clamd, settings)
    clamd.goes_down()
    for _each in range(2):
        filed(agreement_of_asahan, registrar)

    figures = {name: number for name, _said, number in operating_figures()}
    assert (figures["portal_files_waiting_for_scan"], figures["portal_files_quarantined"]) == (2, 1)
