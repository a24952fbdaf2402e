"""A file becomes rows of text. What can't be read at all is refused as a whole, in one sentence."""

import codecs
from contextlib import suppress
from pathlib import Path

from django.utils.translation import gettext as _

from partnerships.imports.delimited import read_delimited
from partnerships.imports.table import FileRefused
from partnerships.imports.workbook import read_workbook

LARGEST_FILE = 20 * 1024 * 1024


def read_table(path_or_file):
    """Rows of a CSV or XLSX file. Raises FileRefused."""
    content = _content(path_or_file)
    if content.startswith(b"PK\x03\x04"):
        return read_workbook(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(
            _("This is an old or password-protected Excel file. Save it as .xlsx without a password.")
        )
    return read_delimited(_decoded(content))


def _content(path_or_file):
    if isinstance(path_or_file, (str, Path)):
        with Path(path_or_file).open("rb") as handle:
            content = handle.read(LARGEST_FILE + 1)
    else:
        path_or_file.seek(0)
        content = path_or_file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise FileRefused(
            _("The file is larger than %(size)d MB. Split it.") % {"size": LARGEST_FILE // 2**20}
        )
    if not content.strip():
        raise FileRefused(_("The file is empty."))
    return content


def _decoded(content):
    # Excel's "Unicode text" says by its first two bytes that it is UTF-16.
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif _is_utf8_with_a_few_broken_bytes(content):
        # Read as Windows-1252 its names would all be wrong; so only the broken rows are refused.
        return content.decode("utf-8-sig", errors="replace")
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    raise FileRefused(_("This is neither an .xlsx file nor a text file in UTF-8 or Windows-1252."))


def _is_utf8_with_a_few_broken_bytes(content):
    text = content.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return 0 < broken < sum(not character.isascii() for character in text) - broken
