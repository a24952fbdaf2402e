"""What was announced of a signing event against what is in the register."""

import pytest

from partnerships.models import (
    EventExpectation,
    Organization,
    PartnerClass,
)
from partnerships.selectors.ceremonies import EventPage
from tests.factories import (
    AgreementFactory,
    OrganizationFactory,
    PartyFactory,
    SigningEventFactory,
)


@pytest.fixture
def ceremony(db):
    """An event that was announced with 3 + 9 + 17 papers, of which 8 regional ones and a batch are in."""
    event = SigningEventFactory(name="Penandatanganan 29 naskah")
    for partner_class, papers in [("ministry", 3), ("regional", 9), ("development", 17)]:
        EventExpectation.objects.create(event=event, partner_class=partner_class, papers=papers)
    governments = Organization.objects.filter(region__parent="12").order_by("slug")[:8]
    for government in governments:
        AgreementFactory(event=event, with_parties=["ditjen-binalavotas", government.slug])
    batch = AgreementFactory(event=event, represents=17)
    PartyFactory(agreement=batch, organization=OrganizationFactory(kind="company"))
    return event


def test_the_gap_between_announced_and_registered_papers(ceremony, registrar):
    page = EventPage(ceremony, registrar)

    assert page.announced == 29
    assert [(t.partner_class, t.expected, t.registered, t.missing, len(t.papers)) for t in page.tallies] == [
        (PartnerClass.MINISTRY, 3, 0, 3, 0),
        (PartnerClass.REGIONAL, 9, 8, 1, 8),
        (PartnerClass.DEVELOPMENT, 17, 17, 0, 1),
    ]
    assert page.missing == 4
    regional = page.tallies[1].sentence
    assert all(number in regional for number in ("8", "9", "1"))


def test_who_sees_the_own_papers_only_is_told_of_no_gap(ceremony, officer_north_sumatra, officer_asahan):
    page = EventPage(ceremony, officer_north_sumatra)
    assert page.announced == 0
    assert [(t.partner_class, t.expected, t.registered) for t in page.tallies] == [
        (PartnerClass.REGIONAL, None, 8)
    ]
    assert all(t.sentence == "" for t in page.tallies)

    assert EventPage(ceremony, officer_asahan).papers.count <= 8


def test_a_class_of_which_more_came_than_was_announced(registrar):
    event = SigningEventFactory()
    EventExpectation.objects.create(event=event, partner_class="regional", papers=1)
    for slug in ("pemerintah-kabupaten-asahan", "pemerintah-kabupaten-batang"):
        AgreementFactory(event=event, with_parties=[slug])

    [regional] = EventPage(event, registrar).tallies
    assert (regional.missing, "2" in regional.sentence, "1" in regional.sentence) == (0, True, True)
