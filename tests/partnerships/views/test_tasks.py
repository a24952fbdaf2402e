"""The page of tasks, and the number beside it on every page."""

import datetime

import pytest
from django.utils import timezone

from partnerships.models import Organization
from partnerships.roles import Role
from tests.factories import ActionPointFactory, MeasurableFactory, PostingFactory, ReportFactory


def day(days):
    return timezone.localdate() + datetime.timedelta(days=days)


@pytest.fixture
def owed(agreement_of_asahan):
    return MeasurableFactory(agreement=agreement_of_asahan, due=day(-3))


def badge(page):
    (item,) = [item for item in page.context["navigation"] if item["url"] == "/tugas/"]
    return item["badge"]


def test_the_page_names_what_is_to_be_done_and_leads_there(client, owed, officer_asahan):
    client.force_login(officer_asahan)

    page = client.get("/tugas/")

    text = page.content.decode()
    assert owed.text in text
    assert f"/komitmen/{owed.pk}/capaian/{owed.due:%Y-%m-%d}/" in text
    assert badge(page) == badge(client.get("/bantuan/")) == "1"


def test_what_is_of_another_region_is_not_there(client, owed, officer_batang):
    client.force_login(officer_batang)

    page = client.get("/tugas/")

    assert owed.text not in page.content.decode()
    assert badge(page) == ""


def test_a_group_is_shown_whole_on_a_page_of_its_own(client, agreement_of_asahan, officer_asahan):
    for _ in range(27):
        MeasurableFactory(agreement=agreement_of_asahan, due=day(-3))
    client.force_login(officer_asahan)
    (group,) = client.get("/tugas/").context["tasks"].inbox.groups
    assert (group.count, len(group.lines)) == (27, 10)

    first, second = client.get(group.url), client.get(f"{group.url}&page=2")

    assert first.context["tasks"].page.paginator.count == 27
    assert first.content.decode().count("/capaian/") == 25
    assert second.content.decode().count("/capaian/") == 2


def test_every_office_of_the_reader_has_its_inbox(client, owed, officer_asahan):
    bureau = Organization.objects.get(slug="biro-kerja-sama")
    PostingFactory(user=officer_asahan, organization=bureau, role=Role.REGISTRAR)
    ReportFactory(commitment=MeasurableFactory(agreement=owed.agreement), reach="submitted")
    client.force_login(officer_asahan)

    of_region = client.get("/tugas/?office=pemerintah-kabupaten-asahan")
    of_bureau = client.get("/tugas/?office=biro-kerja-sama")

    assert owed.text in of_region.content.decode()
    assert owed.text not in of_bureau.content.decode()
    assert of_bureau.context["tasks"].inbox.queue.count == 1
    assert badge(of_bureau) == "2"


def test_an_office_that_is_not_ones_own_is_none(client, owed, officer_batang):
    client.force_login(officer_batang)

    page = client.get("/tugas/?office=pemerintah-kabupaten-asahan")

    assert page.status_code == 200
    assert owed.text not in page.content.decode()
    assert page.context["tasks"].question.problems


def test_an_empty_inbox_says_when_the_next_report_is_due(client, agreement_of_asahan, officer_asahan):
    MeasurableFactory(agreement=agreement_of_asahan, due=datetime.date(2050, 8, 17))
    client.force_login(officer_asahan)

    assert "17 Agustus 2050" in client.get("/tugas/").content.decode()


def test_leadership_sees_no_tasks_and_no_number(client, owed, leadership):
    client.force_login(leadership)

    page = client.get("/tugas/")

    assert page.status_code == 200
    assert all(item["url"] != "/tugas/" for item in page.context["navigation"])


def test_a_hundred_tasks_are_too_many_for_a_number(client, agreement_of_asahan, officer_asahan):
    for _ in range(101):
        ActionPointFactory(agreement=agreement_of_asahan)
    client.force_login(officer_asahan)

    page = client.get("/tugas/")

    assert badge(page) == "99+"
    assert page.context["tasks"].inbox.action_point_count == 101


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_asks_as_often_for_many_as_for_one(
    number, client, agreement_of_asahan, unit_officer, django_assert_num_queries
):
    for _ in range(number):
        MeasurableFactory(agreement=agreement_of_asahan, due=day(-3), owner=None)
        ActionPointFactory(agreement=agreement_of_asahan)
    client.force_login(unit_officer)

    with django_assert_num_queries(27):
        assert client.get("/tugas/").status_code == 200
