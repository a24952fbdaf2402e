"""What must hold before others reach the portal: checks of ``manage.py check --deploy``.

Each says what is unsafe, and what to do. Rules: docs/operations.md, "Before others reach it".
"""

import logging
import stat
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register
from django.db import OperationalError, connections

from kemnaker_portal import scanner
from kemnaker_portal.health import clock_state, migrations_state
from kemnaker_portal.uploads import LARGEST

_PRINTS_OR_DROPS = ("console", "dummy", "locmem", "filebased")
_LOCAL = {"localhost", "127.0.0.1", "[::1]", "testserver"}
# Other modes of libpq take any certificate, or none.
_PROVEN = {"verify-ca", "verify-full"}
_SHORTEST_TOKEN = 32
_OLDEST_POSTGRESQL = 150000
_log = logging.getLogger(__name__)


@register(Tags.security, deploy=True)
def settings_are_safe(app_configs: Any, **_named: Any) -> list[CheckMessage]:
    """The settings, without a database."""
    return [
        Error(said, hint=hint, id=f"portal.E{number:03}")
        for number, (is_unsafe, said, hint) in enumerate(_OF_SETTINGS, start=1)
        if is_unsafe()
    ]


def _portal_host() -> str:
    return urlsplit(settings.PORTAL_URL).hostname or ""


def _is_allowed(host: str) -> bool:
    return any(
        allowed in {host, "*"} or (allowed.startswith(".") and f".{host}".endswith(allowed))
        for allowed in settings.ALLOWED_HOSTS
    )


def _is_open(path: Path) -> bool:
    """Whether other people of the machine may look into the folder."""
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & stat.S_IRWXO)


def _mail_is_in_the_open() -> bool:
    is_sent = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
    return is_sent and settings.EMAIL_HOST not in _LOCAL and not settings.EMAIL_USE_TLS


def _database_is_in_the_open() -> bool:
    return any(
        not (host := named.get("HOST") or "/").startswith("/")
        and host not in _LOCAL
        and named.get("OPTIONS", {}).get("sslmode") not in _PROVEN
        for named in settings.DATABASES.values()
    )


_OF_SETTINGS: tuple[tuple[Callable[[], bool], str, str], ...] = (
    (
        lambda: settings.DEMO,
        "The accounts of the demo, whose password everybody reads on the sign-in page, are open.",
        "Set DEMO=0, and deactivate accounts that end with @demo.test.",
    ),
    (
        lambda: not settings.HTTPS,
        "Passwords and sessions cross the network in the open.",
        "Put the portal behind a proxy that speaks HTTPS, and set HTTPS=1.",
    ),
    (
        lambda: settings.HTTPS and not settings.ALLAUTH_TRUSTED_PROXY_COUNT,
        "All visitors seem to come from the proxy's address, so that one who guesses locks out all.",
        "Set TRUSTED_PROXIES to the number of proxies, and let each say whom it answers (nginx.conf does).",
    ),
    (
        lambda: "*" in settings.ALLOWED_HOSTS or not set(settings.ALLOWED_HOSTS) - _LOCAL,
        "ALLOWED_HOSTS names every host, or none that others reach.",
        "Set ALLOWED_HOSTS to the names under which browsers reach the portal.",
    ),
    (
        lambda: not settings.PORTAL_URL.startswith("https://") or not _is_allowed(_portal_host()),
        "Links in mails lead to an address without HTTPS, or to a host that is not the portal's.",
        "Set PORTAL_URL to https:// and one of the names in ALLOWED_HOSTS.",
    ),
    (
        lambda: any(word in settings.EMAIL_BACKEND for word in _PRINTS_OR_DROPS),
        "Mails are printed or dropped instead of sent.",
        "Leave EMAIL_BACKEND out, and set EMAIL_HOST and its neighbours.",
    ),
    (
        lambda: settings.DEFAULT_FROM_EMAIL.endswith("@localhost"),
        "Mails name a sender that nobody can answer, which many servers refuse.",
        "Set DEFAULT_FROM_EMAIL to an address of the ministry's.",
    ),
    (
        lambda: bool(settings.METRICS_TOKEN) and len(settings.METRICS_TOKEN) < _SHORTEST_TOKEN,
        f"METRICS_TOKEN has fewer than {_SHORTEST_TOKEN} characters and can be guessed.",
        "Make it anew: python -c 'import secrets; print(secrets.token_urlsafe(32))'",
    ),
    (
        lambda: not settings.STATIC_LIST.exists(),
        "Styles, fonts and scripts are not collected, so every one of them is searched at each start.",
        "Run manage.py collectstatic --noinput.",
    ),
    (
        lambda: any(_is_open(settings.PORTAL_DATA / name) for name in ("media", "postgres", "secret_key")),
        "Other people of this machine may read uploads, database or key.",
        "Run chmod -R o-rwx on the folder that PORTAL_DATA names.",
    ),
    (
        lambda: "endpoint=http:" in unquote(settings.FILES_URL),
        "Uploaded files cross the network in the open.",
        "Give FILES_URL an endpoint that begins with https://.",
    ),
    (
        _mail_is_in_the_open,
        "Mails, and the links in them that open accounts, cross the network in the open.",
        "Set EMAIL_USE_TLS=1, or EMAIL_HOST to a mail server of this machine.",
    ),
    (
        _database_is_in_the_open,
        "What the database is asked crosses the network in the open, or goes to whoever claims to be it.",
        "Add ?sslmode=verify-full to the addresses of databases on other machines.",
    ),
)


