"""Which offers are proposed for a need, in which order and why."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from partnerships.models import Indicator, Need, Theme, access_of
from partnerships.selectors.matches import OF_A_NEED, proposals_for
from partnerships.selectors.needs import MatchList
from regions.models import Region
from tests.factories import AgreementFactory, MatchFactory, NeedFactory, OfferFactory

ASAHAN = "pemerintah-kabupaten-asahan"


def proposed(user, need, **more):
    need = Need.objects.select_related(*OF_A_NEED).get(pk=need.pk)
    return proposals_for(user, [need], **more)[need.pk]


def test_an_offer_is_proposed_with_its_reasons(registrar):
    offer = OfferFactory(
        everywhere=False, with_regions=["12"], first_year=2050, last_year=2051, organization__short_name="MU"
    )
    need = NeedFactory(year=2050)
    taken = NeedFactory(year=2051, number=50)
    MatchFactory(need=taken, offer=offer, number=50)

    with translation.override("en"):
        (only,) = proposed(registrar, need)
        assert [reason.words for reason in only.reasons] == [
            "Same theme and unit: Skills and vocational training, Participants trained",
            "For all of Provinsi Sumatera Utara",
            "MU offers 200 orang, 150 left; 120 needed: 100%",
            "Needed in 2050, offered for 2050–2051",
        ]
    assert all(reason.whole for reason in only.reasons)
    assert (only.offer, only.number, only.paper) == (offer, 120, None)


@pytest.mark.parametrize(
    "unlike",
    [
        {"status": "withdrawn"},
        {"first_year": 2040, "last_year": 2049},
        {"everywhere": False, "with_regions": ["33"]},
        {"everywhere": False, "with_regions": ["33.25"]},
        {"theme": "penempatan"},
        {"indicator": "peserta-bersertifikat"},
    ],
)
def test_an_offer_of_another_theme_unit_year_or_province_is_not(unlike, registrar):
    if "theme" in unlike:
        unlike = {"theme": Theme.objects.get(slug=unlike["theme"])}
    if "indicator" in unlike:
        unlike = {"indicator": Indicator.objects.get(slug=unlike["indicator"])}
    need = NeedFactory(year=2050)
    OfferFactory(**unlike)

    assert proposed(registrar, need) == []
    assert not Need.objects.with_offers().exists()
    fitting = OfferFactory()
    assert [each.offer for each in proposed(registrar, need)] == [fitting]
    assert Need.objects.with_offers().get() == need


def test_what_reaches_the_region_and_meets_more_of_the_need_comes_first(registrar):
    need = NeedFactory(year=2050, number=100)
    nearby = OfferFactory(number=500, everywhere=False, with_regions=["12.71"])
    small = OfferFactory(number=40, everywhere=False, with_regions=["12.09"])
    country = OfferFactory(number=100)
    province = OfferFactory(number=900, everywhere=False, with_regions=["12"])

    found = proposed(registrar, need, most=9)

    assert [each.offer for each in found] == [province, country, small, nearby]
    assert [each.place.name for each in found] == ["PROVINCE", "COUNTRY", "HERE", "NEARBY"]
    assert [each.number for each in found] == [100, 100, 40, 100]
    assert [each.offer for each in proposed(registrar, need, most=2)] == [province, country]


def test_the_need_of_a_province_is_met_in_part_by_an_offer_for_a_part_of_it(registrar):
    need = NeedFactory(region=Region.objects.get(pk="12"), year=2050)
    OfferFactory(everywhere=False, with_regions=["12.71"])

    (only,) = proposed(registrar, need)
    assert only.place.name == "PART"
    assert [reason.whole for reason in only.reasons] == [True, False, True, True]


@pytest.mark.parametrize(
    ("paper", "covers"),
    [
        ({}, True),
        ({"status": "ended"}, False),
        ({"status": "drafting", "signed": None}, False),
        ({"with_themes": ["penempatan"]}, False),
    ],
)
def test_what_a_paper_in_force_between_the_two_covers_comes_last_and_says_so(paper, covers, registrar):
    need = NeedFactory(year=2050, number=100)
    first, second = OfferFactory(number=100), OfferFactory(number=90)
    paper = AgreementFactory(
        **{"with_themes": ["pelatihan-vokasi"], **paper}, with_parties=[ASAHAN, first.organization.slug]
    )

    found = proposed(registrar, need)

    expected = [(second, None), (first, paper.ref)] if covers else [(first, None), (second, None)]
    assert [(each.offer, each.paper) for each in found] == expected


def test_a_need_that_papers_take_up_is_proposed_nothing_more(registrar):
    need, offer = NeedFactory(year=2050), OfferFactory()
    MatchFactory(need=need, offer=offer, number=120)
    OfferFactory()

    assert proposed(registrar, need) == []
    assert MatchList(registrar, QueryDict("")).page.paginator.count == 0


def test_the_proposals_of_thirty_needs_are_asked_for_as_often_as_those_of_one(registrar):
    OfferFactory(), OfferFactory(everywhere=False, with_regions=["12.09"])
    for _ in range(30):
        NeedFactory()
    every = list(Need.objects.select_related(*OF_A_NEED))

    # Who asks is known by the time that a page comes to this.
    access_of(registrar)

    def queries(needs):
        with CaptureQueriesContext(connection) as captured:
            assert all(len(each) == 2 for each in proposals_for(registrar, needs).values())
        return len(captured)

    assert queries(every) == queries(every[:1]) == 3
