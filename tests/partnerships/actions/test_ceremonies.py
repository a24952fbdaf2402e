"""The papers of a ceremony: entered all or none, and moved to signed together."""

import datetime
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from partnerships.actions import agreements, ceremonies
from partnerships.actions.ceremonies import CeremonyRow, RowRefused, Shared
from partnerships.actions.record import SignatoryLine
from partnerships.lifecycle import Status
from partnerships.models import Agreement, Organization, PartialDate, Person, StageChange, Theme
from tests.factories import AgreementFactory, SigningEventFactory

ASAHAN, BATANG = "pemerintah-kabupaten-asahan", "pemerintah-kabupaten-batang"


def office(slug):
    return Organization.objects.get(slug=slug)


@pytest.fixture
def event(db):
    return SigningEventFactory()


@pytest.fixture
def shared(db):
    return Shared(
        unit=office("ditjen-binalavotas"),
        signed=PartialDate.of(2025, 3, 20),
        place="Ruang Tridharma",
        signatory=SignatoryLine(person=Person(name="Nama Uji 100"), post="Menteri"),
        themes=[Theme.objects.get(slug="integrasi-data")],
        reason="Daftar acara",
    )


def rows(*slugs):
    return [
        CeremonyRow(kind="mou", partner=office(slug), title=f"Judul {place}", number=f"{place}/P")
        for place, slug in enumerate(slugs)
    ]


def test_every_row_becomes_a_paper_with_what_all_share(event, shared, registrar):
    [first, second] = ceremonies.enter_papers(
        event=event, shared=shared, rows=rows(ASAHAN, BATANG), by=registrar, key=uuid4()
    )

    assert (first.title, second.title) == ("Judul 0", "Judul 1")
    for paper, partner in ((first, ASAHAN), (second, BATANG)):
        assert (paper.event, paper.status, paper.place) == (event, Status.SIGNED, "Ruang Tridharma")
        assert paper.signed == PartialDate.of(2025, 3, 20)
        assert [party.organization.slug for party in paper.parties.all()] == ["ditjen-binalavotas", partner]
        assert [theme.slug for theme in paper.themes.all()] == ["integrasi-data"]
        assert paper.status_changes.get().reason == "Daftar acara"
    assert second.parties.last().number == "1/P"


def test_whom_several_rows_name_for_the_first_time_is_entered_once(event, shared, registrar):
    partner = Organization(name="PT Mitra Baru", kind="company")
    both = [CeremonyRow(kind="mou", partner=partner, title=title) for title in ("Satu", "Dua")]

    papers = ceremonies.enter_papers(event=event, shared=shared, rows=both, by=registrar, key=uuid4())

    assert Organization.objects.filter(name="PT Mitra Baru").count() == 1
    assert Person.objects.filter(name="Nama Uji 100").count() == 1
    assert len({paper.signatories.get().person_id for paper in papers}) == 1


def test_a_row_that_can_not_be_lets_none_in_and_says_which(event, shared, registrar):
    bad = rows(ASAHAN, "ditjen-binalavotas", BATANG)

    with pytest.raises(RowRefused) as refused:
        ceremonies.enter_papers(event=event, shared=shared, rows=bad, by=registrar, key=uuid4())

    assert refused.value.index == 1
    assert not Agreement.objects.exists()
    assert not Person.objects.filter(name="Nama Uji 100").exists()


def test_sent_twice_makes_one_set_in_the_same_order(event, shared, registrar):
    key = uuid4()
    sent = {"event": event, "shared": shared, "rows": rows(BATANG, ASAHAN), "by": registrar, "key": key}

    once = ceremonies.enter_papers(**sent)
    again = ceremonies.enter_papers(**sent)

    assert again == once
    assert Agreement.objects.count() == 2


def test_the_key_of_somebody_else_opens_nothing(event, shared, registrar, admin):
    key = uuid4()
    sent = {"event": event, "shared": shared, "rows": rows(ASAHAN), "key": key}
    ceremonies.enter_papers(**sent, by=registrar)

    with pytest.raises(RowRefused):
        ceremonies.enter_papers(**sent, by=admin)
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize("count", [0, 61])
def test_between_one_and_sixty_papers_are_entered_at_once(event, shared, registrar, count):
    with pytest.raises(ValidationError):
        ceremonies.enter_papers(
            event=event, shared=shared, rows=rows(ASAHAN) * count, by=registrar, key=uuid4()
        )


