"""What a file must not also be: a ZIP or JAR by its end, a web page or a program by its text.

A file that is two things at once passes for one where it is checked and for the other where it is
opened.
"""

import re

from .verdict import Reason, Refused

# The end record of a ZIP and the longest comment that may follow it.
_ZIP_TAIL = 22 + 65_535
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|svg|\?php|\?=)[\s>/\w]", re.IGNORECASE
)
_BEGINNING = 1024  # browsers look this far for what a file is
_PROGRAM_TEXT = re.compile(rb"<(?:\?php|(?:script|html|svg)[\s>]|!doctype\s+html)", re.IGNORECASE)


def check_not_a_zip(content):
    """Raises Refused when ZIP readers, which begin at the end, would find an archive."""
    if content.rfind(b"PK\x05\x06", max(0, len(content) - _ZIP_TAIL)) >= 0 and b"PK\x01\x02" in content:
        raise Refused(Reason.SOMETHING_ELSE_INSIDE)


def check_beginning(content):
    """Raises Refused when a browser could take the file for a page. For text within a PDF."""
    if _MARKUP.search(content, 0, _BEGINNING):
        raise Refused(Reason.SOMETHING_ELSE_INSIDE)


def check_no_program_text(content):
    """Raises Refused when a page or a program stands anywhere in a picture, where no text belongs."""
    if _PROGRAM_TEXT.search(content):
        raise Refused(Reason.SOMETHING_ELSE_INSIDE)
