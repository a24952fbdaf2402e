"""The register and the page of one paper, as they arrive at the reader."""

import gzip
import re

import pytest
from django.http import QueryDict
from django.urls import reverse

from partnerships.lifecycle import Status
from partnerships.models import Agreement, AgreementKind, OrganizationAlias, PartialDate
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    OrganizationFactory,
    PartyFactory,
    PersonFactory,
    SignatoryFactory,
    SigningEventFactory,
    SourcedFactFactory,
    TermFactory,
)
from tests.partnerships.register.test_answer import INJECTIONS, PARAMETERS
from tests.partnerships.varied_papers import varied_papers

LIST = reverse("partnerships:agreement-list")


@pytest.fixture
def page(client, registrar):
    """The text of a page as the registrar gets it."""
    client.force_login(registrar)

    def get(path, **headers):
        response = client.get(path, headers=headers)
        assert response.status_code == 200
        return response.content.decode()

    return get


def shown_refs(html):
    """The references of the rows, in their order."""
    return list(dict.fromkeys(re.findall(r'cell--ref"><a href="/kemitraan/(KS-\d+-\d+)/', html)))


# --- the list -------------------------------------------------------------------------------------


def test_the_list_shows_the_rows_of_the_question(page):
    wanted = AgreementFactory(kind=AgreementKind.PKS)
    AgreementFactory(kind=AgreementKind.MOU)

    assert shown_refs(page(f"{LIST}?kind=pks")) == [wanted.ref]


def test_a_reader_sees_the_own_region_only(client, officer_asahan, agreement_of_asahan, agreement_of_batang):
    client.force_login(officer_asahan)
    html = client.get(LIST).content.decode()

    assert shown_refs(html) == [agreement_of_asahan.ref]
    assert "Batang" not in html


def test_the_count_stands_in_a_live_region_and_says_what_the_records_stand_for(page):
    AgreementFactory(represents=1240)

    assert re.search(r'id="result-count" role="status">\s*<strong>1 [^<]*1\.240', page(LIST))


def test_each_heading_says_how_the_list_is_sorted(page):
    AgreementFactory()

    assert re.findall(r'aria-sort="(\w+)"', page(LIST)).count("descending") == 1
    assert re.findall(r'aria-sort="(\w+)"', page(f"{LIST}?sort=ref")).count("ascending") == 1


@pytest.mark.parametrize(("size", "rows"), [("", 25), ("50", 26), ("100", 26), ("7", 25)])
def test_a_page_holds_25_50_or_100_papers(page, size, rows):
    AgreementFactory.create_batch(26)

    assert len(shown_refs(page(f"{LIST}?size={size}"))) == rows


def test_a_page_beyond_the_last_shows_the_last_and_says_so(page):
    AgreementFactory.create_batch(26)
    html = page(f"{LIST}?page=1000000")

    assert len(shown_refs(html)) == 1
    assert "notice--warn" in html


def test_the_columns_asked_for_are_shown(page):
    AgreementFactory(place="Ruang Tridharma")
    html = page(f"{LIST}?columns=ref&columns=place")

    assert "Ruang Tridharma" in html
    assert html.count('<th scope="col"') == 2


def test_the_exports_ask_the_same_question(page):
    AgreementFactory(kind=AgreementKind.PKS)
    html = page(f"{LIST}?kind=pks&sort=ref&page=1")

    for form in ("pdf", "xlsx", "csv", "json"):
        assert f'href="/kemitraan/ekspor.{form}?kind=pks&amp;sort=ref"' in html


def test_differing_values_are_flagged_on_the_row(page):
    agreement = SourcedFactFactory(in_force=False).agreement

    assert f'href="{agreement.get_absolute_url()}#sources"' in page(LIST)


