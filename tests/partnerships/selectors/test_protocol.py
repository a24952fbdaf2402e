"""The order in which the papers of a ceremony are called."""

import pytest

from partnerships.lifecycle import Status
from partnerships.models import Document
from partnerships.selectors.protocol import papers_in_protocol_order
from regions.models import Region
from tests.factories import AgreementFactory, OrganizationFactory, PartyFactory, SigningEventFactory


@pytest.fixture
def event(db):
    return SigningEventFactory()


def paper(event, slug=None, **partner):
    made = AgreementFactory(event=event, with_parties=["ditjen-binalavotas", *([slug] if slug else [])])
    if partner:
        PartyFactory(agreement=made, organization=OrganizationFactory(**partner), position=2)
    return made


def test_ministries_then_regions_by_code_then_partners_then_foreign_ones(event, registrar):
    nobody = paper(event)
    foreign = paper(event, kind="foreign_government", name="Alfa")
    second = paper(event, kind="company", name="PT Beta")
    first = paper(event, kind="university", name="Akademi Uji")
    batang = paper(event, "pemerintah-kabupaten-batang")
    asahan_region = Region.objects.get(code="12.09")
    office = paper(event, kind="regional_office", name="Dinas Uji", region=asahan_region)
    asahan = paper(event, "pemerintah-kabupaten-asahan")
    province = paper(event, "pemerintah-provinsi-jawa-tengah")
    ministry = paper(event, kind="ministry", name="Kementerian Uji")

    assert papers_in_protocol_order(event, registrar) == [
        ministry,
        province,
        asahan,
        office,
        batang,
        first,
        second,
        foreign,
        nobody,
    ]


def test_cancelled_papers_and_those_out_of_sight_are_not_called(event, registrar, officer_asahan):
    own = paper(event, "pemerintah-kabupaten-asahan")
    others = paper(event, "pemerintah-kabupaten-batang")
    AgreementFactory(
        event=event, status=Status.CANCELLED, with_parties=["itjen", "pemerintah-kabupaten-asahan"]
    )

    assert papers_in_protocol_order(event, officer_asahan) == [own]
    assert papers_in_protocol_order(event, registrar) == [own, others]


def test_a_paper_is_scanned_when_its_signed_paper_stands_on_file(event, registrar):
    scanned, letter = paper(event, "pemerintah-kabupaten-asahan"), paper(event, "pemerintah-kabupaten-batang")
    Document.objects.create(agreement=scanned, purpose="paper", title="Naskah")
    Document.objects.create(agreement=letter, purpose="authority", title="Surat kuasa")

    assert [each.has_scan for each in papers_in_protocol_order(event, registrar)] == [True, False]


def test_thirty_papers_are_asked_of_at_once(event, registrar, django_assert_max_num_queries):
    paper(event, "pemerintah-kabupaten-asahan")
    with django_assert_max_num_queries(12) as queries:
        papers_in_protocol_order(event, registrar)
    cost = len(queries)

    for _ in range(29):
        paper(event, "pemerintah-kabupaten-batang")
    with django_assert_max_num_queries(cost) as queries:
        assert len(papers_in_protocol_order(event, registrar)) == 30
