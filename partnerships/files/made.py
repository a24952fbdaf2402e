"""Files that the portal makes for somebody and keeps for some days: whole in their place, or not there.

They lie apart from what people bring, in ``media/exports``: they are no evidence, and they go again. What a
killed process leaves is a file without a row, which ``made_orphans`` finds.
"""

import secrets
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from partnerships.files import store

_FOLDER = "exports"


@dataclass(frozen=True)
class Made:
    """A finished file. ``size`` in bytes; ``sha256`` in hexadecimal digits."""

    key: str
    size: int
    sha256: str


class BeingMade:
    """A file that is being written aside: ``file`` is open for bytes."""

    def __init__(self, file, aside):
        self.file = file
        self._aside = aside

    def keep(self):
        """Bring it to disk and to its place, and say what it is; from now on ``file`` is closed."""
        self.file.close()
        key = self._aside.stem
        with store.told_when_full():
            size, sha256 = store.bring_to_disk(self._aside)
            kept = made_path(key)
            store.folder(_FOLDER, kept.parent.name)
            store.rename(self._aside, kept)
        return Made(key, size, sha256)


@contextmanager
def being_made():
    """A BeingMade; what is not kept leaves nothing. Raises NotNow when the disk is full."""
    key = secrets.token_hex(16)
    with store.told_when_full():
        aside = store.folder(_FOLDER) / f"{key}.part"
        file = store.new_file(aside)
        try:
            yield BeingMade(file, aside)
        finally:
            aside.unlink(missing_ok=True)
            file.close()


def open_made(key, *, sha256):
    """The file under a key, open for reading. Raises FileDamaged (FileMissing) unless it is whole."""
    return store.open_whole(made_path, key, sha256)


def remove_made(key):
    """Take a file away; one that is not there is no error."""
    made_path(key).unlink(missing_ok=True)


def made_orphans(known_keys, older_than):
    """Paths of made files, and of halves of them, that no row names and nobody wrote in for a timedelta."""
    known = {made_path(key) for key in known_keys}
    newest = time.time() - older_than.total_seconds()
    found = []
    for path in Path(store.media(), _FOLDER).rglob("*"):
        try:
            if path.is_file() and path not in known and path.lstat().st_mtime <= newest:
                found.append(path)
        except FileNotFoundError:
            continue
    return found


def made_path(key):
    """Where the made file of a key stands. Raises ValueError for what is no key, such as a path."""
    store.check_key(key)
    return store.media() / _FOLDER / key[:2] / key
