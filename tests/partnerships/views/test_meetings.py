"""Evaluation meetings on the screen and on paper: arranged, frozen, asked about, written down, read again."""

import io
import re
from uuid import uuid4

import pypdf
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.actions import meetings
from partnerships.models import ActionPoint, Document, EvaluationMeeting, ExportJob, MeetingDecision, Party
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import (
    ActionPointFactory,
    AgreementFactory,
    EvaluationMeetingFactory,
    MeasurableFactory,
    OrganizationFactory,
    ReportFactory,
)
from tests.partnerships.sheets import text_of

pytestmark = pytest.mark.django_db
UNIT, ASAHAN, BATANG = "ditjen-binalavotas", "pemerintah-kabupaten-asahan", "pemerintah-kabupaten-batang"


@pytest.fixture
def bureau(client, registrar):
    client.force_login(registrar)
    return client


def partner_with_everything(number=0):
    """A partner whose every text is as long as it may be, with more of everything than a page shows."""
    long = f"Melatih peserta angkatan {number} " + "pada program pelatihan vokasi daerah " * 12
    partner = OrganizationFactory(name=f"PT Mitra {number} " + "Sejahtera " * 18)
    paper = AgreementFactory(with_parties=[UNIT, partner.slug])
    for _ in range(9):
        promise = MeasurableFactory(agreement=paper, text=long[:500], target=1_250_000_000)
        ReportFactory(commitment=promise, reach="submitted", obstacle="budget", obstacle_note=long * 2)
        ActionPointFactory(agreement=paper, text=long[:500])
    return partner


def frozen(by, *partners, **said):
    slugs = [getattr(partner, "slug", partner) for partner in partners]
    return meetings.freeze(meeting=EvaluationMeetingFactory(with_partners=slugs, **said), by=by)


def pdf_of(answer):
    assert answer.status_code == 200
    return pypdf.PdfReader(io.BytesIO(answer.content))


def links_of(page):
    return [
        annotation.get_object()["/A"]["/URI"]
        for annotation in page.get("/Annots", [])
        if "/URI" in annotation.get_object().get("/A", {})
    ]


# --- arranged -------------------------------------------------------------------------------------


def test_a_meeting_is_arranged_frozen_and_opens_the_next_one(bureau, agreement_of_asahan):
    MeasurableFactory(agreement=agreement_of_asahan)
    key = bureau.get("/rapat/baru/").context["form"]["key"].value()
    sent = {"key": key, "title": "Rapat semester I", "held_on": "2026-06-10", "place": "Ruang Tridharma"}
    answer = bureau.post("/rapat/baru/", sent)
    meeting = EvaluationMeeting.objects.get()
    assert answer.url == f"/rapat/{meeting.pk}/mitra/"

    assert bureau.post(answer.url, {"preset": "papers"}).status_code == 302
    assert bureau.post(f"/rapat/{meeting.pk}/bekukan/").url == f"/rapat/{meeting.pk}/"
    minutes = f"/rapat/{meeting.pk}/notulen/{ASAHAN}/"
    decided = {
        "key": bureau.get(minutes).context["form"]["key"].value(),
        "text": "Mengirim daftar peserta",
        "owner": ASAHAN,
        "due": "2026-08-31",
        "agreement": agreement_of_asahan.ref,
    }
    assert bureau.post(minutes, decided).url == minutes
    point = ActionPoint.objects.get()

    form = bureau.get("/rapat/baru/").context["form"]
    assert form["previous"].value() == meeting.pk
    sent = {
        "key": str(uuid4()),
        "title": "Rapat semester II",
        "held_on": "2026-12-10",
        "previous": meeting.pk,
    }
    following = bureau.post("/rapat/baru/", sent).url.removesuffix("mitra/")
    bureau.post(f"{following}mitra/", {"preset": "before"})
    for step in ("", "bekukan/"):
        # As it stands while the meeting is being prepared, and as it stood once it is frozen.
        if step:
            bureau.post(f"{following}{step}")
        shown = bureau.get(following)
        assert [each.point.get_absolute_url() for each in shown.context["shown"].promised] == [
            point.get_absolute_url()
        ]
        assert "Mengirim daftar peserta" in text_of(shown)
    assert "Mengirim daftar peserta" in text_of(bureau.get(f"{following}notulen/{ASAHAN}/"))


