"""The figures of a meeting: what plain SQL says of the register at that moment, each with its rows."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from partnerships.actions import meetings
from partnerships.models import Document, FrozenReport
from partnerships.selectors import meeting_choice
from partnerships.selectors.meeting_figures import figures_of_all, figures_of_each
from partnerships.selectors.meeting_rows import KINDS, FrozenRows
from tests.factories import (
    ActionPointFactory,
    AgreementFactory,
    EvaluationMeetingFactory,
    MeasurableFactory,
    ReportFactory,
)
from tests.partnerships.models.raw_sql import execute

pytestmark = pytest.mark.django_db
UNIT, ASAHAN, BATANG = "ditjen-binalavotas", "pemerintah-kabupaten-asahan", "pemerintah-kabupaten-batang"

# Written against the register itself, with nothing of the portal's own views and standings.
PLAIN = """
WITH papers AS (
    SELECT DISTINCT a.id FROM partnerships_agreement a
    JOIN partnerships_party p ON p.agreement_id = a.id
    JOIN partnerships_organization o ON o.id = p.organization_id
    WHERE o.slug = ANY(%(partners)s) AND a.kind <> 'activity'
      AND a.status IN ('signed', 'ended', 'terminated')
), promises AS (
    SELECT c.*, (
        SELECT r.value FROM partnerships_progressreport r
        WHERE r.commitment_id = c.id AND r.status = 'verified' ORDER BY r.period_end DESC LIMIT 1
    ) AS done
    FROM partnerships_commitment c WHERE c.agreement_id IN (SELECT id FROM papers) AND c.withdrawn_on IS NULL
), reports AS (
    SELECT r.*, (
        SELECT count(*) FROM partnerships_document d WHERE d.report_id = r.id AND d.withdrawn_at IS NULL
    ) AS proofs
    FROM partnerships_progressreport r WHERE r.commitment_id IN (SELECT id FROM promises)
), points AS (
    SELECT * FROM partnerships_actionpoint
    WHERE agreement_id IN (SELECT id FROM papers) AND status <> 'closed'
)
SELECT (SELECT count(*) FROM papers),
       (SELECT count(*) FROM promises),
       (SELECT count(*) FROM promises WHERE target > 0 AND indicator_id IS NOT NULL),
       (SELECT avg(least(coalesce(done, 0) / target, 1)) FROM promises
        WHERE target > 0 AND indicator_id IS NOT NULL),
       (SELECT count(*) FROM promises WHERE done >= target),
       (SELECT count(*) FROM reports WHERE status = 'verified'),
       (SELECT count(*) FROM reports WHERE status = 'verified' AND proofs > 0),
       (SELECT count(*) FROM reports WHERE status = 'submitted'),
       (SELECT count(*) FROM points),
       (SELECT count(*) FROM points WHERE status = 'open' AND due < %(day)s)
"""
NAMES = [
    "papers",
    "commitments",
    "measurable",
    "rate",
    "kept",
    "verified",
    "proven",
    "waiting",
    "points",
    "late",
]


@pytest.fixture
def meeting(registrar):
    """Two partners who share a paper: with reports that are verified, proven, waiting or drafts."""
    late = timezone.localdate() - datetime.timedelta(days=3)
    for number, parties in enumerate([[UNIT, ASAHAN], [UNIT, BATANG], [UNIT, ASAHAN, BATANG]], start=1):
        paper = AgreementFactory(with_parties=parties)
        for value, reach in ((40 * number, "verified"), (100, "verified"), (7, "submitted"), (9, None)):
            report = ReportFactory(commitment=MeasurableFactory(agreement=paper), value=value, reach=reach)
            if value == 100:
                Document.objects.create(agreement=paper, purpose="report", title="Bukti", report=report)
        MeasurableFactory(agreement=paper, target=None)
        ActionPointFactory(agreement=paper, due=late)
        ActionPointFactory(agreement=paper)
    # Neither a draft nor what was withdrawn is in a figure.
    AgreementFactory(with_parties=[UNIT, ASAHAN], status="drafting")
    MeasurableFactory(agreement=paper, withdrawn_on=late)
    return meetings.freeze(meeting=EvaluationMeetingFactory(with_partners=[ASAHAN, BATANG]), by=registrar)


def plain(*partners):
    return execute(PLAIN, {"partners": list(partners), "day": timezone.localdate()})[0]


def said(figures):
    return tuple(getattr(figures, name) for name in NAMES)


def same(found, wanted):
    rates = [Decimal(each[3]).quantize(Decimal("0.00001")) for each in (found, wanted)]
    return (found[:3], rates[0], found[4:]) == (wanted[:3], rates[1], wanted[4:])


def test_the_figures_agree_with_plain_sql_over_the_register(meeting):
    partners = {partner.organization.slug: partner.pk for partner in meeting.partners.all()}
    each = figures_of_each(meeting)

    assert same(said(each[partners[ASAHAN]]), plain(ASAHAN)), (said(each[partners[ASAHAN]]), plain(ASAHAN))
    assert same(said(each[partners[BATANG]]), plain(BATANG))
    # The paper that both signed counts once in the whole.
    assert same(said(figures_of_all(meeting)), plain(ASAHAN, BATANG))
    assert figures_of_all(meeting).papers == 3


@pytest.mark.parametrize("show", KINDS)
def test_every_figure_is_the_number_of_its_rows(show, meeting):
    each = figures_of_each(meeting)
    for partner in meeting.partners.all():
        rows = FrozenRows(meeting, {"show": show}, partner)
        assert rows.page.paginator.count == getattr(each[partner.pk], show), partner
    whole = FrozenRows(meeting, {"show": show})
    assert whole.page.paginator.count == getattr(figures_of_all(meeting), show)


def test_a_commitment_of_the_snapshot_leads_to_its_reports(meeting):
    rows = FrozenRows(meeting, {}, meeting.partners.first()).page
    reports = [report for row in rows for report in row.reports.all()]

    assert len(reports) == FrozenReport.objects.filter(partner=meeting.partners.first()).count() == 6
    assert all(report.get_absolute_url() == report.report.get_absolute_url() for report in reports)


def test_a_wrong_choice_of_rows_is_said_and_left_out(meeting):
    rows = FrozenRows(meeting, {"show": "semua"})

    assert rows.show == "commitments"
    assert len(rows.question.problems) == 1


def test_the_first_of_a_list_are_those_with_most_papers_and_most_that_is_open(meeting):
    more = AgreementFactory(with_parties=[UNIT, BATANG])
    AgreementFactory(with_parties=[UNIT, BATANG])
    ReportFactory(commitment=MeasurableFactory(agreement=more), value=100, reach="verified")
    MeasurableFactory(agreement=AgreementFactory(with_parties=[UNIT, ASAHAN]))

    assert [each.slug for each in meeting_choice.with_most_papers(2)] == [BATANG, ASAHAN]
    assert [each.slug for each in meeting_choice.with_most_open(2)] == [ASAHAN, BATANG]
    following = EvaluationMeetingFactory(previous=meeting)
    assert [each.slug for each in meeting_choice.of_the_meeting_before(following)] == [ASAHAN, BATANG]
