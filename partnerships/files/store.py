"""Files that are kept: taken in whole or not at all, found by a random key, given back only unaltered.

A file is written aside on this machine, looked into, brought to disk, and only then given its place
(kemnaker_portal.places): so what stands under a key is whole, whenever the power goes. On a disk of our own
``media/incoming`` and ``media/files`` are on one volume, else a rename would be a copy.
"""

import errno
import hashlib
import os
import re
import secrets
import time
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

from kemnaker_portal.places import FILE_MODE, Folder, PlaceAway, place
from partnerships.files import kinds, names, refusals
from partnerships.files.examiner import examine
from partnerships.files.inspection.verdict import Reason
from partnerships.files.refusals import FileDamaged, FileMissing
from partnerships.files.scanning import is_found_clean

_KEY = re.compile(r"[0-9a-f]{32}")
_PREVIEW = re.compile(r"previews/[0-9a-f]{2}/([0-9a-f]{32})-([1-9][0-9]{0,3})\.png")
_AT_ONCE = 2**20  # bytes
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True)
class Stored:
    """A file that has been taken in. ``size`` in bytes; ``sha256`` in hexadecimal digits, of what is kept.

    ``place_removed`` says that the picture said where it was taken, and no longer does; ``is_clean`` that the
    virus scanner has looked at it.
    """

    key: str
    name: str
    media_type: str
    size: int
    sha256: str
    place_removed: bool
    is_clean: bool = False

    @property
    def facts(self):
        """What a row says of it."""
        return {name: value for name, value in vars(self).items() if name != "is_clean"}


@contextmanager
def told_when_full():
    """Raises NotNow instead of the error of a disk that has no room, or of a bucket that does not answer."""
    try:
        yield
    except PlaceAway as error:
        raise refusals.no_room() from error
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise refusals.no_room() from error
        raise


@told_when_full()
def take_in(upload, *, limit, may_wait=True):
    """Keep an uploaded file (Django's UploadedFile) and say what it is; unless it ``may_wait`` to be scanned
    for viruses, only when the scanner, if there is one, has done so.

    Raises FileRefused (NotNow, when the portal is to blame); then, and when anything else goes wrong,
    nothing is kept. The caller writes the row that names the key; if that fails, ``orphans`` finds the file.
    """
    key = secrets.token_hex(16)
    aside = media() / "incoming" / key
    is_kept = False
    try:
        folder("incoming")
        beginning = _receive(upload, aside, limit)
        name = names.shown_name(upload.name or "")
        family = _family(beginning, limit)
        findings = examine(aside, family, limit)
        kind = kinds.KINDS[findings.kind]
        _check_kind(kind, name, limit)
        if findings.pieces:
            _cut(aside, findings.pieces)
        with aside.open("rb") as file:
            is_clean = is_found_clean(file, may_wait=may_wait)
        size, sha256 = bring_to_disk(aside)
        is_kept = True
        place().keep(aside, name_of(key))
    except BaseException:
        aside.unlink(missing_ok=True)
        if is_kept:
            remove(key)
        raise
    name = names.with_ending(name, kind.endings[0])
    return Stored(key, name, kind.media_type, size, sha256, findings.place_removed, is_clean)


def open_checked(key, *, sha256):
    """The file under a key, open for reading at its first byte. Raises FileDamaged (FileMissing) unless it
    is there and its bytes are those that were taken in; PlaceAway when that can't be found out."""
    return open_whole(name_of, key, sha256)


def open_whole(named, key, sha256):
    """The file under the name that ``named`` gives for its key; see ``open_checked``."""
    try:
        file = place().open(named(key))
    except FileNotFoundError as error:
        raise FileMissing(f"{key} is not there") from error
    except (OSError, ValueError) as error:
        raise FileDamaged(f"{key} can't be opened") from error
    try:
        if _digest(file) != sha256:
            raise FileDamaged(f"{key} is not what was taken in")
        file.seek(0)
    except OSError as error:
        file.close()
        raise FileDamaged(f"{key} can't be read") from error
    except BaseException:
        file.close()
        raise
    return file


def remove(key):
    """Take a file from its place for good; one that is not there is no error."""
    place().remove(name_of(key))


