"""The figures of the pages of issue 6 in plain SQL over the tables, and whether it says what the pages show.

A page takes most of its figures from memory, and asks the database for little; so what the database needs
for the same figures is what a page is measured by.
"""

from decimal import Decimal
from typing import Any

from script.internals.bench.plain.shown import Numbers, numbers, parameters
from script.internals.bench.plain.statements import STATEMENTS

_NEAR = Decimal("1e-9")


def asked(page: str, given: dict[str, Any]) -> Numbers:
    """What the statements of a page say, asked with its ``parameters``; what is nothing is left out."""
    from django.db import connection

    found: Numbers = {}
    with connection.cursor() as cursor:
        for statement in STATEMENTS[page]:
            cursor.execute(statement, given)
            found |= {(figure, key): number for figure, key, number in cursor.fetchall() if number}
    return found


def differing(page: str, user: Any) -> list[str]:
    """Each figure of a page on which its statements and its selectors differ, with both."""
    plain, shown = asked(page, parameters(page, user)), numbers(page, user)
    both = {each: (plain.get(each, 0), shown.get(each, 0)) for each in sorted({*plain, *shown})}
    return [
        f"{page}: {' '.join(each).strip()}: {said} in plain SQL, {told} on the page"
        for each, (said, told) in both.items()
        if abs(Decimal(said) - Decimal(told)) > _NEAR
    ]


__all__ = ["STATEMENTS", "asked", "differing", "parameters"]
