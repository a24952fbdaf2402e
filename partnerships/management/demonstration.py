"""What the demo shows beside the public records: commitments and reports that are made up, and marked so,
and the measures of a few real ones, which carry their source.

Made through the same actions as everywhere, with days around today, so that something is verified,
waiting, returned, due and overdue whenever the demo is begun.
"""

import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from uuid import NAMESPACE_URL, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import User
from partnerships.actions import action_points, commitments, documents, progress
from partnerships.actions.commitments import CommitmentEntry
from partnerships.actions.progress import BatchLine, ReportContent
from partnerships.models import (
    Agreement,
    Commitment,
    Funding,
    Indicator,
    Obstacle,
    Organization,
    Recurrence,
)

REGISTRAR, UNIT = "registrar@demo.test", "unit@demo.test"
PROVINCE, KABUPATEN = "provinsi@demo.test", "kabupaten@demo.test"


@dataclass(kw_only=True)
class Told:
    """One report of a made-up commitment: which period (0 the oldest), how far it went, what it says."""

    period: int
    value: int
    reach: str = "verified"
    note: str = ""
    reason: str = ""
    obstacle: str = ""
    obstacle_note: str = ""
    next_step: str = ""
    batches: list = field(default_factory=list)
    evidence: str = ""
    action_point: str = ""


@dataclass(kw_only=True)
class MadeUp:
    """One made-up commitment of a public record, with its reports."""

    record: str
    by: str
    text: str
    indicator: str
    target: int
    owner: str
    owed_by: str
    quarters_ago: int = 3
    quarters_ahead: int = 1
    recurrence: str = Recurrence.QUARTERLY
    cumulative: bool = False
    proof: str = "Daftar hadir dan berita acara"
    funding: str = ""
    reports: list = field(default_factory=list)


def _batch(name, *numbers):
    names = ("trained_women", "trained_men", "trained_disabled", "certified_women", "certified_men")
    return BatchLine(name=name, numbers=dict(zip(names, numbers, strict=False)))


_of_asahan = partial(
    MadeUp,
    record="R001",
    by=KABUPATEN,
    owner="dinas-tenaga-kerja-kabupaten-asahan",
    owed_by="pemerintah-kabupaten-asahan",
)

