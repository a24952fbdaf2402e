"""Where the time of a question goes, in a line: what misses its goal is named with its profile."""

import cProfile
import pstats
from collections import Counter
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

# Parts of a request by the paths of their code; the first that fits.
_PARTS = {
    "the database's answers": ("psycopg", "copy_expert", "cursor"),
    "queries and models": ("django/db/",),
    "templates": ("django/template", "jinja2", "django/utils/html", "safestring", "/templatetags/"),
    "other threads and processes": ("'acquire' of", "posix.read", "posix.waitpid"),
    "forms and filters": ("django/forms", "django_filters"),
    "translation": ("gettext", "django/utils/translation", "django/utils/functional"),
    "layout": ("weasyprint", "tinycss2", "cssselect2", "pydyf", "fontTools", "tinyhtml5", "cffi"),
    "workbook": ("xlsxwriter", "zipfile", "zlib"),
    "the portal's code": ("/partnerships/", "/accounts/", "/regions/", "/kemnaker_portal/"),
}
_MOST_NAMED = 3


def profile_of(ask: Callable[[], Any]) -> str:
    """The shares of one asking, which took longer than usual because it was watched."""
    watched = cProfile.Profile()
    watched.runcall(ask)
    parts: Counter[str] = Counter()
    functions: Counter[str] = Counter()
    stats: dict[tuple[str, int, str], tuple[Any, ...]] = pstats.Stats(watched).stats  # type: ignore[attr-defined]
    for (file, _line, function), (_calls, _all, seconds, *_rest) in stats.items():
        parts[_part_of(f"{file} {function}")] += seconds
        functions[f"{PurePath(file).stem} {function}".strip("~ ")] += seconds
    total = sum(parts.values())

    def said(found: list[tuple[str, float]]) -> str:
        return ", ".join(f"{name} {seconds / total:.0%}" for name, seconds in found if seconds > total / 50)

    return f"{said(parts.most_common())}; most in {said(functions.most_common(_MOST_NAMED))}"


def _part_of(place: str) -> str:
    return next((name for name, paths in _PARTS.items() if any(path in place for path in paths)), "the rest")
