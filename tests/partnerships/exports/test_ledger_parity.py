"""Whatever a reader asks of the ledger: the page, every file and plain SQL give the same commitments,
in the same order, with the same figures."""

import csv
import io
import json
import re
from datetime import date, datetime
from urllib.parse import urlencode

import openpyxl
import pypdf
import pytest
from django.db import connection
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerships.columns import COMMITMENT_COLUMNS
from partnerships.exports.files import make_file
from partnerships.exports.of_ledger import LedgerExtract
from partnerships.models import Commitment, Funding, Recurrence
from partnerships.models.commitment_state import STANDING
from partnerships.register import commitments_for
from tests.partnerships.exports import by_python
from tests.partnerships.varied_commitments import INDICATORS, OFFICES, UNITS, varied_commitments

pytestmark = pytest.mark.django_db

READERS = (
    "registrar",
    "unit_officer",
    "officer_asahan",
    "officer_batang",
    "officer_north_sumatra",
    "leadership",
    "admin",
    "nobody",
)
SORTED_BY = [code for code, column in COMMITMENT_COLUMNS.items() if column.order]
FIGURES = ["target", "achieved", "rate", "waiting", "due", "next_due"]
DAY = st.dates(date(2025, 1, 1), date(2027, 12, 31)).map(str)


@pytest.fixture(autouse=True)
def the_second_of_march(time_machine):
    time_machine.move_to("2026-03-02T05:00:00Z", tick=False)


@pytest.fixture
def ledger():
    """Forty commitments, each of which has a text of its own."""
    for number, commitment in enumerate(varied_commitments()):
        Commitment.objects.filter(pk=commitment.pk).update(text=f"{commitment.text} nomor {number}")


@pytest.fixture
def readers(request):
    return {name: request.getfixturevalue(name) for name in READERS}


@pytest.fixture
def file_of():
    """The bytes of a file of the ledger."""

    def made(form, user, query=""):
        _name, file, _issued = make_file(form, user, QueryDict(query), LedgerExtract)
        with file:
            return file.read()

    return made


questions = st.fixed_dictionaries(
    {},
    optional={
        "state": st.lists(st.sampled_from([s.value for s in STANDING]), min_size=1, max_size=3, unique=True),
        "measurable": st.sampled_from(["yes", "no"]),
        "unverified": st.just("yes"),
        "overdue": st.just("yes"),
        "withdrawn": st.lists(st.sampled_from(["yes", "no"]), min_size=1, unique=True),
        "demonstration": st.sampled_from(["yes", "no"]),
        "region": st.sampled_from(["12", "12.09", "33.25", "12.71"]),
        "indicator": st.sampled_from(INDICATORS),
        "owner": st.sampled_from([*OFFICES, *UNITS]),
        "unit": st.sampled_from(UNITS),
        "class": st.sampled_from(["regional", "unknown"]),
        "funding": st.sampled_from(Funding.values),
        "recurrence": st.sampled_from(Recurrence.values),
        "due_after": DAY,
        "due_before": DAY,
        "on": DAY,
        "q": st.sampled_from(["melatih", "lahan", "asahan", "x"]),
        "sort": st.sampled_from(SORTED_BY).flatmap(lambda code: st.sampled_from([code, f"-{code}"])),
    },
)
chosen_columns = st.lists(st.sampled_from(list(COMMITMENT_COLUMNS)), min_size=1, unique=True).map(",".join)


def address(question):
    return urlencode(question, doseq=True)


def on_the_screen(user, question):
    """What stands in each row of the list, page after page, as data."""
    found, number = [], 1
    while True:
        asked = commitments_for(user, QueryDict(address({**question, "page": number, "size": 25})))
        page = asked.page
        found += [
            [by_python.in_json(column.value(row)) for column in asked.columns] for row in page.object_list
        ]
        if not page.has_next():
            assert asked.count == len(found)
            return found
        number += 1


