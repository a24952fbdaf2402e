"""The pages of what regions need, what partners offer, and what fits together."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.actions import matches, offers
from partnerships.models import Agreement, Match, Need, Offer, Theme
from regions.models import Region
from tests.factories import MatchFactory, NeedFactory, OfferFactory, OrganizationFactory

NEXT_YEAR = timezone.localdate().year + 1
TYPED = {
    "key": "11111111-1111-4111-8111-111111111111",
    "region": "12.09",
    "office": "pemerintah-kabupaten-asahan",
    "theme": "pelatihan-vokasi",
    "indicator": "peserta-dilatih",
    "number": "1.250",
    "year": str(NEXT_YEAR),
    "note": "Las listrik",
}
OFFERED = {
    "key": "22222222-2222-4222-8222-222222222222",
    "organization": "JICA",
    "title": "Program uji",
    "theme": "pelatihan-vokasi",
    "indicator": "peserta-dilatih",
    "number": "200",
    "first_year": str(NEXT_YEAR),
    "last_year": str(NEXT_YEAR + 1),
    "regions": "Sumatera Utara\nKab. Batang",
}


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_an_officer_states_a_need_and_a_form_sent_twice_makes_one(client, officer_asahan):
    client.force_login(officer_asahan)
    form = client.get("/kebutuhan/baru/").context["form"]
    assert [each.code for each in form.fields["region"].queryset] == ["12.09"]
    assert form["region"].value() == "12.09"

    for _ in range(2):
        answer = client.post("/kebutuhan/baru/", TYPED)

    need = Need.objects.get()
    assert answer.url == need.get_absolute_url()
    assert (need.number, need.year, need.region_id, need.stated_by) == (
        1250,
        NEXT_YEAR,
        "12.09",
        officer_asahan,
    )
    assert "1.250 orang" in text_of(client.get("/kebutuhan/"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": "12,5"}, "number"),
        ({"number": "banyak"}, "number"),
        ({"year": "1999"}, "year"),
        ({"region": "33.25"}, "region"),
        ({"theme": ""}, "theme"),
        ({"key": ""}, "key"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(wrong, field, client, officer_asahan):
    client.force_login(officer_asahan)

    answer = client.post("/kebutuhan/baru/", TYPED | wrong)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Las listrik" in text_of(answer)
    assert not Need.objects.exists()


def test_two_writers_of_a_need_see_both_texts(client, officer_asahan, registrar):
    need = NeedFactory(year=NEXT_YEAR)
    client.force_login(officer_asahan)
    address = f"{need.get_absolute_url()}ubah/"
    assert client.post(address, TYPED | {"version": "1"}).status_code == 302

    client.force_login(registrar)
    answer = client.post(address, TYPED | {"version": "1", "number": "99"})

    assert answer.status_code == 409
    (different,) = answer.context["conflict"]["differences"]
    assert [said.text for said in (*different.mine, *different.theirs)] == ["99 orang", "1.250 orang"]
    assert answer.context["conflict"]["who"] == officer_asahan
    assert Need.objects.get().number == 1250
    stale = client.post(need.get_absolute_url(), {"version": "1", "to": "met"})
    assert (stale.status_code, Need.objects.get().status) == (409, "open")
    assert client.post(need.get_absolute_url(), {"version": "2", "to": "withdrawn"}).status_code == 422
    assert client.post(need.get_absolute_url(), {"version": "2", "to": "met"}).status_code == 302


def test_an_offer_is_recorded_changed_and_withdrawn(client, registrar):
    client.force_login(registrar)
    assert client.post("/penawaran/baru/", OFFERED | {"organization": "JIKA"}).status_code == 422
    assert client.post("/penawaran/baru/", OFFERED | {"last_year": str(NEXT_YEAR - 1)}).status_code == 422
    answer = client.post("/penawaran/baru/", OFFERED)
    offer = Offer.objects.get()
    assert answer.url == offer.get_absolute_url()
    assert set(offer.regions.values_list("code", flat=True)) == {"12", "33.25"}

    again = client.get(f"{answer.url}ubah/").context["form"]
    assert again["regions"].value() == "Provinsi Sumatera Utara\nKabupaten Batang"
    client.post(f"{answer.url}ubah/", OFFERED | {"version": "1", "regions": ""})
    stale = client.post(f"{answer.url}ubah/", OFFERED | {"version": "1"})
    assert (stale.status_code, Offer.objects.get().everywhere) == (409, True)
    client.post(answer.url, {"version": "2", "to": "withdrawn", "reason": "Berakhir"})
    assert "Berakhir" in text_of(client.get(answer.url))


def test_the_lists_are_narrowed_and_counted_by_what_they_are_asked(client, registrar):
    client.force_login(registrar)
    asahan = NeedFactory(year=2050)
    placed = NeedFactory(year=2051, theme=Theme.objects.get(slug="penempatan"), status="met")
    batang = NeedFactory(year=2051, region=Region.objects.get(pk="33.25"))

    def shown(query):
        answer = client.get(f"/kebutuhan/?{query}")
        return set(answer.context["page"].object_list), answer.context["shown"]

    assert shown("region=12")[0] == {asahan, placed}
    assert shown("region=33.25")[0] == {batang}
    assert shown("year=2051&state=open")[0] == {batang}
    found, counted = shown("theme=pelatihan-vokasi")
    assert found == {asahan, batang}
    assert {each.value: each.count for each in counted.theme_options} == {
        "pelatihan-vokasi": 2,
        "penempatan": 1,
    }
    assert {each.value: each.count for each in counted.region_options} == {"12": 1, "33": 1}
    assert {each.value: each.count for each in counted.year_options} == {"2050": 1, "2051": 1}
    assert len(shown("theme=x&year=y&region=99&state=z")[1].question.problems) == 4
    near = OfferFactory(everywhere=False, with_regions=["12.71"])
    for query, expected in {
        "region=12": [near],
        "region=33": [],
        "year=2040": [near],
        "state=withdrawn": [],
    }.items():
        assert list(client.get(f"/penawaran/?{query}").context["page"].object_list) == expected


def test_a_proposal_becomes_a_paper_in_one_step_and_the_need_shows_it(client, registrar, officer_asahan):
    need, offer = NeedFactory(year=2050), OfferFactory()
    client.force_login(registrar)
    page = text_of(client.get("/kecocokan/"))
    assert "2040–2100" in page
    address = f"/kebutuhan/{need.pk}/usulkan/{offer.pk}/"
    assert address in page

    answer = client.post(address)

    paper = Agreement.objects.get()
    assert answer.url == paper.get_absolute_url()
    assert paper.ref in text_of(client.get(need.get_absolute_url()))
    assert paper.ref in text_of(client.get(offer.get_absolute_url()))
    # The region's office learns that a paper is on its way; the paper opens to it when it is drafted.
    client.force_login(officer_asahan)
    page = client.get(need.get_absolute_url())
    assert page.context["shown"].matches == [Match.objects.get()]
    assert paper.ref not in text_of(page)


def test_what_a_paper_covers_is_not_offered_as_a_step(client, registrar):
    need, offer = NeedFactory(year=2050), OfferFactory()
    match = matches.propose(need=need, offer=OfferFactory(number=20), by=registrar)
    client.force_login(registrar)
    offers.settle(offer=offer, to="withdrawn", by=registrar, reason="Habis")

    answer = client.post(f"/kebutuhan/{need.pk}/usulkan/{offer.pk}/")

    assert answer.status_code == 422
    assert list(Match.objects.all()) == [match]


@pytest.mark.parametrize("address", ["/kebutuhan/", "/penawaran/", "/kecocokan/", "/wilayah/cakupan/"])
def test_a_page_asks_as_often_for_thirty_rows_as_for_one(address, client, registrar):
    client.force_login(registrar)

    def queries():
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    NeedFactory(), OfferFactory(everywhere=False, with_regions=["12"])
    one = queries()
    for _ in range(29):
        NeedFactory(), OfferFactory(everywhere=False, with_regions=["12.09", "12.71"])

    assert queries() == one


def test_the_page_of_a_need_asks_as_often_for_thirty_papers_as_for_one(client, registrar):
    client.force_login(registrar)
    need, offer = NeedFactory(year=2050, number=1_000), OfferFactory(number=9_000)

    def queries():
        counts = []
        for row in (need, offer):
            client.get(row.get_absolute_url())
            with CaptureQueriesContext(connection) as captured:
                assert client.get(row.get_absolute_url()).status_code == 200
            counts.append(len(captured))
        return counts

    MatchFactory(need=need, offer=OfferFactory(), number=1), MatchFactory(need=need, offer=offer, number=1)
    one = queries()
    for _ in range(29):
        MatchFactory(need=need, offer=offer, number=1)
    assert queries() == one


def test_coverage_shows_the_needs_beside_the_gaps(client, registrar, officer_batang):
    NeedFactory(year=2050)
    NeedFactory(region=Region.objects.get(pk="12"))
    NeedFactory(theme=Theme.objects.get(slug="penempatan"))
    NeedFactory(status="met")
    client.force_login(registrar)

    shown = client.get("/wilayah/cakupan/?theme=pelatihan-vokasi").context["shown"]

    province = next(each for each in shown.provinces if each.region.code == "12")
    gap = next(region for region in province.gaps if region.code == "12.09")
    assert (shown.needs.count, province.needs.count, gap.stated.count, shown.needed_in_gaps) == (2, 2, 1, 1)
    for figure in (shown.needs, province.needs, gap.stated):
        assert client.get(figure.url).context["page"].paginator.count == figure.count
    client.force_login(officer_batang)
    assert client.get("/wilayah/cakupan/").context["shown"].needs.count == 0


def test_an_organisation_is_known_to_who_sees_one_of_its_offers(client, officer_asahan):
    offering = OfferFactory().organization
    client.force_login(officer_asahan)

    assert client.get(offering.get_absolute_url()).status_code == 200
    assert client.get(OrganizationFactory().get_absolute_url()).status_code == 404
