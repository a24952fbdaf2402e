"""Whatever a reader asks: the list, every file and plain SQL give the same papers in the same order."""

import datetime
import random
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerships.columns import COLUMNS
from partnerships.exports.of_register import RegisterExtract
from partnerships.lifecycle import Status
from partnerships.models import PartialDate
from partnerships.register import agreements_for
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    OrganizationFactory,
    PartyFactory,
    SigningEventFactory,
    SourcedFactFactory,
    TermFactory,
)
from tests.partnerships.exports import by_python

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
OFFICES = (
    "pemerintah-kabupaten-asahan",
    "pemerintah-kabupaten-batang",
    "pemerintah-provinsi-sumatera-utara",
    "pemerintah-kota-bandung",
    "pemerintah-kabupaten-bandung",
)
UNITS = ("ditjen-binalavotas", "biro-kerja-sama", "itjen")
KINDS = ("mou", "pks", "nota_kesepakatan", "activity", "unknown")
SORTED_BY = [code for code, column in COLUMNS.items() if column.order]
DAY = st.dates(datetime.date(2018, 1, 1), datetime.date(2026, 12, 31))


@pytest.fixture
def papers():
    """Forty papers of every kind, status, region, class and precision of date."""
    chance = random.Random(43)  # noqa: S311 - the same papers in every run
    event = SigningEventFactory(slug="acara-uji")
    companies = OrganizationFactory.create_batch(4)
    for number in range(40):
        day = datetime.date(2018, 1, 1) + datetime.timedelta(days=chance.randrange(3200))
        signed = chance.choice(
            [
                PartialDate.of(day.year, day.month, day.day),
                PartialDate.of(day.year, day.month),
                PartialDate.of(day.year),
                None,
            ]
        )
        parties = [chance.choice(UNITS)] if chance.random() < 0.8 else []
        parties += chance.sample(OFFICES, chance.choice([0, 1, 1, 2]))
        agreement = AgreementFactory(
            ref=f"KS-{day.year}-{number + 1:04d}",
            title=f"{chance.choice(['Pelatihan', 'Data', 'penempatan', '=1+1'])} {number % 7}",
            kind=chance.choice(KINDS),
            status=chance.choice(Status.values),
            signed=signed,
            place=chance.choice(["", "Jakarta", "Bandung"]),
            event=event if chance.random() < 0.3 else None,
            represents=chance.choice([1, 1, 1, 75]),
            with_parties=parties,
            with_themes=chance.sample(["integrasi-data", "pelatihan-vokasi", "produktivitas"], 2),
        )
        if chance.random() < 0.4:
            partner = chance.choice(companies)
            PartyFactory(agreement=agreement, organization=partner, position=9, number=f"{number}/PKS")
        if chance.random() < 0.5:
            TermFactory(agreement=agreement, starts=None, ends=PartialDate.of(chance.randrange(2019, 2030)))
        if chance.random() < 0.3:
            CommitmentFactory(agreement=agreement)
            SourcedFactFactory(agreement=agreement, in_force=False)


@pytest.fixture
def readers(request):
    return {name: request.getfixturevalue(name) for name in READERS}


questions = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True),
        "class": st.lists(st.sampled_from(["regional", "development", "unknown"]), min_size=1, max_size=2),
        "status": st.lists(st.sampled_from(Status.values), min_size=1, max_size=3, unique=True),
        "validity": st.sampled_from(["not_begun", "in_force", "ending", "ended", "unknown"]),
        "region": st.sampled_from(["12", "12.09", "33.25", "32", "32.73"]),
        "theme": st.sampled_from(["integrasi-data", "produktivitas", "k3"]),
        "unit": st.sampled_from(UNITS),
        "event": st.just("acara-uji"),
        "signed_after": DAY.map(str),
        "signed_before": DAY.map(str),
        "on": DAY.map(str),
        "q": st.sampled_from(["pelatihan", "data", "asahan", "bandung", "x"]),
        "has": st.sampled_from(["term", "commitments", "conflict"]),
        "lacks": st.sampled_from(["term", "commitments"]),
        "sort": st.sampled_from(SORTED_BY).flatmap(lambda code: st.sampled_from([code, f"-{code}"])),
        "columns": st.lists(st.sampled_from(list(COLUMNS)), min_size=1, unique=True).map(",".join),
    },
)


def address(question):
    return urlencode(question, doseq=True)


def on_the_screen(user, question):
    """The references of the list, page after page, and its two totals."""
    found, number = [], 1
    while True:
        register = agreements_for(user, QueryDict(address({**question, "page": number, "size": 25})))
        page = register.page
        found += [row.ref for row in page.object_list]
        if not page.has_next():
            return found, register.count, register.represented
        number += 1