def as_number(text):
    """A number of a CSV, which is written for Indonesian spreadsheets."""
    return float(text.replace(",", ".")) if re.fullmatch(r"\d+(,\d+)?", text) else text or None


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(who=st.sampled_from(READERS), question=questions)
def test_list_csv_xlsx_and_json_are_the_same(ledger, readers, file_of, who, question):
    user = readers[who]
    query = address({**question, "columns": ",".join(FIGURES)})

    shown = on_the_screen(user, {**question, "columns": ",".join(FIGURES)})
    csv_lines = list(csv.reader(io.StringIO(file_of("csv", user, query).decode("utf-8-sig")), delimiter=";"))
    data = json.loads(file_of("json", user, query))
    sheet, origin = openpyxl.load_workbook(io.BytesIO(file_of("xlsx", user, query))).worksheets
    said = {row[0].value: row[1].value for row in origin.iter_rows()}

    assert [list(row.values()) for row in data["rows"]] == shown
    assert [[line[0], *map(as_number, line[2:])] for line in csv_lines[1:]] == [[r[0], *r[2:]] for r in shown]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        [*with_days(row)] for row in shown
    ]
    assert data["count"] == said["Komitmen"] == len(shown)
    assert [cell.value for cell in sheet[1]] == csv_lines[0]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(who=st.sampled_from(READERS), question=questions, columns=chosen_columns)
def test_each_cell_is_what_its_column_defines(ledger, readers, file_of, who, question, columns):
    user = readers[who]
    query = address({**question, "columns": columns})

    defined = by_python.values_of(LedgerExtract(user, QueryDict(query)))
    csv_lines = list(csv.reader(io.StringIO(file_of("csv", user, query).decode("utf-8-sig")), delimiter=";"))
    data = json.loads(file_of("json", user, query))
    sheet = openpyxl.load_workbook(io.BytesIO(file_of("xlsx", user, query))).worksheets[0]

    assert csv_lines[1:] == [list(map(by_python.in_csv, row)) for row in defined]
    assert [list(row.values()) for row in data["rows"]] == [
        list(map(by_python.in_json, row)) for row in defined
    ]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        list(map(by_python.in_xlsx, row)) for row in defined
    ]


def with_days(row):
    """The row as openpyxl reads it: whole dates are dates of a spreadsheet."""
    for value in row:
        is_day = isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)
        yield datetime.fromisoformat(value) if is_day else value


OF_REGION = (
    "EXISTS (SELECT 1 FROM partnerships_party p JOIN partnerships_organization o ON o.id = p.organization_id"
    " LEFT JOIN regions_region r ON r.code = o.region_id"
    " WHERE p.agreement_id = a.id AND (r.code = '{code}' OR r.parent_id = '{code}'))"
)
WHO_MAY_READ = {
    "registrar": "TRUE",
    "leadership": "a.status NOT IN ('proposed', 'drafting')",
    "officer_asahan": f"a.status <> 'proposed' AND {OF_REGION.format(code='12.09')}",
    "officer_north_sumatra": f"a.status <> 'proposed' AND {OF_REGION.format(code='12')}",
    "nobody": "FALSE",
}
REPORTS = "SELECT {} FROM partnerships_progressreport r WHERE r.commitment_id = c.id AND r.status {}"
VERIFIED = "= 'verified'"
LATEST_VERIFIED = f"{VERIFIED} ORDER BY r.period_end DESC"
MEASURABLE = (
    "c.indicator_id IS NOT NULL AND c.target > 0 AND c.due IS NOT NULL AND c.owner_id IS NOT NULL"
    " AND c.proof_wanted <> ''"
)
IN_SQL = {
    "measurable": {"yes": f"({MEASURABLE})", "no": f"({MEASURABLE}) IS NOT TRUE"},
    "unverified": {"yes": f"EXISTS ({REPORTS.format(1, '= %s')})".replace("%s", "'submitted'")},
    "overdue": {
        "yes": "EXISTS (SELECT 1 FROM partnerships_reportingperiod p WHERE p.commitment_id = c.id"
        " AND p.ends < '2026-03-02' AND NOT EXISTS ("
        + REPORTS.format(1, "IN ('submitted', 'verified')")
        + " AND r.period_end = p.ends))"
    },
    "indicator": "i.slug = %s",
    "due_before": "c.due <= %s::date",
    "region": "EXISTS (SELECT 1 FROM partnerships_organization o LEFT JOIN regions_region r ON r.code ="
    " o.region_id WHERE o.id IN (c.owner_id, b.organization_id) AND (r.code = %s OR r.parent_id = %s))",
}


