"""Events: planned and changed, with the numbers of papers that are expected."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.actions import events
from partnerships.actions.events import EventRecord
from partnerships.actions.guard import StaleVersion
from partnerships.models import EventExpectation, Organization, PartialDate, SigningEvent
from tests.factories import SigningEventFactory


def rows_of_history():
    return EventExpectation._meta.get_field("events").related_model.objects.count()


def expected(event):
    return dict(event.expectations.values_list("partner_class", "papers"))


def test_an_event_is_entered_with_its_numbers_and_agenda(registrar):
    record = EventRecord(
        name="  Penandatanganan   bersama ",
        held=PartialDate.of(2030, 3),
        place="Jakarta",
        host=Organization.objects.get(slug="kementerian-ketenagakerjaan"),
        source="Undangan",
        agenda="09.00 Pembukaan\n10.00 Penandatanganan",
        expected={"ministry": 3, "regional": 9, "development": 0},
    )

    event = events.enter(record=record, by=registrar, reason="Rapat persiapan")

    event.refresh_from_db()
    assert (event.slug, event.name) == ("penandatanganan-bersama", "Penandatanganan bersama")
    assert event.agenda.splitlines() == ["09.00 Pembukaan", "10.00 Penandatanganan"]
    assert expected(event) == {"ministry": 3, "regional": 9}
    context = event.events.get().pgh_context
    assert (context["actor"], context["action"], context["reason"]) == (
        registrar.pk,
        "event.enter",
        "Rapat persiapan",
    )


def test_a_change_makes_the_numbers_what_was_said_and_leaves_equal_ones_alone(registrar):
    event = SigningEventFactory()
    for partner_class, papers in [("ministry", 3), ("regional", 9), ("development", 17)]:
        EventExpectation.objects.create(event=event, partner_class=partner_class, papers=papers)
    written = rows_of_history()

    record = EventRecord(name=event.name, expected={"ministry": 3, "regional": 8, "development": 0})
    changed = events.change(event=event, record=record, version=1, by=registrar)

    assert changed.version == 2
    assert expected(event) == {"ministry": 3, "regional": 8}
    assert rows_of_history() == written + 2


def test_numbers_that_are_not_spoken_of_stay(registrar):
    event = SigningEventFactory()
    EventExpectation.objects.create(event=event, partner_class="regional", papers=9)

    events.change(event=event, record=EventRecord(name="Nama lain"), version=1, by=registrar)

    assert expected(event) == {"regional": 9}


def test_the_second_of_two_writers_is_refused_and_writes_no_number(registrar):
    event = SigningEventFactory(version=2)

    with pytest.raises(StaleVersion):
        events.change(
            event=event, record=EventRecord(name="X", expected={"regional": 1}), version=1, by=registrar
        )

    assert expected(event) == {}


@pytest.mark.parametrize("who", ["unit_officer", "officer_asahan", "leadership", "nobody"])
def test_only_registrars_and_administrators_plan_events(who, request):
    with pytest.raises(PermissionDenied):
        events.enter(record=EventRecord(name="Acara"), by=request.getfixturevalue(who))
    assert not SigningEvent.objects.filter(name="Acara").exists()


def test_an_event_needs_a_name(registrar):
    with pytest.raises(ValidationError, match="nama"):
        events.enter(record=EventRecord(name="  "), by=registrar)


def test_an_event_called_like_a_page_gets_an_address_of_its_own(registrar):
    event = events.enter(record=EventRecord(name="Baru"), by=registrar)

    assert event.slug == "acara-baru"
