import json
import logging
import re

# Where the rest of an address is a key: who reads the log must not be able to use it.
_KEYS = re.compile(r"/(kalender|konfirmasi|pengingat|lupa-sandi)/(?!terkirim/|selesai/)[^/\s\"'?]+")

_ERROR = 500
# What a mail server or a constraint of the database repeats of somebody: an e-mail address, a whole row.
# What only begins like an address is passed over as a whole: with a try from each of its signs a host of
# 60 kB took twelve seconds.
_ADDRESSES = re.compile(r"[\w.+'-]+(@[\w-]+(?:\.[\w-]+)+)?")
_ROWS = re.compile(r"DETAIL:.*?(?=\nCONTEXT:|\n\nThe above exception|\n\nDuring handling|\Z)", re.DOTALL)


def without_keys(text):
    """The text with the keys of addresses taken out: "/kalender/***"."""
    return _KEYS.sub(r"/\1/***", text)


def without_people(text):
    """The text with e-mail addresses, and what PostgreSQL tells of a row, taken out."""
    rowless = _ROWS.sub("DETAIL: ***", text)
    return _ADDRESSES.sub(lambda found: "***@***" if found[1] else found[0], rowless)


class JsonLine(logging.Formatter):
    """One JSON object a line, so that a newline in a request can't forge a second entry."""

    def format(self, record):
        # What was refused is no error of the portal, and nobody needs to see where it was refused.
        refused = getattr(record, "status_code", _ERROR) < _ERROR
        entry = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": "WARNING" if refused and record.levelno > logging.WARNING else record.levelname,
            "logger": record.name,
            "message": without_people(without_keys(record.getMessage())),
        }
        request = getattr(record, "request", None)
        if hasattr(request, "number"):
            entry["request"] = request.number
        # Only where Django has looked already: a line of the log asks the database nothing.
        user = getattr(request, "_cached_user", None)
        if user and user.pk:
            entry["user"] = user.pk
        if record.exc_info and not refused:
            entry["error"] = without_people(without_keys(self.formatException(record.exc_info)))
        return json.dumps(entry, ensure_ascii=True)