def by_sql(who, question):
    """(reference, text, verified, rate in percent) as plain SQL gives them, first due date first."""
    conditions, values = [f"({WHO_MAY_READ[who]})", "c.withdrawn_on IS NULL"], []
    for name, value in question.items():
        condition = IN_SQL[name][value] if isinstance(IN_SQL[name], dict) else IN_SQL[name]
        conditions.append(condition)
        values += [value] * condition.count("%s")
    achieved = (
        f"coalesce(CASE WHEN c.cumulative THEN ({REPORTS.format('r.value', LATEST_VERIFIED)} LIMIT 1)"
        f" ELSE ({REPORTS.format('sum(r.value)', VERIFIED)}) END, 0)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT ref, text, CASE WHEN achieved > 0 OR indicator_id IS NOT NULL THEN achieved END,
                   CASE WHEN measured THEN trunc(achieved * 100 / target, 1) END
            FROM (
                SELECT a.ref, c.*, {achieved} AS achieved, {MEASURABLE} AS measured
                FROM partnerships_commitment c
                JOIN partnerships_agreement a ON a.id = c.agreement_id
                LEFT JOIN partnerships_indicator i ON i.id = c.indicator_id
                LEFT JOIN partnerships_party b ON b.id = c.owed_by_id
                WHERE {" AND ".join(conditions)}
            ) AS found
            ORDER BY due NULLS LAST, ref, position, id
            """,
            values,
        )
        return [[ref, text, *map(plain, numbers)] for ref, text, *numbers in cursor.fetchall()]


def plain(number):
    return None if number is None else float(number)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    who=st.sampled_from(sorted(WHO_MAY_READ)),
    question=st.fixed_dictionaries(
        {},
        optional={
            "measurable": st.sampled_from(["yes", "no"]),
            "unverified": st.just("yes"),
            "overdue": st.just("yes"),
            "indicator": st.sampled_from(INDICATORS),
            "due_before": DAY,
            "region": st.sampled_from(["12", "12.09", "33.25"]),
        },
    ),
)
def test_files_are_what_plain_sql_gives(ledger, readers, file_of, who, question):
    query = address({**question, "sort": "due", "columns": "achieved,rate"})
    rows = json.loads(file_of("json", readers[who], query))["rows"]

    assert [list(row.values()) for row in rows] == by_sql(who, question)


@pytest.mark.parametrize(
    ("who", "question"),
    [
        ("registrar", {}),
        ("registrar", {"measurable": "no"}),
        ("officer_north_sumatra", {"sort": "-rate"}),
        ("leadership", {"sort": "state", "columns": ",".join(COMMITMENT_COLUMNS)}),
    ],
)
def test_the_pdf_has_the_same_rows(ledger, readers, file_of, who, question):
    pdf = pypdf.PdfReader(io.BytesIO(file_of("pdf", readers[who], address(question))))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    shown = [row[0] for row in on_the_screen(readers[who], question)]

    assert shown
    assert re.findall(r"KS-\d{4}-\d{4,9}", text) == shown


def test_the_parity_reaches_commitments_of_both_sides(ledger, readers):
    """A sample that no reader's scope cuts would prove nothing."""
    sizes = {who: len(on_the_screen(user, {})) for who, user in readers.items()}

    assert sizes["registrar"] > sizes["leadership"] > sizes["officer_north_sumatra"] > 0
    assert sizes["officer_north_sumatra"] >= sizes["officer_asahan"] > 0
    assert sizes["nobody"] == 0
