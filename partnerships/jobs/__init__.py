"""Background work: what the worker does outside of any request."""

from partnerships.jobs.daily import FIRST_HOUR, remind_of_reports, sweep_files
from partnerships.jobs.delivery import MOST_ATTEMPTS, PAUSES, deliver_messages, due

__all__ = [
    "FIRST_HOUR",
    "MOST_ATTEMPTS",
    "PAUSES",
    "deliver_messages",
    "due",
    "remind_of_reports",
    "sweep_files",
]
