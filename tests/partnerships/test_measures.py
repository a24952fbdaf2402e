"""Amounts and rates as people and machines read them, on a page and in files."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.http import QueryDict
from django.utils import translation

from partnerships.columns import Amount, Rate, in_words
from partnerships.exports.files import make_file
from partnerships.exports.of_ledger import LedgerExtract
from partnerships.models import Indicator
from tests.factories import MeasurableFactory, ReportFactory
from tests.partnerships.exports.by_python import in_json


@pytest.mark.parametrize(
    ("number", "unit", "money", "said", "data"),
    [
        ("1250.00", "orang", False, "1.250 orang", 1250),
        ("2.50", "ha", False, "2,5 ha", 2.5),
        ("13.3332", "orang", False, "13,33 orang", 13.33),
        ("12.345", "orang", False, "12,35 orang", 12.35),
        ("0.00", "orang", False, "0 orang", 0),
        ("1250000000.00", "Rupiah", True, "Rp1.250.000.000", 1_250_000_000),
        ("1250000000.50", "Rupiah", True, "Rp1.250.000.000,5", 1_250_000_000.5),
        ("9999999999999999.00", "Rupiah", True, "Rp9.999.999.999.999.999", 9_999_999_999_999_999),
        ("40", "", False, "40", 40),
    ],
)
def test_an_amount_is_said_in_its_unit(number, unit, money, said, data):
    amount = Amount(Decimal(number), unit, money)

    assert in_words(amount) == said
    assert in_json(amount) == data


@pytest.mark.parametrize(
    ("fraction", "said", "data"),
    [
        ("0", "0%", 0),
        ("0.625", "62,5%", 62.5),
        ("0.99999", "99,9%", 99.9),
        ("1", "100%", 100),
        ("12.5", "1.250%", 1250),
        ("0.0004", "0%", 0),
    ],
)
def test_a_rate_is_cut_and_not_rounded(fraction, said, data):
    rate = Rate(Decimal(fraction))

    assert in_words(rate) == said
    assert in_json(rate) == data


def test_a_rate_says_how_many_reports_wait():
    with translation.override("en"):
        assert in_words(Rate(Decimal("0.5"), waiting=2)) == "50%, 2 waiting"


def test_a_number_that_there_is_not_is_no_amount():
    assert Amount.of(None, None) is None


@pytest.fixture
def ledger_file(registrar):
    def made(form, query):
        _name, file, _issued = make_file(form, registrar, QueryDict(query), LedgerExtract)
        with file:
            return file.read()

    return made


def test_files_keep_numbers_as_numbers_and_show_their_unit(ledger_file):
    land = Indicator.objects.get(slug="lahan")
    ReportFactory(commitment=MeasurableFactory(target="2.50", indicator=land), value="1.25", reach="verified")
    MeasurableFactory(target="1250000000", indicator=Indicator.objects.get(slug="anggaran"), due="2026-12-31")
    query = "columns=target,achieved,rate&sort=due"

    sheet = openpyxl.load_workbook(io.BytesIO(ledger_file("xlsx", query))).worksheets[0]
    lines = ledger_file("csv", query).decode("utf-8-sig").splitlines()

    assert [(cell.value, cell.data_type) for cell in sheet[2]][2:] == [(2.5, "n"), (1.25, "n"), (50, "n")]
    assert [cell.number_format for cell in sheet[2]][2:] == ['#,##0.00 "ha"', '#,##0.00 "ha"', '#,##0"%"']
    assert (sheet["C3"].value, sheet["C3"].number_format) == (1_250_000_000, '"Rp"#,##0')
    assert [line.split(";")[2:] for line in lines[1:]] == [["2,5", "1,25", "50"], ["1250000000", "0", "0"]]


@pytest.mark.parametrize("unit", ['ha"', '"', "=1+1", "x;[Red]@", "<r>tebal</r>", "\x07"])
def test_a_unit_that_somebody_invents_does_no_harm(ledger_file, unit):
    odd = Indicator.objects.create(slug="aneh", name="Aneh", name_en="Odd", unit=unit)
    MeasurableFactory(indicator=odd, target=5)

    book = openpyxl.load_workbook(io.BytesIO(ledger_file("xlsx", "columns=target")))

    assert book.worksheets[0]["C2"].value == 5
    assert ledger_file("csv", "columns=target").decode("utf-8-sig").splitlines()[1].endswith(";5")
    assert ledger_file("pdf", "columns=target").startswith(b"%PDF")
