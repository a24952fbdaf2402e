"""Whatever people wrote: a cell that the database makes is the one that its column defines."""

import csv
import io
import itertools
import json
import re
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from kemnaker_portal.text import UNSEEN
from partnerships.columns import COLUMNS, COMMITMENT_COLUMNS
from partnerships.exports.cells import plain
from partnerships.exports.files import make_file
from partnerships.exports.of_ledger import LedgerExtract
from partnerships.exports.of_register import RegisterExtract
from partnerships.exports.worded import by_value
from partnerships.lifecycle import Status
from partnerships.models import (
    Agreement,
    Commitment,
    Indicator,
    Organization,
    PartialDate,
    Party,
    Person,
    Theme,
)
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    OrganizationFactory,
    PartyFactory,
    PersonFactory,
    ReportFactory,
    SigningEventFactory,
    TermFactory,
)
from tests.partnerships.exports import by_python

pytestmark = pytest.mark.django_db

# What breaks lines, cells, XML, JSON or COPY, what starts a formula, and what only looks odd.
NASTY = "=+-@＝＋－＠\t\r\n\x01\x0b\x0c\x1f\x7f;\"'`\\,|<>&_x0041_\u00a0\u200b\ufeff\ufffe\u2028é李🎓 "
texts = st.text(
    st.one_of(st.characters(codec="utf-8", exclude_characters="\0"), st.sampled_from(NASTY)), max_size=40
)
FIELDS = [
    (Agreement, ["title", "place", "external_id"]),
    (Party, ["number"]),
    (Organization, ["name", "short_name"]),
    (Theme, ["name_en"]),
    (Commitment, ["clause", "proof_wanted", "source"]),
    (Person, ["name", "title_before", "title_after"]),
    (Indicator, ["unit"]),
]


@pytest.fixture
def papers():
    """Papers with no party, with one and with many, of every precision of date, with and without terms."""
    event = SigningEventFactory(name='=1+1; "uji"')
    days = [None, PartialDate.of(2022), PartialDate.of(2019, 8), PartialDate.of(2025, 3, 20)]
    for number, signed in enumerate(days * 2):
        paper = AgreementFactory(
            signed=signed,
            status=[Status.SIGNED, Status.DRAFTING, Status.ENDED][number % 3],
            kind=["mou", "pks", "activity"][number % 3],
            event=event if number % 2 else None,
            with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"][: number % 3],
            with_themes=["integrasi-data", "produktivitas"][: number % 3],
        )
        for place in range(number % 4):
            PartyFactory(agreement=paper, position=3 + place, organization=OrganizationFactory())
        if number % 3:
            TermFactory(agreement=paper, starts=None, ends=days[number % 4], ends_open=number % 4 == 0)
        commitment = CommitmentFactory(
            agreement=paper,
            contact=PersonFactory() if number % 2 else None,
            indicator=Indicator.objects.order_by("pk")[number] if number % 4 else None,
            target=["0.00", "12.50", None, "1250000000.00"][number % 4],
            baseline=["0.10", None][number % 2],
            due=date(2026, 12, 31),
            funding=["", "apbn"][number % 2],
        )
        if paper.status == Status.SIGNED:
            said = {
                "obstacle": ["", "budget"][number % 2],
                "obstacle_note": '=1; "x"\r\n',
                "next_step": "@data",
            }
            ReportFactory(commitment=commitment, value="7.25", reach="submitted", **said)


def write_nasty_texts(data):
    """Write each text past the actions and the forms, as a careless source or an older rule left it."""
    for model, names in FIELDS:
        rows = list(model.objects.order_by("pk").filter(pk__gt=0)[:30])
        for row in rows:
            longest = {name: model._meta.get_field(name).max_length for name in names}
            values = {name: data.draw(texts)[: longest[name]] for name in names}
            if model in (Organization, Person):
                # The database takes no name with what nobody sees.
                values = {name: re.sub(UNSEEN, "", value) for name, value in values.items()}
            model.objects.filter(pk=row.pk).update(**values)


def read(form, user, query, made_of):
    _name, file, _issued = make_file(form, user, QueryDict(query), made_of)
    with file:
        return file.read()


def as_lines(text):
    return list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""), delimiter=";"))[1:]


def as_cells(file):
    rows = openpyxl.load_workbook(io.BytesIO(file)).worksheets[0].iter_rows(min_row=2)
    return [[unescape(c.value) if isinstance(c.value, str) else c.value for c in row] for row in rows]


@pytest.mark.parametrize(
    ("made_of", "columns"), [(RegisterExtract, COLUMNS), (LedgerExtract, COMMITMENT_COLUMNS)]
)
@settings(max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data(), language=st.sampled_from(["id", "en"]), on=st.sampled_from(["", "&on=2025-06-30"]))
def test_every_column_of_nasty_rows(papers, registrar, made_of, columns, data, language, on):
    write_nasty_texts(data)
    query = f"columns={','.join(columns)}{on}"
    if made_of is RegisterExtract:
        query += "&kind=mou&kind=pks&kind=activity"

    with translation.override(language):
        defined = by_python.values_of(made_of(registrar, QueryDict(query)))
        lines = as_lines(read("csv", registrar, query, made_of))
        rows = json.loads(read("json", registrar, query, made_of))["rows"]
        cells = as_cells(read("xlsx", registrar, query, made_of))
        extract = made_of(registrar, QueryDict(query))
        on_paper = in_words(extract.groups_in_words())
        defined_on_paper = in_words(by_value(extract.groups(), extract.columns))

        assert defined
        assert differing(lines, defined, by_python.in_csv) == []
        assert differing([list(row.values()) for row in rows], defined, by_python.in_json) == []
        assert differing(cells, defined, by_python.in_xlsx) == []
        assert on_paper == defined_on_paper


def in_words(groups):
    """(heading, texts and classes of its rows) of each group."""
    return [(plain(heading or ""), [(row.texts, row.kinds) for row in rows]) for heading, rows in groups]


@pytest.mark.parametrize(
    ("made_of", "sorts"),
    [
        (RegisterExtract, ["signed", "class", "validity", "kind", "status", "unit", "title"]),
        (LedgerExtract, ["ref", "state", "office", "indicator", "owed_by", "funding", "due"]),
    ],
)
def test_groups_have_the_headings_that_their_rows_define(papers, registrar, made_of, sorts):
    Commitment.objects.filter(indicator=None).update(owner=Organization.objects.first())
    grouped = set()
    for sort in sorts:
        extract = made_of(registrar, QueryDict(f"sort={sort}"))

        groups = in_words(extract.groups_in_words())

        assert groups == in_words(by_value(extract.groups(), extract.columns))
        grouped |= {sort} if len(groups) > 1 else set()
    assert len(grouped) >= 4
    assert not grouped & {"title", "due"}


def differing(found, defined, said):
    """(found, expected) of each cell that is not what its column defines."""
    expected = [[said(value) for value in row] for row in defined]
    pairs = zip(itertools.chain(*found), itertools.chain(*expected), strict=True)
    return [pair for pair in pairs if pair[0] != pair[1]]


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
@pytest.mark.parametrize("made_of", [RegisterExtract, LedgerExtract])
def test_a_file_takes_the_same_queries_for_few_rows_and_for_many(papers, registrar, made_of, form):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            read(form, registrar, "", made_of)
        return len(captured)

    queries()  # who the reader is, is asked once
    few = queries()
    for _ in range(30):
        CommitmentFactory()

    assert queries() == few
