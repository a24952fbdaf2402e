"""Rates against cases that were computed by hand."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict

from partnerships.models import BatchShare, Commitment, Indicator, Organization, Party, TraineeBatch
from partnerships.register import commitments_for
from partnerships.selectors import achievement
from regions.models import Region
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory

pytestmark = pytest.mark.django_db


def reported(commitment, *values, reach="verified", first=3):
    """Reports on the ends of quarters of 2025, in order."""
    ends = {3: date(2025, 3, 31), 6: date(2025, 6, 30), 9: date(2025, 9, 30), 12: date(2025, 12, 31)}
    return [
        ReportFactory(commitment=commitment, period_end=ends[first + 3 * index], value=value, reach=reach)
        for index, value in enumerate(values)
    ]


def achieved(commitment, on=None):
    return Commitment.objects.with_achieved(on).get(pk=commitment.pk)


def test_of_cumulative_reports_the_last_one_counts():
    commitment = MeasurableFactory(target=200, cumulative=True, recurrence="quarterly")
    reported(commitment, 40, 90)

    row = achieved(commitment)

    assert (row.achieved, row.rate) == (90, Decimal("0.45"))


def test_reports_per_period_are_added_up():
    commitment = MeasurableFactory(target=200, cumulative=False, recurrence="quarterly")
    reported(commitment, 40, 90)

    row = achieved(commitment)

    assert (row.achieved, row.rate) == (130, Decimal("0.65"))


@pytest.mark.parametrize("reach", ["draft", "submitted", "returned"])
def test_only_what_is_verified_counts_and_what_waits_is_said(reach):
    commitment = MeasurableFactory(target=100, recurrence="quarterly")
    reported(commitment, 30)
    reported(commitment, 80, reach=reach, first=6)

    row = achieved(commitment)

    assert (row.achieved, row.rate) == (30, Decimal("0.3"))
    assert row.waiting == (1 if reach == "submitted" else 0)


def test_a_verified_report_that_was_opened_again_counts_no_longer():
    commitment = MeasurableFactory(target=100)
    (report,) = reported(commitment, 70, first=12)
    report.status = "returned"
    report.save()

    assert achieved(commitment).achieved == 0


def test_as_of_a_day_periods_that_had_ended_count():
    commitment = MeasurableFactory(target=200, cumulative=False, recurrence="quarterly")
    reported(commitment, 40, 90)

    assert achieved(commitment, on=date(2025, 6, 29)).achieved == 40
    assert achieved(commitment, on=date(2025, 6, 30)).achieved == 130
    assert achieved(commitment, on=date(2025, 3, 30)).achieved == 0


def test_a_moved_due_date_keeps_what_was_reported():
    commitment = MeasurableFactory(target=100)
    reported(commitment, 60, first=12)
    commitment.due = date(2026, 6, 30)
    commitment.save(update_fields=["due"])

    assert achieved(commitment).rate == Decimal("0.6")


@pytest.mark.parametrize(
    "missing",
    [
        {"indicator": None},
        {"target": None},
        {"target": 0},
        {"due": None},
        {"owner": None},
        {"proof_wanted": ""},
    ],
    ids=lambda missing: next(iter(missing)),
)
def test_what_can_not_be_measured_has_no_rate(missing):
    commitment = MeasurableFactory(**missing)
    ReportFactory(commitment=commitment, period_end=date(2025, 12, 31), value=50, reach="verified")

    assert achieved(commitment).rate is None
    assert achieved(commitment).achieved == 50
    assert commitment.is_measurable is False
    assert not Commitment.objects.measurable().filter(pk=commitment.pk).exists()
    assert Commitment.objects.unmeasurable().filter(pk=commitment.pk).exists()


class TestSharedBatches:
    """20 women and 10 men trained, 18 and 6 certified; one third is another commitment's."""

    @pytest.fixture
    def two(self):
        paper = AgreementFactory()
        here = MeasurableFactory(agreement=paper, target=100, cumulative=False, recurrence="quarterly")
        there = MeasurableFactory(
            agreement=paper,
            target=50,
            cumulative=False,
            recurrence="quarterly",
            indicator=Indicator.objects.get(slug="peserta-bersertifikat"),
        )
        return here, there

    @staticmethod
    def batch(report, weights):
        with transaction.atomic():
            batch = TraineeBatch.objects.create(
                report=report,
                name="Angkatan I",
                trained_women=20,
                trained_men=10,
                certified_women=18,
                certified_men=6,
                trained_disabled=3,
                certified_disabled=2,
            )
            for commitment, weight in weights.items():
                BatchShare.objects.create(batch=batch, commitment=commitment, weight=Decimal(weight))
        return batch

    def verified_with(self, here, weights, value):
        (report,) = reported(here, value, reach="draft")
        self.batch(report, weights)
        for status in ("submitted", "verified"):
            report.status = status
            report.submitted_by, report.submitted_at = report.written_by, "2025-04-02T00:00Z"
            if status == "verified":
                report.decided_by = ReportFactory().written_by
                report.decided_at = "2025-04-03T00:00Z"
            report.save()
        return report

    def test_a_batch_counts_for_each_by_its_part_and_stage(self, two):
        here, there = two
        self.verified_with(here, {here: "0.75", there: "0.25"}, value=Decimal("22.5"))

        # 0.75 of 30 trained were reported here; 0.25 of 24 certified count there.
        assert achieved(here).achieved == Decimal("22.5")
        assert achieved(there).achieved == 6
        assert achieved(there).rate == Decimal("0.12")

    def test_a_batch_whose_report_is_not_verified_counts_nowhere(self, two):
        here, there = two
        (report,) = reported(here, 22, reach="draft")
        self.batch(report, {here: "0.5", there: "0.5"})

        assert achieved(there).achieved == 0

    def test_as_of_a_day_before_the_period_a_share_does_not_count(self, two):
        here, there = two
        self.verified_with(here, {here: "0.75", there: "0.25"}, value=Decimal("22.5"))

        assert achieved(there, on=date(2025, 3, 30)).achieved == 0
        assert achieved(there, on=date(2025, 3, 31)).achieved == 6

    def test_so_does_the_index(self, two, registrar):
        here, there = two
        self.verified_with(here, {here: "0.75", there: "0.25"}, value=Decimal("22.5"))

        def told(day):
            measured = commitments_for(registrar, QueryDict(f"on={day}")).measured
            return [measured.by_indicator()[each.indicator_id][2] for each in (here, there)]

        assert told("2025-03-30") == [0, 0]
        assert told("2025-03-31") == [Decimal("22.5"), 6]

    @pytest.mark.parametrize("weights", [("0.75",), ("0.75", "0.30"), ("0.40", "0.40")])
    def test_the_database_refuses_parts_that_do_not_sum_to_one(self, two, weights):
        (report,) = reported(two[0], 10, reach="draft")

        with pytest.raises(IntegrityError, match="sum to 1"), transaction.atomic():
            self.batch(report, dict(zip(two, weights, strict=False)))
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_a_batch_of_a_submitted_report_stays_as_it_is(self, two):
        here, _there = two
        report = self.verified_with(here, {here: "1"}, value=30)

        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            report.batches.update(trained_women=99)

    def test_nobody_is_certified_who_was_not_trained(self, two):
        (report,) = reported(two[0], 10, reach="draft")

        with pytest.raises(IntegrityError, match="batch_certified_of_the_trained_men"), transaction.atomic():
            TraineeBatch.objects.create(report=report, name="A", trained_men=3, certified_men=4)