MADE_UP = [
    _of_asahan(
        text="Melatih 320 pencari kerja pada program pelatihan vokasi di Kabupaten Asahan",
        indicator="peserta-dilatih",
        target=320,
        reports=[
            Told(
                period=0,
                value=64,
                note="Empat paket: las, menjahit, tata boga, teknisi sepeda motor.",
                evidence="Daftar hadir empat paket",
                batches=[
                    _batch("Las dan sepeda motor", 4, 28, 1, 3, 25),
                    _batch("Menjahit, boga", 30, 2, 2, 28, 2),
                ],
            ),
            Told(period=1, value=80, note="Lima paket, satu di antaranya di Kisaran Timur."),
            Told(
                period=2,
                value=72,
                reach="submitted",
                note="Lima paket; satu peserta mundur pada minggu pertama.",
                evidence="Daftar hadir lima paket",
            ),
        ],
    ),
    _of_asahan(
        text="Menempatkan 150 lulusan pelatihan di perusahaan setempat",
        indicator="peserta-ditempatkan",
        target=150,
        cumulative=True,
        proof="Surat keterangan diterima bekerja",
        reports=[
            Told(period=0, value=21, note="Perkebunan dan bengkel di Kisaran."),
            Told(
                period=1,
                value=55,
                reach="returned",
                reason="Surat keterangan baru ada untuk 38 orang. Lengkapi atau perbaiki angkanya.",
                obstacle=Obstacle.DATA,
                obstacle_note="Perusahaan belum melaporkan semua penerimaan.",
                next_step="Mengumpulkan surat keterangan dari 4 perusahaan.",
                action_point="Mengirim surat permintaan data penerimaan kepada 4 perusahaan",
            ),
        ],
    ),
    _of_asahan(
        text="Mengalokasikan Rp1.250.000.000 dari APBD untuk pelatihan berbasis kompetensi",
        indicator="anggaran",
        target=1_250_000_000,
        recurrence=Recurrence.ONCE,
        cumulative=True,
        proof="Dokumen pelaksanaan anggaran",
        funding=Funding.APBD,
    ),
    MadeUp(
        record="R001",
        by=REGISTRAR,
        text="Melatih 24 instruktur balai latihan kerja Kabupaten Asahan",
        indicator="instruktur-dilatih",
        target=24,
        owner="ditjen-binalavotas",
        owed_by="kementerian-ketenagakerjaan",
        recurrence=Recurrence.HALF_YEARLY,
        proof="Sertifikat instruktur",
        reports=[Told(period=0, value=10, reach="submitted", note="Angkatan pertama di BBPVP Medan.")],
    ),
    MadeUp(
        record="R002",
        by=PROVINCE,
        text="Mengintegrasikan 10 jenis data ketenagakerjaan dengan SIAPkerja",
        indicator="jenis-data-terintegrasi",
        target=10,
        owner="pemerintah-kabupaten-bekasi",
        owed_by="pemerintah-kabupaten-bekasi",
        cumulative=True,
        proof="Berita acara integrasi data",
        reports=[
            Told(period=0, value=2, note="Data pencari kerja dan lowongan."),
            Told(
                period=1,
                value=5,
                note="Ditambah data lembaga pelatihan, penempatan, dan wajib lapor.",
                obstacle=Obstacle.REGULATION,
                obstacle_note="Perjanjian pertukaran data belum ditandatangani.",
                next_step="Pembahasan naskah dengan Barenbang.",
            ),
        ],
    ),
    MadeUp(
        record="R007",
        by=PROVINCE,
        text="Menyelenggarakan 8 paket pelatihan talenta digital di Kota Bandung",
        indicator="paket-pelatihan",
        target=8,
        owner="pemerintah-kota-bandung",
        owed_by="pemerintah-kota-bandung",
        reports=[Told(period=0, value=3), Told(period=1, value=4), Told(period=2, value=2)],
    ),
    MadeUp(
        record="R071",
        by=UNIT,
        text="Mendampingi 40 wirausaha baru lulusan pelatihan",
        indicator="wirausaha-baru",
        target=40,
        owner="ditjen-binalavotas",
        owed_by="ditjen-binalavotas",
        recurrence=Recurrence.YEARLY,
        cumulative=True,
        proof="Nomor induk berusaha",
    ),
]

# What public sources say of real commitments: record, its words, indicator, number, who owes it.
PUBLIC_MEASURES = [
    (
        "R061",
        "Serapan 10.000 tenaga kerja",
        "peserta-ditempatkan",
        "10000",
        "pt-abuya-berkah-indonesia-makmur",
    ),
    ("R081", "Hibah lahan 3,5 ha dari Pemkab", "lahan", "3.5", "pemerintah-kabupaten-lombok-timur"),
    ("R081", "2 paket barista", "paket-pelatihan", "2", "ditjen-binalavotas"),
    ("R081", "4 paket commercial pastry", "paket-pelatihan", "4", "ditjen-binalavotas"),
    ("R081", "4 paket commercial cookery", "paket-pelatihan", "4", "ditjen-binalavotas"),
]
# A result that a public source reports: record, the commitment's words, day, number.
PUBLIC_RESULT = ("R117", "200 sertifikat soft skill (November 2018)", date(2018, 11, 30), 200)


def create():
    """Make what is missing of the demonstration; returns how many commitments were made or measured.

    Records that are not in the portal are passed over: an empty portal has nothing to demonstrate on.
    """
    papers = {
        paper.external_id: paper
        for paper in Agreement.objects.filter(
            external_id__in={each.record for each in MADE_UP}
            | {row[0] for row in PUBLIC_MEASURES}
            | {PUBLIC_RESULT[0]}
        )
    }
    people = {user.email: user for user in User.objects.filter(email__endswith="@demo.test")}
    made = 0
    for each in MADE_UP:
        if each.record in papers and not Commitment.objects.filter(entry_key=_key(each)).exists():
            _make(each, papers[each.record], people)
            made += 1
    for record, *said in PUBLIC_MEASURES:
        if record in papers:
            made += _measure(papers[record], *said, by=people[REGISTRAR])
    if PUBLIC_RESULT[0] in papers:
        made += _report_result(papers[PUBLIC_RESULT[0]], by=people[REGISTRAR])
    return made


def _key(made_up):
    return uuid5(NAMESPACE_URL, f"demo:{made_up.record}:{made_up.text}")


