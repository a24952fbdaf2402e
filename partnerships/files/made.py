"""Files that the portal makes for somebody and keeps for some days: whole in their place, or not there.

They lie apart from what people bring, under ``exports``: they are no evidence, and they go again. What a
killed process leaves is a file without a row, which ``made_orphans`` finds.
"""

import secrets
import time
from contextlib import contextmanager
from dataclasses import dataclass

from kemnaker_portal.places import Folder, place
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
            place().keep(self._aside, _name_of(key))
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
    """The file under a key, open for reading. Raises FileDamaged (FileMissing), PlaceAway."""
    return store.open_whole(_name_of, key, sha256)


def remove_made(key):
    """Take a file away; one that is not there is no error."""
    place().remove(_name_of(key))


def made_orphans(known_keys, older_than):
    """Made files, and halves of them on this machine, that no row names and older than a timedelta."""
    known = {_name_of(key) for key in known_keys}
    newest = time.time() - older_than.total_seconds()
    places = [place()]
    if not isinstance(places[0], Folder):
        places.append(store.on_this_machine())
    return [path for each in places for path in each.left(_FOLDER, newest, is_named=known.__contains__)]


def _name_of(key):
    store.check_key(key)
    return f"{_FOLDER}/{key[:2]}/{key}"
