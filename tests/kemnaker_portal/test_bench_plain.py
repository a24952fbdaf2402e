"""By what script/bench measures the pages of issue 6: plain SQL that says the same figures as they show."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from partnerships.models import BatchShare, Commitment, DormancyLimit, Indicator, TraineeBatch
from script.internals.bench import plain
from script.internals.bench.plain import shown
from script.internals.bench.questions import OF_INSIGHT, PAGES
from tests.factories import MeasurableFactory, ReportFactory
from tests.partnerships.varied_commitments import INDICATORS, varied_commitments
from tests.partnerships.varied_papers import varied_papers

STAGED = ["peserta-dilatih", "peserta-bersertifikat", "peserta-ditempatkan"]


@pytest.fixture
def register(db, time_machine, monkeypatch):
    """Papers and commitments of every kind, many of North Sumatra, and trainees whom two of them share."""
    time_machine.move_to("2026-03-02T05:00:00Z", tick=False)
    monkeypatch.setattr("tests.partnerships.varied_commitments.INDICATORS", [*INDICATORS, *STAGED])
    monkeypatch.setattr(shown, "PROVINCE", "12")
    monkeypatch.setattr(shown, "THEME", "pelatihan-vokasi")
    for kind in ("mou", "pks"):
        limits = {"follow_up": 100, "action_plan": 200, "progress": 300}
        DormancyLimit.objects.update_or_create(kind=kind, defaults=limits)
    varied_papers(70)
    made = varied_commitments(90)
    share_a_batch(made[1])


def share_a_batch(other):
    """A verified report on people, of whom three quarters count for another commitment."""
    Commitment.objects.filter(pk=other.pk).update(
        indicator=Indicator.objects.get(slug="peserta-dilatih"),
        target=80,
        starts_on=None,
        due=datetime.date(2025, 3, 1),
        proof_wanted="Daftar hadir",
        withdrawn_on=None,
        owner=MeasurableFactory().owner,
    )
    report = ReportFactory(commitment=MeasurableFactory(agreement=other.agreement), value=30)
    batch = TraineeBatch.objects.create(report=report, name="Angkatan 1", trained_women=30, trained_men=11)
    BatchShare.objects.bulk_create(
        BatchShare(batch=batch, commitment=each, weight=Decimal(weight))
        for each, weight in [(report.commitment, "0.25"), (other, "0.75")]
    )
    report.submitted_by, report.submitted_at = report.written_by, timezone.now()
    for status in ("submitted", "verified"):
        report.status = status
        if status == "verified":
            report.decided_by, report.decided_at = ReportFactory().written_by, timezone.now()
        report.save()


def test_plain_sql_says_what_each_page_shows(register, registrar, officer_north_sumatra):
    for page in OF_INSIGHT:
        user = officer_north_sumatra if page.endswith("_officer") else registrar
        said = plain.asked(page, plain.parameters(page, user))

        assert plain.differing(page, user) == []
        assert len({figure for figure, _key in said}) > 2, page


def test_what_differs_is_named_with_both_numbers(registrar, monkeypatch):
    monkeypatch.setitem(shown.SHOWN, "coverage", lambda user: {("papers", ""): 10_000})

    found = plain.differing("coverage", registrar)

    assert found == ["coverage: papers: 0 in plain SQL, 10000 on the page"]


def test_every_page_of_issue_6_that_is_measured_has_its_statements():
    assert {*plain.STATEMENTS} == {*OF_INSIGHT} <= {*PAGES}
