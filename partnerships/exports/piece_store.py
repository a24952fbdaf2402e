"""Rendered pieces of long lists, kept so that a list that is still the same costs its joining only."""

import hashlib
import json
import os
import time
import uuid
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from partnerships.exports.piece import Rendered

_MOST_BYTES = 256 * 2**20
_LONGEST_KEPT = 7 * 24 * 3600
# A job that is at work still reads what it has written or found.
_SPARED = 3600
_HERE = Path(__file__).parent
# What a piece looks like by, beside its lines and its page.
_MADE_BY = ("own_files.py", "piece.py", "rendering.py", "quick_layout.py")
_STYLED_BY = ("css/tokens.css", "css/print.css", "fonts/made.json")


class PieceStore:
    """A folder of pieces by what they are made of. Nobody but the portal's own user reads it."""

    def __init__(self):
        self._folder = settings.PORTAL_DATA / "pieces"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def path_of(self, piece, begin):
        """Where a piece with the first of its lines as its beginning is, or is to be."""
        made_of = (piece.table, piece.page, piece.lines, piece.goes_on, piece.is_last, begin.before)
        digest = hashlib.blake2b(_look(), digest_size=20)
        digest.update(repr(made_of).encode())
        return str(self._folder / f"{digest.hexdigest()}.pdf")

    def find(self, begin):
        """What was Rendered to that path, or None."""
        path = Path(begin.path)
        try:
            found = json.loads(path.with_suffix(".json").read_text())
            os.utime(path)
        except (OSError, ValueError):
            return None
        return _moved(Rendered(**found), by=begin.start)

    def keep(self, begin, rendered):
        """Keep what stands at the path, its lines numbered as of a piece that begins with line 0."""
        path = Path(begin.path).with_suffix(".json")
        aside = path.with_suffix(f".{os.getpid()}")
        aside.write_text(json.dumps(asdict(_moved(rendered, by=-begin.start))))
        aside.rename(path)

    @contextmanager
    def passing_file(self):
        """A path for what nobody keeps: the file goes afterwards."""
        path = self._folder / f"{uuid.uuid4().hex}.part"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def drop_unfinished(self, pid):
        """Delete what the process of that number has not brought to its end."""
        for path in self._folder.glob(f"*.{pid}"):
            path.unlink(missing_ok=True)

    def sweep(self):
        """Delete what is old, then what was used longest ago, until the rest is small enough."""
        now = time.time()
        pieces = sorted(
            ((path.stat().st_mtime, path.stat().st_size, path) for path in self._folder.iterdir()),
            reverse=True,
        )
        total = 0
        for used, size, path in pieces:
            total += size
            if now - used > _SPARED and (total > _MOST_BYTES or now - used > _LONGEST_KEPT):
                path.unlink(missing_ok=True)
                with suppress(OSError):
                    path.with_suffix(".json").unlink()


def _moved(rendered, by):
    starts = tuple(start if start is None else start + by for start in rendered.starts)
    marks = tuple(map(tuple, rendered.marks))
    return replace(rendered, starts=starts, end=rendered.end + by, marks=marks)


@cache
def _look():
    """What decides how a piece looks, as one value."""
    digest = hashlib.blake2b(f"{version('weasyprint')} {version('pydyf')}".encode())
    static = settings.BASE_DIR / "static"
    for path in [*(_HERE / name for name in _MADE_BY), *(static / name for name in _STYLED_BY)]:
        digest.update(path.read_bytes())
    return digest.digest()
