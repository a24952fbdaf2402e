"""Evaluation meetings: what is frozen stays as it was, and what is decided becomes something to do."""

import datetime
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from partnerships.actions import action_points, meeting_confirmations, meetings
from partnerships.actions.guard import StaleVersion
from partnerships.lifecycle import Status
from partnerships.models import (
    ActionPoint,
    Document,
    EvaluationMeeting,
    FrozenCommitment,
    FrozenPaper,
    FrozenPoint,
    FrozenReport,
    MeetingDecision,
    Organization,
    OutboxMessage,
    Party,
)
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
from tests.partnerships.models.raw_sql import execute

UNIT, ASAHAN, BATANG = "ditjen-binalavotas", "pemerintah-kabupaten-asahan", "pemerintah-kabupaten-batang"
DAY = datetime.date(2026, 12, 10)


def organization(slug):
    return Organization.objects.get(slug=slug)


@pytest.fixture
def promise(agreement_of_asahan):
    """100 people by Kabupaten Asahan, 40 of them verified."""
    promise = MeasurableFactory(agreement=agreement_of_asahan)
    ReportFactory(commitment=promise, reach="verified")
    return promise


@pytest.fixture
def meeting(promise, registrar):
    return frozen(registrar, ASAHAN)


def frozen(by, *slugs, **said):
    return meetings.freeze(meeting=EvaluationMeetingFactory(with_partners=slugs, **said), by=by)


# --- arranged -------------------------------------------------------------------------------------


def test_one_form_sent_twice_makes_one_meeting(registrar):
    key = uuid4()
    made = [
        meetings.arrange(title=" Rapat  satu ", held_on=DAY, by=registrar, key=key).pk for _sent in range(2)
    ]

    assert made[0] == made[1]
    assert EvaluationMeeting.objects.get().title == "Rapat satu"


