"""nginx in front of a served portal, as docs/deployment/nginx.conf has it.

The sample is changed only in what a machine with other servers needs: ports, certificate, folders, and the
port of the portal behind it. Its name stays: a client of a test is led to it by address.
"""

import datetime
import grp
import http.client
import os
import pwd
import socket
import ssl
import subprocess
import time
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from script.internals import system
from tests.attacks.browser import Browser
from tests.attacks.wire import request
from tests.serving import ROOT, free_port

NAME = "kemitraan.example"
# What docs/operations.md asks of a portal behind a proxy; the portal itself is asked whether it is up.
BEHIND_NGINX = {
    "HTTPS": "1",
    "DEMO": "0",
    "DEBUG": "0",
    "TRUSTED_PROXIES": "1",
    "ALLOWED_HOSTS": f"{NAME},127.0.0.1",
    "PORTAL_URL": f"https://{NAME}",
    "DEFAULT_FROM_EMAIL": f"portal@{NAME}",
    # The databases of tests do not wait for the disk, over which no web server behind HTTPS starts.
    "PGOPTIONS": "-c synchronous_commit=on -c statement_timeout=20000 -c lock_timeout=2000",
}
_SAMPLE = ROOT / "docs" / "deployment" / "nginx.conf"
_LIMIT = "    limit_conn connections 40;\n"
_ROOM = "proxy_max_temp_file_size 2048m;"
_PATIENCE = 60  # seconds
_BIND_ADDRESS_NO_PORT = 24  # of Linux; Python has no name for it before 3.12


class BrowserBehindNginx(Browser):
    """Somebody who reaches the portal over HTTPS, as people do."""

    SESSION, CSRF = "__Host-session", "__Host-csrf"

    def __init__(self, nginx, served, user):
        super().__init__(served, user)
        self._nginx = nginx

    def _ask(self, method, address, body=None, headers=None):
        return super()._ask(method, address, body, {"Origin": f"https://{NAME}", **(headers or {})})

    def _connection(self):
        connection = http.client.HTTPConnection(NAME)
        connection.sock = self._nginx.open()
        return connection


class Nginx:
    """A running nginx: its ``port``, the ``folder`` with its logs, and how to connect to it."""

    def __init__(self, folder, port):
        self.port, self.folder = port, folder
        self._trust = ssl.create_default_context(cafile=folder / "certificate.pem")

    def ask(self, address, session="", source="127.0.0.1"):
        """The answer to a GET, read to its end, and its body; of who has that session."""
        headers = [(b"Host", NAME.encode())]
        if session:
            headers.append((b"Cookie", f"__Host-session={session}".encode()))
        with self.open(source) as line:
            line.sendall(request(b"GET", address.encode(), headers))
            answer = http.client.HTTPResponse(line)
            answer.begin()
            return answer, answer.read()

    def open(self, source="127.0.0.1", options=()):
        """A connection from that address of this machine, with these options of its socket."""
        line = socket.socket()
        line.settimeout(_PATIENCE)
        for option in options:
            line.setsockopt(*option)
        # The port is chosen when the other end is known, so that one address has as many as there are.
        line.setsockopt(socket.IPPROTO_IP, _BIND_ADDRESS_NO_PORT, 1)
        line.bind((source, 0))
        line.connect(("127.0.0.1", self.port))
        return self._trust.wrap_socket(line, server_hostname=NAME)


@contextmanager
def nginx_before(served, folder, **more):
    """nginx in front of that portal, or of several web servers of one; ``more`` are directives for all of it
    (``http``) and for the portal's own addresses (``server``), or those that take the place of the room for
    files on the disk (``room``)."""
    port = free_port()
    _certify(folder)
    (folder / "nginx.conf").write_text(_FRAME.format(folder=folder, user=_user(), http=more.get("http", "")))
    (folder / "portal.conf").write_text(_sample(served, folder, port, more))
    program = system.find_program("nginx", settings.PORTAL_DATA / system.UNPACKED)
    log = folder / "error.log"
    running = subprocess.Popen([program, "-p", folder, "-e", log, "-c", folder / "nginx.conf"])
    try:
        _wait(running, port, log)
        yield Nginx(folder, port)
    finally:
        running.terminate()
        running.wait(timeout=20)


# The file that nginx reads first, as Debian has it, but for where things lie.
_FRAME = """
daemon off;
{user}
worker_processes auto;
pid {folder}/nginx.pid;
events {{ worker_connections 768; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    access_log {folder}/access.log;
    sendfile on;
    tcp_nopush on;
    gzip on;
    {http}
    include {folder}/portal.conf;
}}
"""


def _user():
    """Root's nginx would work as nobody, who may not enter the folder; anybody else's as who starts it."""
    if os.geteuid():
        return ""
    return f"user {pwd.getpwuid(0).pw_name} {grp.getgrgid(0).gr_name};"


def _sample(served, folder, port, more):
    text = _SAMPLE.read_text()
    for old, new, times in (
        ("    listen 80;\n", f"    listen 127.0.0.1:{free_port()};\n", 1),
        ("    listen [::]:80;\n", "", 1),
        ("    listen 443 ssl http2;\n", f"    listen 127.0.0.1:{port} ssl http2;\n", 1),
        ("    listen [::]:443 ssl http2;\n", "", 1),
        ("/var/log/nginx/portal.log", f"{folder}/portal.log", 1),
        ("/etc/ssl/portal/fullchain.pem", f"{folder}/certificate.pem", 1),
        ("/etc/ssl/portal/key.pem", f"{folder}/key.pem", 1),
        (_server("127.0.0.1:8000") + _server("127.0.0.1:8001"), _servers(served), 1),
        (_LIMIT, f"{_LIMIT}    {more.get('server', '')}\n", 1),
        (_ROOM, more.get("room", _ROOM), 1),
    ):
        assert text.count(old) == times, f"{_SAMPLE.name} has {text.count(old)} times {old!r}"
        text = text.replace(old, new)
    return text


def _servers(served):
    each = served if isinstance(served, list) else [served]
    return "".join(_server(urlsplit(one.address).netloc) for one in each)


def _server(place):
    return f"    server {place} max_fails=0;\n"


def _certify(folder):
    """A certificate of the portal's name that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _wait(running, port, log):
    for _attempt in range(100):
        if running.poll() is not None:
            break
        with closing(socket.socket()) as one:
            if not one.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    raise RuntimeError(f"nginx does not answer: {Path(log).read_text()}")
