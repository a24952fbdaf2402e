"""A private calendar: whole days, of what its reader may see at the moment it is read."""

import datetime

import pytest
from django.utils import timezone
from icalendar import Calendar

from kemnaker_portal.logs import JsonLine
from partnerships.actions import calendar_feeds
from partnerships.models import CalendarFeed, PartialDate
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import (
    ActionPointFactory,
    AgreementFactory,
    MeasurableFactory,
    SigningEventFactory,
    TermFactory,
)

PARTIES = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]


def day(days):
    return timezone.localdate() + datetime.timedelta(days=days)


def partial(date):
    return PartialDate.of(date.year, date.month, date.day)


@pytest.fixture
def things(db):
    """One of each kind of day of a paper of Asahan, and one of each that Asahan may not see."""
    made = {}
    for parties in (PARTIES, ["itjen", "pemerintah-kabupaten-batang"]):
        event = SigningEventFactory(held=partial(day(20)))
        paper = AgreementFactory(with_parties=parties, event=event)
        TermFactory(agreement=paper, ends=partial(day(60)))
        commitment = MeasurableFactory(agreement=paper, due=day(30))
        point = ActionPointFactory(agreement=paper, due=day(10))
        made.setdefault("own", (event, paper, commitment, point))
    return made["own"]


def address_of(user):
    return f"/kalender/{calendar_feeds.renew(by=user)}.ics"


def entries(response):
    calendar = Calendar.from_ical(response.content)
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def test_it_holds_the_days_of_the_readers_own_papers(client, things, officer_asahan):
    event, paper, commitment, point = things

    found = entries(client.get(address_of(officer_asahan)))

    assert {uid: entry["dtstart"].dt for uid, entry in found.items()} == {
        f"event-{event.slug}@127.0.0.1": day(20),
        f"paper-{paper.ref}@127.0.0.1": day(60),
        f"report-{commitment.pk}-{day(30):%Y%m%d}@127.0.0.1": day(30),
        f"action-point-{point.pk}@127.0.0.1": day(10),
    }
    report = found[f"report-{commitment.pk}-{day(30):%Y%m%d}@127.0.0.1"]
    assert commitment.text in report["summary"]
    assert report["dtend"].dt == day(31)
    assert report["url"] == f"http://127.0.0.1:8000/komitmen/{commitment.pk}/"


def test_it_is_a_calendar_as_the_standard_has_it(client, things, officer_asahan):
    response = client.get(address_of(officer_asahan))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    lines = response.content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    calendar = Calendar.from_ical(response.content)
    assert calendar["version"] == "2.0"
    assert calendar["prodid"]
    for event in calendar.walk("VEVENT"):
        assert event["uid"]
        assert event["dtstamp"].dt.tzinfo
        assert event.errors == []


def test_an_empty_calendar_holds_a_component_too(client, nobody):
    calendar = Calendar.from_ical(client.get(address_of(nobody)).content)

    assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE"]


def test_words_of_people_break_no_line_of_it(client, officer_asahan):
    paper = AgreementFactory(with_parties=PARTIES)
    text = "Melatih; 10, \\ 20 é" + "ñ" * 60 + "\r\nEND:VCALENDAR"
    MeasurableFactory(agreement=paper, due=day(3), text=text)

    (event,) = entries(client.get(address_of(officer_asahan))).values()

    assert text.replace("\r\n", "\n") in str(event["summary"])


def test_it_says_the_same_until_something_changes(client, things, officer_asahan):
    address = address_of(officer_asahan)
    first = client.get(address)
    assert "no-store" in first["Cache-Control"]

    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    paper = things[1]
    MeasurableFactory(agreement=paper, due=day(3))
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_an_entry_keeps_its_uid_when_its_day_moves(client, things, officer_asahan):
    address, point = address_of(officer_asahan), things[3]
    point.due = day(15)
    point.save()

    moved = entries(client.get(address))[f"action-point-{point.pk}@127.0.0.1"]

    assert moved["dtstart"].dt == day(15)


def test_it_speaks_its_readers_language(client, things):
    reader = person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan", language="en")

    assert b"SUMMARY:Report due: " in client.get(address_of(reader)).content


def test_a_posting_that_ends_empties_it_at_once(client, things, officer_asahan):
    address = address_of(officer_asahan)
    assert len(entries(client.get(address))) == 4

    officer_asahan.postings.update(ends_on=timezone.localdate())

    assert entries(client.get(address)) == {}


def test_a_deactivated_account_closes_it_at_once(client, things, officer_asahan):
    address = address_of(officer_asahan)
    officer_asahan.is_active = False
    officer_asahan.save()

    assert client.get(address).status_code == 404


def test_a_new_address_closes_the_old_one(client, officer_asahan):
    old = address_of(officer_asahan)
    new = address_of(officer_asahan)

    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    calendar_feeds.revoke(by=officer_asahan)
    assert client.get(new).status_code == 404


def test_only_the_hash_of_the_address_is_kept(officer_asahan):
    token = calendar_feeds.renew(by=officer_asahan)

    feed = CalendarFeed.objects.get()
    assert len(token) >= 43
    assert token not in str(feed.__dict__)


@pytest.mark.parametrize("token", ["x", "a" * 43, "-", "A" * 500])
def test_an_unknown_address_is_not_found(token, client, db):
    assert client.get(f"/kalender/{token}.ics").status_code == 404


def test_the_address_is_in_no_log(client, officer_asahan, caplog):
    token = calendar_feeds.renew(by=officer_asahan)
    calendar_feeds.revoke(by=officer_asahan)

    client.get(f"/kalender/{token}.ics")
    record = caplog.records[-1]

    assert token in record.getMessage()
    assert token not in JsonLine().format(record)
    assert "/kalender/***" in JsonLine().format(record)


@pytest.mark.parametrize("number", [1, 30])
def test_it_asks_as_often_for_many_as_for_one(number, client, officer_asahan, django_assert_num_queries):
    paper = AgreementFactory(with_parties=PARTIES)
    TermFactory(agreement=paper, ends=partial(day(60)))
    for _ in range(number):
        MeasurableFactory(agreement=paper, due=day(30))
        ActionPointFactory(agreement=paper, due=day(10))
    address = address_of(officer_asahan)

    with django_assert_num_queries(11):
        client.get(address)
