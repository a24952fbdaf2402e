"""The administration as a whole: who enters, and what every page of it can do."""

import re

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, reverse

from accounts.models import ErrorReport, User
from partnerships.actions import agreements
from partnerships.models import Agreement
from partnerships.roles import Role
from tests.conftest import confirm, person
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    OrganizationFactory,
    SourcedFactFactory,
    UserFactory,
)
from tests.partnerships.admin_rows import PAGES, ROWS, SITE, changelist, make


def routes(resolver, before=""):
    for pattern in resolver.url_patterns if hasattr(resolver, "url_patterns") else resolver:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route


def addresses():
    """Every address of the administration, with a number where a row is named."""
    for route in routes(SITE.urls[0]):
        if route.startswith("^"):
            yield "/admin/partnerships/"
        elif "(?P<url>" in route:
            yield "/admin/tidak-ada/"
        else:
            yield "/admin/" + re.sub(r"<[^>]+>", "1", route)


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    confirm(client, admin)
    return client


# --- who enters -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "office", "each"),
    [
        (Role.REGISTRAR, "biro-kerja-sama", 1),
        (Role.UNIT_OFFICER, "ditjen-binalavotas", 9),
        (Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan", 9),
        (Role.LEADERSHIP, "kementerian-ketenagakerjaan", 9),
        (None, None, 9),
    ],
)
def test_the_administration_does_not_exist_for_anyone_else(role, office, each, client, own_database):
    # Committed, so that what each page says of one's tasks is kept from page to page.
    client.force_login(person(role, office) if role else UserFactory())

    answers = {}
    for address in list(addresses())[::each]:
        answers[address] = client.get(address).status_code, client.post(address, {}).status_code

    assert len(answers) > 150 / each
    assert {address for address, codes in answers.items() if codes != (404, 404)} == set()


@pytest.mark.parametrize("flags", [{"is_staff": True}, {"is_superuser": True}])
def test_half_an_administrator_is_none(client, db, flags):
    client.force_login(UserFactory(**flags))

    assert client.get("/admin/").status_code == 404


def test_who_has_not_signed_in_is_sent_to_the_one_door(client, db):
    answers = {address: client.get(address) for address in addresses()}

    assert {a for a, answer in answers.items() if answer.status_code != 302} == set()
    assert {answer.url.partition("?")[0] for answer in answers.values()} == {"/masuk/"}
    assert (
        client.get("/admin/partnerships/theme/?q=a").url == "/masuk/?next=/admin/partnerships/theme/%3Fq%3Da"
    )


def test_who_has_signed_in_needs_no_other_door(as_admin):
    assert as_admin.get("/admin/login/?next=https://example.test/").url == "/admin/"


@pytest.mark.parametrize(
    "gone", ["auth/group", "account/emailaddress", "mfa/authenticator", "password_change", "logout"]
)
def test_pages_that_packages_bring_are_not_offered(as_admin, gone):
    assert as_admin.get(f"/admin/{gone}/").status_code == 404


# --- every page -----------------------------------------------------------------------------------


@pytest.mark.parametrize("label", sorted(PAGES))
def test_every_page_and_its_history_answer(as_admin, admin, label):
    page = PAGES[label]
    if label in ROWS:
        make(label, 1)
    make("partnerships.Agreement", 1)
    row = page.model.objects.first()
    if row is None:
        pytest.fail(f"{label} has no row to look at") if label in ROWS else None
        return
    opts = page.model._meta
    name = f"admin:{opts.app_label}_{opts.model_name}"

    assert as_admin.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
    history = as_admin.get(reverse(f"{name}_history", args=[row.pk]))
    assert history.status_code == (200 if page.has_history else 302)


@pytest.mark.parametrize("label", sorted(PAGES))
def test_nothing_is_deleted_in_bulk(as_admin, label):
    page = PAGES[label]
    if label in ROWS:
        make(label, 2)
    rows = list(page.model.objects.values_list("pk", flat=True)[:2])

    as_admin.post(
        changelist(page.model),
        {"action": "delete_selected", "_selected_action": rows, "post": "yes", "select_across": 1},
    )

    assert page.model.objects.filter(pk__in=rows).count() == len(rows)


KEPT_FOR_GOOD = sorted(
    set(PAGES)
    - {
        "partnerships.Theme",
        "partnerships.Indicator",
        "partnerships.InstrumentRule",
        "partnerships.DormancyLimit",
        "partnerships.RetentionRule",
        "partnerships.OrganizationAlias",
        "partnerships.OfficeHolder",
    }
)


@pytest.mark.parametrize("label", KEPT_FOR_GOOD)
def test_records_history_regions_and_people_are_not_deleted(as_admin, label):
    page = PAGES[label]
    make("partnerships.Agreement", 1)
    if label in ROWS:
        make(label, 1)
    row = page.model.objects.first()
    if row is None:
        return
    opts = page.model._meta
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_delete", args=[row.pk])

    assert as_admin.get(address).status_code == 403
    assert as_admin.post(address, {"post": "yes"}).status_code == 403
    assert page.model.objects.filter(pk=row.pk).exists()


READ_ONLY = sorted(
    label
    for label, page in PAGES.items()
    if not page.has_change_permission(type("R", (), {"user": User(is_superuser=True, is_active=True)}))
)