@settings(max_examples=110, deadline=None, suppress_health_check=list(HealthCheck))
@given(who=st.sampled_from(READERS), question=questions)
def test_list_csv_xlsx_and_json_are_the_same(papers, readers, lines, workbook, document, who, question):
    user = readers[who]
    if not agreements_for(user, QueryDict("event=acara-uji")).asked:
        # An event that the reader may not know of is no value of the filter.
        question.pop("event", None)
    query = address(question)

    shown, count, represented = on_the_screen(user, question)
    register = agreements_for(user, QueryDict(query))
    csv_lines, book, data = lines(user, query), workbook(user, query), document(user, query)
    sheet, origin = book.worksheets
    defined = by_python.values_of(RegisterExtract(user, QueryDict(query)))
    said = [row[1].value for row in origin.iter_rows()]

    assert [line[0] for line in csv_lines[1:]] == shown
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == shown
    assert [row["ref"] for row in data["rows"]] == shown
    assert count == len(shown) == data["count"] == said[-4]
    assert represented == said[-3]
    assert csv_lines[0] == [str(column.label) for column in register.columns]
    assert [cell.value for cell in sheet[1]] == csv_lines[0]
    assert all(list(row) == [column.code for column in register.columns] for row in data["rows"])
    assert csv_lines[1:] == [list(map(by_python.in_csv, row)) for row in defined]
    assert [list(row.values()) for row in data["rows"]] == [
        list(map(by_python.in_json, row)) for row in defined
    ]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        list(map(by_python.in_xlsx, row)) for row in defined
    ]


WHO_MAY_READ = {
    "registrar": "TRUE",
    "leadership": "a.status NOT IN ('proposed', 'drafting')",
    "officer_asahan": "a.status <> 'proposed' AND {of_region}",
    "officer_north_sumatra": "a.status <> 'proposed' AND ({of_region} OR {of_province})",
    "nobody": "FALSE",
}
PARTY_WHERE = (
    "EXISTS (SELECT 1 FROM partnerships_party p JOIN partnerships_organization o ON o.id = p.organization_id"
    " LEFT JOIN regions_region r ON r.code = o.region_id WHERE p.agreement_id = a.id AND {})"
)
REGION_OF = {"officer_asahan": "12.09", "officer_north_sumatra": "12"}
IN_SQL = {
    "kind": "a.kind = ANY(%s)",
    "signed_after": "a.signed_latest >= %s::date",
    "signed_before": "a.signed_earliest <= %s::date",
    "theme": "EXISTS (SELECT 1 FROM partnerships_agreementtheme t"
    " JOIN partnerships_theme n ON n.id = t.theme_id WHERE t.agreement_id = a.id AND n.slug = %s)",
    "region": PARTY_WHERE.format("(r.code = %s OR r.parent_id = %s)"),
}


def by_sql(who, question):
    """The references that plain SQL gives, newest signature first."""
    region = REGION_OF.get(who, "")
    reach = WHO_MAY_READ[who].format(
        of_region=PARTY_WHERE.format(f"r.code = '{region}'"),
        of_province=PARTY_WHERE.format(f"r.parent_id = '{region}'"),
    )
    conditions, values = [f"({reach})"], []
    if "activity" not in question.get("kind", []):
        conditions.append("a.kind <> 'activity'")
    for name, value in question.items():
        conditions.append(IN_SQL[name])
        values += [value] * IN_SQL[name].count("%s")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT a.ref FROM partnerships_agreement a WHERE {' AND '.join(conditions)}"
            " ORDER BY a.signed_latest DESC NULLS LAST, a.ref",
            values,
        )
        return [row[0] for row in cursor.fetchall()]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    who=st.sampled_from(sorted(WHO_MAY_READ)),
    question=st.fixed_dictionaries(
        {},
        optional={
            "kind": st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True),
            "signed_after": DAY.map(str),
            "signed_before": DAY.map(str),
            "theme": st.sampled_from(["integrasi-data", "produktivitas"]),
            "region": st.sampled_from(["12", "12.09", "33.25", "32.73"]),
        },
    ),
)
def test_files_are_what_plain_sql_gives(papers, readers, lines, who, question):
    found = [line[0] for line in lines(readers[who], address(question))[1:]]

    assert found == by_sql(who, question)


@pytest.mark.parametrize(
    ("who", "question"),
    [
        ("registrar", {}),
        ("leadership", {"sort": "title", "class": "regional", "columns": "title,class"}),
        ("officer_north_sumatra", {"sort": "-validity"}),
        ("unit_officer", {"theme": "integrasi-data", "sort": "kind", "columns": ",".join(COLUMNS)}),
    ],
)
def test_the_pdf_has_the_same_rows(papers, readers, references, who, question):
    shown, _count, _represented = on_the_screen(readers[who], question)

    assert shown
    assert references(readers[who], address(question)) == shown


def test_the_parity_reaches_papers_of_both_sides(papers, readers):
    """A sample that no reader's scope cuts would prove nothing."""
    sizes = {who: len(on_the_screen(user, {})[0]) for who, user in readers.items()}

    assert sizes["registrar"] > sizes["leadership"] > sizes["officer_north_sumatra"] > 0
    assert sizes["officer_north_sumatra"] >= sizes["officer_asahan"] > 0
    assert sizes["nobody"] == 0