@pytest.mark.parametrize("who", ["unit_officer", "officer_asahan", "leadership", "admin"])
def test_only_the_bureau_arranges_and_freezes(who, request, meeting):
    user = request.getfixturevalue(who)
    for act in (
        lambda: meetings.arrange(title="Rapat", held_on=DAY, by=user),
        lambda: meetings.change(meeting=meeting, title="Rapat", held_on=DAY, by=user),
        lambda: meetings.choose(meeting=meeting, by=user),
        lambda: meetings.freeze(meeting=meeting, by=user),
        lambda: meeting_confirmations.ask(meeting=meeting, by=user),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_meeting_follows_an_earlier_one_and_keeps_it_once_frozen(registrar, meeting):
    later = EvaluationMeetingFactory(held_on=datetime.date(2027, 1, 1))
    said = {"title": "Rapat", "held_on": DAY, "by": registrar}
    with pytest.raises(ValidationError) as refusal:
        meetings.arrange(**said, previous=later)
    assert refusal.value.code == "previous"

    changed = meetings.change(meeting=meeting, **said, place="Ruang lain", previous=later)

    assert (changed.place, changed.previous) == ("Ruang lain", None)
    with pytest.raises(StaleVersion):
        meetings.change(meeting=meeting, **said, version=meeting.version)


def test_partners_come_in_order_and_go_again(registrar, agreement_of_asahan, agreement_of_batang):
    meeting = EvaluationMeetingFactory()
    both = [organization(BATANG), organization(ASAHAN)]

    assert meetings.choose(meeting=meeting, by=registrar, add=both) == (2, 0)
    assert meetings.choose(meeting=meeting, by=registrar, add=both) == (0, 0)
    assert [each.organization for each in meeting.partners.all()] == both

    assert meetings.choose(meeting=meeting, by=registrar, remove=both[:1]) == (0, 1)
    assert [each.organization for each in meeting.partners.all()] == both[1:]


def test_a_unit_a_stranger_and_one_too_many_are_refused(registrar):
    meeting = EvaluationMeetingFactory()
    partners = [OrganizationFactory() for _ in range(meetings.MOST_PARTNERS + 1)]
    for partner in partners:
        AgreementFactory(with_parties=[UNIT, partner.slug])
    stranger = OrganizationFactory()
    AgreementFactory(with_parties=[UNIT, stranger.slug], status=Status.DRAFTING)

    for refused in ([organization(UNIT)], [stranger], partners):
        with pytest.raises(ValidationError):
            meetings.choose(meeting=meeting, by=registrar, add=refused)

    assert not meeting.partners.exists()
    with pytest.raises(ValidationError):
        meetings.freeze(meeting=meeting, by=registrar)


# --- frozen ---------------------------------------------------------------------------------------


def test_the_snapshot_holds_what_the_register_says_and_no_draft(registrar, promise, agreement_of_batang):
    paper = promise.agreement
    report = ReportFactory(
        commitment=MeasurableFactory(agreement=paper),
        reach="submitted",
        obstacle="budget",
        obstacle_note="APBD",
    )
    Document.objects.create(agreement=paper, purpose="report", title="Bukti", report=report)
    ReportFactory(commitment=MeasurableFactory(agreement=paper))
    point = ActionPointFactory(agreement=paper)
    MeasurableFactory(agreement=AgreementFactory(with_parties=[UNIT, ASAHAN], status=Status.DRAFTING))

    frozen(registrar, ASAHAN)

    assert list(FrozenPaper.objects.values_list("ref", "validity")) == [(paper.ref, "unknown")]
    done, *others = FrozenCommitment.objects.order_by("pk")
    assert (done.commitment, done.achieved, str(done.rate)) == (promise, 40, "0.400000")
    assert [(other.achieved, other.measurable) for other in others] == [(0, True), (0, True)]
    said = FrozenReport.objects.order_by("pk").values_list("status", "value", "proofs", "obstacle_note")
    assert list(said) == [("verified", 40, 0, ""), ("submitted", 40, 1, "APBD")]
    assert list(FrozenPoint.objects.values_list("point", "status")) == [(point.pk, "open")]


def test_the_snapshot_stays_when_more_is_reported_and_renamed(registrar, promise, meeting):
    before = list(FrozenCommitment.objects.values()), list(FrozenReport.objects.values())
    renamed = organization(ASAHAN)
    old_name, renamed.name = renamed.name, "Nama baru"
    renamed.save()
    ReportFactory(
        commitment=promise, value=60, reach="verified", period_end=promise.due + datetime.timedelta(days=92)
    )

    meetings.freeze(meeting=meeting, by=registrar)

    assert (list(FrozenCommitment.objects.values()), list(FrozenReport.objects.values())) == before
    assert meeting.partners.get().name == old_name
    promise.standing.refresh_from_db()
    assert promise.standing.achieved != FrozenCommitment.objects.get().achieved


@pytest.mark.parametrize("table", ["frozenpaper", "frozencommitment", "frozenreport", "frozenpoint"])
def test_the_web_role_can_neither_change_nor_add_nor_remove_a_frozen_row(table, registrar, promise):
    ActionPointFactory(agreement=promise.agreement)
    frozen(registrar, ASAHAN)
    table = f"partnerships_{table}"
    columns = execute(
        "SELECT string_agg(column_name, ', ') FROM information_schema.columns"
        " WHERE table_name = %s AND column_name <> 'id'",
        [table],
    )[0][0]
    for statement, refused in (
        (f"UPDATE {table} SET id = id", ProgrammingError),
        (f"DELETE FROM {table}", ProgrammingError),
        (f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}", IntegrityError),
    ):
        with pytest.raises(refused), transaction.atomic():
            execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE partnerships_meetingpartner SET name = 'lain'",
        "DELETE FROM partnerships_meetingpartner",
        "UPDATE partnerships_evaluationmeeting SET frozen_at = now()",
        "UPDATE partnerships_evaluationmeeting SET frozen_at = NULL, frozen_by_id = NULL",
        "DELETE FROM partnerships_evaluationmeeting",
    ],
)
def test_the_list_and_the_moment_stand_in_the_database_too(statement, meeting):
    with pytest.raises(Exception, match=r"Cannot|list of a meeting stands"), transaction.atomic():
        execute(statement)


def test_the_list_of_a_frozen_meeting_is_refused_in_words(registrar, meeting, agreement_of_batang):
    with pytest.raises(ValidationError) as refusal:
        meetings.choose(meeting=meeting, by=registrar, add=[organization(BATANG)])
    assert refusal.value.code == "frozen"


# --- decided --------------------------------------------------------------------------------------


def test_a_decision_with_an_office_and_a_day_becomes_an_action_point(registrar, meeting, promise):
    said = {
        "partner": meeting.partners.get(),
        "agreement": promise.agreement,
        "text": "Mengirim daftar peserta",
        "owner": organization(UNIT),
        "due": DAY,
        "by": registrar,
        "key": uuid4(),
    }
    first, again = (meetings.note(**said) for _sent in range(2))
    noted = meetings.note(**{**said, "text": "Sepakat", "owner": None, "due": None, "key": uuid4()})

    assert first == again
    assert noted.action_point is None
    point = ActionPoint.objects.get()
    assert (point.text, point.owner, point.due) == ("Mengirim daftar peserta", organization(UNIT), DAY)
    assert first.action_point == point
    with pytest.raises(ProgrammingError), transaction.atomic():
        execute("UPDATE partnerships_meetingdecision SET text = 'lain'")


