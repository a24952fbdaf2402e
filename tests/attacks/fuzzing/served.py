"""The same requests through the real server, where what is written stays written."""

import time
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.test import Client

from accounts.models import ErrorReport
from tests.attacks.fuzzing.pages import Page
from tests.attacks.fuzzing.portal import WHO, Answer, every_address
from tests.attacks.wire import Wire, request
from tests.conftest import confirm
from tests.test_access_matrix import everybody

_BROKEN = 500
# Of one browser; the tokens on its pages fit it.
_TOKEN = "a" * 32


class ServedPortal:
    """A portal that is served, over a database that this process works in too."""

    def __init__(self, served):
        self._wire, self._log = Wire(urlsplit(served.address).port), served.log
        people = everybody()
        self.people, self.addresses = WHO, every_address()
        self._cookies = {who: _cookies_of(people[who] if who else None) for who in WHO}
        self._pages = {}

    def page_of(self, who, address):
        if (who, address) not in self._pages:
            reply = self._wire.say(request(b"GET", address.encode(), self._headers(who, {}, "")))
            self._pages[who, address] = Page(address, reply.text) if reply.status == 200 else None
        return self._pages[who, address]

    def ask(self, asked):
        headers = self._headers(asked.who, asked.headers, asked.cookie)
        if asked.content_type:
            headers.append((b"Content-Type", asked.content_type.encode()))
        query = f"?{quote(asked.query, safe='%&=;?+', encoding='latin-1')}" if asked.query else ""
        began = time.monotonic()
        reply = self._wire.say(
            request(asked.method.encode(), f"{asked.path}{query}".encode(), headers, asked.body)
        )
        broken = reply.status is not None and reply.status >= _BROKEN
        wrong = [f"answered {reply.status}"] if broken else []
        return Answer(reply.status or 0, time.monotonic() - began, None, wrong)

    def errors(self):
        """What the log and the reports of errors say."""
        logged = [
            line for line in self._log.read_text().splitlines() if '"ERROR"' in line or "Traceback" in line
        ]
        return [line for line in logged if "is not there" not in line] + list(ErrorReport.objects.all())

    def _headers(self, who, more, cookie):
        said = "; ".join(filter(None, [self._cookies[who], cookie]))
        headers = [(name.encode(), value.encode("latin-1")) for name, value in more.items()]
        return [*headers, (b"Cookie", said.encode("latin-1"))]


def _cookies_of(user):
    client = Client()
    if user:
        client.force_login(user)
        confirm(client, user)
    cookies = [f"{name}={each.value}" for name, each in client.cookies.items()]
    return "; ".join([*cookies, f"{settings.CSRF_COOKIE_NAME}={_TOKEN}"])
