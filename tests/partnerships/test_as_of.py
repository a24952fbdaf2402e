"""The register as of a day: the same before and after something later is recorded, in every form."""

import datetime
import json

import pytest
from django.http import QueryDict
from django.utils import formats

from partnerships.actions import agreements
from partnerships.exports.files import make_file
from partnerships.exports.of_register import RegisterExtract
from partnerships.lifecycle import Status
from partnerships.models import Agreement, PartialDate, StageChange, StatusChange
from partnerships.register import agreements_for
from tests.factories import AgreementFactory, TermFactory

TODAY = datetime.datetime(2026, 6, 15, 3, 0, tzinfo=datetime.UTC)
COLUMNS = "status,validity,stage,ends"
NEW_YEAR = "on=2025-12-31"


@pytest.fixture(autouse=True)
def on_a_day(db, time_machine):
    time_machine.move_to(TODAY, tick=False)


def said(user, query, form="json"):
    """What an export says of each paper, and how many there are."""
    _name, file, _issued = make_file(form, user, QueryDict(f"{query}&columns={COLUMNS}"))
    with file:
        data = json.loads(file.read())
    return {row["ref"]: [row[code] for code in COLUMNS.split(",")] for row in data["rows"]}


def counts(user, query, facet):
    register = agreements_for(user, QueryDict(query))
    options = next(each.options for each in register.facets if each.name == facet)
    return {option.value: option.count for option in options if option.count}


def signed_until(*end, **fields):
    paper = AgreementFactory(signed=PartialDate.of(2024, 1, 10), **fields)
    ends = {"ends": PartialDate.of(*end)} if end else {"ends_open": True}
    TermFactory(agreement=paper, starts=PartialDate.of(2024, 1, 10), **ends)
    return paper


def test_an_extension_that_begins_later_changes_nothing_of_an_earlier_day(registrar):
    paper = signed_until(2026, 1, 31)
    before = said(registrar, NEW_YEAR), counts(registrar, NEW_YEAR, "validity")
    assert before == (
        {paper.ref: ["Ditandatangani", "Segera berakhir", None, "2026-01-31"]},
        {"ending": 1},
    )

    TermFactory(
        agreement=paper,
        position=2,
        reason="extension",
        starts=PartialDate.of(2026, 2, 1),
        ends=PartialDate.of(2029, 1, 31),
    )

    assert (said(registrar, NEW_YEAR), counts(registrar, NEW_YEAR, "validity")) == before
    assert said(registrar, "on=2026-02-01")[paper.ref][1:] == ["Berlaku", None, "2029-01-31"]
    assert said(registrar, "")[paper.ref][1:] == ["Berlaku", None, "2029-01-31"]


@pytest.mark.parametrize("to", [Status.ENDED, Status.TERMINATED])
@pytest.mark.parametrize("end", [(2027, 1, 9), ()])
def test_an_early_end_changes_nothing_of_an_earlier_day(to, end, registrar):
    paper = signed_until(*end)
    days = ("on=2025-12-31", "on=2026-02-27")
    before = [(said(registrar, day), counts(registrar, day, "validity")) for day in days]
    assert [number for _rows, number in before] == [{"in_force": 1}] * 2

    agreements.move(
        agreement=paper, to=to, by=registrar, effective_on=datetime.date(2026, 3, 1), reason="Dicabut"
    )

    assert [(said(registrar, day), counts(registrar, day, "validity")) for day in days] == before
    for day in ("on=2026-03-01", "on=2026-06-15", ""):
        assert said(registrar, day)[paper.ref] == [str(to.label), "Berakhir", None, "2026-03-01"]
        assert counts(registrar, day, "status") == {to.value: 1}
        assert counts(registrar, day, "validity") == {"ended": 1}


def test_filters_by_status_and_validity_read_the_day(registrar):
    paper = signed_until(2027, 1, 9)
    agreements.move(
        agreement=paper,
        to=Status.TERMINATED,
        by=registrar,
        effective_on=datetime.date(2026, 3, 1),
        reason="Dicabut",
    )

    for day, status, validity in (
        ("2025-12-31", "signed", "in_force"),
        ("2026-03-01", "terminated", "ended"),
    ):
        for name, value in (("status", status), ("validity", validity)):
            assert agreements_for(registrar, QueryDict(f"on={day}&{name}={value}")).count == 1
            other = "drafting" if name == "status" else "unknown"
            assert agreements_for(registrar, QueryDict(f"on={day}&{name}={other}")).count == 0
    assert agreements_for(registrar, QueryDict("on=2025-12-31&ends_before=2026-12-31")).count == 0
    assert agreements_for(registrar, QueryDict("on=2026-03-01&ends_before=2026-12-31")).count == 1


def test_the_list_is_sorted_by_the_status_of_the_day(registrar):
    papers = {}
    for name, then, now in (("a", "signed", "ended"), ("b", "drafting", "terminated")):
        papers[name] = AgreementFactory(ref=f"KS-2024-000{len(papers) + 1}", status=now, recorded=None)
        for status, day in ((then, "2025-06-01"), (now, "2026-03-01")):
            StatusChange.objects.create(agreement=papers[name], new=status, effective_on=day, by=None)

    def order(query):
        return [row.ref for row in agreements_for(registrar, QueryDict(query)).rows()]

    today = [papers["a"].ref, papers["b"].ref]
    assert order("sort=status") == order("on=2026-03-01&sort=status") == today
    assert order("on=2025-12-31&sort=status") == today[::-1]


def test_a_step_entered_late_is_still_the_later_one(registrar):
    paper = AgreementFactory(status=Status.PROPOSED, signed=None, recorded=None)
    StatusChange.objects.create(
        agreement=paper, new="proposed", effective_on=datetime.date(2026, 6, 10), by=None
    )
    agreements.move(agreement=paper, to=Status.DRAFTING, by=registrar, effective_on=datetime.date(2026, 4, 1))

    for day in (datetime.date(2026, 4, 1), datetime.date(2026, 6, 10), TODAY.date()):
        assert Agreement.objects.as_of(day).get(pk=paper.pk).status_on == Status.DRAFTING


def test_the_stage_is_that_of_the_day_and_only_before_signing(registrar):
    paper = AgreementFactory(kind="moc", status=Status.SCHEDULED, signed=None, recorded=None)
    StatusChange.objects.create(agreement=paper, new="scheduled", effective_on="2025-06-01", by=None)
    for old, new, since in (
        ("", "acceptance", "2025-07-01"),
        ("acceptance", "signing", "2026-02-01"),
    ):
        StageChange.objects.create(agreement=paper, old=old, new=new, since=since, by=registrar)
    agreements.move(agreement=paper, to=Status.SIGNED, by=registrar, effective_on=datetime.date(2026, 3, 1))

    stages = [said(registrar, day)[paper.ref][2] for day in (NEW_YEAR, "on=2026-02-01", "on=2026-03-01", "")]

    assert stages == ["Penerimaan", "Penandatanganan", None, None]


def test_every_file_says_of_which_day_its_status_is(registrar):
    signed_until(2027, 1, 9)
    params = QueryDict(NEW_YEAR)
    extract = RegisterExtract(registrar, params)
    day = formats.date_format(datetime.date(2025, 12, 31), "j F Y")

    assert str(extract.title).endswith(day)
    assert any(day in line for line in extract.filters)
    assert "2025-12-31" in make_file("csv", registrar, params)[0]
    assert not str(RegisterExtract(registrar, QueryDict("")).title).endswith(day)
