import csv
import io
import json
import re

import openpyxl
import pypdf
import pytest
from django.http import QueryDict

from partnerships.exports.files import make_file


@pytest.fixture
def export():
    """The bytes of a file, as a reader asks for it with the parameters of an address."""

    def made(form, user, query=""):
        _name, file = make_file(form, user, QueryDict(query))
        with file:
            return file.read()

    return made


@pytest.fixture
def lines(export):
    """The lines of a CSV, the headings first."""

    def read(user, query=""):
        text = export("csv", user, query).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))

    return read


@pytest.fixture
def workbook(export):
    def read(user, query=""):
        return openpyxl.load_workbook(io.BytesIO(export("xlsx", user, query)))

    return read


@pytest.fixture
def document(export):
    """A JSON export as Python reads it."""

    def read(user, query=""):
        return json.loads(export("json", user, query))

    return read


@pytest.fixture
def paper(export):
    """The register as a PDF that can be asked for its pages and its text."""

    def read(user, query=""):
        return pypdf.PdfReader(io.BytesIO(export("pdf", user, query)))

    return read


@pytest.fixture
def said():
    """The text of a PDF as a reader meets it, its lines joined."""

    def read(pdf):
        return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())

    return read


@pytest.fixture
def references(paper, said):
    """The references of the register's PDF in the order of its rows."""

    def read(user, query=""):
        return re.findall(r"KS-\d{4}-\d{4,9}", said(paper(user, query)))

    return read
