"""Runs the portal: database, web server and background worker, with the records in place."""

import contextlib
import fcntl
import http.client
import json
import os
import secrets
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from kemnaker_portal import embedded_postgres
from script.internals import processes, translations
from script.internals.bootstrap import read_server_arguments
from script.internals.records import bring_in_records
from script.internals.steps import (
    ROOT,
    StepFailed,
    StopAsked,
    data_dir,
    is_demo,
    is_newer,
    noisy_step,
    run_script,
    step,
    write_whole,
)
from script.internals.supervisor import SideBySide, listen_for_stop

READY_SECONDS = 300


def main() -> None:
    port = read_server_arguments(sys.argv[1:]).port
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("PORTAL_URL", f"http://127.0.0.1:{port}")
    listen_for_stop()
    try:
        with only_server_of(data_dir(), port):
            processes.end_leftovers(str(data_dir()))
            refuse_a_port_in_use(port)
            make_files()
            with database() as server:
                bring_in_records(data_dir(), embedded=server is not None)
                serve(port, server)
    except StopAsked:
        print("\nStopped: web server, background worker, database.", flush=True)


@contextlib.contextmanager
def only_server_of(folder: Path, port: int) -> Iterator[None]:
    """One server for a data folder; a second is told where the first one is."""
    with (folder / "server.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StepFailed(
                f"A server already runs on this data folder ({lock.read().strip()}):"
                " stop it, or set another PORTAL_DATA."
            ) from None
        lock.truncate(0)
        lock.write(f"http://127.0.0.1:{port}, process {os.getpid()}\n")
        lock.flush()
        yield


def refuse_a_port_in_use(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise StepFailed(f"Port {port} needs root: use --port with 1024 or more.") from None
        except OSError:
            raise StepFailed(
                f"Port {port} is in use: stop what runs there, or take another, such as"
                f" script/server --port {port + 1}."
            ) from None


def make_files() -> None:
    """What the checkout does not carry because it is made from what it does carry."""
    ensure_secret_key(data_dir() / "secret_key")
    with step("fonts"):
        made = ROOT / "static" / "fonts" / "made.json"
        if not is_newer(made, ROOT / "requirements.txt", ROOT / "kemnaker_portal" / "fonts.py"):
            command = [sys.executable, "-m", "kemnaker_portal.fonts"]
            processes.run(command, data_dir() / "setup.log")
            made.touch()
    with step("translations") as note:
        if files := translations.stale(ROOT / "locale"):
            translations.compile_translations(files)
            note.text = f"compiled {len(files)}"


def ensure_secret_key(file: Path) -> None:
    if not os.environ.get("SECRET_KEY") and not file.exists():
        write_whole(file, secrets.token_urlsafe(50).encode() + b"\n", mode=0o600)


@contextlib.contextmanager
def database() -> Iterator[embedded_postgres.EmbeddedPostgres | None]:
    """The embedded server, unless the environment names another."""
    used: AbstractContextManager[embedded_postgres.EmbeddedPostgres | None] = nullcontext()
    if not os.environ.get("DATABASE_URL"):
        used = embedded_postgres.in_use(data_dir())
    with contextlib.ExitStack() as stack:
        with step("database") as note:
            server = stack.enter_context(used)
            note.text = "" if server else "the one in DATABASE_URL"
        yield server


def serve(port: int, server: embedded_postgres.EmbeddedPostgres | None) -> None:
    """Web server and background worker until someone says stop, or one of them ends."""
    env = {
        processes.RUN_MARK: str(data_dir()),
        # Without collectstatic the static files come from where they lie; WhiteNoise warns of it.
        "PYTHONWARNINGS": "ignore:No directory at:UserWarning",
    }
    # What processes of the run before have counted.
    shutil.rmtree(data_dir() / "metrics", ignore_errors=True)
    with SideBySide(env) as programs:
        with noisy_step("web server and worker"):
            programs.start("web server", web_command(port))
            # Pages before background work, also when both want the processor.
            worker = [sys.executable, "manage.py", "run_worker"]
            programs.start("background worker", worker, nice=5, replaced=True)
            wait_until_ready(port, programs)
        took = time.time() - float(os.environ["PORTAL_SET_UP_BEGAN"])
        print(f"\nReady in {took:.1f} s: http://127.0.0.1:{port}", flush=True)
        if is_demo():
            print("Demo accounts are shown on the sign-in page. Ctrl-C stops everything.", flush=True)
        programs.watch(lambda: revive(server))


def web_command(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "script.internals.web", "--interface", "wsgi"),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "2", "--blocking-threads", "1", "--respawn-failed-workers"),
        *("--no-ws", "--http1-buffer-size", "65536", "--log-level", "warning"),
        "kemnaker_portal.wsgi:application",
    ]


def wait_until_ready(port: int, programs: SideBySide) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not answers(port):
        programs.check()
        if time.monotonic() > deadline:
            raise StepFailed(f"The portal did not answer within {READY_SECONDS} s.")
        time.sleep(0.05)


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz?ready=1")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def revive(server: embedded_postgres.EmbeddedPostgres | None) -> None:
    """Start the database again if it died. On a full disk it can't: people are told to come back, and it is
    tried until there is room."""
    if server is None:
        return
    try:
        if not server.ensure_running():
            return
        said = {"level": "warning", "message": "database started again"}
    except (OSError, embedded_postgres.EmbeddedPostgresError) as error:
        said = {"level": "error", "message": f"database does not start, it is tried again: {error}"}
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    run_script(main)
