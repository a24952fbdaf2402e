import io

import pypdf
import pytest
from django.http import QueryDict

from partnerships.exports.files import make_file
from tests.partnerships.exports import read_back


@pytest.fixture
def export():
    """The bytes of a file, as a reader asks for it with the parameters of an address."""

    def made(form, user, query=""):
        _name, file, _issued = make_file(form, user, QueryDict(query))
        with file:
            return file.read()

    return made


@pytest.fixture
def lines(export):
    """The lines of a CSV, the headings first."""

    def read(user, query=""):
        return read_back.lines_of(export("csv", user, query))

    return read


@pytest.fixture
def workbook(export):
    def read(user, query=""):
        return read_back.workbook_of(export("xlsx", user, query))

    return read


@pytest.fixture
def document(export):
    """A JSON export as Python reads it."""

    def read(user, query=""):
        return read_back.document_of(export("json", user, query))

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
def references(export):
    """The references of the register's PDF in the order of its rows."""

    def read(user, query=""):
        return read_back.references_of(export("pdf", user, query))

    return read
