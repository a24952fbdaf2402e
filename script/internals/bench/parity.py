"""Whether a list and its files say the same, whatever is asked, over the records of the bench.

Arguments: the first question, the one after the last, the seed. Prints how much was compared, and what
differs.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from kemnaker_portal.readers import reading_for
from script.internals.bench import inside
from script.internals.bench.people import reader

_READERS = ("registrar", "leadership", "unit_officer", "officer", "kabupaten_officer")
# Questions of papers among ten, the others being of commitments; and of how many questions one has a PDF.
_PAPERS_OF_TEN = 7
_PDF_OF = 2
# How many rows an answer may have, and how often of ten questions.
_SIZES = {300: 5.0, 2_000: 4.6, 20_000: 0.4}
_TRIES = 8
_OF_A_PAGE = 100
# Of longer lists the first, the middle and the last page are read.
_EVERY_PAGE_UP_TO = 500
# Long PDFs are few: each takes as long as fifty other files.
_LONG_PDFS = 0.1
_MOST_IN_A_LONG_PDF = 2_500
# What is asked when nothing was drawn that fits.
_NOTHING = "q=tidakadakatainidimanapun"
_WORDS = ("pelatihan", "data", "magang", "bandung")


def main() -> None:
    inside.set_up()
    first, stop, seed = map(int, sys.argv[1:])
    for name in _READERS:
        reader(name)
    lists = [_papers(), _commitments()]
    found = {"questions": 0, "rows": 0, "cells": 0, "pdfs": 0, "long_pdfs": 0, "largest": 0}
    differing = []
    for number in range(first, stop):
        chance = random.Random(f"{seed} {number}")  # noqa: S311 - the same questions in every run
        user = reader(chance.choice(_READERS))
        with reading_for(user):
            asked = Asked(lists[number % 10 >= _PAPERS_OF_TEN], chance, user, number % _PDF_OF == 0)
            compared = asked.compare()
        for name, amount in compared.items():
            found[name] = max(found[name], amount) if name == "largest" else found[name] + amount
        differing += [f"question {number}, {asked}: {each}" for each in asked.differing]
    inside.say(**found, differing=differing)


class Kind:
    """One of the two lists: who answers, what its files are made of, and the values of its filters."""

    def __init__(self, ask: Callable, made_of: type, columns: dict, values: dict[str, list[str]]) -> None:
        self.ask, self.made_of, self.columns, self.values = ask, made_of, columns, values
        self.sorts = [code for code, column in columns.items() if column.order]


class Asked:
    """One question at random, and what its answers have in common."""

    def __init__(self, kind: Kind, chance: random.Random, user: Any, with_pdf: bool) -> None:
        self.kind, self.chance, self.user, self.with_pdf = kind, chance, user, with_pdf
        self.differing: list[str] = []
        most = chance.choices(list(_SIZES), list(_SIZES.values()))[0]
        self.query, self.count = _NOTHING, 0
        for _try in range(_TRIES):
            query = self._drawn(chance.choice([1, 2, 2, 3]))
            listing = self._list(query)
            # What this reader may not know of is no value of a filter.
            if not listing.problems and self.count < listing.count <= most:
                self.query, self.count = query, listing.count
                break

    def __str__(self) -> str:
        return f"{self.kind.made_of.__name__} for {self.user}, {self.count} rows, {self.query}"

    def _drawn(self, filters: int) -> str:
        values, chance = self.kind.values, self.chance
        question = {name: chance.choice(values[name]) for name in chance.sample(list(values), filters)}
        sort = chance.choice(self.kind.sorts)
        columns = chance.sample(list(self.kind.columns), chance.randint(2, 9))
        return urlencode(
            {**question, "sort": chance.choice([sort, f"-{sort}"]), "columns": ",".join(columns)}
        )

    def _list(self, query: str, **shape: int) -> Any:
        from django.http import QueryDict

        return self.kind.ask(self.user, QueryDict("&".join([query, urlencode(shape)]).rstrip("&")))

    def _file(self, form: str) -> bytes:
        from django.http import QueryDict

        from partnerships.exports.files import make_file

        with make_file(form, self.user, QueryDict(self.query), self.kind.made_of).file as file:
            return file.read()

    def compare(self) -> dict[str, int]:
        """How much was compared, by what it is."""
        from tests.partnerships.exports import by_python, read_back

        lines = read_back.lines_of(self._file("csv"))[1:]
        document = read_back.document_of(self._file("json"))
        rows = [list(row.values()) for row in document["rows"]]
        cells = read_back.rows_of(self._file("xlsx"))
        refs = [row["ref"] for row in document["rows"]]
        self._same("number of rows", [self.count] * 4, [document["count"], len(lines), len(rows), len(cells)])
        self._same("references of CSV and JSON", [line[0] for line in lines], refs)
        self._same("references of XLSX and JSON", [row[0] for row in cells], refs)
        listed = 0
        for start, values in self._pages():
            stop = start + len(values)
            listed += len(values)
            self._same("page and JSON", _each(by_python.in_json, values), rows[start:stop])
            self._same("page and CSV", _each(by_python.in_csv, values), lines[start:stop])
            self._same("page and XLSX", _each(by_python.in_xlsx, values), cells[start:stop])
        made = self._compare_pdf(refs)
        compared = {"rows": self.count, "cells": listed * 3 * len(rows[0] if rows else ())}
        return {"questions": 1, "largest": self.count, **compared, **made}

    def _pages(self) -> Iterator[tuple[int, list[list[Any]]]]:
        """(place of the first row, values of the cells) of pages of the list."""
        last = max(1, -(-self.count // _OF_A_PAGE))
        numbers = range(1, last + 1) if self.count <= _EVERY_PAGE_UP_TO else (1, last // 2, last)
        for number in numbers:
            listing = self._list(self.query, page=number, size=_OF_A_PAGE)
            rows = listing.page.object_list
            values = [[column.value(row) for column in listing.columns] for row in rows]
            yield (number - 1) * _OF_A_PAGE, values

    def _compare_pdf(self, refs: list[str]) -> dict[str, int]:
        from partnerships.exports.as_pdf import MOST_IN_ONE_RENDER
        from tests.partnerships.exports import read_back

        is_long = self.count > MOST_IN_ONE_RENDER
        is_too_long = is_long and (self.count > _MOST_IN_A_LONG_PDF or self.chance.random() > _LONG_PDFS)
        if is_too_long or not self.with_pdf:
            return {}
        found = read_back.references_of(self._file("pdf"))
        if "sort=ref" in self.query or "sort=-ref" in self.query:
            # The headings of groups may say a reference too, again on top of each page.
            self._same("set of references of PDF and JSON", sorted(set(found)), sorted(set(refs)))
        else:
            self._same("references of PDF and JSON", found, refs)
        return {"long_pdfs" if is_long else "pdfs": 1}

    def _same(self, what: str, these: list, those: list) -> None:
        if these == those:
            return
        place = next(
            (place for place, (one, other) in enumerate(zip(these, those, strict=False)) if one != other),
            min(len(these), len(those)),
        )
        told = [
            json.dumps(each[place : place + 1], default=str, ensure_ascii=False) for each in (these, those)
        ]
        self.differing.append(f"{what} differ at {place}: {told[0][:300]} and {told[1][:300]}")


def _each(said: Callable, values: list[list[Any]]) -> list[list[Any]]:
    return [[said(value) for value in row] for row in values]


def _papers() -> Kind:
    from partnerships.columns import COLUMNS
    from partnerships.exports.of_register import RegisterExtract
    from partnerships.filters.papers import HAS_OR_LACKS
    from partnerships.lifecycle import Status
    from partnerships.models import AgreementKind, SigningEvent, Validity
    from partnerships.register import agreements_for

    values = _of_both() | {
        "kind": list(AgreementKind.values),
        "status": list(Status.values),
        "validity": list(Validity.values),
        "theme": _codes_of("Theme"),
        "event": list(
            SigningEvent.objects.visible_to(reader("officer")).values_list("slug", flat=True)[:200]
        ),
        "signed_after": _days(-900, 0),
        "signed_before": _days(-3650, -1500),
        "ends_before": _days(-1500, 1500),
        "on": _days(-1500, 0),
        "has": list(HAS_OR_LACKS),
        "lacks": list(HAS_OR_LACKS),
    }
    return Kind(
        agreements_for, RegisterExtract, COLUMNS, {name: each for name, each in values.items() if each}
    )


def _commitments() -> Kind:
    from partnerships.columns import COMMITMENT_COLUMNS
    from partnerships.exports.of_ledger import LedgerExtract
    from partnerships.models import Funding, Recurrence
    from partnerships.models.commitment_state import STANDING
    from partnerships.register import commitments_for

    values = _of_both() | {
        "state": [each.value for each in STANDING],
        "measurable": ["yes", "no"],
        "unverified": ["yes"],
        "overdue": ["yes"],
        "withdrawn": ["yes", "no"],
        "indicator": _codes_of("Indicator"),
        "owner": _codes_of("Organization"),
        "funding": [each for each in Funding.values if each],
        "recurrence": list(Recurrence.values),
        "due_after": _days(300, 900),
        "due_before": _days(-900, 0),
        "on": _days(-300, 0),
    }
    return Kind(commitments_for, LedgerExtract, COMMITMENT_COLUMNS, values)


def _of_both() -> dict[str, list[str]]:
    """Filters of both lists; those that leave few rows more than once, as more is asked with them."""
    from partnerships.models import Organization, PartnerClass
    from regions.models import Region

    partners = Organization.objects.visible_to(reader("officer")).partners().order_by("pk")
    return {
        "region": list(Region.objects.values_list("code", flat=True)),
        "unit": list(Organization.objects.units().values_list("slug", flat=True)),
        "partner": list(partners.values_list("slug", flat=True)[:500]),
        "class": list(PartnerClass.values),
        "q": list(_WORDS),
    }


def _codes_of(model: str) -> list[str]:
    from django.apps import apps

    return list(apps.get_model("partnerships", model).objects.order_by("pk").values_list("slug", flat=True))


def _days(first: int, last: int) -> list[str]:
    """Days by their distance from today, a month apart."""
    return [str(date.today() + timedelta(days=number)) for number in range(first, last + 1, 30)]


if __name__ == "__main__":
    main()
