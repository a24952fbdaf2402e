"""Uploaded files between their preview and their import: under a random name, for a day at most.

They are where all files are, so that the machine that imports need not be the one that previewed.
"""

import re
import secrets
import time

from django.core.exceptions import ValidationError

from kemnaker_portal.places import place
from partnerships import files

KEPT_SECONDS = 24 * 60 * 60
_NAME = re.compile(r"[0-9a-f]{32}(\.csv|\.xlsx)?")
_FOLDER = "imports"


class Gone(Exception):
    """The file was imported already, or a day has passed."""


def without_virus(upload):
    """The upload (Django's UploadedFile), at its first byte. It is opened at once, so it does not wait for
    the virus scanner: raises ValidationError when that finds something, and when it does not answer."""
    try:
        files.is_found_clean(upload, may_wait=False)
    except files.FileRefused as refusal:
        raise ValidationError(refusal.sentence, code="virus") from refusal
    upload.seek(0)
    return upload


def keep(data, suffix=""):
    """Keep the bytes and return the name to ask for them; what is older than a day goes."""
    for old in place().left(_FOLDER, time.time() - KEPT_SECONDS, is_named=lambda _name: False):
        old.unlink(missing_ok=True)
    name = secrets.token_hex(16) + suffix
    place().write(_name_of(name), data)
    return name


def read(name):
    """The bytes that were kept. Raises Gone; a name that was not given out is as good as gone."""
    try:
        with place().open(_name_of(name)) as file:
            return file.read()
    except FileNotFoundError:
        raise Gone(name) from None


def forget(name):
    place().remove(_name_of(name))


def _name_of(name):
    if not _NAME.fullmatch(str(name)):
        raise Gone(name)
    return f"{_FOLDER}/{name}"