@pytest.mark.parametrize("label", READ_ONLY)
def test_a_forged_form_changes_no_record(as_admin, label):
    page = PAGES[label]
    make("partnerships.Agreement", 1)
    if label in ROWS:
        make(label, 1)
    row = page.model.objects.first()
    if row is None:
        return
    opts = page.model._meta
    name = f"admin:{opts.app_label}_{opts.model_name}"
    before = page.model.objects.filter(pk=row.pk).values().get()
    forged = {
        "title": "Diubah",
        "status": "ended",
        "published_at_0": "2026-01-01",
        "role": "registrar",
        "value": "Diubah",
        "reason": "Diubah",
        "_save": "1",
        "form-TOTAL_FORMS": 1,
        "form-INITIAL_FORMS": 1,
        "form-0-id": row.pk,
    }

    assert as_admin.post(reverse(f"{name}_change", args=[row.pk]), forged).status_code == 403
    assert as_admin.post(reverse(f"{name}_add"), forged).status_code == 403
    as_admin.post(changelist(page.model), forged)
    assert page.model.objects.filter(pk=row.pk).values().get() == before


def test_the_front_page_offers_every_kind_of_record(as_admin):
    html = as_admin.get("/admin/").content.decode()

    missing = [label for label, page in PAGES.items() if changelist(page.model) not in html]
    assert missing == []


def test_no_page_of_the_administration_carries_inline_styles_or_scripts(as_admin, admin):
    make("partnerships.Agreement", 1)
    make("partnerships.OutboxMessage", 1)
    paper = Agreement.objects.first()
    agreements.publish(agreement=paper, by=admin, reason="Uji")
    pages = [
        "/admin/",
        "/admin/partnerships/agreement/",
        f"/admin/partnerships/agreement/{paper.pk}/change/",
        f"/admin/partnerships/agreement/{paper.pk}/history/",
        f"/admin/partnerships/agreement/{paper.pk}/move/",
        "/admin/partnerships/agreement/import/",
        "/admin/partnerships/theme/import/",
        "/admin/partnerships/theme/export/",
        "/admin/partnerships/theme/add/",
        "/admin/partnerships/signingevent/add/",
        "/admin/accounts/user/",
        "/admin/accounts/user/invite/",
        f"/admin/accounts/user/{admin.pk}/change/",
        "/admin/partnerships/outboxmessage/",
    ]
    for page in pages:
        html = as_admin.get(page).content.decode()
        assert not re.search(r"<[^>]+\sstyle=", html), page
        assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\son[a-z]+=", html), page


def test_what_people_wrote_is_shown_literally(as_admin):
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    organization = OrganizationFactory(name=nasty, short_name="<b>x</b>")
    paper = AgreementFactory(title=nasty, place=nasty, with_parties=[organization.slug])
    SourcedFactFactory(agreement=paper, value=nasty, source=nasty)
    CommitmentFactory(agreement=paper, text=nasty)
    UserFactory(name=nasty)
    ErrorReport.objects.create(request_id="x", kind=nasty, path=nasty, place=nasty, method="GET")
    pages = [
        "/admin/partnerships/agreement/",
        f"/admin/partnerships/agreement/{paper.pk}/change/",
        f"/admin/partnerships/agreement/{paper.pk}/history/",
        f"/admin/partnerships/agreement/{paper.pk}/move/",
        "/admin/partnerships/organization/",
        "/admin/partnerships/organizationevent/",
        "/admin/partnerships/agreementevent/",
        "/admin/partnerships/sourcedfact/",
        "/admin/partnerships/commitment/",
        "/admin/accounts/user/",
        "/admin/accounts/errorreport/",
    ]
    for page in pages:
        html = as_admin.get(page).content.decode()
        assert "&lt;script&gt;" in html, page
        assert "<script>alert" not in html, page
        assert "<img src=x" not in html, page


def test_every_model_is_findable_but_for_those_shown_with_their_record():
    with_their_record = {
        "AgreementSearch",
        "AgreementScope",
        "AgreementTheme",
        "WorkLocation",
        "EventExpectation",
        # Computed: the days and the figures of a commitment say it all.
        "ReportingPeriod",
        "CommitmentStanding",
    }

    hidden = {
        model.__name__
        for app in ("partnerships", "accounts", "regions")
        for model in apps.get_app_config(app).get_models()
        if model not in SITE._registry
    }

    assert hidden == with_their_record


@pytest.mark.parametrize("sent", ["1) OR (1=1", "ﷺ" * 90, "9" * 30, "-1", "1.5", ""])
def test_a_choice_that_can_be_no_key_is_refused_in_words(sent, client, admin):
    client.force_login(admin)
    confirm(client, admin)

    answer = client.post(reverse("admin:accounts_user_post", args=[admin.pk]), {"organization": sent})

    assert answer.status_code == 200
    assert "organization" in answer.context["form"].errors
    added = client.post(
        reverse("admin:partnerships_officeholder_add"), {"organization": sent, "person": sent}
    )
    assert added.status_code == 200


def test_a_filter_that_a_table_does_not_have_is_refused(client, admin):
    client.force_login(admin)

    assert client.get(reverse("admin:partnerships_theme_export"), {"view": "x"}).status_code == 400