def test_the_rate_of_a_paper_is_the_mean_each_counted_up_to_one(registrar):
    paper = AgreementFactory()
    for target, value in ((100, 250), (100, 50), (10, 0)):
        commitment = MeasurableFactory(agreement=paper, target=target)
        reported(commitment, value, first=12)
    MeasurableFactory(agreement=paper, proof_wanted="")
    withdrawn = MeasurableFactory(agreement=paper, withdrawn_on=date(2025, 5, 1))
    reported(withdrawn, 100, first=12)
    reported(MeasurableFactory(), 100, first=12)

    found = achievement.of_agreement(registrar, paper)

    # (1 + 0.5 + 0) / 3
    assert found.rate == Decimal("0.5")
    assert (found.commitments, found.measurable, found.unmeasurable) == (4, 3, 1)


def test_the_rate_says_how_many_reports_wait_and_how_many_are_overdue(registrar):
    paper = AgreementFactory()
    waiting = MeasurableFactory(agreement=paper)
    reported(waiting, 80, reach="submitted", first=12)
    MeasurableFactory(agreement=paper)

    found = achievement.of_agreement(registrar, paper)

    assert (found.rate, found.waiting, found.overdue) == (0, 1, 1)


def test_without_anything_measurable_there_is_no_rate(registrar):
    paper = AgreementFactory()
    MeasurableFactory(agreement=paper, target=None)

    assert achievement.of_agreement(registrar, paper).rate is None


