"""Somebody whom the portal knows in every way, for tests about personal data."""

from io import StringIO

from django.core.management import call_command

from tests.factories import (
    AgreementFactory,
    PartyFactory,
    PersonFactory,
    PostingFactory,
    SignatoryFactory,
    UserFactory,
)

NAME, ADDRESS, PHONE = "Kenari Wulandari", "kenari.wulandari@contoh.test", "0812-5550-1234"


def run(command, *arguments):
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def somebody():
    """(person, user, paper): who signed a paper, is its contact and has an account, under one name."""
    person = PersonFactory(name=NAME, title_before="Dr.", title_after="M.Si.")
    user = UserFactory(name=NAME, email=ADDRESS)
    paper = AgreementFactory(with_parties=["ditjen-binalavotas"])
    party = PartyFactory(agreement=paper, contact=person, contact_details=f"{PHONE}, {ADDRESS}")
    SignatoryFactory(agreement=paper, party=party, person=person, post="Direktur")
    PostingFactory(user=user, role="leadership")
    return person, user, paper


def keys_of(known):
    person, user, _paper = known
    return f"person:{person.pk}", f"user:{user.pk}"
