"""Where somebody is signed in, and what ends it on the very next request."""

import pytest
from django.contrib.sessions.models import Session
from django.core.signing import BadSignature
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import sessions
from partnerships.actions import calendar_feeds, mail_preferences, postings
from partnerships.jobs import make_waiting_file
from partnerships.models import ExportJob
from partnerships.roles import Role
from tests.accounts.signing_in import PASSWORD, App, is_signed_in, sign_in
from tests.conftest import confirm, person
from tests.factories import ExportJobFactory, PostingFactory

PAGE = reverse("usersessions_list")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0"


@pytest.fixture
def two(somebody):
    """The same person in two browsers: at the office, and one left open elsewhere."""
    here, there = Client(headers={"User-Agent": FIREFOX}), Client(headers={"User-Agent": EDGE})
    for browser in (here, there):
        sign_in(browser, somebody)
    return here, there


def test_the_key_that_signs_is_replaced_while_everybody_goes_on(two, somebody, settings):
    here, there = two
    link = mail_preferences.token(user=somebody, mail=mail_preferences.Mail.REMINDERS)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "kunci-baru" * 5
    assert is_signed_in(here)
    assert mail_preferences.read(link) == (somebody, mail_preferences.Mail.REMINDERS)

    # Who came by meanwhile has moved on to the new one.
    settings.SECRET_KEY_FALLBACKS = []
    assert is_signed_in(here)
    assert not is_signed_in(there)
    with pytest.raises(BadSignature):
        mail_preferences.read(link)


def test_the_list_names_devices_and_networks_but_no_whole_address(two):
    here, there = two
    there.get("/akun/", REMOTE_ADDR="203.0.113.77")

    html = here.get(PAGE).content.decode()

    assert "Firefox di Linux" in html
    assert "Edge di Windows" in html
    assert html.count("peramban ini") == 1
    assert "127.0.0.0/24" in html
    assert "127.0.0.1" not in html