@register(Tags.security, deploy=True)
def scanner_answers(app_configs: Any, **_named: Any) -> list[CheckMessage]:
    """Whether there is a virus scanner. A portal starts without: what comes then waits to be scanned."""
    if not scanner.is_configured():
        return [
            Info(
                "No virus scanner looks at uploaded files.",
                hint="Set CLAMD, as docs/operations.md says, unless something else does.",
                id="portal.I201",
            )
        ]
    if (said := scanner.state()) != "ok":
        return [
            Warning(
                f"The virus scanner that CLAMD names: {said}. Nobody gets a file that it has not looked at.",
                hint="Start clamav-daemon, and see that the portal may open its socket.",
                id="portal.W202",
            )
        ]
    return [
        Warning(
            f"The virus scanner that CLAMD names {missing}.",
            hint="Set /etc/clamav/clamd.conf as docs/operations.md says.",
            id="portal.W203",
        )
        for missing in scanner.shortcomings(LARGEST - 1)
    ]


@register(Tags.database, deploy=True)
def database_is_safe(
    app_configs: Any, databases: Sequence[str] | None = None, **_named: Any
) -> list[CheckMessage]:
    """What the database grants the role that the portal runs as, and what it promises."""
    roles = [settings.WEB_DATABASE_ROLE, settings.JOBS_DATABASE_ROLE]
    return [
        Error(said, hint=hint, id=f"portal.E{number}")
        for alias in databases or []
        for number, said, hint in _of_database(connections[alias], roles)
    ]


def _of_database(connection: Any, roles: list[str]) -> Iterable[tuple[int, str, str]]:
    with connection.cursor() as cursor:
        for number, query in enumerate(_OF_DATABASE, start=101):
            if said := _found(cursor, roles, *query):
                yield number, *said
    if migrations_state() != "ok":
        yield 120, f"Migrations: {migrations_state()}.", "Run manage.py migrate before the portal starts."
    if clock_state() != "ok":
        yield (
            121,
            f"The clocks of this machine and of the database are {clock_state()}.",
            "Keep both with the network's time (chrony, systemd-timesyncd).",
        )


def _found(cursor: Any, roles: list[str], query: str, said: str, hint: str) -> tuple[str, str] | None:
    """(what is wrong, what to do) if the query finds something of one of the roles."""
    cursor.execute(query, {"roles": roles, "oldest": _OLDEST_POSTGRESQL})
    found = dict.fromkeys(str(name) for (name,) in cursor.fetchall())
    return (said % {"found": ", ".join([*found][:5])}, hint) if found else None


