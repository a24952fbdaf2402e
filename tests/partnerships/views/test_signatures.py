"""What the record of a paper says about its signatures."""

import pytest
from django.utils.translation import gettext

from partnerships.models import Capacity, Document
from tests.factories import PersonFactory, SignatoryFactory

pytestmark = pytest.mark.django_db
NO_LETTER = "Signed as %(capacity)s, and no letter of authority is recorded."


@pytest.fixture
def page(client, registrar, agreement_of_asahan):
    def shown():
        client.force_login(registrar)
        return client.get(agreement_of_asahan.get_absolute_url()).content.decode()

    return shown


def signs(paper, **said):
    party = paper.parties.get(organization__slug="pemerintah-kabupaten-asahan")
    return SignatoryFactory(agreement=paper, party=party, person=PersonFactory(), post="Bupati", **said)


def test_a_missing_letter_stands_beside_who_signed_until_it_is_filed(page, agreement_of_asahan):
    signatory = signs(agreement_of_asahan, capacity="plt")
    sentence = gettext(NO_LETTER) % {"capacity": Capacity.PLT.label}
    assert sentence in page()

    Document.objects.create(
        agreement=agreement_of_asahan, purpose="authority", title="Surat perintah", signatory=signatory
    )
    assert sentence not in page()


def test_a_party_for_which_nobody_signed_is_named(page, agreement_of_asahan):
    sentence = gettext("Nobody is recorded as having signed for %(party)s.")
    party = {"party": "Pemerintah Kabupaten Asahan"}
    assert sentence % party in page()

    signs(agreement_of_asahan)
    assert sentence % party not in page()


def test_who_signed_who_witnessed_and_who_was_there_are_told_apart(page, agreement_of_asahan):
    for presence in ("signed", "witnessed", "present"):
        signs(agreement_of_asahan, presence=presence)

    html = page()

    who = html[html.index('id="who"') :]
    places = [who.index(f"badge--{tone}") for tone in ("good", "accent", "neutral")]
    assert places == sorted(places)
