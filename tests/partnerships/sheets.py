"""What a browser sends from the pages on which papers are written, and what it must leave untouched."""

import re
from uuid import uuid4

from django.db import connection
from django.http import QueryDict
from django.urls import reverse

DEFAULTS = {
    "signatories": {"presence": "signed"},
    "terms": {"reason": "original"},
}
UNIT, GOVERNMENT = "Ditjen Binalavotas", "Kab. Asahan"


def typed(parties=(UNIT, GOVERNMENT), signatories=(), terms=(), **fields):
    """The fields of a page as sent; a party may be a name alone."""
    parties = [{"organization": row} if isinstance(row, str) else row for row in parties]
    data = {"kind": "mou", "represents": "1", "certainty": "high"}
    for part, rows in (("parties", parties), ("signatories", signatories), ("terms", terms)):
        data[f"{part}-TOTAL_FORMS"] = str(len(rows))
        data[f"{part}-INITIAL_FORMS"] = "0"
        for index, row in enumerate(rows):
            for name, value in {**DEFAULTS.get(part, {}), **row}.items():
                data[f"{part}-{index}-{name}"] = value
    return {**data, **fields}


def new_paper(**fields):
    """The page of a new paper as sent."""
    return typed(**{"status": "signed", "key": str(uuid4()), **fields})


def change_of(agreement, **fields):
    """The page of a change as sent by somebody who has read the paper as it stands."""
    rows = [
        {"id": str(party.pk), "organization": party.organization.name, "number": party.number}
        for party in agreement.parties.all()
    ]
    said = {
        "kind": agreement.kind,
        "title": agreement.title,
        "signed": str(agreement.signed or ""),
        "place": agreement.place,
        "version": str(agreement.version),
        "reason": "Disesuaikan dengan naskah",
        "parties": rows,
    }
    return typed(**{**said, **fields})


def move_of(agreement, **fields):
    """The page of a status as sent by somebody who has read the paper as it stands."""
    return {
        "to": "ended",
        "effective_on": "2025-01-31",
        "version": str(agreement.version),
        "reason": "Berita acara",
        **fields,
    }


def page_of(agreement, name="edit"):
    """The address of a page of writing: edit, move or publish."""
    return reverse(f"partnerships:agreement-{name}", args=[agreement.ref])


def text_of(response):
    return response.content.decode()


def value_of(response, name):
    """What stands in a field of the page, as it is written there."""
    match = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', text_of(response))
    value = re.search(r'value="([^"]*)"', match.group()) if match else None
    return value.group(1) if value else ""


def as_sent(data):
    """The fields as a request hands them to a page."""
    sent = QueryDict(mutable=True)
    for name, value in data.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return sent


def everything_stored():
    """A digest of every table of the portal's own and of its history, to see that nothing changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT table_name FROM information_schema.tables
            WHERE table_schema = 'public' AND table_name LIKE ANY (ARRAY['partnerships\\_%%', 'regions\\_%%'])
            ORDER BY table_name
            """
        )
        digests = []
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT md5(string_agg(row::text, E'\\n' ORDER BY row::text)) FROM \"{table}\" row"
            )
            digests.append((table, cursor.fetchone()[0]))
    return digests