def orphans(known_keys, older_than):
    """Kept files, and files aside on this machine, that no row names and that are older than a timedelta.

    They are what a killed process or a row that was never written has left. ``older_than`` must be longer
    than any request lasts: a file is in its place before its row is committed.
    """
    known = set(known_keys)
    newest = time.time() - older_than.total_seconds()
    found = [*on_this_machine().left("incoming", newest, is_named=lambda _name: False)]
    for top in ("files", "previews"):
        found += place().left(top, newest, is_named=lambda name: _is_named(name, known))
    return found


def media():
    return settings.PORTAL_DATA / "media"


def on_this_machine():
    """What is only passing through, whatever place files have in the end."""
    return Folder(media())


def folder(name):
    """A folder below ``media`` of this machine, made where it is missing and then known to the disk."""
    return on_this_machine().folder(name)


def name_of(key):
    """The name of the file of a key. Raises ValueError for what is no key, such as a path."""
    check_key(key)
    return f"files/{key[:2]}/{key}"


def check_key(key):
    """Raises ValueError for what is no key, such as a path."""
    if not _KEY.fullmatch(key):
        raise ValueError("not a key")


def _is_named(name, known):
    """Whether a name is that of the file of a known key, or of a preview of one of its pages."""
    preview = _PREVIEW.fullmatch(name)
    if preview:
        return preview[1] in known and name == _preview_name(preview[1], int(preview[2]))
    key = name.rpartition("/")[2]
    return key in known and _KEY.fullmatch(key) and name == name_of(key)


def _preview_name(key, page):
    check_key(key)
    return f"previews/{key[:2]}/{key}-{page}.png"


def kept_preview(key, page):
    """The picture (bytes) of a page that was kept, None if none was. Raises ValueError for what is no key."""
    try:
        with place().open(_preview_name(key, page)) as file:
            return file.read()
    except FileNotFoundError:
        return None


def keep_preview(key, page, picture):
    """Keep the picture (bytes) of a page; the worker's sweep takes it away after its file."""
    place().write(_preview_name(key, page), picture)


def _receive(upload, aside, limit):
    """Write the upload aside and return its first bytes. What a request says of its size is not asked."""
    beginning = b""
    size = 0
    with new_file(aside) as file:
        for chunk in upload.chunks(_AT_ONCE):
            size += len(chunk)
            if size > limit.max_bytes:
                raise refusals.too_large(limit)
            if len(beginning) < kinds.BEGINNING:
                beginning += chunk[: kinds.BEGINNING]
            file.write(chunk)
    if not size:
        raise refusals.empty()
    return beginning


def new_file(path):
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
    os.fchmod(descriptor, FILE_MODE)
    return os.fdopen(descriptor, "wb")


def _family(beginning, limit):
    family = kinds.family_of(beginning)
    if family and any(kind.family == family for kind in limit.kinds):
        return family
    if kinds.is_iphone_photo(beginning):
        raise refusals.heic_refused()
    raise refusals.refused_for(
        Reason.OLD_OFFICE if kinds.is_old_office(beginning) else Reason.OTHER_KIND, limit
    )


def _check_kind(kind, name, limit):
    if kind not in limit.kinds:
        raise refusals.refused_for(Reason.OTHER_KIND, limit)
    ending = names.ending_of(name)
    if ending and ending not in kind.endings:
        raise refusals.other_than_its_name(ending, kind)


def _cut(aside, pieces):
    """Make the file of these pieces of itself."""
    shorter = aside.with_suffix(".cut")
    try:
        with aside.open("rb") as source, new_file(shorter) as target:
            for piece in pieces:
                if isinstance(piece, str):
                    target.write(bytes.fromhex(piece))
                else:
                    start, end = piece
                    source.seek(start)
                    target.write(source.read(end - start))
        shorter.replace(aside)
    finally:
        shorter.unlink(missing_ok=True)


def bring_to_disk(path):
    """(size, SHA-256) of a file that will stand after the power has gone."""
    with path.open("rb") as file:
        digest = _digest(file)
        os.fsync(file.fileno())
        return os.fstat(file.fileno()).st_size, digest


def _digest(file):
    return hashlib.file_digest(file, "sha256").hexdigest()
