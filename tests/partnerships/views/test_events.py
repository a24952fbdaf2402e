"""The signing events and the page of one event."""

import pytest
from django.urls import reverse

from partnerships.models import EventExpectation, SigningEvent
from tests.factories import AgreementFactory, SigningEventFactory

LIST = reverse("partnerships:event-list")


@pytest.fixture
def event(db):
    event = SigningEventFactory(name="Penandatanganan 29 naskah", place="Ruang Tridharma")
    for partner_class, papers in [("ministry", 3), ("regional", 9), ("development", 17)]:
        EventExpectation.objects.create(event=event, partner_class=partner_class, papers=papers)
    AgreementFactory(event=event, with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    return event


def html(client, user, path):
    client.force_login(user)
    return client.get(path).content.decode()


@pytest.mark.parametrize("role", ["registrar", "unit_officer", "leadership", "admin"])
def test_who_sees_the_whole_register_reads_the_gap(client, request, event, role):
    page = html(client, request.getfixturevalue(role), event.get_absolute_url())

    assert 'id="announced"' in page
    assert "29" in page
    assert "Ruang Tridharma" in page


def test_an_officer_of_a_region_reads_the_own_papers_only(client, officer_asahan, officer_batang, event):
    page = html(client, officer_asahan, event.get_absolute_url())
    assert event.agreements.get().ref in page
    assert 'id="announced"' not in page
    assert "Diumumkan" not in html(client, officer_asahan, LIST)

    client.force_login(officer_batang)
    assert client.get(event.get_absolute_url()).status_code == 404


def test_the_list_shows_the_events_with_their_papers(client, registrar, event):
    page = html(client, registrar, LIST)

    assert f'href="/kemitraan/?event={event.slug}">1</a>' in page
    assert page.index("Penandatanganan 29 naskah") > 0


@pytest.mark.parametrize("query", ["sort=x", "page=9", "q=zzz", "q=%27", "foo=1", "sort=name", "sort=held"])
def test_any_question_to_the_list_gets_a_page(client, registrar, event, query):
    assert "result-count" in html(client, registrar, f"{LIST}?{query}")


def test_an_event_without_a_date_is_told_as_such(client, registrar):
    event = SigningEventFactory(held=None)

    assert event.name in html(client, registrar, event.get_absolute_url())
    assert event.name in html(client, registrar, f"{LIST}?sort=held")


def test_the_list_and_the_page_ask_as_often_for_thirty_as_for_one(
    client, registrar, event, django_assert_max_num_queries
):
    client.force_login(registrar)

    def cost(path):
        client.get(path)
        with django_assert_max_num_queries(35) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    costs = [cost(LIST), cost(event.get_absolute_url())]
    for _ in range(29):
        SigningEventFactory()
        AgreementFactory(event=event, with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-batang"])

    assert SigningEvent.objects.count() >= 30
    assert [cost(LIST), cost(event.get_absolute_url())] == costs