def _quarter(offset):
    """The first day of the quarter that many quarters from this one."""
    today = timezone.localdate()
    number = today.year * 4 + (today.month - 1) // 3 + offset
    return date(number // 4, number % 4 * 3 + 1, 1)


def _make(each, paper, people):
    starts = _quarter(-each.quarters_ago)
    entry = CommitmentEntry(
        text=each.text,
        owed_by=paper.parties.filter(organization__slug=each.owed_by).first(),
        indicator=Indicator.objects.get(slug=each.indicator),
        target=Decimal(each.target),
        starts_on=starts,
        due=_quarter(each.quarters_ahead + 1) - timedelta(days=1),
        recurrence=each.recurrence,
        cumulative=each.cumulative,
        owner=Organization.objects.get(slug=each.owner),
        proof_wanted=each.proof,
        funding=each.funding,
    )
    by = people[each.by]
    commitment = commitments.log(agreement=paper, entry=entry, by=by, key=_key(each), demonstration=True)
    periods = list(commitment.periods.order_by("ends"))
    # Nobody verifies an entry of their own, so the unit's are verified by the registrar.
    verifier = people[REGISTRAR if each.by == UNIT else UNIT]
    for told in each.reports:
        _tell(commitment, periods[told.period].ends, told, by, verifier)


def _tell(commitment, period_end, told, by, verifier):
    content = ReportContent(
        value=Decimal(told.value),
        note=told.note,
        obstacle=told.obstacle,
        obstacle_note=told.obstacle_note,
        next_step=told.next_step,
        batches=told.batches or None,
    )
    report = progress.draft(
        commitment=commitment, period_end=period_end, content=content, by=by, demonstration=True
    )
    if told.evidence:
        documents.attach(report=report, upload=_sheet_of_paper(told.evidence), by=by)
        report.refresh_from_db()
    if told.reach == "draft":
        return
    progress.submit(report=report, by=by)
    if told.reach == "verified":
        progress.verify(report=report, by=verifier)
    elif told.reach == "returned":
        progress.return_for_change(report=report, by=verifier, reason=told.reason)
    if told.action_point:
        action_points.open_point(
            agreement=commitment.agreement,
            report=report,
            text=told.action_point,
            owner=commitment.owner,
            verifier=commitment.agreement.responsible_unit,
            due=timezone.localdate() + timedelta(days=21),
            by=verifier,
            demonstration=True,
        )


def _sheet_of_paper(title):
    """A made-up piece of evidence: a picture of a sheet that says it is an example."""
    sheet = Image.new("RGB", (1240, 877), "#fbfaf6")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((60, 60, 1180, 817), outline="#0b6475", width=3)
    pen.text((110, 110), title, fill="#1b1f20", font_size=44)
    pen.text((110, 180), "CONTOH: dibuat untuk demonstrasi", fill="#8a2d1c", font_size=34)
    for line in range(11):
        pen.line((110, 290 + 46 * line, 1130, 290 + 46 * line), fill="#c9c4b8", width=2)
    file = io.BytesIO()
    sheet.save(file, "JPEG", quality=85)
    return SimpleUploadedFile(f"{title}.jpg", file.getvalue(), "image/jpeg")


def _measure(paper, text, indicator, number, owed_by, by):
    """Give a real commitment the number that its source says; what the source leaves open stays open."""
    commitment = paper.commitments.filter(text=text, indicator=None).first()
    if commitment is None:
        return 0
    entry = CommitmentEntry(
        text=commitment.text,
        owed_by=paper.parties.filter(organization__slug=owed_by).first(),
        indicator=Indicator.objects.get(slug=indicator),
        target=Decimal(number),
        source=commitment.source,
    )
    commitments.change(commitment=commitment, entry=entry, version=commitment.version, by=by)
    return 1


def _report_result(paper, by):
    _record, text, day, number = PUBLIC_RESULT
    commitment = paper.commitments.filter(text=text).first()
    if commitment is None or commitment.reports.exists():
        return 0
    commitments.ask_for_report(commitment=commitment, due_on=day, by=by)
    content = ReportContent(value=Decimal(number), source=commitment.source)
    report = progress.draft(commitment=commitment, period_end=day, content=content, by=by)
    progress.submit(report=report, by=by)
    return 1
