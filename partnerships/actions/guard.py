"""What actions do around a write: let the first of two sendings end, hold the row, see that it is still
what was read, and leave who did it and why in its history."""

from uuid import UUID

import pghistory
from django.db import connection

from partnerships.models import Commitment, ProgressReport


class StaleVersion(Exception):
    """Somebody saved the record after it was opened; ``current`` is what stands there now."""

    def __init__(self, current):
        super().__init__(f"{current} is at version {current.version}")
        self.current = current


def check_version(row, version):
    """Raises StaleVersion when the row is no longer the one that was read; None asks for nothing."""
    if version is not None and row.version != version:
        raise StaleVersion(row)


def history(by, action, reason="", **more):
    """A context in which every change of a row is kept with who made it, by which action, and why."""
    return pghistory.context(actor=by.pk, action=action, reason=reason, **more)


def wait_for_the_first(key):
    """Within the caller's transaction, let another sending of the form of that key end first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [UUID(str(key)).int % 2**63])


def held_commitment(commitment):
    """The commitment as it stands, locked, with what its rights are judged by."""
    rows = Commitment.objects.select_for_update(of=("self",))
    return rows.select_related("agreement", "owner", "owed_by__organization", "indicator").get(
        pk=commitment.pk
    )


def held_report(report):
    """The report as it stands, locked after its commitment, in the order in which a draft takes both."""
    commitment = held_commitment(report.commitment)
    held = ProgressReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    held.commitment = commitment
    return held