def test_the_button_for_a_new_paper_is_for_those_who_may(client, registrar, leadership, agreement_of_asahan):
    add = reverse("partnerships:agreement-add")
    for user, offered in [(registrar, True), (leadership, False)]:
        client.force_login(user)
        assert (add in client.get(LIST).content.decode()) is offered


def test_a_hidden_filter_survives_the_form(page):
    AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"])
    html = page(f"{LIST}?partner=pemerintah-kabupaten-asahan&sort=ref&size=50&columns=title")

    for name, value in [
        ("partner", "pemerintah-kabupaten-asahan"),
        ("sort", "ref"),
        ("size", "50"),
        ("columns", "ref,title"),
    ]:
        assert f'<input type="hidden" name="{name}" value="{value}">' in html


# --- three empty states ---------------------------------------------------------------------------


def test_nothing_in_the_reader_s_scope(client, nobody, officer_asahan, agreement_of_batang):
    client.force_login(nobody)
    without_office = client.get(LIST).content.decode()
    client.force_login(officer_asahan)
    without_papers = client.get(LIST).content.decode()

    for html in (without_office, without_papers):
        assert 'class="empty"' in html
        assert shown_refs(html) == []
    assert without_office.count("Biro Kerja Sama") > without_papers.count("Biro Kerja Sama")


def test_nothing_fits_the_filters_and_each_way_out_is_a_link(page):
    AgreementFactory(kind=AgreementKind.PKS, with_themes=["k3"])
    html = page(f"{LIST}?kind=mou&theme=k3")

    assert 'class="empty"' in html
    assert 'href="?theme=k3"' in html


def test_a_search_that_found_nothing_proposes_the_near_name(page):
    AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"])
    html = page(f"{LIST}?q=asahn")

    assert 'class="empty"' in html
    assert '<a href="?q=Asahan">Asahan</a>' in html


# --- htmx -----------------------------------------------------------------------------------------


def test_htmx_gets_the_results_alone_with_the_count_and_a_clean_address(client, registrar):
    AgreementFactory(kind=AgreementKind.PKS)
    client.force_login(registrar)
    response = client.get(f"{LIST}?kind=pks&q=&on=&page=1", headers={"HX-Request": "true"})
    html = response.content.decode()

    assert "<html" not in html
    assert html.count('id="listing"') == 1
    assert 'id="result-count" hx-swap-oob="innerHTML"' in html
    assert response["HX-Push-Url"] == f"{LIST}?kind=pks"


def test_the_header_of_htmx_shows_no_more(client, officer_asahan, agreement_of_batang):
    client.force_login(officer_asahan)
    html = client.get(LIST, headers={"HX-Request": "true"}).content.decode()

    assert agreement_of_batang.ref not in html


def test_no_page_carries_inline_script_or_style(page):
    varied_papers(30)
    agreement = Agreement.objects.first()
    for path in (LIST, agreement.get_absolute_url()):
        html = page(path)
        assert not re.search(r"<script(?![^>]*\bsrc=)", html)
        assert not re.search(r"\sstyle=|\son\w+=|javascript:", html)


# --- broken and hostile parameters ----------------------------------------------------------------


@pytest.mark.parametrize("name", PARAMETERS)
def test_hostile_text_in_a_parameter_never_breaks_the_page(client, officer_asahan, agreement_of_asahan, name):
    client.force_login(officer_asahan)

    for text in INJECTIONS[::3]:
        response = client.get(LIST, {name: text})
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()
    assert Agreement.objects.count() == 1


BROKEN = [
    "page=&page=2&page=x",
    "page=-1",
    "page=1.5",
    "page=" + "9" * 400,
    "size[]=25",
    "class[0]=regional",
    "class=regional&class=regional&class=zzz",
    "q=" + "a" * 10_000,
    "q=" + "%20" * 300,
    "columns=" + "ref," * 500,
    "sort=ref&sort=-title",
    "on=2025-02-29",
    "on=20250229",
    "signed_after=2025-12-31&signed_before=2025-01-01",
    "region=12.09.01",
    "region=12&region=12",
    "theme=" + "x" * 5000,
    "&&&===&",
    "=1",
    "a" * 300 + "=1",
    "q=\\&q='&q=\"",
    "view=everything",
    "&".join(f"kind={kind}" for kind in AgreementKind.values) + "&has=term&lacks=term&on=2024-01-01",
]


