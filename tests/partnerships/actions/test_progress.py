from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InternalError, transaction

from partnerships.actions import progress
from partnerships.actions.guard import StaleVersion
from partnerships.actions.progress import BatchLine, ReportContent
from partnerships.lifecycle import REPORT_MOVES, ReportStatus, Status
from partnerships.models import MailPreference, OutboxMessage, ProgressReport, ReportMove
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory

END = date(2025, 12, 31)


@pytest.fixture
def commitment(agreement_of_asahan):
    return MeasurableFactory(agreement=agreement_of_asahan)


def draft(commitment, by, value=40, **more):
    content = ReportContent(value=None if value is None else Decimal(value), **more)
    return progress.draft(commitment=commitment, period_end=END, content=content, by=by)


@pytest.fixture
def submitted(commitment, officer_asahan):
    return progress.submit(report=draft(commitment, officer_asahan), by=officer_asahan)


def steps(report):
    return [(move.old, move.new, move.by) for move in reversed(report.moves.all())]


def test_a_report_goes_from_draft_to_verified_and_each_step_is_kept(commitment, officer_asahan, unit_officer):
    report = draft(commitment, officer_asahan, note="Selesai di Kisaran")
    progress.submit(report=report, by=officer_asahan)
    progress.return_for_change(report=report, by=unit_officer, reason="Daftar hadir belum ada")
    content = ReportContent(value=Decimal(38), note="Dengan daftar hadir")
    progress.draft(commitment=commitment, period_end=END, content=content, by=officer_asahan)
    progress.submit(report=report, by=officer_asahan)
    progress.verify(report=report, by=unit_officer)

    report.refresh_from_db()
    assert (report.status, report.value, report.decided_by) == ("verified", 38, unit_officer)
    assert steps(report) == [
        ("draft", "submitted", officer_asahan),
        ("submitted", "returned", unit_officer),
        ("returned", "submitted", officer_asahan),
        ("submitted", "verified", unit_officer),
    ]


def test_a_draft_is_saved_over_itself_and_stays_one(commitment, officer_asahan):
    for value in (1, 2, 3):
        draft(commitment, officer_asahan, value)

    report = ProgressReport.objects.get()
    assert (report.value, report.version, report.period_start) == (3, 3, date(2025, 1, 1))


def test_a_draft_that_somebody_else_has_saved_is_not_overwritten(commitment, officer_asahan, unit_officer):
    report = draft(commitment, officer_asahan)
    draft(commitment, unit_officer, 50)

    with pytest.raises(StaleVersion) as stale:
        progress.draft(
            commitment=commitment,
            period_end=END,
            content=ReportContent(value=Decimal(60)),
            by=officer_asahan,
            version=report.version,
        )
    assert stale.value.current.value == 50


def test_no_report_on_a_day_on_which_none_is_due(commitment, officer_asahan):
    with pytest.raises(ValidationError):
        progress.draft(
            commitment=commitment, period_end=date(2025, 7, 1), content=ReportContent(), by=officer_asahan
        )


def test_a_report_without_a_value_is_not_handed_in_and_zero_is_a_value(commitment, officer_asahan):
    report = draft(commitment, officer_asahan, None)
    with pytest.raises(ValidationError):
        progress.submit(report=report, by=officer_asahan)

    draft(commitment, officer_asahan, 0)
    progress.submit(report=report, by=officer_asahan)

    report.refresh_from_db()
    assert report.status == ReportStatus.SUBMITTED


def test_pressing_submit_twice_is_one_step(commitment, officer_asahan, submitted):
    again = progress.submit(report=submitted, by=officer_asahan, version=1)

    assert again.version == submitted.version
    assert ReportMove.objects.count() == 1


def test_the_posting_by_which_it_was_handed_in_is_kept(submitted, officer_asahan):
    assert submitted.posting == officer_asahan.postings.get()


def test_taken_back_it_is_a_draft_again_only_by_who_submitted(submitted, officer_asahan, unit_officer):
    with pytest.raises(PermissionDenied):
        progress.take_back(report=submitted, by=unit_officer)

    progress.take_back(report=submitted, by=officer_asahan)

    submitted.refresh_from_db()
    assert submitted.status == ReportStatus.DRAFT


