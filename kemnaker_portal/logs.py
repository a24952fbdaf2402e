import json
import logging
import re

# Where the rest of an address is a key: who reads the log must not be able to use it.
_KEYS = re.compile(r"/(kalender|konfirmasi|pengingat|lupa-sandi)/(?!terkirim/|selesai/)[^/\s\"'?]+")


def without_keys(text):
    """The text with the keys of addresses taken out: "/kalender/***"."""
    return _KEYS.sub(r"/\1/***", text)


class JsonLine(logging.Formatter):
    """One JSON object a line, so that a newline in a request can't forge a second entry."""

    def format(self, record):
        entry = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_keys(record.getMessage()),
        }
        request = getattr(record, "request", None)
        if hasattr(request, "number"):
            entry["request"] = request.number
        # Only where Django has looked already: a line of the log asks the database nothing.
        user = getattr(request, "_cached_user", None)
        if user and user.pk:
            entry["user"] = user.pk
        if record.exc_info:
            entry["error"] = without_keys(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=True)