def test_what_is_wrong_is_said_and_what_was_typed_stays(bureau, registrar, agreement_of_asahan):
    answer = bureau.post("/rapat/baru/", {"title": "Rapat", "held_on": "kapan saja"})
    assert (answer.status_code, answer.context["form"]["title"].value()) == (422, "Rapat")
    meeting = EvaluationMeetingFactory()
    page = f"/rapat/{meeting.pk}"
    for sent in ({}, {"preset": "semua"}, {"add": "tidak-ada"}, {"preset": "before"}):
        answer = bureau.post(f"{page}/mitra/", sent)
        assert answer.status_code in {422, 302}, sent
    assert bureau.post(f"{page}/mitra/", {}).context["refusal"]
    assert bureau.post(f"{page}/bekukan/").status_code == 422
    assert bureau.post(f"{page}/konfirmasi/").status_code == 422
    assert bureau.get(f"{page}/bahan.pdf").status_code == 404
    stale = {"title": "Lain", "held_on": "2026-12-11", "version": "0"}
    assert bureau.post(f"{page}/ubah/", stale).status_code == 409

    minutes = frozen(registrar, ASAHAN).partners.get().minutes_url
    sent = {"key": str(uuid4()), "text": "Mengirim", "owner": ASAHAN, "agreement": agreement_of_asahan.ref}
    answer = bureau.post(minutes, sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["due"])
    assert not MeetingDecision.objects.exists()


# --- who sees what --------------------------------------------------------------------------------


def test_a_region_sees_its_own_page_of_a_frozen_meeting_and_nothing_else(
    client, registrar, agreement_of_asahan, agreement_of_batang
):
    preparing = EvaluationMeetingFactory(with_partners=[ASAHAN])
    meeting = frozen(registrar, ASAHAN, BATANG)
    client.force_login(person(Role.REGIONAL_OFFICER, "pemerintah-provinsi-sumatera-utara"))

    assert client.get(f"/rapat/{preparing.pk}/").status_code == 404
    shown = client.get(f"/rapat/{meeting.pk}/")
    assert [each.organization.slug for each in shown.context["shown"].partners] == [ASAHAN]
    assert "Kabupaten Batang" not in text_of(shown)
    assert len(pdf_of(client.get(f"/rapat/{meeting.pk}/bahan.pdf")).pages) == 2
    for page, code in (
        (f"mitra/{ASAHAN}/", 200),
        (f"notulen/{ASAHAN}/", 200),
        (f"mitra/{BATANG}/", 404),
        (f"notulen/{BATANG}/", 404),
        ("angka/", 403),
        ("paparan.pdf", 403),
    ):
        assert client.get(f"/rapat/{meeting.pk}/{page}").status_code == code, page


# --- asked ----------------------------------------------------------------------------------------


def test_the_page_says_before_and_after_who_is_asked_and_who_is_not(bureau, registrar, agreement_of_asahan):
    ReportFactory(commitment=MeasurableFactory(agreement=agreement_of_asahan), reach="verified")
    parties = Party.objects.filter(agreement=agreement_of_asahan, organization__slug=ASAHAN)
    parties.update(contact_details="dinas@asahan.test")
    page = f"/rapat/{frozen(registrar, ASAHAN).pk}/konfirmasi/"

    before, after, again = bureau.get(page), bureau.post(page), bureau.get(page)

    assert [each.email for each in before.context["asked"]] == ["dinas@asahan.test"]
    assert [each.email for each in after.context["asked"]] == ["dinas@asahan.test"]
    assert again.context["asked"] == []
    assert again.context["skipped"][0].reason in text_of(again).lower()
    assert len(bureau.get(page.removesuffix("konfirmasi/")).context["shown"].confirmations) == 1


# --- on paper -------------------------------------------------------------------------------------