def test_minutes_are_about_a_paper_of_the_partner_within_ones_right(meeting, promise, agreement_of_batang):
    partner = meeting.partners.get()
    officer, stranger = person(Role.UNIT_OFFICER, UNIT), person(Role.UNIT_OFFICER, "itjen")
    said = {"partner": partner, "text": "Sepakat"}

    meetings.note(**said, agreement=promise.agreement, by=officer)

    assert list(meetings.may_write_minutes(officer, partner)) == [promise.agreement]
    assert not meetings.may_write_minutes(stranger, partner)
    with pytest.raises(PermissionDenied):
        meetings.note(**said, agreement=promise.agreement, by=stranger)
    with pytest.raises(ValidationError) as refusal:
        meetings.note(**said, agreement=agreement_of_batang, by=officer)
    assert refusal.value.code == "agreement"
    with pytest.raises(ValidationError) as refusal:
        meetings.note(**said, agreement=promise.agreement, by=officer, owner=organization(UNIT))
    assert refusal.value.code == "due"
    assert MeetingDecision.objects.count() == 1


def test_nothing_is_written_down_before_the_figures_are_frozen(registrar, agreement_of_asahan):
    meeting = EvaluationMeetingFactory(with_partners=[ASAHAN])
    with pytest.raises(ValidationError) as refusal:
        meetings.note(
            partner=meeting.partners.get(), agreement=agreement_of_asahan, text="Sepakat", by=registrar
        )
    assert refusal.value.code == "not_frozen"


def test_the_next_meeting_freezes_what_was_promised_here_also_when_it_is_closed(
    registrar, unit_officer, meeting, promise
):
    promised = [
        meetings.note(
            partner=meeting.partners.get(),
            agreement=promise.agreement,
            text=text,
            owner=organization(UNIT),
            due=timezone.localdate() - datetime.timedelta(days=1),
            by=registrar,
        ).action_point
        for text in ("Selesai", "Belum")
    ]
    point = action_points.report_done(point=promised[0], note="Sudah", by=unit_officer)
    action_points.close(point=point, by=registrar)
    other = ActionPointFactory(agreement=promise.agreement)

    frozen(registrar, ASAHAN, previous=meeting)

    rows = FrozenPoint.objects.filter(partner__meeting__previous=meeting)
    assert {row.point_id: (row.status, row.promised_before) for row in rows} == {
        promised[0].pk: ("closed", True),
        promised[1].pk: ("open", True),
        other.pk: ("open", False),
    }


# --- asked ----------------------------------------------------------------------------------------


def test_who_is_asked_again_and_who_is_skipped_with_the_reason(registrar, promise, agreement_of_batang):
    reachable = AgreementFactory(with_parties=[UNIT, ASAHAN])
    asked_about = ReportFactory(commitment=MeasurableFactory(agreement=reachable), reach="verified")
    contact = {"contact_details": "Sekretariat, 0812 (dinas@asahan.test)"}
    Party.objects.filter(agreement=reachable, organization__slug=ASAHAN).update(**contact)
    meeting = frozen(registrar, ASAHAN, BATANG)

    asked, skipped = meeting_confirmations.ask(meeting=meeting, by=registrar)

    assert [(each.report, each.email) for each in asked] == [(asked_about, "dinas@asahan.test")]
    assert [(each.partner.organization.slug, each.ref) for each in skipped] == [
        (ASAHAN, promise.agreement.ref),
        (BATANG, ""),
    ]
    assert all(each.reason for each in skipped)
    assert OutboxMessage.objects.filter(kind="confirmation").count() == 1

    again, skipped = meeting_confirmations.ask(meeting=meeting, by=registrar)
    assert (again, len(skipped)) == ([], 3)
    assert OutboxMessage.objects.filter(kind="confirmation").count() == 1


def test_nobody_is_asked_before_the_figures_are_frozen(registrar, promise):
    with pytest.raises(ValidationError):
        meeting_confirmations.ask(meeting=EvaluationMeetingFactory(with_partners=[ASAHAN]), by=registrar)
