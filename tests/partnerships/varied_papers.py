"""Papers of every kind, status, class, region, theme and precision of date, the same in every run."""

import datetime
import random

from partnerships.lifecycle import DRAFTS, Status
from partnerships.models import (
    AgreementKind,
    DormancyDecision,
    DormancyOutcome,
    Organization,
    OrganizationKind,
    PartialDate,
    Party,
    SigningEvent,
)
from tests.factories import (
    ActionPointFactory,
    AgreementFactory,
    CommitmentFactory,
    MeasurableFactory,
    OrganizationFactory,
    ReportFactory,
    SigningEventFactory,
    SourcedFactFactory,
    TermFactory,
)

UNITS = ["ditjen-binalavotas", "bbpvp-makassar", "barenbang", "setjen", "biro-kerja-sama"]
GOVERNMENTS = [
    "pemerintah-kabupaten-asahan",
    "pemerintah-kabupaten-batang",
    "pemerintah-provinsi-sumatera-utara",
    "pemerintah-kota-medan",
    "pemerintah-kabupaten-bekasi",
]
THEMES = ["integrasi-data", "pelatihan-vokasi", "penempatan", "k3", "green-jobs"]
DATES = ["2019", "2020-08", "2024-05-07", "2025-03-20", "2025", "2026-01", ""]
ENDS = ["", "", "", "2021", "2025-12-31", "2026-12-31", "2031-01-01", "open"]


def varied_papers(number=40, seed=7):
    """Make the papers; the same seed gives the same ones."""
    chance = random.Random(seed)  # noqa: S311 - chance for tests, not for secrets
    events = [SigningEventFactory() for _ in range(2)] + list(SigningEvent.objects.all()[:1])
    partners = [
        OrganizationFactory(kind=kind)
        for kind in OrganizationKind
        if kind != OrganizationKind.UNIT and "government" not in kind
    ]
    papers = []
    for _ in range(number):
        papers.append(_paper(chance, events, partners, papers))
    return papers


def _wake_some(agreement, part):
    """Of one in ten papers progress is verified, of one in ten somebody has decided that it is to wake up."""
    if part < 0.1:
        ReportFactory(commitment=MeasurableFactory(agreement=agreement), reach="verified")
    elif part < 0.2:
        point = ActionPointFactory(agreement=agreement)
        DormancyDecision.objects.create(
            agreement=agreement,
            outcome=DormancyOutcome.REVIVE,
            reason="Uji",
            action_point=point,
            decided_on=datetime.date(2026, 1, 1),
            by=point.raised_by,
        )


def _paper(chance, events, partners, earlier):
    status = chance.choice([Status.SIGNED] * 5 + list(Status))
    agreement = AgreementFactory(
        kind=chance.choice(list(AgreementKind)),
        status=status,
        signed=PartialDate.parse(chance.choice(DATES)),
        event=chance.choice([None, *events]),
        represents=chance.choice([1, 1, 1, 75]),
        implements=chance.choice([None, None, *earlier[-3:]]),
        renews=earlier[-2] if len(earlier) % 4 == 2 else None,
        place=chance.choice(["", "Jakarta", "Bandung"]),
        with_themes=chance.sample(THEMES, chance.randrange(3)),
    )
    slugs = chance.sample(UNITS, chance.randrange(3)) + chance.sample(GOVERNMENTS, chance.randrange(3))
    parties = [*Organization.objects.filter(slug__in=slugs), *chance.sample(partners, chance.randrange(3))]
    for position, organization in enumerate(parties, start=1):
        Party.objects.create(agreement=agreement, organization=organization, position=position)
    if chance.random() < 0.5:
        ends = chance.choice(ENDS)
        TermFactory(
            agreement=agreement,
            starts=None,
            ends=None if ends == "open" else PartialDate.parse(ends),
            ends_open=ends == "open",
        )
    for _ in range(chance.randrange(3)):
        SourcedFactFactory(agreement=agreement, in_force=chance.random() < 0.5)
    if chance.random() < 0.4:
        CommitmentFactory(agreement=agreement)
    _wake_some(agreement, chance.random())
    assert status not in DRAFTS or not agreement.published_at
    return agreement
