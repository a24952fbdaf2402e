"""What a monitor asks: whether the portal lives, and whether it is able to work."""

import os
import tempfile
import time
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from kemnaker_portal import replicas, scanner
from kemnaker_portal.places import Bucket, PlaceAway, place

# The name under which the background worker is known to the database (PGAPPNAME).
WORKER = "portal-worker"
# It looks into its queue every second, and while it works, after its second process every five.
_SECONDS_SILENT = 30
_SECONDS_APART = 5


@require_safe
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """Alive; with ?ready=1 each part that work needs, as ``ok`` or what is wrong with it.

    503 while pages can't be answered or nothing can be taken in. Without a worker or a virus scanner, or with
    a clock that is off, they can: that is told as ``degraded``, so that a balancer takes no node away for it.
    """
    if "ready" not in request.GET:
        return JsonResponse({"status": "ok"})
    said = {"database": database_state()}
    if said["database"] == "ok":
        said |= {name: ask() for name, ask in _PARTS.items()}
        if replicas.is_configured():
            said["replica"] = replica_state()
        if scanner.is_configured():
            said["scanner"] = scanner.state()
    if any(said[name] != "ok" for name in said if name in _NEEDED):
        answer = {"status": "not ready", "checks": said}
        return JsonResponse(answer, status=503, headers={"Retry-After": "5"})
    is_whole = all(state == "ok" for state in said.values())
    return JsonResponse({"status": "ready" if is_whole else "degraded", "checks": said})


def database_state() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return "no answer"
    return "ok"


def storage_state() -> str:
    """Whether an uploaded file could be kept just now: a few bytes are brought to the disk, and into a
    bucket where there is one, and deleted."""
    folder = settings.PORTAL_DATA / "media" / "incoming"
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix="healthz-") as file:
            file.write(b"healthz")
            file.flush()
            os.fsync(file.fileno())
        kept_in = place()
        if isinstance(kept_in, Bucket):
            kept_in.try_out()
    except OSError as error:
        return f"not writable: {error.strerror}"
    except PlaceAway as error:
        return str(error)
    return "ok"


def migrations_state() -> str:
    """Whether the tables are those that this release works with. Tables of a later one are none of its
    business: old code runs on them until it is replaced."""
    missing = _of_this_release() - MigrationRecorder(connection).applied_migrations().keys()
    return f"{len(missing)} pending" if missing else "ok"


@cache
def _of_this_release() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def seconds_since_worker() -> float | None:
    """How long ago a background worker last asked the database for something; None if there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM clock_timestamp() - max(query_start)) FROM pg_stat_activity"
            " WHERE application_name = %s AND datname = current_database()",
            [WORKER],
        )
        (seconds,) = cursor.fetchone()
    return None if seconds is None else float(seconds)


def worker_state() -> str:
    seconds = seconds_since_worker()
    if seconds is None:
        return "none"
    return "ok" if seconds <= _SECONDS_SILENT else f"silent for {seconds:.0f} s"


def clock_state() -> str:
    """Whether this machine and the database agree on the time: who did what when depends on it."""
    before = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (there,) = cursor.fetchone()
    asked_for = time.monotonic() - before
    apart = abs((timezone.now() - there).total_seconds()) - asked_for
    return "ok" if apart <= _SECONDS_APART else f"{apart:.0f} s apart"


def replica_state() -> str:
    """Whether the copy of the database may be read just now; without it the primary answers everything."""
    try:
        return replicas.state()
    except Error:
        return "no answer"


_NEEDED = {"database", "storage", "migrations"}
_PARTS: dict[str, Callable[[], str]] = {
    "storage": storage_state,
    "migrations": migrations_state,
    "worker": worker_state,
    "clock": clock_state,
}
