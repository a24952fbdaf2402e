"""Whole numbers as Indonesian papers write them out: "dua ribu dua puluh lima", "sebelas", "seratus"."""

import re

_DIGITS = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
_WORDS = {word: number for number, word in enumerate(_DIGITS)}
_WORDS |= {"kosong": 0, "sepuluh": 10, "sebelas": 11}
# "se-" is one of the unit that follows: seratus, seribu.
_UNITS = {"puluh": 10, "ratus": 100, "ribu": 1000}

# A run of such words, as long as a year needs; typists join them too:
# "duapuluh", "dua-puluh".
_ONE = (
    r"(?:nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|seratus|seribu|"
    r"belas|puluh|ratus|ribu)"
)
IN_WORDS = rf"{_ONE}(?:[\s-]*{_ONE}){{0,11}}"
_SPLIT = re.compile(_ONE, re.IGNORECASE)


def number_from(text):
    """The number that words or digits say. Raises ValueError for what is neither."""
    text = text.strip()
    if re.fullmatch(r"[\dOoIl]+", text) and re.search(r"\d", text):
        return int(text.translate(str.maketrans("OoIl", "0011")))
    words = [word.lower() for word in _SPLIT.findall(text)]
    if not words:
        raise ValueError(f"no number: {text}")
    return _sum(words)


def _sum(words):
    total, hundreds, last = 0, 0, None
    for word in words:
        if word in _WORDS:
            hundreds, last = hundreds + (last or 0), _WORDS[word]
        elif word == "belas":
            last = (last or 0) + 10
        elif word in ("seratus", "seribu"):
            hundreds, last = hundreds + (last or 0), {"seratus": 100, "seribu": 1000}[word]
            if word == "seribu":
                total, hundreds, last = total + 1000, 0, None
        elif word == "ribu":
            total, hundreds, last = total + (hundreds + (last or 1)) * 1000, 0, None
        else:
            hundreds, last = hundreds + (last or 1) * _UNITS[word], None
    return total + hundreds + (last or 0)