@pytest.mark.parametrize("query", BROKEN)
def test_broken_parameters_get_a_page(page, query):
    AgreementFactory()

    assert "result-count" in page(f"{LIST}?{query}")


@pytest.mark.parametrize("query", ["q=%00", "q=%ff%fe", "kind=%00mou", "q=%ed%a0%80", "page=%1b"])
def test_text_that_is_no_text_is_refused_at_the_door(client, registrar, query):
    client.force_login(registrar)

    assert client.get(f"{LIST}?{query}").status_code == 400


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_reading_pages_are_only_read(client, registrar, agreement_of_asahan, method):
    client.force_login(registrar)
    for path in (LIST, agreement_of_asahan.get_absolute_url()):
        assert getattr(client, method)(path).status_code == 405


# --- costs ----------------------------------------------------------------------------------------


def whole_paper(event=None):
    """A paper with a part of every kind."""
    agreement = AgreementFactory(
        with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"],
        with_themes=["k3", "integrasi-data"],
        event=event,
    )
    PartyFactory(agreement=agreement, position=3, contact=PersonFactory())
    SignatoryFactory(agreement=agreement, party=agreement.parties.first())
    SignatoryFactory(agreement=agreement)
    TermFactory(agreement=agreement, ends=PartialDate.of(2030))
    CommitmentFactory(agreement=agreement, owed_by=agreement.parties.first())
    SourcedFactFactory(agreement=agreement, in_force=False)
    return agreement


def queries_of(client, path, django_assert_max_num_queries):
    client.get(path)  # what is asked once for the whole process is asked here
    with django_assert_max_num_queries(60) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_the_list_asks_as_often_for_thirty_rows_as_for_one(client, registrar, django_assert_max_num_queries):
    client.force_login(registrar)
    every_column = (
        f"{LIST}?size=50&columns=" + "title,partner,class,kind,region,theme,unit,event,conflicts,status"
    )
    event = SigningEventFactory()
    whole_paper(event)
    one = queries_of(client, every_column, django_assert_max_num_queries)

    for _ in range(29):
        whole_paper(event)

    assert queries_of(client, every_column, django_assert_max_num_queries) == one


def test_the_page_of_a_paper_asks_as_often_with_thirty_parts_as_with_one(
    client, registrar, django_assert_max_num_queries
):
    client.force_login(registrar)
    short, long = whole_paper(SigningEventFactory()), whole_paper(SigningEventFactory())
    for agreement, number in [(short, 1), (long, 30)]:
        for position in range(4, 4 + number):
            PartyFactory(agreement=agreement, position=position)
            SignatoryFactory(agreement=agreement, party=agreement.parties.last())
            CommitmentFactory(agreement=agreement)
            SourcedFactFactory(agreement=agreement)
            whole_paper()
        below = AgreementFactory.create_batch(number, implements=agreement)
        assert len(below) == number

    costs = [
        queries_of(client, agreement.get_absolute_url(), django_assert_max_num_queries)
        for agreement in (short, long)
    ]
    assert costs[0] == costs[1]


def test_a_full_first_page_is_small_on_the_wire(page):
    varied_papers(60)

    assert len(gzip.compress(page(LIST).encode())) < 40_000


# --- one paper ------------------------------------------------------------------------------------


