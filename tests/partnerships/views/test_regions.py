"""The regions and the page of one region."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.lifecycle import Status
from partnerships.models import DormancyLimit, PartialDate
from regions.models import Region
from tests.factories import AgreementFactory

LIST = reverse("partnerships:region-list")


@pytest.fixture
def page(client, registrar):
    client.force_login(registrar)
    return lambda path: client.get(path).content.decode()


def test_a_province_counts_the_papers_of_its_kabupaten_and_kota(page, agreement_of_asahan):
    html = page(LIST)

    assert '<a href="/kemitraan/?region=12">1</a>' in html
    assert html.count('class="cell--ref"') == 38


def test_a_search_finds_a_kota_and_names_its_province(page):
    html = page(f"{LIST}?q=bandung")

    assert "Kota Bandung" in html
    assert "Kabupaten Bandung" in html
    assert "Provinsi Jawa Barat" in html


@pytest.mark.parametrize("query", ["sort=x", "page=2", "q=%27%3B", "q=%25", "q=" + "a" * 300, "sort[]=code"])
def test_a_wrong_parameter_never_breaks_the_list(page, query):
    assert page(f"{LIST}?{query}")


def test_the_page_of_a_province_lists_its_kabupaten_and_kota_with_and_without_a_paper(
    page, agreement_of_asahan
):
    html = page("/wilayah/12/")

    assert '<a href="/kemitraan/?region=12.09">1</a>' in html
    assert html.count("/wilayah/12.") == 33
    assert "/mitra/pemerintah-provinsi-sumatera-utara/" in html
    assert agreement_of_asahan.ref in html


def test_the_page_of_a_kabupaten_shows_only_what_the_reader_may_see(
    client, officer_batang, agreement_of_asahan
):
    client.force_login(officer_batang)
    html = client.get("/wilayah/12.09/").content.decode()

    assert "Kabupaten Asahan" in html
    assert agreement_of_asahan.ref not in html


def test_a_closed_region_says_what_it_became(page):
    Region.objects.filter(code="12.09").update(closed_on=datetime.date(2030, 1, 1), succeeded_by_id="12.08")
    html = page("/wilayah/12.09/")

    assert "1 Januari 2030" in html
    assert 'href="/wilayah/12.08/"' in html


@pytest.mark.parametrize("code", ["99", "12.99", "1", "12.9", "12.09.01", "Bandung", "..", "12%27"])
def test_what_is_no_region_is_not_found(client, registrar, code):
    client.force_login(registrar)

    assert client.get(f"/wilayah/{code}/").status_code == 404


def test_the_list_and_the_page_ask_as_often_for_thirty_papers_as_for_one(
    client, registrar, django_assert_max_num_queries
):
    client.force_login(registrar)

    def cost(path):
        client.get(path)
        # Within the transaction of a test each request reads the papers for itself (register.index).
        with django_assert_max_num_queries(80) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    def paper(code):
        government = Region.objects.get(code=code).organizations.get()
        AgreementFactory(with_parties=["ditjen-binalavotas", government.slug])

    paper("12.09")
    costs = [cost(LIST), cost("/wilayah/12/"), cost("/wilayah/12.09/")]
    for code in Region.objects.filter(parent="12").values_list("code", flat=True):
        paper(code)

    assert [cost(LIST), cost("/wilayah/12/"), cost("/wilayah/12.09/")] == costs


def test_a_province_shows_what_its_kabupaten_and_kota_have(page):
    DormancyLimit.objects.update_or_create(kind="mou", defaults={"follow_up": 30, "progress": None})
    old, today = PartialDate.of(2020, 1, 2), timezone.localdate()
    AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"], signed=old)
    AgreementFactory(
        with_parties=["pemerintah-kota-medan"], signed=PartialDate.of(today.year, today.month, today.day)
    )
    AgreementFactory(with_parties=["pemerintah-kota-binjai"], signed=old, status=Status.ENDED)
    html = page("/wilayah/12/")

    for words in (
        "Kabupaten Asahan: 1 tidur",
        "Kota Medan: 1 berjalan",
        "Kota Binjai: 1 berakhir",
        "Kabupaten Karo: tidak ada naskah",
    ):
        assert f'aria-label="{words}"' in html


def test_a_region_is_read_as_of_a_day(page):
    AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"], signed=PartialDate.of(2024, 5, 7))
    before, after = page("/wilayah/12/?on=2024-05-06"), page("/wilayah/12/?on=2024-05-07")

    assert "6 Mei 2024" in before
    assert "Kabupaten Asahan: tidak ada naskah" in before
    assert "Kabupaten Asahan: 1 berjalan" in after
    assert "/kemitraan/?region=12&amp;on=2024-05-07" in after


@pytest.mark.parametrize(
    "query", ["measure=x", "on=kemarin", "on=1800-01-01", "measure=overdue&on=2024-02-30"]
)
def test_a_measure_or_a_day_that_is_wrong_is_named_and_left_out(page, query):
    html = page(f"{LIST}?{query}")

    assert "notice--warn" in html
    assert html.count('class="cell--ref"') == 38


@pytest.mark.parametrize("measure", ["coverage", "achieved", "overdue", "asleep", "unknown"])
def test_the_map_and_the_table_say_the_same(page, agreement_of_asahan, measure):
    html = page(f"{LIST}?measure={measure}")

    assert html.count('class="tile__name') == 38
    assert html.count('class="cell--ref"') == 38
    assert f"measure={measure}&amp;sort=name" in html
