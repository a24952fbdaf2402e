"""Commitments of every kind, measurable and not, with reports of every status; the same in every run."""

import random
from datetime import date, timedelta

from partnerships.lifecycle import Status
from partnerships.models import Commitment, Funding, Indicator, Organization, Recurrence, SigningEvent
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    PersonFactory,
    ReportFactory,
    SigningEventFactory,
)

UNITS = ["ditjen-binalavotas", "bbpvp-makassar", "barenbang", "biro-kerja-sama"]
OFFICES = [
    "pemerintah-kabupaten-asahan",
    "pemerintah-kabupaten-batang",
    "pemerintah-provinsi-sumatera-utara",
    "pemerintah-kota-medan",
]
INDICATORS = ["peserta-dilatih", "anggaran", "lahan", "paket-pelatihan"]
WORDS = ["Melatih peserta", "menempatkan lulusan", "=1+1 Menyediakan lahan", "Berbagi data pencari kerja"]


def varied_commitments(number=40, seed=11, today=date(2026, 3, 2)):
    """Make the commitments around that day; the same seed gives the same ones."""
    chance = random.Random(seed)  # noqa: S311 - chance for tests, not for secrets
    event = SigningEvent.objects.filter(slug="acara-uji").first() or SigningEventFactory(slug="acara-uji")
    papers = [_paper(chance, event) for _ in range(max(2, number // 4))]
    contact = PersonFactory()
    return [_commitment(chance, papers, contact, today) for _ in range(number)]


def _paper(chance, event):
    units = chance.sample(UNITS, chance.choice([1, 1, 2]))
    offices = chance.sample(OFFICES, chance.choice([0, 1, 1, 2]))
    return AgreementFactory(
        status=chance.choice([Status.SIGNED] * 6 + [Status.DRAFTING, Status.PROPOSED, Status.ENDED]),
        with_parties=units + offices,
        with_themes=["k3"] if len(offices) > 1 else ["pelatihan-vokasi"],
        event=event if len(units) > 1 else None,
    )


def _commitment(chance, papers, contact, today):
    paper = chance.choice(papers)
    parties = list(paper.parties.select_related("organization"))
    owed_by, owed_to = chance.sample(parties, 2) if len(parties) > 1 else (None, None)
    starts = today - timedelta(days=chance.randrange(30, 700))
    due = chance.choice([None, *[starts + timedelta(days=chance.randrange(20, 900)) for _ in range(4)]])
    due = chance.choice([due, due, due, today + timedelta(days=9)])
    whole = chance.random() < 0.6
    owner = Organization.objects.get(slug=chance.choice(OFFICES + UNITS))
    commitment = CommitmentFactory(
        agreement=paper,
        position=chance.randrange(1, 9),
        text=f"{chance.choice(WORDS)} {chance.randrange(9)}",
        clause=chance.choice(["", "Pasal 3"]),
        owed_by=owed_by,
        owed_to=owed_to,
        indicator=Indicator.objects.get(slug=chance.choice(INDICATORS)) if whole else None,
        target=chance.choice([None, 0, 40, 1250, "1250000000.50"]),
        baseline=chance.choice([None, 10]),
        starts_on=starts,
        due=due,
        recurrence=chance.choice(Recurrence.values),
        cumulative=chance.random() < 0.5,
        owner=owner if whole or chance.random() < 0.3 else None,
        contact=chance.choice([None, contact]),
        proof_wanted=chance.choice(["", "Daftar hadir", "Berita acara"]),
        funding=chance.choice(["", *Funding.values]),
        source=chance.choice(["", "https://example.test/berita"]),
        demonstration=chance.random() < 0.3,
        withdrawn_on=today if chance.random() < 0.1 else None,
    )
    _report_on(chance, commitment, today)
    return Commitment.objects.get(pk=commitment.pk)


def _report_on(chance, commitment, today):
    """Reports on what is over, or on some of it; now and then on what is still to come."""
    periods = list(commitment.periods.order_by("ends")[:8])
    over = [period for period in periods if period.ends < today]
    until = chance.choice([0, len(over) // 2, len(over), len(over), len(periods)])
    for period in periods[:until]:
        ReportFactory(
            commitment=commitment,
            period_start=period.begins,
            period_end=period.ends,
            value=chance.randrange(60),
            obstacle=chance.choice(["", "budget", "data"]),
            obstacle_note=chance.choice(["", "Dana belum cair"]),
            next_step=chance.choice(["", "Rapat koordinasi"]),
            reach=chance.choice(["draft", "submitted", "returned", *["verified"] * 9]),
        )
