"""Text that is safe to stand in a cell, whatever somebody typed or a source contained."""

import re
import unicodedata

# What XML 1.0, and with it every workbook and page, can't hold. PostgreSQL lets most of it in.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_FORMULA = set("=+-@")
_STARTS_A_CELL_ANEW = set("\t\r\n")
_LOOKED_THROUGH = set("\"'`\ufeff\u200b\u2060")


def plain(text):
    """The text without control characters; lines end one way."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def harmless(text):
    """The text as a CSV cell that no spreadsheet takes for a formula: a leading apostrophe, if needed.

    Dropping one apostrophe before what ``is_risky`` gives the text back.
    """
    return f"'{text}" if is_risky(text) else text


def is_risky(text):
    """Whether a spreadsheet may read the text as a formula, also after blanks or quotes, also when
    its sign is written full-width."""
    for character in text:
        if character in _STARTS_A_CELL_ANEW:
            return True
        if unicodedata.normalize("NFKC", character) in _FORMULA:
            return True
        if not character.isspace() and character not in _LOOKED_THROUGH:
            return False
    return False
