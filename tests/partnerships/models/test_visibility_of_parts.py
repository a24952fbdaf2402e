"""Who may know of what hangs on a paper or a person: drafts, periods, pages, batches, views, lists."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from partnerships.models import (
    Agreement,
    BatchShare,
    Commitment,
    CommitmentStanding,
    Disposal,
    NaskahReading,
    Organization,
    PageText,
    Posting,
    ProgressReport,
    ReportingPeriod,
    SavedView,
    TraineeBatch,
)
from partnerships.roles import Role
from tests.factories import (
    AgreementFactory,
    DisposalFactory,
    MeasurableFactory,
    NaskahReadingFactory,
    PostingFactory,
    ReportFactory,
    SavedViewFactory,
)
from tests.partnerships.filed_documents import read_document

TODAY = timezone.localdate()
DAY = timedelta(days=1)


@pytest.fixture
def of_asahan(agreement_of_asahan):
    return MeasurableFactory(agreement=agreement_of_asahan)


@pytest.fixture
def of_batang(agreement_of_batang):
    owner = Organization.objects.get(slug="pemerintah-kabupaten-batang")
    return MeasurableFactory(agreement=agreement_of_batang, owner=owner)


def test_a_posting_holds_from_its_first_day_to_the_one_before_its_end():
    days = {
        "over": (TODAY - 9 * DAY, TODAY),
        "now": (TODAY, TODAY + DAY),
        "open": (TODAY - 9 * DAY, None),
        "to come": (TODAY + DAY, None),
    }
    held = {
        name: PostingFactory(starts_on=start, ends_on=end, role=Role.LEADERSHIP)
        for name, (start, end) in days.items()
    }

    assert set(Posting.objects.active()) == {held["now"], held["open"]}
    assert set(Posting.objects.active(TODAY - DAY)) == {held["over"], held["open"]}


def test_a_draft_is_seen_by_who_writes_it_and_the_region_that_owes_it(
    officer_asahan, officer_batang, leadership, nobody
):
    paper = AgreementFactory(with_parties=["pemerintah-kabupaten-asahan", "pemerintah-kabupaten-batang"])
    batang = Organization.objects.get(slug="pemerintah-kabupaten-batang")
    MeasurableFactory(agreement=paper)
    draft = ReportFactory(commitment=MeasurableFactory(agreement=paper, owner=batang), written_by=leadership)

    for reader, drafts in [
        (leadership, [draft]),
        (officer_batang, [draft]),
        (officer_asahan, []),
        (nobody, []),
        (AnonymousUser(), []),
    ]:
        assert list(ProgressReport.objects.visible_to(reader)) == drafts


def test_a_period_is_seen_with_its_commitment(officer_asahan, officer_batang, of_asahan, of_batang):
    for reader, owed in [(officer_asahan, of_asahan), (officer_batang, of_batang)]:
        assert {period.commitment for period in ReportingPeriod.objects.visible_to(reader)} == {owed}


def test_a_batch_is_seen_with_its_report(officer_asahan, officer_batang, of_asahan, of_batang):
    for owed in (of_asahan, of_batang):
        batch = TraineeBatch.objects.create(report=ReportFactory(commitment=owed), name="Angkatan 1")
        BatchShare.objects.create(batch=batch, commitment=owed, weight=1)

    for reader, owed in [(officer_asahan, of_asahan), (officer_batang, of_batang)]:
        assert [batch.report.commitment for batch in TraineeBatch.objects.visible_to(reader)] == [owed]


def test_a_page_is_seen_with_its_file(
    officer_asahan, officer_batang, agreement_of_asahan, agreement_of_batang
):
    for paper in (agreement_of_asahan, agreement_of_batang):
        read_document(paper, paper.title)

    for reader, paper in [(officer_asahan, agreement_of_asahan), (officer_batang, agreement_of_batang)]:
        assert [page.text for page in PageText.objects.visible_to(reader)] == [paper.title]


def test_a_reading_is_only_for_who_asked_for_it(registrar, admin):
    reading, _other = NaskahReadingFactory(by=registrar), NaskahReadingFactory()

    assert list(NaskahReading.objects.visible_to(registrar)) == [reading]
    assert list(NaskahReading.objects.visible_to(admin)) == []


def test_lists_of_what_is_to_be_destroyed_are_for_administrators(admin, registrar):
    disposal = DisposalFactory()

    assert list(Disposal.objects.visible_to(admin)) == [disposal]
    assert list(Disposal.objects.visible_to(registrar)) == []


def test_a_view_that_is_shared_with_nobody_is_its_owner_s(unit_officer, leadership):
    view = SavedViewFactory(owner=unit_officer)

    assert list(SavedView.objects.visible_to(unit_officer)) == [view]
    for other in (leadership, AnonymousUser()):
        assert list(SavedView.objects.visible_to(other)) == []


def test_the_public_counts_what_is_promised_in_what_is_published(of_asahan, of_batang):
    Agreement.objects.filter(pk=of_asahan.agreement_id).update(published_at=timezone.now())

    for table in (Commitment, CommitmentStanding):
        assert [row.pk for row in table.objects.visible_to(AnonymousUser())] == [of_asahan.pk]