def test_the_hand_out_has_one_page_for_each_partner_however_much_there_is_to_say(bureau, registrar):
    partners = [partner_with_everything(number) for number in range(2)]
    before = frozen(registrar, *partners)
    for partner in before.partners.all():
        for point in ActionPoint.objects.filter(agreement__in=partner.papers.values("agreement")):
            MeetingDecision.objects.create(
                partner=partner, agreement=point.agreement, text="Uji", action_point=point, by=registrar
            )
    meeting = frozen(registrar, *partners, previous=before)

    pdf = pdf_of(bureau.get(f"/rapat/{meeting.pk}/bahan.pdf"))

    assert len(pdf.pages) == 3
    for partner, page in zip(partners, pdf.pages[1:], strict=True):
        assert " ".join(partner.name.split()[:3]) in " ".join(page.extract_text().split())


def test_slides_lie_on_their_side_and_end_with_what_is_to_be_done(bureau, registrar):
    meeting = frozen(registrar, *[partner_with_everything(number) for number in range(2)])

    pdf = pdf_of(bureau.get(f"/rapat/{meeting.pk}/paparan.pdf"))

    # Title, overview, one for each partner, what is to be done.
    assert len(pdf.pages) == 5
    assert all(page.mediabox.width > page.mediabox.height for page in pdf.pages)
    assert pdf.pages[-1].extract_text().count("Melatih peserta angkatan") == 7


@pytest.mark.parametrize(("file", "made_of"), [("bahan", "handout"), ("paparan", "slides")])
def test_of_many_partners_a_paper_is_made_in_the_background(bureau, registrar, monkeypatch, file, made_of):
    monkeypatch.setattr("partnerships.views.meeting_partners.MOST_IN_REQUEST", 1)
    meeting = frozen(registrar, ASAHAN, BATANG)

    response = bureau.get(f"/rapat/{meeting.pk}/{file}.pdf")

    job = ExportJob.objects.get()
    assert response.status_code == 303
    assert (job.made_of, job.query["meeting"], job.rows_total) == (made_of, str(meeting.pk), 2)


def test_from_any_number_of_the_hand_out_two_presses_lead_to_the_evidence(
    bureau, registrar, agreement_of_asahan
):
    report = ReportFactory(commitment=MeasurableFactory(agreement=agreement_of_asahan), reach="verified")
    Document.objects.create(agreement=agreement_of_asahan, purpose="report", title="Bukti", report=report)
    ActionPointFactory(agreement=agreement_of_asahan)
    meeting = frozen(registrar, ASAHAN)
    pdf = pdf_of(bureau.get(f"/rapat/{meeting.pk}/bahan.pdf"))
    links = {link.removeprefix(settings.PORTAL_URL) for page in pdf.pages for link in links_of(page)}

    assert len(links) > 12
    for link in links:
        answer = bureau.get(link)
        assert answer.status_code == 200, link
        found = re.search(r"show=(\w+)", link)
        # The reports, or what has none: papers and action points.
        if found and found[1] in {"commitments", "measurable", "proven", "verified"}:
            assert report.get_absolute_url() in text_of(answer), link
    assert "Bukti" in text_of(bureau.get(report.get_absolute_url()))


# --- as many questions for many -------------------------------------------------------------------


def test_thirty_partners_are_asked_for_as_often_as_one(bureau, registrar, monkeypatch):
    monkeypatch.setattr("partnerships.views.meeting_partners.MOST_IN_REQUEST", 30)
    costs = []
    for number in (1, 30):
        partners = [OrganizationFactory() for _ in range(number)]
        for partner in partners:
            paper = AgreementFactory(with_parties=[UNIT, partner.slug])
            ReportFactory(commitment=MeasurableFactory(agreement=paper), reach="verified")
            ActionPointFactory(agreement=paper)
        meeting = frozen(registrar, *partners)
        pages = ["", "angka/?show=commitments", "konfirmasi/", "mitra/", "bahan.pdf", "paparan.pdf"]
        pages += ["mitra/{slug}/", "notulen/{slug}/"]
        address = f"/rapat/{meeting.pk}/"
        costs.append({page: _asked(bureau, address + page.format(slug=partners[0].slug)) for page in pages})

    assert costs[0] == costs[1]
    assert max(costs[0].values()) < 45, costs[0]


def _asked(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)
