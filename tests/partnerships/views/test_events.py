"""The signing events and the page of one event."""

import pytest
from django.urls import reverse
from django.utils.translation import gettext

from partnerships.models import Document, EventExpectation, SigningEvent
from tests.factories import (
    AgreementFactory,
    OrganizationFactory,
    PartyFactory,
    SignatoryFactory,
    SigningEventFactory,
)

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


# --- planning -------------------------------------------------------------------------------------

ADD = reverse("partnerships:event-add")
PLANNED = {
    "name": "Acara yang direncanakan",
    "held": "2 Januari 2090",
    "place": "Jakarta",
    "host": "Kemnaker",
    "expected_regional": "9",
    "agenda": "09.00 Pembukaan",
}


def test_a_registrar_plans_an_event_that_lies_ahead(client, registrar):
    client.force_login(registrar)

    answer = client.post(ADD, PLANNED)

    event = SigningEvent.objects.get(name=PLANNED["name"])
    assert answer.url == event.get_absolute_url()
    assert (event.host.slug, event.agenda) == ("kementerian-ketenagakerjaan", "09.00 Pembukaan")
    assert event.expectations.get().papers == 9
    page = html(client, registrar, event.get_absolute_url())
    assert gettext("To be signed on") in page
    assert "09.00 Pembukaan" in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"held": "31 Februari 2025"}, "held"),
        ({"host": "Tidak Ada Di Sini"}, "host"),
        ({"expected_regional": "-1"}, "expected_regional"),
        ({"expected_regional": "banyak"}, "expected_regional"),
        ({"agenda": "\n".join(["butir"] * 61)}, "agenda"),
    ],
)
def test_a_plan_that_can_not_be_is_answered_at_its_field_and_kept(client, registrar, wrong, field):
    client.force_login(registrar)

    answer = client.post(ADD, PLANNED | wrong)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert 'value="Jakarta"' in answer.content.decode()


def test_a_host_that_is_nearly_called_so_can_be_picked(client, registrar):
    client.force_login(registrar)

    near = client.post(ADD, PLANNED | {"host": "Kabupaten Asahann"}).context["form"].near_hosts
    answer = client.post(ADD, PLANNED | {"host": "Kabupaten Asahann", "pick": near[0]})

    assert (answer.status_code, answer.context["form"]["host"].value()) == (200, near[0])
    assert not SigningEvent.objects.filter(name=PLANNED["name"]).exists()


def test_the_second_of_two_writers_sees_both_versions_and_may_save_over(client, registrar, event):
    client.force_login(registrar)
    address = reverse("partnerships:event-change", args=[event.slug])
    SigningEvent.objects.filter(pk=event.pk).update(version=2, place="Bandung")

    answer = client.post(address, PLANNED | {"version": "1"})

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Bandung" in page
    assert 'value="Jakarta"' in page
    again = client.post(address, PLANNED | {"version": answer.context["form"]["version"].value()})
    assert again.status_code == 302
    event.refresh_from_db()
    assert (event.place, event.version) == ("Jakarta", 3)


# --- reconciliation -------------------------------------------------------------------------------


def test_each_figure_leads_to_the_rows_it_counts(client, registrar, event):
    waiting = AgreementFactory(
        event=event, status="scheduled", with_parties=["itjen", "pemerintah-kabupaten-batang"]
    )
    Document.objects.create(agreement=waiting, purpose="paper", title="Naskah")
    client.force_login(registrar)

    shown = client.get(event.get_absolute_url()).context["shown"]

    regional = next(each for each in shown.tallies if each.partner_class == "regional")
    assert (regional.expected, regional.registered, regional.signed, regional.scanned) == (9, 2, 1, 1)
    for name, count in {"registered": 2, "signed": 1, "unsigned": 1, "scanned": 1, "unscanned": 1}.items():
        assert client.get(regional.urls[name]).context["listing"].count == count, name


def test_a_paper_with_partners_of_two_classes_is_said_to_stand_under_both_in_the_register(
    client, registrar, event
):
    client.force_login(registrar)
    assert not client.get(event.get_absolute_url()).context["shown"].counts_some_elsewhere

    PartyFactory(
        agreement=event.agreements.get(), organization=OrganizationFactory(kind="company"), position=3
    )

    assert client.get(event.get_absolute_url()).context["shown"].counts_some_elsewhere


def test_findings_about_signatures_are_counted_and_named(client, registrar, event):
    SignatoryFactory(agreement=event.agreements.get(), capacity="plt", post="Bupati")
    client.force_login(registrar)

    shown = client.get(event.get_absolute_url()).context["shown"]

    assert {str(kind): len(listed) for kind, listed, _url in shown.findings} == {
        "no_letter": 1,
        "nobody_signed": 2,
    }


@pytest.mark.parametrize(("role", "buttons"), [("registrar", 4), ("leadership", 2), ("officer_asahan", 0)])
def test_each_reader_gets_the_buttons_of_the_own_rights(client, request, event, role, buttons):
    page = html(client, request.getfixturevalue(role), event.get_absolute_url())

    names = ["event-papers", "event-change", "event-packet", "event-door"]
    shown = [name for name in names if reverse(f"partnerships:{name}", args=[event.slug]) in page]
    assert len(shown) == buttons
