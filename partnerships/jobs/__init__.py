"""Background work: what the worker does outside of any request."""

from partnerships.jobs.daily import FIRST_HOUR, check_stored_files, remind_of_reports, sweep_files
from partnerships.jobs.delivery import MOST_ATTEMPTS, PAUSES, deliver_messages, due, send_password_link
from partnerships.jobs.exports import make_waiting_file, see_to_waiting_files, stop_asked
from partnerships.jobs.reading import read_waiting_files
from partnerships.jobs.scanning import scan_waiting_files

__all__ = [
    "FIRST_HOUR",
    "MOST_ATTEMPTS",
    "PAUSES",
    "check_stored_files",
    "deliver_messages",
    "due",
    "make_waiting_file",
    "read_waiting_files",
    "remind_of_reports",
    "scan_waiting_files",
    "see_to_waiting_files",
    "send_password_link",
    "stop_asked",
    "sweep_files",
]
