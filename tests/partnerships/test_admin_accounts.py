"""People and postings in the administration: pages that ask, then act through the actions."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from partnerships.models import Organization, OutboxMessage, Posting
from tests.conftest import confirm
from tests.factories import PostingFactory, UserFactory

INVITE = "/admin/accounts/user/invite/"
TODAY = "2026-03-02"


@pytest.fixture(autouse=True)
def on_a_day(time_machine):
    time_machine.move_to("2026-03-02T03:00:00Z")


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    confirm(client, admin)
    return client


@pytest.fixture
def bureau(db):
    return Organization.objects.get(slug="biro-kerja-sama")


def page_of(user, name="change"):
    return reverse(f"admin:accounts_user_{name}", args=[user.pk])


def page_of_posting(posting, name="change"):
    return reverse(f"admin:partnerships_posting_{name}", args=[posting.pk])


# --- inviting -------------------------------------------------------------------------------------


def test_an_invitation_makes_account_posting_and_message(as_admin, bureau):
    answers = {
        "email": "baru@example.test",
        "name": "Petugas baru",
        "organization": bureau.pk,
        "role": "registrar",
        "starts_on": "2026-04-01",
    }

    answer = as_admin.post(INVITE, answers, follow=True)

    user = User.objects.get(email="baru@example.test")
    assert answer.redirect_chain == [(page_of(user), 302)]
    assert "Petugas baru" in answer.content.decode()
    posting = user.postings.get()
    assert (posting.organization, posting.role, str(posting.starts_on)) == (bureau, "registrar", "2026-04-01")
    assert OutboxMessage.objects.get().recipient == user


def test_looking_at_an_invitation_invites_nobody(as_admin, bureau):
    as_admin.get(INVITE, {"email": "baru@example.test", "name": "B", "organization": bureau.pk})

    assert not Posting.objects.exists()


def test_a_refused_invitation_says_why_and_keeps_what_was_typed(as_admin):
    asahan = Organization.objects.get(slug="pemerintah-kabupaten-asahan")
    answers = {
        "email": "baru@example.test",
        "name": "Petugas baru",
        "organization": asahan.pk,
        "role": "registrar",
        "starts_on": TODAY,
    }

    answer = as_admin.post(INVITE, answers)

    assert answer.status_code == 200
    (sentence,) = answer.context["form"].non_field_errors()
    assert sentence in answer.content.decode().replace("&#x27;", "'")
    assert 'value="baru@example.test"' in answer.content.decode()
    assert asahan.name in answer.content.decode()
    assert not User.objects.filter(email="baru@example.test").exists()


def test_forged_fields_of_an_invitation_give_no_rights(as_admin, bureau):
    answers = {
        "email": "baru@example.test",
        "name": "Petugas baru",
        "organization": bureau.pk,
        "role": "registrar",
        "starts_on": TODAY,
        "is_staff": "on",
        "is_superuser": "on",
        "password": "sandi-dari-penyerang",
        "by": 1,
        "ends_on": TODAY,
    }

    as_admin.post(INVITE, answers)

    user = User.objects.get(email="baru@example.test")
    assert not (user.is_staff or user.is_superuser or user.has_usable_password())
    assert user.postings.get().ends_on is None


def test_the_office_is_looked_up_by_name(as_admin):
    found = as_admin.get(
        "/admin/autocomplete/",
        {
            "term": "asahan",
            "app_label": "partnerships",
            "model_name": "posting",
            "field_name": "organization",
        },
    ).json()

    assert "Pemerintah Kabupaten Asahan" in [row["text"] for row in found["results"]]


# --- the page of a person -------------------------------------------------------------------------


def test_a_person_page_shows_postings_and_no_password(as_admin, registrar):
    html = as_admin.get(page_of(registrar)).content.decode()

    assert "Biro Kerja Sama" in html
    assert registrar.password not in html
    assert 'type="password"' not in html


def test_forged_fields_of_a_person_change_nothing_but_name_and_language(as_admin, admin, nobody):
    password = nobody.password
    forged = {
        "name": "Nama baru",
        "language": "en",
        "email": "penyerang@example.test",
        "password": "pbkdf2$x",
        "is_staff": "on",
        "is_superuser": "on",
        "is_active": "",
        "groups": "1",
        "user_permissions": "1",
        "date_joined": "2001-01-01",
        "postings-TOTAL_FORMS": 1,
        "postings-INITIAL_FORMS": 0,
        "postings-0-role": "registrar",
        "postings-0-organization": 1,
        "postings-0-starts_on": TODAY,
    }
    email = nobody.email

    as_admin.post(page_of(nobody), forged)

    nobody.refresh_from_db()
    assert (nobody.name, nobody.language) == ("Nama baru", "en")
    assert (nobody.email, nobody.password) == (email, password)
    assert (nobody.is_staff, nobody.is_superuser, nobody.is_active) == (False, False, True)
    assert not nobody.postings.exists()
    context = nobody.events.latest("pgh_id").pgh_context
    assert (context["actor"], context["door"]) == (admin.pk, "admin")


def test_deactivation_asks_for_a_reason_that_stays_in_the_history(as_admin, admin, registrar):
    address = page_of(registrar, "deactivate")
    assert as_admin.post(address, {"reason": " "}).status_code == 200
    registrar.refresh_from_db()
    assert registrar.is_active

    as_admin.post(address, {"reason": "Pensiun"})

    registrar.refresh_from_db()
    assert not registrar.is_active
    html = as_admin.get(page_of(registrar, "history")).content.decode()
    assert "Pensiun" in html
    assert admin.email in html


def test_a_link_for_the_password_goes_to_the_person_alone(as_admin, registrar):
    answer = as_admin.post(page_of(registrar, "password_link"), follow=True)

    assert OutboxMessage.objects.get().recipient == registrar
    assert "lupa-sandi/" not in answer.content.decode()


def test_an_administrator_is_appointed_and_dismissed(as_admin, nobody):
    as_admin.post(page_of(nobody, "appoint"), {"reason": "Operator"})
    nobody.refresh_from_db()
    assert nobody.is_superuser
    assert nobody.is_staff

    as_admin.post(page_of(nobody, "dismiss"), {"reason": "Pindah"})
    nobody.refresh_from_db()
    assert not nobody.is_superuser
    assert not nobody.is_staff


def test_nobody_deactivates_oneself_here_either(as_admin, admin):
    answer = as_admin.post(page_of(admin, "deactivate"), {"reason": "Coba"})

    assert answer.context["form"].non_field_errors()
    admin.refresh_from_db()
    assert admin.is_active


# --- postings -------------------------------------------------------------------------------------


def test_an_office_is_handed_over_in_one_step(as_admin, registrar, bureau):
    old = registrar.postings.get()
    answers = {"successor_email": "baru@example.test", "successor_name": "Baru", "on": TODAY}

    as_admin.post(page_of_posting(old, "transfer"), answers)

    old.refresh_from_db()
    new = Posting.objects.get(user__email="baru@example.test")
    assert (str(old.ends_on), str(new.starts_on)) == (TODAY, TODAY)
    assert (new.organization, new.role) == (bureau, "registrar")


def test_what_has_ended_is_not_offered_for_handing_over(as_admin, registrar):
    posting = registrar.postings.get()
    assert page_of_posting(posting, "transfer") in as_admin.get(page_of_posting(posting)).content.decode()
    posting.ends_on = timezone.localdate()
    posting.save()

    assert page_of_posting(posting, "transfer") not in as_admin.get(page_of_posting(posting)).content.decode()
    answers = {"successor_email": "b@example.test", "successor_name": "B", "on": TODAY}
    assert as_admin.post(page_of_posting(posting, "transfer"), answers).status_code == 200
    assert Posting.objects.count() == 1


def test_a_decision_about_a_row_that_is_not_there_leads_back(as_admin):
    assert as_admin.post("/admin/accounts/user/99999/deactivate/", {"reason": "x"}).status_code == 302
    assert as_admin.get("/admin/accounts/user/bukan-angka/deactivate/").status_code == 302


def test_people_are_found_by_role_and_office(as_admin, registrar, officer_asahan):
    former = PostingFactory(
        organization=Organization.objects.get(slug="biro-kerja-sama"),
        role="registrar",
        starts_on="2020-01-01",
        ends_on="2021-01-01",
    ).user

    listed = as_admin.get("/admin/accounts/user/?role=registrar").context["cl"].result_list
    assert list(listed) == [registrar]
    found = as_admin.get("/admin/accounts/user/?q=asahan").context["cl"].result_list
    assert list(found) == [officer_asahan]
    assert former not in listed


def test_a_message_is_sent_again(as_admin, nobody):
    message = OutboxMessage.objects.create(
        kind="invitation", recipient=nobody, attempts=5, problem="SMTPException"
    )

    as_admin.post(reverse("admin:partnerships_outboxmessage_send_again", args=[message.pk]))

    message.refresh_from_db()
    assert (message.attempts, message.problem) == (0, "")


@pytest.mark.parametrize("who", ["registrar", "nobody"])
def test_decisions_do_not_exist_for_others(client, request, who):
    client.force_login(request.getfixturevalue(who))
    victim = UserFactory()

    for name in ("deactivate", "appoint", "password_link", "post"):
        assert client.post(page_of(victim, name), {"reason": "x"}).status_code == 404
    assert client.post(INVITE, {"email": "x@example.test"}).status_code == 404
    victim.refresh_from_db()
    assert victim.is_active
    assert not victim.is_superuser


def test_a_forged_press_from_another_site_is_refused(admin, nobody):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin)

    assert client.post(page_of(nobody, "appoint"), {"reason": "x"}).status_code == 403
    nobody.refresh_from_db()
    assert not nobody.is_superuser
