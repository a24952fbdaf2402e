"""Somebody at the served portal whose requests may die half-way."""

import http.client
import re
from mimetypes import guess_type
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.test import Client


class Browser:
    """Somebody signed in at the served portal, whose requests may die half-way."""

    SESSION, CSRF = "sessionid", "csrftoken"

    def __init__(self, served, user):
        # What the last post was answered.
        self.said = ""
        self._host = urlsplit(served.address).netloc
        client = Client()
        client.force_login(user)
        self._session = client.cookies[settings.SESSION_COOKIE_NAME].value

    def get(self, address):
        """The code of the answer, and the page."""
        answer = self._ask("GET", address)
        return answer.status, answer.read().decode()

    def token(self, address):
        answer = self._ask("GET", address)
        page = answer.read().decode()
        cookie = re.search(rf"{self.CSRF}=(\w+)", answer.headers["Set-Cookie"]).group(1)
        return cookie, re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)

    def post(self, address, tokens, fields, file=None, name="foto.jpg"):
        """The code of the answer, or None when the server died under it."""
        cookie, token = tokens
        kind, body = _multipart({**fields, "csrfmiddlewaretoken": token}, file, name)
        headers = {"Content-Type": kind, "Cookie": f"{self.CSRF}={cookie}", "Accept": "application/json"}
        try:
            answer = self._ask("POST", address, body, headers)
            self.said = answer.read().decode()
            return answer.status
        except (OSError, http.client.HTTPException):
            return None

    def _ask(self, method, address, body=None, headers=None):
        headers = dict(headers or {})
        session = f"{self.SESSION}={self._session}"
        headers["Cookie"] = "; ".join(filter(None, [session, headers.get("Cookie")]))
        connection = self._connection()
        connection.request(method, address, body, headers)
        return connection.getresponse()

    def _connection(self):
        return http.client.HTTPConnection(self._host, timeout=30)


def _multipart(fields, file, name):
    mark = uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode()
        for n, v in fields.items()
    ]
    if file:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        parts.append(f"{head}Content-Type: {guess_type(name)[0]}\r\n\r\n".encode() + file + b"\r\n")
    return f"multipart/form-data; boundary={mark}", b"".join(parts) + f"--{mark}--\r\n".encode()
