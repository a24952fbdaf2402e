"""PostgreSQL is stopped while people work: they are told to wait, and the portal goes on by itself (T58)."""

import http.client
import json
import threading
import time
from collections import Counter

from django.conf import settings
from django.test import Client

from partnerships.roles import Role
from tests.conftest import person
from tests.waiting import wait_for

_READERS = 4


class Readers:
    """Several people at once who load a page again and again; what they were answered, and when."""

    def __init__(self, served, user):
        client = Client()
        client.force_login(user)
        self._cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        self._host = served.address.removeprefix("http://")
        self._stopped = threading.Event()
        self.answers = []

    def __enter__(self):
        self._threads = [threading.Thread(target=self._read) for _ in range(_READERS)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _read(self):
        while not self._stopped.is_set():
            status, wait, _body = self.ask("/kemitraan/")
            self.answers.append((time.monotonic(), status, wait))

    def ask(self, path, cookie=True):
        """(status, how many seconds to wait, the body) of an answer."""
        line = http.client.HTTPConnection(self._host, timeout=120)
        try:
            line.request("GET", path, headers={"Cookie": self._cookie} if cookie else {})
            answer = line.getresponse()
            return answer.status, answer.headers["Retry-After"], answer.read()
        finally:
            line.close()

    def healthy(self, question=""):
        status, _wait, body = self.ask(f"/healthz{question}", cookie=False)
        return status, json.loads(body)["status"]

    def statuses(self, since=0.0):
        return Counter(status for at, status, _wait in self.answers if since <= at)


def test_people_are_told_to_wait_and_the_portal_goes_on_by_itself(served, own_server, rounds):
    reader = person(Role.REGISTRAR, "biro-kerja-sama")
    seconds = rounds(3, 30)
    with Readers(served, reader) as readers:
        wait_for(lambda: len(readers.answers) >= 3 * _READERS)
        assert set(readers.statuses()) == {200}
        assert readers.healthy("?ready=1")[0] == 200

        own_server.stop()
        stopped = time.monotonic()
        while time.monotonic() < stopped + seconds:
            assert readers.healthy() == (200, "ok")
            assert readers.healthy("?ready=1") == (503, "not ready")
            time.sleep(0.2)
        assert readers.statuses(since=stopped)[503]

        own_server.ensure_running()
        back = time.monotonic()
        wait_for(lambda: readers.statuses(since=back)[200] >= _READERS)
        recovered = min(at for at, status, _wait in readers.answers if at >= back and status == 200)
        assert readers.healthy("?ready=1")[0] == 200

    print(f"\n{seconds} s without PostgreSQL: {dict(readers.statuses())}, back in {recovered - back:.1f} s")
    told = {(status, wait) for _at, status, wait in readers.answers if status != 200}
    assert told == {(503, "5")}
