"""What somebody may ask for about their own data: a whole copy, a correction, a restriction."""

import json

import pytest
from django.core.management import CommandError
from django.utils import timezone

from partnerships.jobs.delivery import deliver_messages
from partnerships.models import ConfirmationRequest, OutboxMessage, Party, Restriction
from partnerships.models.privacy import RESTRICTED
from tests.factories import PersonFactory, ReportFactory
from tests.partnerships.known_people import ADDRESS, NAME, PHONE, keys_of, run, somebody


@pytest.fixture
def known(db):
    return somebody()


def test_only_the_owner_of_the_tables_erases(known):
    with pytest.raises(CommandError, match="PORTAL_DB_ROLE"):
        run("person_erase", *keys_of(known), "--reason=ND-7/2026")


def test_a_name_of_several_asks_which(db):
    first, second = PersonFactory(name=NAME), PersonFactory(name=NAME)
    with pytest.raises(CommandError, match=f"person:{first.pk} .*person:{second.pk} "):
        run("person_access", NAME)
    with pytest.raises(CommandError, match="Nobody is known as"):
        run("person_access", "tidak.ada@contoh.test")


def test_a_copy_holds_the_records_and_no_secret(known, tmp_path):
    _person, user, paper = known
    run("person_access", *keys_of(known), "--to", str(tmp_path / "salinan.json"))

    copy = json.loads((tmp_path / "salinan.json").read_text())
    assert (tmp_path / "salinan.json").stat().st_mode & 0o777 == 0o600
    assert copy["who"]["names"] == [NAME]
    (contact,) = copy["held"]["partnerships_party"]
    assert contact["row"]["contact_details"] == f"{PHONE}, {ADDRESS}"
    assert contact["why"] == {"points": ["contact_id"], "named_in": ["contact_details"]}
    assert copy["held"]["partnerships_signatory"][0]["row"]["agreement_id"] == paper.pk
    assert copy["held"]["partnerships_posting"][0]["row"]["user_id"] == user.pk
    (account,) = copy["held"]["accounts_user"]
    assert "password" not in account["row"] and user.password not in json.dumps(copy)


def test_a_correction_reaches_every_place(known):
    person, user, paper = known
    report = ReportFactory()
    ConfirmationRequest.objects.create(
        report=report,
        name=NAME,
        email=ADDRESS,
        asked_by=user,
        expires_at=timezone.now(),
        answer="yes",
        answered_at=timezone.now(),
    )
    new = {"--name": "Kenari Lestari", "--title-after": "", "--email": "kl@contoh.test", "--phone": "0813-1"}
    run(
        "person_correct",
        *keys_of(known),
        "--reason=ND-8/2026",
        *(f"{name}={said}" for name, said in new.items()),
    )

    for row in (person, user, party := Party.objects.get(agreement=paper, contact=person)):
        row.refresh_from_db()
    assert (str(person), str(user)) == ("Dr. Kenari Lestari", "Kenari Lestari <kl@contoh.test>")
    assert party.contact_details == "0813-1, kl@contoh.test"
    asked = ConfirmationRequest.objects.get()
    assert (asked.name, asked.email) == ("Kenari Lestari", "kl@contoh.test")
    event = person.events.latest("pgh_id")
    assert event.pgh_context == {"action": "person.correct", "reason": "ND-8/2026", "door": "command"}


def test_restricted_data_is_on_no_page_and_goes_into_no_mail_until_that_is_lifted(
    client, known, registrar, admin, mailoutbox
):
    person, user, paper = known
    client.force_login(registrar)
    pages = [paper.get_absolute_url(), "/kemitraan/ekspor.csv", f"/kemitraan/{paper.ref}/profil.pdf"]
    assert NAME in client.get(pages[0]).text
    OutboxMessage.objects.create(kind="digest", recipient=user)

    run("person_restrict", *keys_of(known), "--reason=ND-9/2026")

    OutboxMessage.objects.create(kind="digest", recipient=user)
    deliver_messages.func()
    page = client.get(pages[0]).text
    assert RESTRICTED in page and NAME not in page and PHONE not in page and ADDRESS not in page
    assert NAME not in client.get(pages[1]).getvalue().decode()
    assert mailoutbox == []
    client.force_login(admin)
    restriction = Restriction.objects.get(person=person)
    assert NAME in client.get(f"/admin/partnerships/restriction/{restriction.pk}/change/").text

    run("person_restrict", *keys_of(known), "--reason=ND-10/2026", "--lift")

    for row in (person, user):
        row.refresh_from_db()
    assert (str(person), user.name) == (f"Dr. {NAME}, M.Si.", NAME)
    assert Party.objects.get(contact=person).contact_details == f"{PHONE}, {ADDRESS}"
    assert not Restriction.objects.exists()
