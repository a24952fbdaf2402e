"""Numbers of papers that a scan has misread: their month in Roman numerals, which stands before the year."""

import datetime
import re

from partnerships.imports.naskah.proposals import Proposal

_ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
# Strokes that may be Roman ones: "/111/2025", "/XII1/2024"; what has no such sign is left as it is.
_MONTH = re.compile(r"(?<=/)(?=[IVX]*[1l|])[IVX1l|]{2,5}(?=/\d{4}\b)")


def put_right(number, signed):
    """The number with the month of signing where strokes can't be told apart: likely, no longer sure."""
    if not number or not signed:
        return number
    found = _MONTH.search(number.value)
    day = datetime.date.fromisoformat(signed.value)
    if not found or found[0] == str(day.month):
        return number
    value = f"{number.value[: found.start()]}{_ROMAN[day.month - 1]}{number.value[found.end() :]}"
    return Proposal(value, number.sentence, number.page, min(number.sure, 0.75))