@pytest.mark.parametrize("who", ["officer_asahan", "leadership", "nobody"])
def test_who_may_enter_no_paper_enters_no_ceremony(event, shared, request, who):
    with pytest.raises(PermissionDenied):
        ceremonies.enter_papers(
            event=event, shared=shared, rows=rows(ASAHAN), by=request.getfixturevalue(who), key=uuid4()
        )


def test_a_unit_officer_enters_papers_of_the_own_unit_only(event, shared, unit_officer):
    ceremonies.enter_papers(event=event, shared=shared, rows=rows(ASAHAN), by=unit_officer, key=uuid4())
    shared.unit = office("itjen")

    with pytest.raises(PermissionDenied):
        ceremonies.enter_papers(event=event, shared=shared, rows=rows(BATANG), by=unit_officer, key=uuid4())
    assert Agreement.objects.count() == 1


# --- signed together ------------------------------------------------------------------------------

DAY = datetime.date(2025, 3, 20)


def scheduled(event, **said):
    return AgreementFactory(
        event=event, status=Status.SCHEDULED, with_parties=["ditjen-binalavotas", ASAHAN], **said
    )


def test_scheduled_papers_are_signed_on_the_day_of_the_event(event, registrar):
    papers = [scheduled(event), scheduled(event)]

    moved, skipped = ceremonies.sign_papers(
        papers=[(paper, paper.version) for paper in papers], effective_on=DAY, by=registrar, reason="Acara"
    )

    assert (moved, skipped) == (papers, [])
    for paper in moved:
        change = paper.status_changes.get(new=Status.SIGNED)
        assert (change.effective_on, change.reason, change.by) == (DAY, "Acara", registrar)


def test_a_paper_that_can_not_move_stays_and_says_why_while_the_others_go_on(event, registrar):
    fine, changed, cancelled = scheduled(event), scheduled(event), scheduled(event)
    foreign = scheduled(event)
    read = [(paper, paper.version) for paper in (changed, cancelled, foreign, fine)]
    Agreement.objects.filter(pk=changed.pk).update(version=7)
    agreements.move(agreement=cancelled, to=Status.CANCELLED, by=registrar, reason="Batal")
    StageChange.objects.create(agreement=foreign, new="exploration", by=registrar)

    moved, skipped = ceremonies.sign_papers(papers=read, effective_on=DAY, by=registrar)

    assert moved == [fine]
    assert [each.paper for each in skipped] == [changed, cancelled, foreign]
    assert all(each.reason for each in skipped)
    assert set(Agreement.objects.filter(status=Status.SIGNED)) == {fine}


def test_a_paper_that_the_writer_may_not_move_stays(event, unit_officer):
    own = scheduled(event)
    others = AgreementFactory(event=event, status=Status.SCHEDULED, with_parties=["itjen", BATANG])

    moved, [skipped] = ceremonies.sign_papers(
        papers=[(own, 1), (others, 1)], effective_on=DAY, by=unit_officer
    )

    assert (moved, skipped.paper) == ([own], others)


def test_a_paper_planned_for_a_later_day_stays_until_its_date_is_corrected(event, registrar):
    later = scheduled(event, signed=PartialDate.of(2025, 3, 21))
    same = scheduled(event, signed=PartialDate.of(2025, 3))

    moved, [skipped] = ceremonies.sign_papers(papers=[(later, 1), (same, 1)], effective_on=DAY, by=registrar)

    assert (moved, skipped.paper) == ([same], later)
    assert "21 Maret 2025" in skipped.reason


def test_nothing_is_signed_on_a_day_that_lies_ahead(event, registrar):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)

    with pytest.raises(ValidationError):
        ceremonies.sign_papers(papers=[(scheduled(event), 1)], effective_on=tomorrow, by=registrar)
