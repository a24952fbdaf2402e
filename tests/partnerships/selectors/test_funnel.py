"""People trained, certified and placed: the sums of plain SQL, and the commitments behind each number."""

import datetime
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils.translation import gettext

from partnerships.models import BatchShare, Commitment, Indicator, PartnerClass, Stage, TraineeBatch
from partnerships.register import commitments_for
from partnerships.selectors.funnel import DIMENSIONS, Funnel
from tests.factories import MeasurableFactory, OrganizationFactory, PartyFactory, ReportFactory
from tests.partnerships.varied_commitments import INDICATORS, varied_commitments

STAGED = ["peserta-dilatih", "peserta-bersertifikat", "peserta-ditempatkan"]
QUESTIONS = [
    "",
    "region=12",
    "region=12&region=33.25",
    "class=regional",
    "due_after=2025-01-01&due_before=2025-12-31",
    "due_before=2026-06-30&indicator=peserta-dilatih",
    "partner=pemerintah-kabupaten-asahan",
    "theme=k3",
    "q=melatih",
]
# Written down once more: what the reports of a commitment come to, from the tables alone.
_PLAIN = """
    WITH own AS (
        SELECT c.id, c.agreement_id, c.target, i.stage, c.due,
            c.indicator_id IS NOT NULL AND coalesce(c.target, 0) > 0 AND c.due IS NOT NULL
                AND c.owner_id IS NOT NULL AND c.proof_wanted <> '' AS measurable,
            EXISTS (SELECT 1 FROM partnerships_progressreport r
                    WHERE r.commitment_id = c.id AND r.status = 'submitted') AS waits,
            coalesce(CASE WHEN c.cumulative THEN (
                SELECT r.value FROM partnerships_progressreport r
                WHERE r.commitment_id = c.id AND r.status = 'verified' ORDER BY r.period_end DESC LIMIT 1
            ) ELSE (
                SELECT sum(r.value) FROM partnerships_progressreport r
                WHERE r.commitment_id = c.id AND r.status = 'verified'
            ) END, 0) + coalesce((
                SELECT sum(s.weight * CASE i.stage
                    WHEN 'trained' THEN b.trained_women + b.trained_men
                    WHEN 'certified' THEN b.certified_women + b.certified_men
                    WHEN 'placed' THEN b.placed_women + b.placed_men END)
                FROM partnerships_batchshare s JOIN partnerships_traineebatch b ON b.id = s.batch_id
                JOIN partnerships_progressreport r ON r.id = b.report_id
                WHERE s.commitment_id = c.id AND r.status = 'verified' AND r.commitment_id <> c.id
            ), 0) AS achieved
        FROM partnerships_commitment c JOIN partnerships_indicator i ON i.id = c.indicator_id
        WHERE c.withdrawn_on IS NULL AND i.stage <> '' AND c.id = ANY(%s)
    )
    SELECT stage, count(*), count(*) FILTER (WHERE measurable), count(*) FILTER (WHERE waits),
        coalesce(sum(target) FILTER (WHERE measurable), 0),
        coalesce(sum(achieved) FILTER (WHERE measurable), 0)
    FROM own GROUP BY stage
"""


@pytest.fixture(autouse=True)
def the_second_of_march(time_machine):
    time_machine.move_to("2026-03-02T05:00:00Z", tick=False)


@pytest.fixture
def commitments(db, monkeypatch):
    """Commitments of every kind, most of them of people on their way to work; one batch is shared."""
    monkeypatch.setattr("tests.partnerships.varied_commitments.INDICATORS", [*INDICATORS, *STAGED])
    made = varied_commitments(90)
    first, second = made[0], made[1]
    Commitment.objects.filter(pk__in=[first.pk, second.pk]).update(
        indicator=Indicator.objects.get(slug="peserta-bersertifikat"),
        target=80,
        due=datetime.date(2025, 12, 1),
        proof_wanted="Daftar hadir",
        withdrawn_on=None,
        owner=MeasurableFactory().owner,
    )
    report = ReportFactory(commitment=MeasurableFactory(agreement=first.agreement), value=30)
    batch = TraineeBatch.objects.create(
        report=report,
        name="Angkatan 1",
        trained_women=30,
        trained_men=11,
        certified_women=20,
        certified_men=7,
    )
    BatchShare.objects.bulk_create(
        BatchShare(batch=batch, commitment=each, weight=weight)
        for each, weight in [(first, Decimal("0.3333")), (second, Decimal("0.6667"))]
    )
    for status in ("submitted", "verified"):
        report.status = status
        report.submitted_by, report.submitted_at = report.written_by, datetime.datetime.now(datetime.UTC)
        if status == "verified":
            report.decided_by, report.decided_at = ReportFactory().written_by, report.submitted_at
        report.save()
    return made


def asked_of(query):
    return QueryDict(query, mutable=True)