def test_a_paper_out_of_scope_is_answered_like_one_that_is_not(client, officer_asahan, agreement_of_batang):
    client.force_login(officer_asahan)
    hidden = client.get(agreement_of_batang.get_absolute_url())
    missing = client.get(reverse("partnerships:agreement-detail", args=["KS-2099-9999"]))

    def body(response, ref):
        number = response["X-Request-Id"]
        text = response.content.decode().replace(number, "").replace(ref, "")
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|\d\d\.\d\d WIB', "", text)

    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert body(hidden, agreement_of_batang.ref) == body(missing, "KS-2099-9999")


@pytest.mark.parametrize("ref", ["KS-1", "ks-2025-0001", "KS-2025-1", "KS-20255-0001", "KS-2025-0001%27"])
def test_what_is_no_reference_is_not_found(client, registrar, ref):
    client.force_login(registrar)

    assert client.get(f"/kemitraan/{ref}/").status_code == 404


def test_the_page_says_what_the_record_holds(page):
    agreement = whole_paper(SigningEventFactory(name="Acara besar"))
    html = page(agreement.get_absolute_url())

    for text in [
        agreement.ref,
        agreement.title,
        "Selasa, 7 Mei 2024",
        "Acara besar",
        "Pemerintah Kabupaten Asahan",
        str(agreement.signatories.first().person),
        agreement.commitments.get().text,
        "example.test/berita",
    ]:
        assert text in html, text


@pytest.mark.parametrize(("signed", "said"), [("2022", "2022"), ("2019-08", "Agustus 2019")])
def test_a_date_is_said_as_far_as_it_is_known(page, signed, said):
    html = page(AgreementFactory(signed=PartialDate.parse(signed)).get_absolute_url())

    assert said in html
    assert f"1 Januari {signed}" not in html
    assert "1 Agustus 2019" not in html


def test_text_from_sources_is_shown_and_never_run(page):
    evil = "<script>alert(1)</script>"
    agreement = AgreementFactory(title=evil, place=evil)
    SourcedFactFactory(agreement=agreement, value=evil, source=f"https://x.test/{evil}")
    CommitmentFactory(agreement=agreement, text=evil)
    SignatoryFactory(agreement=agreement, post=evil, letter=evil)
    PartyFactory(agreement=agreement, organization=OrganizationFactory(name=evil), number=evil)
    html = page(agreement.get_absolute_url()) + page(LIST)

    assert evil not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 8


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("registrar", {"ubah", "status", "publikasi", "profil.pdf"}),
        ("admin", {"ubah", "status", "publikasi", "profil.pdf"}),
        ("unit_officer", {"ubah", "status", "profil.pdf"}),
        ("officer_asahan", {"profil.pdf"}),
        ("leadership", {"profil.pdf"}),
    ],
)
def test_only_what_the_reader_may_do_is_offered(client, request, agreement_of_asahan, role, offered):
    client.force_login(request.getfixturevalue(role))
    address = agreement_of_asahan.get_absolute_url()
    html = client.get(address).content.decode()

    assert {
        name for name in ("ubah", "status", "publikasi", "profil.pdf") if f'href="{address}{name}' in html
    } == offered


def test_a_paper_that_is_over_offers_no_next_status(page):
    agreement = AgreementFactory(status=Status.ENDED)

    assert f'href="{agreement.get_absolute_url()}status/' not in page(agreement.get_absolute_url())


@pytest.mark.parametrize("query", ["history=2", "history=0", "history=x", "history=" + "9" * 50])
def test_any_page_of_the_history_is_a_page(page, query):
    assert 'id="history"' in page(f"{AgreementFactory().get_absolute_url()}?{query}")


def test_a_partner_is_found_by_its_other_name_and_named_as_it_is_now(page):
    agreement = AgreementFactory(with_parties=["ditjen-binalavotas"])
    OrganizationAlias.objects.get_or_create(
        organization=agreement.parties.get().organization, name="Ditjen Binalattas"
    )
    query = QueryDict(mutable=True)
    query["q"] = "binalattas"

    assert shown_refs(page(f"{LIST}?{query.urlencode()}")) == [agreement.ref]