@pytest.mark.parametrize("wrote", ["submitted", "drafted"])
def test_nobody_verifies_what_they_wrote_in(wrote, commitment, unit_officer, officer_asahan):
    other = person(Role.UNIT_OFFICER, "ditjen-binalavotas")
    report = draft(commitment, unit_officer)
    submitter = unit_officer if wrote == "submitted" else other
    progress.submit(report=report, by=submitter)

    with pytest.raises(PermissionDenied):
        progress.verify(report=report, by=unit_officer)
    with pytest.raises(PermissionDenied):
        progress.return_for_change(report=report, by=unit_officer, reason="Salah")
    assert steps(report) == [("draft", "submitted", submitter)]


def test_the_database_refuses_a_verification_by_a_writer_too(submitted, officer_asahan):
    with pytest.raises(IntegrityError, match="report_"), transaction.atomic():
        ProgressReport.objects.filter(pk=submitted.pk).update(
            status="verified", decided_by=officer_asahan, decided_at="2026-01-01T00:00Z"
        )


@pytest.mark.parametrize("who", ["officer_asahan", "officer_north_sumatra", "leadership", "admin", "nobody"])
def test_verifying_is_what_registrars_and_unit_officers_do(who, request, submitted):
    with pytest.raises(PermissionDenied):
        progress.verify(report=submitted, by=request.getfixturevalue(who))


def test_a_unit_verifies_only_in_its_own_papers(submitted, registrar):
    stranger = person(Role.UNIT_OFFICER, "itjen")
    with pytest.raises(PermissionDenied):
        progress.verify(report=submitted, by=stranger)

    assert progress.verify(report=submitted, by=registrar).status == ReportStatus.VERIFIED


def test_returning_and_reopening_need_a_reason(submitted, unit_officer, registrar):
    with pytest.raises(ValidationError):
        progress.return_for_change(report=submitted, by=unit_officer, reason=" ")
    progress.verify(report=submitted, by=unit_officer)
    with pytest.raises(ValidationError):
        progress.reopen(report=submitted, by=registrar, reason="")

    progress.reopen(report=submitted, by=registrar, reason="Peserta terhitung dua kali")

    submitted.refresh_from_db()
    assert submitted.status == ReportStatus.RETURNED
    assert submitted.moves.first().reason == "Peserta terhitung dua kali"


def test_verifying_twice_is_one_step_and_one_message(submitted, unit_officer):
    for _press in range(2):
        progress.verify(report=submitted, by=unit_officer)

    assert ReportMove.objects.filter(new="verified").count() == 1
    assert OutboxMessage.objects.filter(kind="report_verified").count() == 1


def test_who_submitted_is_told_unless_they_want_no_mail(commitment, officer_asahan, unit_officer):
    report = progress.submit(report=draft(commitment, officer_asahan), by=officer_asahan)
    progress.return_for_change(report=report, by=unit_officer, reason="Kurang bukti")
    message = OutboxMessage.objects.get()
    assert (message.kind, message.recipient) == ("report_returned", officer_asahan)

    MailPreference.objects.create(user=officer_asahan, decisions=False)
    progress.submit(report=report, by=officer_asahan)
    progress.verify(report=report, by=unit_officer)

    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize("old", ReportStatus)
@pytest.mark.parametrize("new", ReportStatus)
def test_the_database_knows_the_same_moves_as_the_table(old, new, commitment):
    report = ReportFactory(commitment=commitment, period_end=END, reach=old)
    decided = {"decided_by": ReportFactory().written_by, "decided_at": "2026-01-01T00:00Z"}
    handed_in = {"submitted_by": report.written_by, "submitted_at": "2026-01-01T00:00Z"}

    def move():
        with transaction.atomic():
            ProgressReport.objects.filter(pk=report.pk).update(status=new, **decided, **handed_in)

    if new == old or new in REPORT_MOVES[old]:
        move()
    else:
        with pytest.raises(InternalError):
            move()


