"""The portal as it is served, over a database of its own: to look at it, and to kill it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.databases import addresses_of, copy_of_the_test_database

ROOT = Path(__file__).resolve().parent.parent
RECORDS = ["import_agreements", "partnerships/data/public-records.csv", "--apply", "--brief"]


class Served:
    """A portal: its ``address``, the name of its ``database``, its ``data`` folder, and its processes.

    Its database is one of the tests' server, unless ``addresses`` say where another one is; ``log`` is the
    file of what the web server says; ``code`` is where the release lies that it runs. ``within`` is what its
    command line begins with, if it is to see another machine than the tests do.
    """

    within = ()
    code = ROOT

    def __init__(self, database, data, addresses=None):
        self.database, self.data = database, Path(data)
        self.environment = {
            **os.environ,
            **(addresses or addresses_of(database)),
            "PORTAL_DATA": data,
            "DEMO": "1",
        }
        self.data.mkdir(exist_ok=True)
        self.log = self.data / "web.log"
        self._port = free_port()
        self._server = None

    @property
    def address(self):
        return f"http://127.0.0.1:{self._port}"

    def manage(self, *command):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=self.code,
            env=self.environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def start(self):
        serve = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self._port)]
        self._server = subprocess.Popen(
            [
                *self.within,
                *(sys.executable, "-m", *serve, "--workers", "1", "--blocking-threads", "1"),
                *("--http1-buffer-size", "65536"),
                "kemnaker_portal.wsgi:application",
            ],
            cwd=self.code,
            env=self.environment,
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o027,
        )
        self._wait()

    def kill(self):
        """End every process of the web server at once, as a power cut would."""
        os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()

    def stop(self):
        if self._server.poll() is None:
            self._server.terminate()
            self._server.wait(timeout=20)

    def _wait(self):
        for _attempt in range(150):
            if self._server.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=2)  # noqa: S310
                return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"the portal does not answer: {self.log.read_text()[-2000:]}")


@contextmanager
def serving(name, *commands, **settings):
    """A portal over a copy of the test database, filled by these commands, with these settings."""
    with copy_of_the_test_database(f"test_{name}_{os.getpid()}") as database, TemporaryDirectory() as data:
        served = Served(database, data)
        served.environment |= settings
        for command in commands:
            served.manage(*command)
        served.start()
        try:
            yield served
        finally:
            served.stop()


def free_port():
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
