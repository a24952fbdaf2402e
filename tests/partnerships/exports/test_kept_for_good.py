"""What veraPDF says of the PDFs of the portal: fit to be kept (PDF/A-3) and for everybody (PDF/UA-1)."""

import io
import json
import subprocess
import sys
from contextlib import closing

import pikepdf
import pytest
from django.conf import settings
from django.http import QueryDict

from partnerships.actions import meetings
from partnerships.exports import as_pdf, ceremony, long_pdf, of_disposal, of_funnel, of_regions
from partnerships.exports.ceremony import door_page, packet_page, pdf_of_ceremony
from partnerships.exports.files import make_file
from partnerships.exports.leadership import brief_page, pdf_of_leadership, region_page, report_page
from partnerships.exports.lines import Lines
from partnerships.exports.meeting import handout_page, pdf_of_handout, pdf_of_slides, slides_page
from partnerships.exports.of_ledger import LedgerExtract
from partnerships.exports.profile import profile_page, profile_pdf
from partnerships.models import Agreement
from partnerships.selectors.brief import Brief
from partnerships.selectors.funnel import Funnel
from partnerships.selectors.matrix import Matrix
from partnerships.selectors.meeting_handout import sheets_of
from partnerships.selectors.meetings import MeetingPage
from partnerships.selectors.period_report import PeriodReport
from partnerships.selectors.periods import Period
from partnerships.selectors.protocol import papers_in_protocol_order
from partnerships.selectors.region_profile import RegionProfile
from partnerships.selectors.signatures import findings_of
from regions.models import Region
from tests.factories import (
    AgreementFactory,
    DisposalFactory,
    EvaluationMeetingFactory,
    MeasurableFactory,
    SigningEventFactory,
)
from tests.partnerships.exports.long_lists import LongList, by_year

pytestmark = pytest.mark.django_db


def failures(folder, profiles, files):
    """What veraPDF finds, by file and profile."""
    for name, content in files.items():
        (folder / f"{name}.pdf").write_bytes(content)
    paths = [str(folder / f"{name}.pdf") for name in files]
    done = subprocess.run(
        [sys.executable, "-m", "script.internals.verapdf", ",".join(profiles), *paths],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(profiles) * len(files), done.stderr
    assert all(each["checks"] > 1000 for each in found)
    return {f"{each['file']} {each['profile']}": each["failures"] for each in found if each["failures"]}


@pytest.fixture
def papers():
    event = SigningEventFactory()
    papers = AgreementFactory.create_batch(
        3,
        title="Naskah “pelatihan” – señor, Şanlıurfa, 5 km²",
        event=event,
        with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"],
        with_themes=["integrasi-data"],
    )
    MeasurableFactory(agreement=papers[0])
    return papers


def in_pieces(extract):
    made = io.BytesIO()
    with closing(Lines()) as lines:
        long_pdf.make(
            lambda: as_pdf.long_list_of(extract, extract.issue, lines, lambda rows: None),
            made,
            lambda rows: None,
            size=60,
            enclose=lambda: extract.issue.enclose(extract.sheets),
        )
    return made.getvalue()


def test_every_kind_of_pdf_conforms_to_both_standards(papers, registrar, tmp_path, settings, monkeypatch):
    settings.PORTAL_DATA = tmp_path
    event = papers[0].event
    ordered = papers_in_protocol_order(event, registrar)
    paper = Agreement.objects.with_validity().with_parties().get(pk=papers[0].pk)
    meeting = EvaluationMeetingFactory(with_partners=["pemerintah-kabupaten-asahan"])
    meeting = MeetingPage(meetings.freeze(meeting=meeting, by=registrar), registrar)
    packet = packet_page(event, ordered, findings_of(ordered), registrar)
    files = {
        "register": make_file("pdf", registrar, QueryDict("sort=class")).file.read(),
        "ledger": make_file("pdf", registrar, QueryDict(), LedgerExtract).file.read(),
        "profile": profile_pdf(profile_page(paper, registrar)),
        "packet": pdf_of_ceremony(packet),
        "door": pdf_of_ceremony(door_page(event, ordered, findings_of(ordered), registrar)),
        "brief": pdf_of_leadership(brief_page(Brief(registrar))),
        "period": pdf_of_leadership(report_page(PeriodReport(registrar, Period(2025)))),
        "region": pdf_of_leadership(
            region_page(RegionProfile(Region.objects.get(code="12.09"), registrar, QueryDict()))
        ),
        "handout": pdf_of_handout(handout_page(meeting, sheets_of(meeting.partners), registrar)),
        "slides": pdf_of_slides(slides_page(meeting, sheets_of(meeting.partners), registrar)),
        "funnel": of_funnel.as_pdf(Funnel(registrar, QueryDict()))[1],
        "regions": of_regions.as_pdf(Matrix(registrar, QueryDict("theme=integrasi-data")))[1],
        "disposal": of_disposal.as_pdf(DisposalFactory(reach="done"), registrar)[0],
        "long": in_pieces(LongList(130, group=by_year)),
    }
    monkeypatch.setattr(ceremony, "_PAPERS_AT_ONCE", 2)
    files["packet in parts"] = pdf_of_ceremony(packet)

    assert failures(tmp_path, ["PDFA-3A", "PDFUA-1"], files) == {}


def test_a_list_too_long_for_tags_is_fit_to_be_kept_all_the_same(tmp_path, settings, monkeypatch):
    settings.PORTAL_DATA = tmp_path
    monkeypatch.setattr(as_pdf, "MOST_TAGGED", 100)

    assert failures(tmp_path, ["PDFA-3U"], {"untagged": in_pieces(LongList(130))}) == {}


def test_the_check_finds_what_is_wrong(registrar, papers, tmp_path):
    with pikepdf.open(make_file("pdf", registrar, QueryDict()).file) as pdf:
        del pdf.Root.OutputIntents, pdf.Root.StructTreeRoot, pdf.Root.Lang
        wrong = io.BytesIO()
        pdf.save(wrong)

    found = failures(tmp_path, ["PDFA-3A", "PDFUA-1"], {"wrong": wrong.getvalue()})

    assert len(found) == 2
    assert any("DeviceRGB" in failure for failure in found[f"{tmp_path / 'wrong.pdf'} PDFA-3A"])
