"""Every list of the administration: found, filtered, counted, and asked for in few queries."""

import re

import pytest
from django.urls import reverse

from kemnaker_portal.administration.site import Section
from tests.partnerships.admin_rows import PAGES, ROWS, changelist, make


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    return client


# --- every list -----------------------------------------------------------------------------------


@pytest.mark.parametrize("label", sorted(PAGES))
def test_every_list_and_its_search_answer(as_admin, label):
    page = PAGES[label]
    if label in ROWS:
        make(label, 2)

    for query in ("", "?q=asahan", "?q=%27%22%3C", "?q=9999999999999999999999", "?o=1", "?p=0", "?e=1"):
        answer = as_admin.get(changelist(page.model) + query)
        assert answer.status_code in (200, 302), query
    assert page.search_fields, "every model is findable"
    assert page.section in Section


@pytest.mark.parametrize("year", ["0", "9999", "10000", "9" * 19, "x"])
@pytest.mark.parametrize("label", sorted(label for label in PAGES if PAGES[label].date_hierarchy))
def test_a_year_that_no_calendar_has_leads_back_to_the_list(as_admin, label, year):
    page = PAGES[label]

    answer = as_admin.get(changelist(page.model), {f"{page.date_hierarchy}__year": year})

    assert (answer.status_code, answer["Location"]) == (302, f"{changelist(page.model)}?e=1")


@pytest.mark.parametrize("label", sorted(PAGES.keys() & ROWS.keys()))
def test_a_form_that_names_no_field_finds_its_row(as_admin, label):
    make(label, 1)
    row = PAGES[label].model._base_manager.first()
    asked = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])

    # Who may only read the row is refused, nobody is answered with an error.
    assert as_admin.post(asked, {"_to_field": ""}).status_code in {200, 302, 403}


@pytest.mark.parametrize("label", sorted(label for label in PAGES if PAGES[label].list_filter))
def test_every_filter_counts_what_it_would_show(as_admin, label):
    page = PAGES[label]
    if label in ROWS:
        make(label, 3)
    answer = as_admin.get(changelist(page.model))
    links = re.findall(r'<a href="(\?[^"]+)">\s*([^<]+?)\s*\((\d+)\)\s*</a>', answer.content.decode())

    assert links, "filters show their counts"
    some = [link for link in links if link[2] != "0"][:10] + [link for link in links if link[2] == "0"][:3]
    for link, name, count in some:
        listed = as_admin.get(changelist(page.model) + link.replace("&amp;", "&"))
        assert listed.context["cl"].result_count == int(count), name


@pytest.mark.parametrize("label", sorted(set(PAGES) & set(ROWS)))
def test_a_list_asks_as_often_for_thirty_rows_as_for_one(as_admin, label, django_assert_max_num_queries):
    page = PAGES[label]
    make(label, 1)
    as_admin.get(changelist(page.model))
    with django_assert_max_num_queries(60) as few:
        as_admin.get(changelist(page.model))
    make(label, 29)

    with django_assert_max_num_queries(len(few)):
        as_admin.get(changelist(page.model))


@pytest.mark.parametrize("label", ["partnerships.AgreementEvent", "partnerships.PartyEvent"])
def test_a_list_of_the_audit_trail_asks_as_often_for_thirty_rows(
    as_admin, label, django_assert_max_num_queries
):
    page = PAGES[label]
    make("partnerships.Agreement", 1)
    with django_assert_max_num_queries(60) as few:
        as_admin.get(changelist(page.model))
    make("partnerships.Agreement", 29)

    with django_assert_max_num_queries(len(few)):
        as_admin.get(changelist(page.model))