def test_the_total_of_an_indicator_is_the_sum_over_the_sum(registrar):
    trained = Indicator.objects.get(slug="peserta-dilatih")
    for target, value in ((300, 30), (100, 100)):
        reported(MeasurableFactory(target=target), value, first=12)

    total = achievement.of_indicator(registrar, trained)

    assert (total.target, total.achieved, total.rate) == (400, 130, Decimal("0.325"))
    assert achievement.of_indicator(registrar, Indicator.objects.get(slug="lahan")) is None


def test_a_partner_and_a_unit_answer_for_what_they_and_their_offices_owe(registrar):
    government = Organization.objects.get(slug="pemerintah-kabupaten-asahan")
    office = Organization.objects.create(
        name="Dinas Tenaga Kerja Kabupaten Asahan",
        slug="disnaker-asahan",
        kind="regional_office",
        parent=government,
        region=government.region,
    )
    reported(MeasurableFactory(owner=office), 50, first=12)
    paper = AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"])
    batang = Organization.objects.get(slug="pemerintah-kabupaten-batang")
    owed = MeasurableFactory(agreement=paper, owner=batang, owed_by=Party.objects.get(agreement=paper))
    reported(owed, 100, first=12)

    assert achievement.of_organization(registrar, office).rate == Decimal("0.5")
    assert achievement.of_organization(registrar, government).rate == Decimal("0.75")
    assert achievement.of_organization(registrar, batang).rate == 1


def test_a_province_counts_its_kabupaten_and_kota_also_a_closed_one(registrar):
    reported(MeasurableFactory(), 40, first=12)
    province_of = Region.objects.get(code="12")
    Region.objects.filter(code="12.09").update(closed_on=date(2025, 7, 1))

    assert achievement.of_region(registrar, province_of).rate == Decimal("0.4")
    assert achievement.of_region(registrar, Region.objects.get(code="12.09")).rate == Decimal("0.4")
    assert achievement.of_region(registrar, Region.objects.get(code="33")).commitments == 0


def test_rates_are_made_of_what_the_reader_may_see(officer_batang, officer_asahan):
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    reported(MeasurableFactory(agreement=paper), 40, first=12)
    region = Region.objects.get(code="12.09")

    assert achievement.of_region(officer_asahan, region).rate == Decimal("0.4")
    assert achievement.of_region(officer_batang, region).rate is None


def test_a_withdrawn_commitment_still_counts_for_the_days_before(registrar):
    paper = AgreementFactory()
    commitment = MeasurableFactory(agreement=paper, withdrawn_on=date(2025, 10, 1), recurrence="quarterly")
    reported(commitment, 25)

    assert achievement.of_agreement(registrar, paper).rate is None
    assert achievement.of_agreement(registrar, paper, on=date(2025, 9, 30)).rate == Decimal("0.25")