@pytest.mark.parametrize(
    ("address", "network"), [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:7:1::1", "2001:db8:7::/48")]
)
def test_a_network_names_no_single_device(address, network):
    assert sessions.network(address) == network


def test_one_other_browser_is_signed_out(two):
    here, there = two
    other = next(each for each in here.get(PAGE).context["sessions"] if not each.is_this_one)

    here.post(PAGE, {"end": other.number})

    assert (is_signed_in(here), is_signed_in(there)) == (True, False)
    assert len(here.get(PAGE).context["sessions"]) == 1


def test_all_others_are_signed_out_also_those_no_list_names(two, somebody):
    here, there = two
    unlisted = Client()
    unlisted.force_login(somebody)

    here.post(PAGE, {"end": "others"})

    assert [is_signed_in(each) for each in (here, there, unlisted)] == [True, False, False]


def test_nobody_ends_the_session_of_another(two, registrar):
    here, _there = two
    client = Client()
    sign_in(client, registrar)
    own = client.get(PAGE).context["sessions"][0].number

    here.post(PAGE, {"end": own})
    here.post(PAGE, {"end": "9" * 40})
    here.post(PAGE, {"end": "1 OR 1=1"})

    assert is_signed_in(client)


def test_the_list_reads_a_fixed_number_of_rows_per_browser(two, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        two[0].get(PAGE)


# --- what ends sessions ---------------------------------------------------------------------------


def test_a_new_password_ends_them_all(two, somebody):
    here, there = two
    confirm(here, somebody)
    new = "kata-sandi-yang-baru"

    here.post(
        reverse("account_change_password"),
        {"oldpassword": "sandi-untuk-uji-coba", "password1": new, "password2": new},
    )

    assert (is_signed_in(here), is_signed_in(there)) == (False, False)


def test_a_new_second_factor_ends_the_others(two, somebody):
    here, there = two
    confirm(here, somebody)
    secret = here.get(reverse("mfa_activate_totp")).context["form"].secret

    here.post(reverse("mfa_activate_totp"), {"code": App.shows_for(secret)})

    assert (is_signed_in(here), is_signed_in(there)) == (True, False)


def test_signing_out_kills_the_session_itself(two):
    here, _there = two
    key = here.session.session_key
    here.post(reverse("account_logout"))
    here.cookies["sessionid"] = key

    assert not is_signed_in(here)
    assert not Session.objects.filter(session_key=key).exists()


def test_a_closed_account_is_out_and_its_sessions_do_not_open_with_it_again(two, somebody, admin):
    here, there = two
    postings.deactivate(user=somebody, by=admin, reason="Pensiun")
    assert (is_signed_in(here), is_signed_in(there)) == (False, False)

    somebody.refresh_from_db()
    postings.reactivate(user=somebody, by=admin, reason="Kembali")

    assert (is_signed_in(here), is_signed_in(there)) == (False, False)


# --- what a change of office does, at once -----------------------------------------------------------


def test_an_ended_posting_shows_nothing_on_the_next_request(client, registrar, admin, agreement_of_asahan):
    client.force_login(registrar)
    paper = agreement_of_asahan.get_absolute_url()
    change = f"{paper}ubah/"
    assert (client.get(paper).status_code, client.get(change).status_code) == (200, 200)

    postings.end(posting=registrar.postings.get(), on=timezone.localdate(), by=admin, reason="Mutasi")

    assert (client.get(paper).status_code, client.get(change).status_code) == (404, 404)
    assert client.post(change, {"title": "x"}).status_code == 404
    assert agreement_of_asahan.ref not in client.get("/kemitraan/").content.decode()


def test_another_role_counts_on_the_next_request(client, registrar, admin, agreement_of_asahan):
    client.force_login(registrar)
    change = f"{agreement_of_asahan.get_absolute_url()}ubah/"
    assert client.get(change).status_code == 200
    posting = registrar.postings.get()
    postings.end(posting=posting, on=timezone.localdate(), by=admin, reason="Mutasi")
    PostingFactory(user=registrar, organization=posting.organization.parent, role=Role.LEADERSHIP)

    assert client.get(change).status_code == 403


def test_an_administrator_no_more_is_none_on_the_next_request(client, admin):
    other = person(Role.LEADERSHIP, "itjen", is_staff=True, is_superuser=True)
    client.force_login(other)
    assert client.get("/admin/").status_code == 200

    postings.dismiss_administrator(user=other, by=admin, reason="Pindah")

    assert client.get("/admin/").status_code == 404


def test_the_calendar_of_an_ended_posting_is_empty_and_of_a_closed_account_gone(
    client, officer_asahan, admin, agreement_of_asahan
):
    address = reverse("partnerships:calendar-feed", args=[calendar_feeds.renew(by=officer_asahan)])
    assert client.get(address).status_code == 200

    postings.end(posting=officer_asahan.postings.get(), on=timezone.localdate(), by=admin, reason="Mutasi")
    assert agreement_of_asahan.ref not in client.get(address).content.decode()

    postings.deactivate(user=officer_asahan, by=admin, reason="Pensiun")
    assert client.get(address).status_code == 404


def test_a_file_that_waits_is_not_made_for_a_closed_account(registrar, admin):
    job = ExportJobFactory(asked_by=registrar)
    postings.deactivate(user=registrar, by=admin, reason="Pensiun")

    make_waiting_file.func()

    job = ExportJob.objects.get(pk=job.pk)
    assert job.status == "failed"
    assert not job.file_key


def test_a_finished_file_is_not_given_once_the_posting_ended(client, registrar, admin):
    job = ExportJobFactory(asked_by=registrar, reach="done")
    client.force_login(registrar)
    address = reverse("partnerships:download-file", args=[job.pk])
    postings.end(posting=registrar.postings.get(), on=timezone.localdate(), by=admin, reason="Mutasi")

    assert client.get(address).status_code == 403


def test_a_session_that_nobody_uses_ends_after_two_hours(client, somebody, time_machine):
    time_machine.move_to("2026-03-02T01:00:00Z", tick=False)
    sign_in(client, somebody)
    time_machine.shift(2 * 3600 - 1)
    assert is_signed_in(client)

    time_machine.shift(2 * 3600 + 1)

    assert not is_signed_in(client)


def test_a_session_that_is_used_ends_after_ten(client, somebody, time_machine):
    time_machine.move_to("2026-03-02T01:00:00Z", tick=False)
    sign_in(client, somebody)
    for _half_hour in range(19):
        time_machine.shift(1800)
        assert is_signed_in(client)

    time_machine.shift(1801)

    assert not is_signed_in(client)


def test_sessions_are_ended_by_who_has_proved_lately_who_they_are(client, somebody, time_machine):
    time_machine.move_to("2026-03-02T01:00:00Z", tick=False)
    there = Client()
    for browser in (client, there):
        sign_in(browser, somebody)
    time_machine.shift(16 * 60)

    answer = client.post(PAGE, {"end": "others"})

    assert answer.url.startswith(f"{reverse('account_reauthenticate')}?next=")
    assert is_signed_in(there)
    client.post(answer.url, {"password": PASSWORD})
    assert not is_signed_in(there)
    assert is_signed_in(client)


def test_a_proof_gives_the_session_a_new_key(client, somebody):
    sign_in(client, somebody)
    before = client.cookies["sessionid"].value

    client.post(reverse("account_reauthenticate"), {"password": "salah"})
    assert client.cookies["sessionid"].value == before
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    thief = Client()
    thief.cookies["sessionid"] = before
    assert not is_signed_in(thief)
    assert is_signed_in(client)
    assert len(client.get(PAGE).context["sessions"]) == 1


def test_signing_out_has_the_browser_forget_what_it_kept(client, somebody):
    sign_in(client, somebody)

    answer = client.post("/keluar/")

    assert answer["Clear-Site-Data"] == '"cache", "storage"'
