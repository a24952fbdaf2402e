"""The portal as it is deployed, behind nginx: slow clients keep nobody waiting, no cache tells on anybody."""

import os
import resource
import select
import socket
import threading
import time
from collections import Counter
from contextlib import ExitStack, closing
from http.client import HTTPResponse
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from partnerships.management.load import SOURCE
from partnerships.models import Agreement
from partnerships.roles import Role
from tests.attacks.nginx import BEHIND_NGINX, NAME, nginx_before
from tests.attacks.wire import Wire, request
from tests.conftest import confirm, person
from tests.databases import at_work_in, owner_connection
from tests.factories import IssuedFileFactory
from tests.serving import serving
from tests.test_access_matrix import ARGUMENTS, OF_THE_ACCOUNT, PUBLIC, ROWS, addresses, everybody

# Of so many papers, each of which is as long as can be, an export is more (19 MB) than the sockets and the
# memory of nginx hold between the portal and a reader who does not read (up to some 10 MB).
LOAD = ["generate_load", "--agreements=8000", "--commitments=0"]
LONG = "UPDATE partnerships_agreement SET title = repeat('🤝', 400), place = repeat('🤝', 200)"
EXPORT = "/kemitraan/ekspor.csv?columns=title,place"
BY_NGINX = [(b"Host", NAME.encode()), (b"X-Forwarded-Proto", b"https")]
# A form whose fields are still to come.
SLOW_POST = (
    f"POST /masuk/ HTTP/1.1\r\nHost: {NAME}\r\nX-Forwarded-Proto: https\r\nContent-Length: 100000\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
).encode()


@pytest.fixture(scope="module")
def served(django_db_setup, django_db_blocker):
    collect = ["collectstatic", "--noinput"]
    with (
        django_db_blocker.unblock(),
        serving("nginx", collect, LOAD, **BEHIND_NGINX) as served,
        at_work_in(served.database),
    ):
        with closing(owner_connection(served.database)) as owner, owner.cursor() as cursor:
            cursor.execute("ALTER TABLE partnerships_agreement DISABLE TRIGGER USER")
            cursor.execute(LONG)
            cursor.execute("ALTER TABLE partnerships_agreement ENABLE TRIGGER USER")
        yield served


