"""Text that is safe to stand in a cell, whatever somebody typed or a source contained."""

import re

# What XML 1.0, and with it every workbook and page, can't hold. PostgreSQL lets most of it in.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_CONTROL_BYTES = bytes([*range(1, 9), 11, 12, *range(14, 32), 127])
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
# What may come before a formula: blanks, quotes, what can't be seen, and what is left out of a cell. Then
# comes its sign, also in other widths and heights, or what starts a cell anew. In the syntax that Python
# and PostgreSQL share.
RISKY = (
    r"^[\x01-\x08\x0b\x0c\x0e-\x20\x7f\x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\ufffe\uffff"
    r"\"'`]*[=+\-@\t\r\n⁺⁼₊₌﬩﹢﹣﹦﹫＋－＝＠]"
)
_RISKY = re.compile(RISKY)


def plain(text):
    """The text without control characters; lines end one way."""
    # In this order: what stands between the two signs of an end of line may be none.
    return _CONTROL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def plain_bytes(text):
    """The same of text in UTF-8, of any length at once."""
    text = text.translate(None, _CONTROL_BYTES)
    for character in _NO_CHARACTERS:
        text = text.replace(character, b"")
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def harmless(text):
    """The text as a CSV cell that no spreadsheet takes for a formula: a leading apostrophe, if needed.

    Dropping one apostrophe before what ``is_risky`` gives the text back.
    """
    return f"'{text}" if is_risky(text) else text


def is_risky(text):
    """Whether a spreadsheet may read the text as a formula, also after blanks or quotes, also when
    its sign is written full-width."""
    return _RISKY.match(text) is not None
