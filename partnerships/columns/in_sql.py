"""How the database makes the cells of a column by itself, for files that may have any number of rows.

A column's ``value`` says what stands in its cells; a Cell says the same in SQL. It may name ``asked.<name>``,
a field of the row or what a list computes for it (``full_rows``), and the tables that the list joins to the
rows.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from partnerships.models import AgreementKind

# What Python takes for blanks; the database's own idea of them is narrower.
_BLANKS = "".join(chr(number) for number in range(0x3001) if chr(number).isspace())


@dataclass(frozen=True)
class Cell:
    """``said`` is the SQL, or a function that gives it in the language of the moment."""

    said: str | Callable[[], str]

    @property
    def sql(self):
        return self.said() if callable(self.said) else self.said


class Text(Cell):
    """What people wrote, or NULL."""


class Words(Cell):
    """Words of the portal itself, which need no care."""


class Whole(Cell):
    """A whole number."""


class Date(Cell):
    """A date by ISO 8601 as far as it is known, as text; or words in place of a date, or NULL."""


class Several(Cell):
    """An array of texts; NULL for none."""


@dataclass(frozen=True)
class Number(Cell):
    """The number of an Amount, or NULL; ``unit`` is the SQL of its unit."""

    unit: str

    @property
    def sql(self):
        return f"trim_scale(round({super().sql}, 2))"


class Percent(Cell):
    """The fraction of a Rate, or NULL."""

    @property
    def sql(self):
        return f"trim_scale(trunc({super().sql} * 100, 1))"


def quoted(text):
    return "'" + str(text).replace("'", "''") + "'"


def words(code, choices, otherwise=None):
    """The label of a code from (code, label) pairs; of another code ``otherwise``, or the code itself."""
    whens = " ".join(f"WHEN {quoted(value)} THEN {quoted(label)}" for value, label in choices)
    return f"CASE {code} {whens} ELSE {code if otherwise is None else quoted(otherwise)} END"


def sentence(template, **values):
    """A translated template with %(name)s whose values are SQL."""
    parts = (template % {name: f"\0{name}\0" for name in values}).split("\0")
    return " || ".join(values.get(part) or quoted(part) for part in parts if part)


def partial_date(name):
    """The three columns of a partial date as a Date has them."""
    return (
        f"left({name}_earliest::text, CASE {name}_precision WHEN 'day' THEN 10 WHEN 'month' THEN 7"
        " WHEN 'year' THEN 4 END)"
    )


def trimmed(text):
    """The text without blanks at its ends."""
    return f"btrim({text}, {quoted(_BLANKS)})"


def in_the_language(name):
    """The column of a vocabulary that has its names in Indonesian and, beside it, in English."""
    return f"{name}_en" if get_language() == "en" else name


def title_of(paper):
    """The title of a paper (the name of its table), or what stands for it (Agreement.display_title)."""
    kind = words(f"{paper}.kind", AgreementKind.choices)
    partners = "array_to_string(parties.partners, ', ')"
    return f"""CASE
        WHEN {paper}.title <> '' THEN {paper}.title
        WHEN parties.partners IS NULL THEN {sentence(gettext("%(kind)s, partner not named"), kind=kind)}
        ELSE {sentence(gettext("%(kind)s with %(partners)s"), kind=kind, partners=partners)}
    END"""


@dataclass(frozen=True)
class Table:
    """What is joined to the rows asked for. ``only`` stands for {only} in the ``join``: that nothing is read
    but what belongs to these rows, which costs less than to read everything only when they are few."""

    join: str
    only: str = ""

    def sql(self, few):
        return self.join.replace("{only}", self.only if few else "")


def parties_of(paper):
    """The join of ``parties``: who is in the paper of a row (``paper``, a field), for all rows at once."""
    order = "ORDER BY p.position, p.id"
    ours, theirs = "FILTER (WHERE o.kind = 'unit')", "FILTER (WHERE o.kind <> 'unit')"
    return Table(
        f"""
        LEFT JOIN (
            SELECT p.agreement_id,
                array_agg(o.name {order}) {theirs} AS partners,
                (array_agg(o.kind {order}) {theirs})[1] AS lead_kind,
                (array_agg(coalesce(nullif(o.short_name, ''), o.name) {order}) {ours})[1] AS unit,
                array_agg(r.name {order}) FILTER (WHERE r.code IS NOT NULL) AS regions,
                array_agg(p.number {order}) FILTER (WHERE p.number <> '') AS numbers
            FROM partnerships_party p
            JOIN partnerships_organization o ON o.id = p.organization_id
            LEFT JOIN regions_region r ON r.code = o.region_id
            {{only}}
            GROUP BY p.agreement_id
        ) parties ON parties.agreement_id = asked.{paper}
        """,  # noqa: S608 - from our own fragments
        only=f"WHERE p.agreement_id IN (SELECT asked.{paper} FROM asked)",  # noqa: S608 - the same
    )
