"""Uploaded files between their preview and their import: under a random name, for a day at most."""

import re
import secrets
import time

from django.conf import settings

KEPT_SECONDS = 24 * 60 * 60
_NAME = re.compile(r"[0-9a-f]{32}(\.csv|\.xlsx)?")


class Gone(Exception):
    """The file was imported already, or a day has passed."""


def keep(data, suffix=""):
    """Keep the bytes and return the name to ask for them; what is older than a day goes."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - KEPT_SECONDS:
            old.unlink(missing_ok=True)
    name = secrets.token_hex(16) + suffix
    (folder / name).write_bytes(data)
    return name


def path_of(name):
    """Where a kept file lies. Raises Gone; a name that was not given out is as good as gone."""
    path = _folder() / str(name)
    if not _NAME.fullmatch(str(name)) or not path.is_file():
        raise Gone(name)
    return path


def read(name):
    return path_of(name).read_bytes()


def forget(name):
    path_of(name).unlink(missing_ok=True)


def _folder():
    return settings.PORTAL_DATA / "imports"
