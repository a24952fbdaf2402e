"""Background work: what the worker does outside of any request."""

from partnerships.jobs.daily import FIRST_HOUR, check_stored_files, remind_of_reports, sweep_files
from partnerships.jobs.delivery import MOST_ATTEMPTS, PAUSES, deliver_messages, due
from partnerships.jobs.reading import read_waiting_files

__all__ = [
    "FIRST_HOUR",
    "MOST_ATTEMPTS",
    "PAUSES",
    "check_stored_files",
    "deliver_messages",
    "due",
    "read_waiting_files",
    "remind_of_reports",
    "sweep_files",
]
