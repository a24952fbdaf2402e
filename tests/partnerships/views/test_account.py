"""One's own account: which mails, and the private address of the calendar."""

import re

from django.core.signing import Signer

from partnerships.actions import mail_preferences
from partnerships.models import CalendarFeed, MailPreference


def test_the_choice_of_mails_is_kept(client, officer_asahan, registrar):
    client.force_login(officer_asahan)
    assert client.get("/akun/").content.decode().count(" checked") == 3

    assert client.post("/akun/surat/", {"decisions": "on"}).status_code == 302

    chosen = mail_preferences.of(officer_asahan)
    assert (chosen.reminders, chosen.decisions) == (False, True)
    assert client.get("/akun/").content.decode().count(" checked") == 2
    assert mail_preferences.of(registrar).reminders


def test_the_calendar_address_is_shown_once_and_works(client, officer_asahan):
    client.force_login(officer_asahan)
    page = client.post("/akun/kalender/", {"step": "renew"})
    address = re.search(r"http://127\.0\.0\.1:8000(/kalender/[\w-]+\.ics)", page.content.decode()).group(1)
    assert "no-store" in page["Cache-Control"]

    later = client.get("/akun/").content.decode()

    assert address not in later
    client.logout()
    assert client.get(address).status_code == 200

    client.force_login(officer_asahan)
    assert client.post("/akun/kalender/", {"step": "revoke"}).status_code == 302
    assert client.get(address).status_code == 404
    assert CalendarFeed.objects.filter(revoked_at=None).count() == 0


def test_who_is_not_signed_in_makes_no_address(client, db):
    assert client.post("/akun/kalender/", {"step": "renew"}).status_code == 302
    assert not CalendarFeed.objects.exists()


def test_a_mail_is_turned_off_by_a_press_not_by_a_look(client, officer_asahan):
    token = mail_preferences.token(user=officer_asahan, mail=mail_preferences.Mail.DECISIONS)
    address = f"/pengingat/{token}/berhenti/"

    assert client.get(address).status_code == 200
    assert not MailPreference.objects.exists()

    assert client.post(address).status_code == 200
    assert client.post(address).status_code == 200
    chosen = MailPreference.objects.get()
    assert (chosen.user, chosen.reminders, chosen.decisions) == (officer_asahan, True, False)


def test_a_link_of_another_kind_turns_nothing_off(client, officer_asahan):
    forged = Signer(salt="another").sign_object([officer_asahan.pk, "reminders"])

    for token in (forged, "x", f"{officer_asahan.pk}:reminders", "a:b:c"):
        assert client.post(f"/pengingat/{token}/berhenti/").status_code == 404
    assert not MailPreference.objects.exists()