def session_of(user):
    client = Client()
    client.force_login(user)
    # A moment ago, as a file of the whole list asks.
    confirm(client, user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


# Slow clients


def headers_byte_by_byte(line, session):
    line.sendall(f"GET /masuk/ HTTP/1.1\r\nHost: {NAME}\r\nX-Slow: ".encode())


def body_byte_by_byte(line, session):
    line.sendall(SLOW_POST)


def export_that_is_not_read(line, session):
    """The answer with it, of which hardly more than the head is taken."""
    line.sendall(
        f"GET {EXPORT} HTTP/1.1\r\nHost: {NAME}\r\nCookie: __Host-session={session}\r\n\r\n".encode()
    )
    answer = HTTPResponse(line)
    answer.begin()
    assert answer.status == 200
    return answer


# Next to nothing fits between such a client and who answers it.
NARROW = ((socket.SOL_SOCKET, socket.SO_RCVBUF, 4096), (socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536))


class Crowd:
    """Slow clients, twenty of each address, which take up again what is taken from them."""

    def __init__(self, nginx, begin, session, number):
        self._nginx, self._begin, self._session = nginx, begin, session
        self._lines = [self._open(n) for n in range(number)]
        self._over = threading.Event()
        self._working = threading.Thread(target=self._go_on)
        self.begun_again = 0

    def __enter__(self):
        self._working.start()
        return self

    def __exit__(self, *failure):
        self._over.set()
        self._working.join()
        for line in self._lines:
            line.close()

    def _open(self, number):
        line = self._nginx.open(f"127.1.{number // 5000}.{number // 20 % 250 + 1}", NARROW)
        self._begin(line, self._session)
        return line

    def _go_on(self):
        while not self._over.wait(1):
            for number, line in enumerate(self._lines):
                try:
                    if self._begin is export_that_is_not_read:
                        os.read(line.fileno(), 512)
                    else:
                        line.sendall(b"a")
                except BlockingIOError:
                    continue
                except OSError:
                    line.close()
                    self._lines[number] = self._open(number)
                    self.begun_again += 1


@pytest.fixture
def many_connections():
    """As many open connections as the machine lets one process have."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize(
    ("begin", "sample", "full"),
    [(headers_byte_by_byte, 100, 1_000), (body_byte_by_byte, 100, 1_000), (export_that_is_not_read, 5, 200)],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_slow_clients_keep_nobody_waiting(begin, sample, full, served, tmp_path, rounds, many_connections):
    registrar = session_of(person(Role.REGISTRAR, "biro-kerja-sama"))
    officer = session_of(person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-batang"))
    number, took = rounds(sample=sample, full=full), []
    with nginx_before(served, tmp_path) as nginx, Crowd(nginx, begin, registrar, number) as crowd:
        for _second in range(rounds(sample=3, full=200)):
            for address in ("/masuk/", "/", "/kemitraan/"):
                began = time.monotonic()
                answer, _body = nginx.ask(address, officer, source="127.2.0.1")
                took.append(time.monotonic() - began)
                assert answer.status == (302 if address == "/masuk/" else 200)
            time.sleep(1)
    took.sort()
    print(
        f"{number} x {begin.__name__}, {crowd.begun_again} begun again; of {len(took)} others 95 of 100"
        f" waited {took[len(took) * 95 // 100]:.3f} s at most"
    )


def test_who_does_not_read_a_file_holds_nobody_up_and_is_given_it_whole(served, tmp_path, rounds):
    registrar = session_of(person(Role.REGISTRAR, "biro-kerja-sama"))
    with nginx_before(served, tmp_path) as nginx, ExitStack() as stack:
        answers = [
            export_that_is_not_read(stack.enter_context(nginx.open(options=NARROW)), registrar)
            for _each in range(rounds(sample=3, full=30))
        ]

        assert nginx.ask("/masuk/", source="127.2.0.1")[0].status == 200
        # Nobody was cut off to let the other through.
        _answer, whole = nginx.ask(EXPORT, registrar, source="127.2.0.1")
        assert all(answer.read() == whole for answer in answers)


@pytest.mark.parametrize("room", ["proxy_buffering off;", "proxy_max_temp_file_size 0;"])
def test_without_room_for_the_file_who_does_not_read_it_keeps_everybody_waiting(room, served, tmp_path):
    """What the room is there for that docs/deployment/nginx.conf gives to exports."""
    registrar = session_of(person(Role.REGISTRAR, "biro-kerja-sama"))
    with nginx_before(served, tmp_path, room=room) as nginx, nginx.open("127.2.0.1") as other:
        with nginx.open(options=NARROW) as slow:
            export_that_is_not_read(slow, registrar)
            other.sendall(request(b"GET", b"/masuk/", [(b"Host", NAME.encode())]))
            patience = other.gettimeout()
            other.settimeout(5)
            with pytest.raises(TimeoutError):
                other.recv(100)
        other.settimeout(patience)
        assert b" 200 " in other.recv(100)


def test_without_nginx_one_slow_body_keeps_everybody_waiting(served):
    """What nginx is there for (docs/security.md, "What needs the proxy")."""
    wire = Wire(urlsplit(served.address).port)
    with wire.open() as slow:
        slow.sendall(SLOW_POST)
        # One that was quicker than the slow one is answered; the next is not.
        for _attempt in range(10):
            other = wire.open()
            other.sendall(
                request(b"GET", b"/masuk/", [(b"Host", NAME.encode()), (b"X-Forwarded-Proto", b"https")])
            )
            if not select.select([other], [], [], 1)[0]:
                break
            other.close()
        else:
            raise AssertionError("everybody was answered")
        slow.close()
        with other:
            assert b" 200 " in other.recv(100)


def test_no_address_has_more_than_forty_requests_at_once(served, tmp_path):
    with nginx_before(served, tmp_path) as nginx, ExitStack() as stack:
        for _each in range(40):
            body_byte_by_byte(stack.enter_context(nginx.open()), None)

        assert nginx.ask("/masuk/")[0].status == 503
        assert nginx.ask("/masuk/", source="127.2.0.1")[0].status == 200


# A shared cache

CANARY = "Kenari Wulandari"
PRIVATE = {"private", "no-store"}
_KEEPS = "proxy_cache shared; proxy_cache_valid any 10m; add_header X-Kept $upstream_cache_status always;"
CACHES = {
    "that tells apart whose cookie it is": _KEEPS,
    "that goes by the address alone, whatever is set": f"{_KEEPS} proxy_ignore_headers Vary Set-Cookie;",
}


STATIC = "/static/css/base.css"


@pytest.fixture(scope="module")
def shown(served):
    """(people, addresses): every kind of page; what is not for an officer of Batang bears the canary."""
    people = everybody()
    first = {row["url"]: row for row in reversed(ROWS) if row["method"] == "GET"}
    with transaction.atomic():
        asked = [address for row in first.values() for _state, address in addresses(row)]
    public = PUBLIC.keys() - {"metrics"}  # which nginx itself refuses
    asked += [reverse(name, kwargs=ARGUMENTS.get(name)) for name in [*OF_THE_ACCOUNT, *public]]
    asked += [IssuedFileFactory().get_absolute_url(), STATIC]
    of_batang = Agreement.objects.visible_to(people["batang"]).values_list("pk", flat=True)
    hidden = Agreement.objects.exclude(external_source=SOURCE).exclude(pk__in=list(of_batang))
    hidden.update(title=CANARY)
    User.objects.filter(pk__in=[people["registrar"].pk, people["asahan"].pk]).update(name=CANARY)
    return people, asked


@pytest.mark.parametrize("kind", CACHES)
def test_a_shared_cache_shows_nobody_what_another_was_shown(kind, shown, served, tmp_path):
    people, asked = shown
    sessions = {who: session_of(people[who]) for who in ("registrar", "asahan", "batang")} | {"visitor": ""}
    place = f"proxy_cache_path {tmp_path}/cache keys_zone=shared:10m;"
    told, seen, kept = [], Counter(), Counter()
    with nginx_before(served, tmp_path, http=place, server=CACHES[kind]) as nginx:
        for who in ("registrar", "asahan", "batang", "visitor", "batang", "visitor"):
            for address in asked:
                answer, body = nginx.ask(address, sessions[who], source="127.2.0.1")
                is_kept, says = answer.headers["X-Kept"] == "HIT", answer.headers.get("Cache-Control", "")
                has_canary = CANARY.encode() in str(answer.headers).encode() + body
                kept[who] += is_kept
                seen[who] += has_canary
                if has_canary and who in {"batang", "visitor"}:
                    told.append(f"{who} sees what is not theirs: {address}")
                if is_kept and answer.headers["Set-Cookie"]:
                    told.append(f"{who} is given the cookie of another: {address}")
                if sessions[who] and not (is_kept or address == STATIC or {*says.split(", ")} >= PRIVATE):
                    told.append(f"{who} may be shown to others: {address}, {says}")

    assert told == []
    assert min(seen["registrar"], seen["asahan"]) > 100, "what is hidden was on hardly a page"
    assert kept["visitor"] > 100, "the cache keeps nothing"
    assert kept["registrar"] == 0