# Each query finds what must not be; without a row all is well. The first are of the lock on the rows
# (docs/decisions/0015-row-level-security.md).
_OF_DATABASE = (
    (
        "SELECT rolname FROM pg_roles WHERE rolname = ANY (%(roles)s) AND"
        " (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
        "The role that the portal runs as (%(found)s) may do what only an administrator should.",
        "ALTER ROLE ... NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION.",
    ),
    (
        "SELECT relname FROM pg_class, pg_roles WHERE relnamespace = 'public'::regnamespace"
        " AND rolname = ANY (%(roles)s) AND pg_has_role(rolname, relowner, 'USAGE')"
        " AND relkind IN ('r', 'v', 'S')",
        "The role that the portal runs as owns tables (%(found)s): it could switch off their rules.",
        "Make them with the role of DATABASE_OWNER_URL, and run the portal as the other.",
    ),
    (
        "SELECT relname FROM pg_class WHERE NOT relrowsecurity"
        " AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid)",
        "Row security is switched off on tables (%(found)s): everybody's rows are one mistake away.",
        "ALTER TABLE ... ENABLE ROW LEVEL SECURITY, as their owner.",
    ),
    (
        "SELECT 'any table' WHERE to_regclass('django_migrations') IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM pg_policy)",
        "No policy says who may see the rows of %(found)s.",
        "Run manage.py migrate, or restore what has dropped them.",
    ),
    (
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname LIKE '%%event'"
        " AND relkind = 'r'"
        " AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'pgh_id')"
        " AND EXISTS (SELECT FROM pg_roles WHERE rolname = ANY (%(roles)s)"
        " AND has_table_privilege(rolname, pg_class.oid, 'UPDATE, DELETE, TRUNCATE'))",
        "The role that the portal runs as can change the history (%(found)s).",
        "Run manage.py migrate, which grants each table what it needs and no more.",
    ),
    (
        "SELECT 'public' FROM pg_roles WHERE rolname = ANY (%(roles)s)"
        " AND has_schema_privilege(rolname, 'public', 'CREATE')",
        "The role that the portal runs as may make tables and functions in the schema %(found)s.",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC, and from that role.",
    ),
    (
        "SELECT name FROM pg_settings WHERE (name IN ('fsync', 'full_page_writes') AND setting <> 'on')"
        " OR (name = 'synchronous_commit' AND setting IN ('off', 'local'))",
        "After a power cut, work that was confirmed to people may be gone (%(found)s).",
        "Switch these settings of PostgreSQL on.",
    ),
    (
        "SELECT setting FROM pg_settings WHERE name = 'server_version'"
        " AND current_setting('server_version_num')::int < %(oldest)s",
        "PostgreSQL %(found)s is older than the portal needs.",
        "Use PostgreSQL 15 or newer.",
    ),
    (
        "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
        " AND pg_encoding_to_char(encoding) <> 'UTF8'",
        "The database keeps its text as %(found)s, in which names are lost.",
        "Make it with ENCODING 'UTF8' and restore into it.",
    ),
)


def faults_of_the_database() -> list[CheckMessage]:
    """What makes the rules of the database worthless for the role that this process works as, loses what it
    confirms, or is not what this release works with: tables of the release before, another time.

    A database that does not answer yet is asked nothing: it is started by itself, later.
    """
    connection = connections["default"]
    try:
        found = [*_of_database(connection, [connection.settings_dict["USER"]])]
    except OperationalError:
        _log.warning("the portal starts without having asked the database, which does not answer")
        return []
    finally:
        connection.close()
    return [Error(said, hint=hint) for _number, said, hint in found]


def refuse_unsafe_settings() -> None:
    """Raises RuntimeError, naming each fault, when a portal behind HTTPS has settings that are unsafe, or
    a database that it should not work with."""
    if not settings.HTTPS:
        return
    found = [*settings_are_safe(None), *faults_of_the_database()]
    if settings.DEBUG:
        found = [Error("Errors show their insides to whoever meets one.", hint="Set DEBUG=0."), *found]
    if found:
        said = "\n".join(f"- {fault.msg} {fault.hint}" for fault in found)
        raise RuntimeError(f"The portal does not start, because it would not be safe:\n{said}")
