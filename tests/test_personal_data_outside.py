"""What everybody can fetch, and what is written into the log, holds nobody's personal data."""

import logging
import smtplib

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import User
from kemnaker_portal.logs import JsonLine
from partnerships.jobs.delivery import deliver_messages
from partnerships.models import (
    ConfirmationRequest,
    OfficeHolder,
    OutboxMessage,
    Party,
    Person,
    Signatory,
)
from tests.factories import IssuedFileFactory, PersonFactory, UserFactory
from tests.partnerships.known_people import ADDRESS, NAME, PHONE, run, somebody
from tests.test_access_matrix import ARGUMENTS, BY_KEY, OF_THE_ACCOUNT, PUBLIC, ROWS, addresses, everybody

# A number as of an identity card (NIK, 16 digits), and of a civil servant (NIP, 18).
NIK, NIP = "3325014107850003", "198507012010122003"
CANARIES = (NAME, ADDRESS, PHONE, NIK, NIP, "Kenari", "Wulandari")


def plant_everywhere():
    """Every person and contact of the records becomes the same somebody, with numbers of identity."""
    said = f"{NAME}, NIK {NIK}, NIP {NIP}, {PHONE}, {ADDRESS}"
    Person.objects.update(name=f"{NAME} {NIK}", title_before=NAME, title_after=f"NIP {NIP}")
    User.objects.update(name=said)
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=f"{user.pk}.{ADDRESS}")
    Party.objects.update(contact_details=said, contact=PersonFactory(name=said))
    Signatory.objects.update(post=said, letter=said, on_behalf_of=said)
    OfficeHolder.objects.update(post=said)
    ConfirmationRequest.objects.filter(answered_at=None).update(name=said[:150], email=ADDRESS, comment=said)


@pytest.mark.django_db
def test_what_everybody_can_fetch_names_nobody(client):
    everybody()
    first = {row["url"]: row for row in reversed(ROWS) if row["method"] == "GET"}
    asked = [address for row in first.values() for _state, address in addresses(row)]
    asked += [reverse(name, kwargs=ARGUMENTS.get(name)) for name in {**OF_THE_ACCOUNT, **PUBLIC}]
    asked += [IssuedFileFactory().get_absolute_url(), reverse("partnerships:issued-files") + "?kode=x"]
    asked += [reverse(f"partnerships:{name}", args=["salah"]) for name in sorted(BY_KEY)]
    asked += ["/robots.txt", "/sitemap.xml", "/favicon.ico", "/tidak/ada/", "/admin/", "/static/"]
    plant_everywhere()

    told = []
    for address in asked:
        for method in ("GET", "HEAD", "POST"):
            answer = client.generic(method, address)
            said = str(answer.headers) + answer.getvalue().decode("utf-8", "replace")
            told += [(method, address, canary) for canary in CANARIES if canary in said]

    assert len(asked) > 100
    assert told == []


class RefusingBackend(BaseEmailBackend):
    """A mail server that repeats to whom it would not deliver."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused(
            {messages[0].to[0]: (550, f"<{messages[0].to[0]}> unknown".encode())}
        )


@pytest.fixture
def lines(caplog):
    """What the portal writes into its log, line by line."""
    caplog.set_level(logging.INFO)

    def written():
        return [JsonLine().format(record) for record in caplog.records]

    return written


def test_the_log_names_nobody(client, db, lines, registrar, settings):
    person, user, paper = somebody()
    settings.EMAIL_BACKEND = f"{__name__}.RefusingBackend"
    client.post(reverse("account_login"), {"login": ADDRESS, "password": "salah-salah-salah"})
    client.post(reverse("account_reset_password"), {"email": ADDRESS})
    client.force_login(registrar)
    for address in ("/kemitraan/", "/kemitraan/ekspor.csv", "/mitra/", "/komitmen/"):
        client.get(address, {"q": f"{NAME} {ADDRESS}"}).getvalue()
    client.get(f"/kemitraan/{paper.ref}/profil.pdf").getvalue()
    client.post(
        reverse("partnerships:agreement-edit", args=[paper.ref]), {"parties-0-contact_details": PHONE}
    )
    posting = user.postings.get()
    OutboxMessage.objects.create(
        kind="transfer", recipient=user, about={"posting": posting.pk, "side": "left"}
    )
    deliver_messages.func()
    run("person_access", f"person:{person.pk}", f"user:{user.pk}")
    run("person_restrict", f"person:{person.pk}", f"user:{user.pk}", "--reason=ND-1/2026")
    with pytest.raises(IntegrityError) as twice, transaction.atomic():
        UserFactory(email=user.email, name=NAME)
    logging.getLogger("django.request").error("Internal Server Error: /", exc_info=twice.value)

    written = lines()
    told = [(line, canary) for line in written for canary in CANARIES if canary in line]
    assert len(written) > 3
    assert any("SMTPRecipientsRefused" in line for line in written)
    assert any("DETAIL: ***" in line for line in written)
    assert told == []
