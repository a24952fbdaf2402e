"""Titles made to be calculated, to break a line or to break a workbook: all come back as text."""

import random

import pytest
from django.http import QueryDict
from openpyxl.utils.escape import unescape

from partnerships.exports.cells import harmless, is_risky, plain
from partnerships.exports.files import make_file
from partnerships.lifecycle import Status
from partnerships.models import Agreement
from tests.attacks.fuzzing import values
from tests.partnerships.exports import read_back

pytestmark = pytest.mark.django_db

BEFORE = ["", " ", "\t", "\r", "\n", "\u00a0", "\ufeff", "\u200b", "'", '"', "\x01", "\u3000"]
SIGNS = [
    *"=+-@|%;,",
    "＝",
    "＋",
    "－",
    "＠",
    "DDE(",
    "cmd|' /C calc'!A0",
    "HYPERLINK(",
    "_x0041_",
    "-1",
    "1e5",
    "\x1f",
]
KNOWN = [text for raw in (*values.ODD, *values.HUGE) if (text := raw.decode()[:200])]


def titles(number):
    lot = random.Random(20251128)  # noqa: S311 - inventions, no secrets
    for _each in range(number):
        parts = [lot.choice(BEFORE), lot.choice(SIGNS), lot.choice(KNOWN), lot.choice(["", "\x0b", "\r\n=1"])]
        yield "".join(parts)[: lot.choice([5, 50, 400])]


def test_every_title_comes_back_as_text_from_csv_and_workbook(registrar, rounds):
    stored = list(titles(rounds(sample=200, full=10_000)))
    Agreement.objects.bulk_create(
        Agreement(ref=f"KS-2024-{number:06}", status=Status.SIGNED, title=title)
        for number, title in enumerate(stored)
    )
    question = "columns=title&sort=ref"

    lines = read_back.lines_of(_made("csv", registrar, question))[1:]
    sheet = read_back.workbook_of(_made("xlsx", registrar, question)).worksheets[0]
    cells = [row[1] for row in sheet.iter_rows(min_row=2)]

    expected = [plain(title) for title in stored]
    assert [line[1] for line in lines] == [harmless(title) for title in expected]
    assert [unescape(cell.value or "") for cell in cells] == expected
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    print(f"{len(expected)} titles, {sum(map(is_risky, expected))} of which a spreadsheet might calculate")


def _made(form, user, question):
    _name, file, _issued = make_file(form, user, QueryDict(question))
    with file:
        return file.read()