@pytest.mark.parametrize("status", ["submitted", "verified"])
@pytest.mark.parametrize(
    "change", [{"value": 99}, {"note": "Lain"}, {"writers": []}, {"period_end": date(2025, 1, 2)}]
)
def test_the_database_keeps_what_was_submitted(status, change, commitment):
    report = ReportFactory(commitment=commitment, period_end=END, reach=status)

    with pytest.raises(InternalError), transaction.atomic():
        ProgressReport.objects.filter(pk=report.pk).update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        ProgressReport.objects.filter(pk=report.pk)._raw_delete("default")


def test_a_submitted_report_can_not_be_written_in(submitted, commitment, officer_asahan):
    with pytest.raises(ValidationError):
        draft(commitment, officer_asahan, 99)


def test_steps_of_a_report_are_only_added(submitted):
    move = submitted.moves.get()
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        ReportMove.objects.filter(pk=move.pk).update(reason="Lain")


def test_the_officer_of_another_region_reports_nothing(commitment, officer_batang, officer_north_sumatra):
    with pytest.raises(PermissionDenied):
        draft(commitment, officer_batang)

    assert draft(commitment, officer_north_sumatra).pk


def test_an_unsigned_paper_has_nothing_to_report(registrar):
    paper = AgreementFactory(status=Status.DRAFTING, with_parties=["ditjen-binalavotas"])

    with pytest.raises(PermissionDenied):
        draft(MeasurableFactory(agreement=paper), registrar)


def test_batches_are_written_with_their_parts_and_taken_away_again(commitment, officer_asahan):
    line = BatchLine(name="Angkatan I", numbers={"trained_women": 12, "trained_men": 13})
    report = draft(commitment, officer_asahan, 25, batches=[line])
    batch = report.batches.get()
    assert (batch.people("trained"), batch.shares.get().weight) == (25, 1)

    other = MeasurableFactory(agreement=commitment.agreement)
    line.shares = {commitment.pk: Decimal("0.4"), other.pk: Decimal("0.6")}
    draft(commitment, officer_asahan, 10, batches=[line])
    assert [share.weight for share in report.batches.get().shares.order_by("weight")] == [
        Decimal("0.4"),
        Decimal("0.6"),
    ]

    draft(commitment, officer_asahan, 10, batches=[])
    assert not report.batches.exists()


@pytest.mark.parametrize(
    "line",
    [
        BatchLine(name="", numbers={"trained_men": 1}),
        BatchLine(name="A", numbers={"trained_men": 1, "placed_men": 2}),
        BatchLine(name="A", numbers={"trained_men": 1, "trained_disabled": 2}),
    ],
    ids=["without a name", "placed but not trained", "more with a disability than people"],
)
def test_a_batch_that_can_not_be_is_refused_in_words(line, commitment, officer_asahan):
    with pytest.raises(ValidationError) as refusal:
        draft(commitment, officer_asahan, 1, batches=[line])

    assert refusal.value.messages[0]
    assert not ProgressReport.objects.exists()


def test_parts_of_a_batch_sum_to_one_and_go_to_commitments_in_sight(
    commitment, officer_asahan, agreement_of_batang
):
    foreign = MeasurableFactory(agreement=agreement_of_batang)
    for shares in (
        {commitment.pk: Decimal("0.5")},
        {commitment.pk: Decimal("0.5"), foreign.pk: Decimal("0.5")},
    ):
        line = BatchLine(name="A", numbers={"trained_men": 2}, shares=shares)
        with pytest.raises(ValidationError):
            draft(commitment, officer_asahan, 1, batches=[line])


def test_drafts_are_for_the_side_that_writes_them(
    commitment, officer_asahan, leadership, unit_officer, registrar, officer_batang
):
    report = draft(commitment, officer_asahan)
    stranger = person(Role.UNIT_OFFICER, "itjen")

    def seen(user):
        return ProgressReport.objects.visible_to(user).filter(pk=report.pk).exists()

    assert [seen(each) for each in (officer_asahan, unit_officer, registrar)] == [True, True, True]
    assert [seen(each) for each in (leadership, stranger, officer_batang)] == [False, False, False]
    progress.submit(report=report, by=officer_asahan)
    assert [seen(each) for each in (leadership, stranger, officer_batang)] == [True, True, False]
