"""The page of the ledger and its files, as they arrive at the reader."""

import gzip
import re
from html import unescape

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.columns import COMMITMENT_COLUMNS
from partnerships.exports.files import MOST_IN_REQUEST
from partnerships.models import Commitment, ExportJob, Indicator
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    MeasurableFactory,
    PersonFactory,
    ReportFactory,
)
from tests.partnerships.register.test_answer import INJECTIONS
from tests.partnerships.varied_commitments import varied_commitments

pytestmark = pytest.mark.django_db

LIST = reverse("partnerships:commitment-list")
FORMS = ["csv", "xlsx", "json", "pdf"]


@pytest.fixture(autouse=True)
def the_second_of_march(time_machine):
    time_machine.move_to("2026-03-02T05:00:00Z", tick=False)


@pytest.fixture
def english(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


@pytest.fixture
def page(client, registrar):
    """The text of a page as the registrar gets it."""
    client.force_login(registrar)

    def get(path, **headers):
        response = client.get(path, headers=headers)
        assert response.status_code == 200
        return response.content.decode()

    return get


def export_url(form, query=""):
    return reverse("partnerships:commitment-export", args=[form]) + (f"?{query}" if query else "")


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def shown(html):
    """The ids of the commitments in the rows, in their order."""
    return [int(pk) for pk in re.findall(r'cell--title">\s*<a href="/komitmen/(\d+)/', html)]


# --- the list -------------------------------------------------------------------------------------


def test_the_list_shows_the_rows_of_the_question(page):
    wanted, _other = MeasurableFactory(), CommitmentFactory()

    assert shown(page(f"{LIST}?measurable=yes")) == [wanted.pk]


def test_a_reader_sees_the_own_region_only(client, officer_asahan, agreement_of_asahan, agreement_of_batang):
    own = CommitmentFactory(agreement=agreement_of_asahan)
    CommitmentFactory(agreement=agreement_of_batang, text="Melatih warga Batang")
    client.force_login(officer_asahan)
    html = client.get(LIST).content.decode()

    assert shown(html) == [own.pk]
    assert "Batang" not in html


def test_a_row_says_who_owes_how_much_and_how_far_it_is(page, english):
    commitment = MeasurableFactory(
        target="1250000000",
        indicator=Indicator.objects.get(slug="anggaran"),
        recurrence="quarterly",
        demonstration=True,
    )
    ReportFactory(commitment=commitment, period_end="2025-03-31", value="500000000", reach="verified")
    ReportFactory(commitment=commitment, period_end="2025-06-30", value="900000000", reach="submitted")
    html = page(LIST)

    for said in (
        '<td class="cell--number" data-label="Target">Rp1,250,000,000</td>',
        '<td class="cell--number" data-label="Achieved">Rp500,000,000</td>',
        "1 report waiting",
        "Pemkab Asahan" if "Pemkab Asahan" in html else "Pemerintah Kabupaten Asahan",
        "30 Sep 2025",
        "Demonstration",
        f'<a href="{commitment.agreement.get_absolute_url()}">{commitment.agreement.ref}</a>',
    ):
        assert said in html, said
    assert re.search(r'data-label="Rate \(%\)">40%<', html)


def test_money_is_written_as_in_indonesia(page):
    MeasurableFactory(target="1250000000", indicator=Indicator.objects.get(slug="anggaran"))

    assert "Rp1.250.000.000" in page(LIST)


def test_a_state_is_a_word_an_icon_and_a_colour(page, english):
    MeasurableFactory(due="2026-03-01")

    [cell] = re.findall(r'<td class="cell--state".*?</td>', page(LIST), re.DOTALL)
    assert "Overdue" in cell
    assert "badge--bad" in cell
    assert "<svg" in cell


def test_what_can_not_be_measured_is_marked_and_stands_in_the_repair_list(page, english):
    vague = CommitmentFactory()
    assert "Not yet measurable" in page(LIST)
    html = page(f"{LIST}?measurable=no")

    assert shown(html) == [vague.pk]
    assert "These commitments are in no rate." in html
    assert "indicator and unit; target number; due date; responsible office; proof wanted" in html


def test_the_mean_rate_says_what_is_not_in_it(page, english):
    for value in (40, 100):
        ReportFactory(commitment=MeasurableFactory(), value=value, reach="verified")
    ReportFactory(commitment=MeasurableFactory(), value=70, reach="submitted")
    CommitmentFactory()
    html = re.sub(r"\s+", " ", page(LIST))

    assert "<strong>46.6%</strong> achieved, as the mean of 3 measurable commitments" in html
    assert '<a href="?unverified=yes">1 report to verify, not counted yet</a>' in html
    assert '<a href="?measurable=no">1 not yet measurable, in no rate</a>' in html


def test_the_count_stands_in_a_live_region(page):
    CommitmentFactory.create_batch(3)

    assert re.search(r'id="result-count" role="status">\s*<strong>3 ', page(LIST))


def test_a_heading_says_how_the_list_is_sorted(page):
    CommitmentFactory()

    assert re.findall(r'aria-sort="(\w+)"', page(LIST)).count("ascending") == 1
    assert re.findall(r'aria-sort="(\w+)"', page(f"{LIST}?sort=-rate")).count("descending") == 1


@pytest.mark.parametrize(("size", "rows"), [("", 25), ("50", 26), ("7", 25)])
def test_a_page_holds_25_50_or_100_commitments(page, size, rows):
    CommitmentFactory.create_batch(26, agreement=AgreementFactory())

    assert len(shown(page(f"{LIST}?size={size}"))) == rows


def test_the_exports_ask_the_same_question(page):
    CommitmentFactory()
    html = page(f"{LIST}?measurable=no&sort=ref&page=1")

    for form in FORMS:
        assert f'href="/komitmen/ekspor.{form}?measurable=no&amp;sort=ref"' in html


def test_every_column_can_be_chosen_and_two_always_stay(page):
    CommitmentFactory()
    html = page(LIST)

    offered = set(re.findall(r'type="checkbox" name="columns" value="(\w+)"', html))
    assert offered == set(COMMITMENT_COLUMNS) - {"ref", "text"}


def test_a_filter_without_a_box_survives_the_form(page):
    commitment = MeasurableFactory(agreement=AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"]))
    ref = commitment.agreement.ref
    asked = f"partner=pemerintah-kabupaten-asahan&agreement={ref}&overdue=yes&sort=ref&size=50&columns=due"
    html = page(f"{LIST}?{asked}")

    for name, value in [
        ("partner", "pemerintah-kabupaten-asahan"),
        ("agreement", ref),
        ("overdue", "yes"),
        ("sort", "ref"),
        ("size", "50"),
        ("columns", "ref,text,due"),
    ]:
        assert f'<input type="hidden" name="{name}" value="{value}">' in html
    assert shown(html) == [commitment.pk]


def test_the_ledger_is_in_the_navigation(page):
    link = re.search(r'<a class="site-nav__link" href="/komitmen/"[^>]*>', page(LIST))

    assert 'aria-current="page"' in link[0]
    assert "aria-current" not in re.search(r'<a class="site-nav__link" href="/komitmen/"[^>]*>', page("/"))[0]


# --- three empty states ---------------------------------------------------------------------------


def test_nothing_in_the_reader_s_scope(client, nobody, officer_asahan, agreement_of_batang):
    CommitmentFactory(agreement=agreement_of_batang)
    client.force_login(nobody)
    without_office = client.get(LIST).content.decode()
    client.force_login(officer_asahan)
    without_commitments = client.get(LIST).content.decode()

    for html in (without_office, without_commitments):
        assert 'class="empty"' in html
        assert shown(html) == []
    assert without_office.count("Biro Kerja Sama") > without_commitments.count("Biro Kerja Sama")


def test_nothing_fits_the_filters_and_each_way_out_is_a_link(page):
    MeasurableFactory()
    html = page(f"{LIST}?measurable=no&region=12")

    assert 'class="empty"' in html
    assert 'href="?region=12"' in html


def test_a_search_that_found_nothing_proposes_the_near_name(page):
    CommitmentFactory(agreement=AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"]))

    assert '<a href="?q=Asahan">Asahan</a>' in page(f"{LIST}?q=asahn")


# --- htmx -----------------------------------------------------------------------------------------


def test_htmx_gets_the_results_alone_with_the_count_and_a_clean_address(client, registrar):
    CommitmentFactory()
    client.force_login(registrar)
    response = client.get(f"{LIST}?measurable=no&q=&on=&page=1", headers={"HX-Request": "true"})
    html = response.content.decode()

    assert "<html" not in html
    assert html.count('id="listing"') == 1
    assert 'id="result-count" hx-swap-oob="innerHTML"' in html
    assert response["HX-Push-Url"] == f"{LIST}?measurable=no"


def test_the_page_carries_no_inline_script_or_style(page):
    varied_commitments(30)
    html = page(LIST)

    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"\sstyle=|\son\w+=|javascript:", html)


# --- broken and hostile ---------------------------------------------------------------------------


def test_text_that_somebody_wrote_is_shown_and_never_run(page):
    evil = "<script>alert(1)</script>"
    paper = AgreementFactory(title=evil)
    commitment = MeasurableFactory(agreement=paper, text=evil, clause=evil, proof_wanted=evil, source=evil)
    commitment.contact = PersonFactory(name=evil)
    commitment.save()
    ReportFactory(commitment=commitment, obstacle_note=evil, next_step=evil, reach="submitted")
    html = page(f"{LIST}?columns={','.join(COMMITMENT_COLUMNS)}")

    assert evil not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 8


BROKEN = [
    "page=-1",
    "page=" + "9" * 400,
    "size[]=25",
    "state[0]=due",
    "state=due&state=due&state=zzz",
    "q=" + "a" * 10_000,
    "q=" + "%20" * 300,
    "q=" + "+".join("abcdefghijklmnopqrstuvwxyz"),
    "columns=" + "ref," * 500,
    "on=2025-02-29",
    "due_after=2025-12-31&due_before=2025-01-01",
    "agreement=" + "x" * 5000,
    "owner=" + "&owner=".join(f"a{n}" for n in range(300)),
    "overdue=yes&overdue=yes&measurable=yes&measurable=no&withdrawn=yes&withdrawn=no&on=2024-01-01",
    "&&&===&",
    "view=everything",
]


@pytest.mark.parametrize("query", BROKEN)
def test_broken_parameters_get_a_page(page, query):
    CommitmentFactory()

    assert "result-count" in page(f"{LIST}?{query}")


@pytest.mark.parametrize("name", ["q", "state", "owner", "agreement", "due_before", "sort", "columns"])
def test_hostile_text_in_a_parameter_never_breaks_the_page(client, registrar, name):
    CommitmentFactory()
    client.force_login(registrar)

    for text in INJECTIONS[::3]:
        response = client.get(LIST, {name: text})
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()
    assert Commitment.objects.count() == 1


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_ledger_is_only_read(client, registrar, method):
    client.force_login(registrar)
    for path in (LIST, export_url("csv")):
        assert getattr(client, method)(path).status_code == 405


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_file_says_what_it_is_and_is_kept_by_nobody(client, registrar, form):
    CommitmentFactory()
    client.force_login(registrar)
    response = client.get(export_url(form))

    assert response.status_code == 200
    assert f'filename="komitmen-2026-03-02-1200.{form}"' in response["Content-Disposition"]
    assert {"private", "no-store"} <= set(response["Cache-Control"].replace(" ", "").split(","))
    assert len(body(response)) > 0


@pytest.mark.parametrize("form", FORMS)
def test_a_wrong_filter_gives_a_sentence_and_no_file(client, registrar, english, form):
    client.force_login(registrar)
    response = client.get(export_url(form, "measurable=no&state=late&sort=colour"))
    html = unescape(response.content.decode())

    assert response.status_code == 400
    assert "“late” is not a value of “State”" in html
    assert "The list can't be sorted by “colour”" in html
    assert f'href="{LIST}?measurable=no' in html


def test_a_form_that_there_is_not_is_not_found(client, registrar):
    client.force_login(registrar)

    assert client.get(export_url("exe")).status_code == 404


def test_a_long_list_is_made_in_the_background(client, registrar):
    paper = AgreementFactory()
    rows = [Commitment(agreement=paper, text="Melatih") for _ in range(MOST_IN_REQUEST + 1)]
    Commitment.objects.bulk_create(rows)
    client.force_login(registrar)
    response = client.get(export_url("pdf", "measurable=no&columns=due"))

    job = ExportJob.objects.get()
    assert response.status_code == 303
    assert (job.made_of, job.form, job.rows_total, len(job.narrowed_by)) == ("ledger", "pdf", 301, 1)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_officer_gets_own_region_only(
    client, officer_asahan, agreement_of_asahan, agreement_of_batang, form
):
    CommitmentFactory(agreement=agreement_of_asahan, text="Melatih warga Asahan")
    CommitmentFactory(agreement=agreement_of_batang, text="Melatih warga Batang")
    client.force_login(officer_asahan)
    text = body(client.get(export_url(form))).decode()

    assert "warga Asahan" in text
    assert "Batang" not in text


# --- costs ----------------------------------------------------------------------------------------


def whole_commitment():
    """A commitment with a part of every kind."""
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    unit, asahan = paper.parties.order_by("position")
    commitment = MeasurableFactory(
        agreement=paper,
        owed_by=asahan,
        owed_to=unit,
        contact=PersonFactory(),
        recurrence="quarterly",
        funding="apbd",
    )
    ReportFactory(commitment=commitment, period_end="2025-03-31", obstacle="budget", reach="verified")
    ReportFactory(commitment=commitment, period_end="2025-06-30", reach="submitted")
    return commitment


def test_the_list_asks_as_often_for_thirty_rows_as_for_one(client, registrar):
    client.force_login(registrar)
    every_column = f"{LIST}?size=50&columns={','.join(COMMITMENT_COLUMNS)}"

    def cost():
        client.get(every_column)  # what is asked once for the whole process is asked here
        with CaptureQueriesContext(connection) as queries:
            assert client.get(every_column).status_code == 200
        return len(queries)

    whole_commitment()
    one = cost()
    for _ in range(29):
        whole_commitment()

    assert cost() == one <= 60


def test_a_full_first_page_is_small_on_the_wire(page):
    varied_commitments(60)

    assert len(gzip.compress(page(LIST).encode())) < 40_000
