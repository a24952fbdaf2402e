"""A portal with something at every address, people of every role, and a watch over what is written."""

import logging
import time
from contextlib import closing
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

from django.conf import settings
from django.contrib import admin
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from partnerships.files import FileDamaged
from tests.attacks.fuzzing.pages import Page
from tests.conftest import confirm
from tests.databases import owner_connection
from tests.test_access_matrix import (
    ARGUMENTS,
    BY_KEY,
    OF_THE_ACCOUNT,
    PUBLIC,
    ROWS,
    addresses,
    every_name,
    everybody,
)

# Who asks, and how often: the more one may do, the more there is to break.
WHO = {
    "registrar": 40,
    "unit": 15,
    "asahan": 15,
    "admin": 10,
    "north_sumatra": 5,
    "leadership": 5,
    "nobody": 5,
    None: 5,
}
_READS = {"GET", "HEAD", "OPTIONS"}
# Written whatever is answered: who has signed in, how often something was tried, what the worker is told.
_OF_ITS_OWN = {"django_session", "portal_cache"}
_WRONG, _BROKEN, _SLOW = 400, 500, 2.0  # status, status, seconds


@dataclass
class Answer:
    """What came back: ``wrong`` says what must not have happened, nothing when all is well."""

    status: int
    seconds: float
    page: str | None
    wrong: list = field(default_factory=list)


class Errors(logging.Handler):
    """Keeps what the log would show as an error or with a traceback."""

    def __init__(self):
        super().__init__(level=logging.WARNING)
        self.met = []

    def emit(self, record):
        refused = getattr(record, "status_code", _BROKEN) < _BROKEN
        # The files of this portal have no bytes; the log says so, as it should.
        missing = record.exc_info and isinstance(record.exc_info[1], FileDamaged)
        if not (refused or missing) and (record.exc_info or record.levelno >= logging.ERROR):
            self.met.append(
                f"{record.name}: {record.getMessage()[:300]} {record.exc_info and record.exc_info[1]!r}"
            )


class Portal:
    """The portal in this process. What a request writes is taken back, so that each begins with the same."""

    def __init__(self):
        with transaction.atomic():
            people = everybody()
            self.people, self.addresses = WHO, every_address()
        self._clients = {who: _signed_in(people[who] if who else None) for who in self.people}
        self._cookies = {
            who: client.cookies.output(header="", sep=";") for who, client in self._clients.items()
        }
        self._pages = {}
        self.errors = Errors()
        _watch_every_table()

    def page_of(self, who, address):
        """Somebody's page, read once; None when there is none."""
        if (who, address) not in self._pages:
            answer = self._answer(who, "GET", address, {})
            self._pages[who, address] = (
                Page(address, answer.page) if answer.status == 200 and answer.page else None
            )
        return self._pages[who, address]

    def inline(self):
        """Handlers, styles and scripts that stand in the pages read so far."""
        return [(who, *of, page.inline) for (who, *of), page in self._pages.items() if page and page.inline]

    def ask(self, asked):
        """The Answer to an Asked."""
        meta = {"QUERY_STRING": asked.query}
        for name, value in asked.headers.items():
            key = name.upper().replace("-", "_")
            meta[key if key == "CONTENT_LENGTH" else f"HTTP_{key}"] = value
        if asked.cookie:
            meta["HTTP_COOKIE"] = f"{self._cookies[asked.who]}; {asked.cookie}"
        return self._answer(asked.who, asked.method, asked.path, meta, asked.body, asked.content_type)

    def _answer(self, who, method, path, meta, body=b"", content_type=""):
        client = self._clients[who]
        client.cookies = SimpleCookie(self._cookies[who])
        self.errors.met.clear()
        if method in _READS:
            return self._sent(client, method, path, meta, body, content_type)
        with transaction.atomic():
            answer = self._sent(client, method, path, meta, body, content_type)
            transaction.set_rollback(True)
        return answer

    def _sent(self, client, method, path, meta, body, content_type):
        began = time.monotonic()
        try:
            response = client.generic(method, path, body, content_type, **meta)
            sent = b"".join(response) if response.streaming else response.content
        except Exception as error:
            return Answer(_BROKEN, time.monotonic() - began, None, [f"broke off: {error!r}"])
        answer = Answer(response.status_code, time.monotonic() - began, None)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            answer.page = sent.decode()
        answer.wrong = self._wrong_with(response, method)
        return answer

    def _wrong_with(self, response, method):
        wrong = list(self.errors.met)
        if response.status_code >= _BROKEN:
            wrong.append(f"answered {response.status_code}")
        elif not wrong and "X-Request-Id" not in response.headers:
            wrong.append("no number")
        sent_away = response.status_code == 302 and response.headers["Location"].startswith("/masuk/?next")
        written = _written()
        if (response.status_code >= _WRONG or sent_away) and written - _OF_ITS_OWN:
            wrong.append(f"refused with {response.status_code}, and {sorted(written - _OF_ITS_OWN)} changed")
        return wrong


def is_slow(answer):
    return answer.seconds > _SLOW


def every_address():
    found = [address for row in ROWS for _state, address in addresses(row)[:1]]
    found += [reverse(name, kwargs=ARGUMENTS.get(name)) for name in (*OF_THE_ACCOUNT, *PUBLIC)]
    found += [reverse(f"partnerships:{name}", args=["1-abcdefghijklmnopqrstuvwxyz"]) for name in BY_KEY]
    found += [
        address for name in every_name() if name.startswith("admin:") for address in _of_the_admin(name)
    ]
    found = sorted(set(found))
    return {
        "portal": [address for address in found if not address.startswith("/admin/")],
        "admin": [address for address in found if address.startswith("/admin/")],
    }


def _of_the_admin(name):
    of = {f"{model._meta.app_label}_{model._meta.model_name}": model for model in admin.site._registry}
    model = next(
        (of[each] for each in sorted(of, key=len, reverse=True) if name[6:].startswith(f"{each}_")), None
    )
    first = model.objects.order_by("pk").first() if model else None
    for arguments in ([], [first.pk] if first else ["1"], ["partnerships"], ["1", "1"]):
        try:
            return [reverse(name, args=arguments)]
        except NoReverseMatch:
            continue
    return []


def _signed_in(user):
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
        confirm(client, user)
    return client


def _watch_every_table():
    """Let every table of this database tell that a row of it was written."""
    with closing(owner_connection(connection.settings_dict["NAME"])) as owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE fuzz_note (of_table text)")
        cursor.execute(f'GRANT SELECT, INSERT, DELETE ON fuzz_note TO "{settings.WEB_DATABASE_ROLE}"')
        cursor.execute(
            "CREATE FUNCTION fuzz_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
            " $$ BEGIN INSERT INTO fuzz_note VALUES (TG_TABLE_NAME); RETURN NULL; END $$"
        )
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace AND relname <> 'fuzz_note'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"CREATE TRIGGER fuzz_note AFTER INSERT OR UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION fuzz_note()"
            )


def _written():
    """The tables of which a row was written since this was asked last."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM fuzz_note RETURNING of_table")
            return {table for (table,) in cursor.fetchall()}
    except DatabaseError:
        # The request broke the transaction it ran in, of which nothing stays.
        return set()
