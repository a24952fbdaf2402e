"""Uploaded files: looked into by a process with limits, kept under random keys, given back unaltered.

A leaf: it knows nothing of agreements, rows or rights. Who may upload or read is for its callers,
and the row that names a key is written by them, after ``take_in`` has come back.
See docs/decisions/0004-files-are-opened-in-a-process-of-their-own.md.
"""

from partnerships.files.kinds import EVIDENCE, SCAN, Limit
from partnerships.files.made import being_made, made_orphans, open_made, remove_made
from partnerships.files.names import shown_name
from partnerships.files.refusals import CannotRead, FileDamaged, FileMissing, FileRefused, NotNow
from partnerships.files.scanning import is_found_clean
from partnerships.files.store import Stored, open_checked, orphans, remove, take_in

__all__ = [
    "EVIDENCE",
    "SCAN",
    "CannotRead",
    "FileDamaged",
    "FileMissing",
    "FileRefused",
    "Limit",
    "NotNow",
    "Stored",
    "being_made",
    "is_found_clean",
    "made_orphans",
    "open_checked",
    "open_made",
    "orphans",
    "remove",
    "remove_made",
    "shown_name",
    "take_in",
]