def plain(pks):
    with connection.cursor() as cursor:
        cursor.execute(_PLAIN, [list(pks)])
        found = {stage: tuple(numbers) for stage, *numbers in cursor.fetchall()}
    return [found.get(stage.value, (0, 0, 0, 0, 0)) for stage in Stage]


def said(steps):
    reached = [step.reached for step in steps]
    return [(e.commitments, e.measurable, e.waiting, e.promised, e.done) for e in reached]


def behind(user, url):
    return commitments_for(user, QueryDict(urlsplit(url).query)).rows()


def test_the_steps_are_the_sums_of_plain_sql(commitments, registrar):
    for question in QUESTIONS:
        asked_for = commitments_for(registrar, asked_of(question)).rows().values_list("pk", flat=True)

        assert said(Funnel(registrar, asked_of(question)).steps) == plain(asked_for), question


def test_a_part_of_a_person_counts_as_a_part(commitments, registrar):
    paper = commitments[0].agreement.ref
    steps = Funnel(registrar, asked_of(f"agreement={paper}&indicator=peserta-bersertifikat")).steps

    assert commitments[0] in behind(registrar, steps[1].urls["done"])
    assert steps[1].reached.done % 1 == Decimal("0.3333") * 27 % 1


@pytest.mark.parametrize("by", DIMENSIONS)
def test_each_line_is_the_sum_of_the_commitments_it_leads_to(commitments, registrar, by):
    for question in QUESTIONS:
        funnel = Funnel(registrar, asked_of(f"{question}&by={by}"))

        assert funnel.problems == []
        for line in funnel.lines:
            steps = [step for step in line.steps if step.urls]
            everything = {row.pk for step in steps for row in behind(registrar, step.urls["all"])}
            assert said(line.steps) == plain(everything), (question, line.label)
            for step in steps:
                numbers = [behind(registrar, url).count() for url in step.urls.values()]
                reached = step.reached
                assert numbers == [
                    reached.measurable,
                    step.unmeasurable,
                    reached.waiting,
                    reached.commitments,
                ]


def test_every_value_that_something_has_is_a_line(commitments, registrar):
    for by, wanted in {
        "region": {"Provinsi Sumatera Utara", "Provinsi Jawa Tengah"},
        "class": {PartnerClass.REGIONAL.label, PartnerClass.UNKNOWN.label},
        "partner": {"Pemerintah Kabupaten Asahan", "Pemerintah Kota Medan"},
        "period": {"2025", "2026", gettext("Without a due date")},
    }.items():
        labels = [line.label for line in Funnel(registrar, asked_of(f"by={by}")).lines]

        assert wanted <= set(labels)
        assert len(labels) == len(set(labels))


def test_within_a_province_are_its_kabupaten_and_within_a_year_its_quarters(commitments, registrar):
    regions = Funnel(registrar, asked_of("region=12&by=region"))
    quarters = Funnel(registrar, asked_of("due_after=2025-01-01&due_before=2025-12-31&by=period"))

    assert "Kabupaten Asahan" in [line.label for line in regions.lines]
    assert {line.label for line in quarters.lines} <= {f"Triwulan {n} 2025" for n in ("I", "II", "III", "IV")}


def test_partners_with_most_people_stand_first_and_what_is_typed_wrong_is_said(db, registrar):
    for number, value in enumerate([10, 70, 40]):
        commitment = MeasurableFactory()
        PartyFactory(agreement=commitment.agreement, organization=OrganizationFactory(name=f"Mitra {number}"))
        ReportFactory(commitment=commitment, value=value, reach="verified")
    funnel = Funnel(registrar, asked_of("by=partner"))

    assert [line.label for line in funnel.lines] == ["Mitra 1", "Mitra 2", "Mitra 0"]
    assert len(Funnel(registrar, asked_of("by=x&sort=ref&on=2025-01-01&unit=nobody&z=1")).problems) == 5


def test_the_people_of_verified_batches_are_followed(commitments, registrar):
    both = Funnel(registrar, asked_of(""))
    one = Funnel(registrar, asked_of(f"agreement={commitments[0].agreement.ref}"))

    assert [(step.number, step.share) for step in both.followed] == [("41", ""), ("27", "65,8%"), ("0", "0%")]
    assert set(behind(registrar, both.followed[0].url)) == set(commitments[:2])
    assert one.followed[0].value == pytest.approx(41 * 0.3333)
    assert Funnel(registrar, asked_of("region=94")).followed == []


def test_who_sees_less_counts_less(commitments, registrar, officer_asahan):
    own, all_of_it = Funnel(officer_asahan, asked_of("")), Funnel(registrar, asked_of(""))

    assert 0 < own.commitments.count < all_of_it.commitments.count
    seen = commitments_for(officer_asahan, asked_of("")).rows().values_list("pk", flat=True)
    assert said(own.steps) == plain(seen)
