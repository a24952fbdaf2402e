"""Where the portal keeps files: a folder of this machine, or a bucket that several machines share.

Both keep a file whole or not at all, under a name such as ``files/3f/3f2c…``, and give it back as a file of
this machine that is open for reading. FILES_URL says which of them it is (docs/operations.md).
"""

import logging
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile, File

_FOLDER_MODE, FILE_MODE = 0o750, 0o640
_SECONDS_TO_CONNECT, _SECONDS_OF_SILENCE = 3, 20
_MOST_TRIES = 3
# So much of a file that comes from a bucket is held in memory before it goes to the disk.
_IN_MEMORY = 2**20
_AT_ONCE = 2**20
_KNOWN = {"endpoint", "region"}

log = logging.getLogger(__name__)


class PlaceAway(Exception):
    """The place of files does not answer: nothing can be said of what it holds, nor that it is damaged."""


def place(data: Path | None = None) -> "Folder | Bucket":
    """Where files are kept; without FILES_URL, in the folder ``media`` of PORTAL_DATA (or of ``data``)."""
    if os.environ.get("FILES_URL"):
        from django.core.files.storage import storages

        # A backup is made without the rest of Django.
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kemnaker_portal.settings")
        return Bucket(storages["default"])
    return Folder((data or settings.PORTAL_DATA) / "media")


def storage_from_url(url: str) -> dict[str, Any]:
    """The entry of STORAGES for s3://bucket/folder?endpoint=https://…&region=…; the keys of access are read
    from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY). Raises ImproperlyConfigured."""

    def wrong(what: str) -> ImproperlyConfigured:
        return ImproperlyConfigured(
            f"FILES_URL {what}; write it as s3://bucket?endpoint=https://host&region=name, or leave it out"
            " to keep files in PORTAL_DATA."
        )

    try:
        parts = urlsplit(url.strip())
        said = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError:
        raise wrong("is not a valid address") from None
    if parts.scheme != "s3":
        raise wrong("does not begin with s3://")
    if not parts.netloc or "@" in parts.netloc:
        raise wrong("names no bucket (keys of access stand in the environment, not here)")
    if unknown := sorted(set(said) - _KNOWN):
        raise wrong(f"has options nobody knows ({', '.join(unknown)})")
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "endpoint_url": said.get("endpoint") or None,
            "region_name": said.get("region") or None,
            # Names are random and never given twice: nobody has to be asked whether one is taken.
            "file_overwrite": True,
            "default_acl": None,
            "max_memory_size": _IN_MEMORY,
            "client_config": _client_config(is_amazon="endpoint" not in said),
        },
    }


def _client_config(*, is_amazon: bool) -> Any:
    from botocore.config import Config

    return Config(
        signature_version="s3v4",
        connect_timeout=_SECONDS_TO_CONNECT,
        read_timeout=_SECONDS_OF_SILENCE,
        retries={"total_max_attempts": _MOST_TRIES, "mode": "standard"},
        # Few others have a name of its own for each bucket.
        s3={"addressing_style": "auto" if is_amazon else "path"},
    )


class Folder:
    """Files below a folder. What stands under a name is whole, whenever the power goes: a file is brought to
    the disk aside, on the same volume, and then renamed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def keep(self, aside: Path, name: str) -> None:
        """Give a file that is on the disk its place."""
        kept = self.path(name)
        self.folder(kept.parent.relative_to(self.root).as_posix())
        aside.rename(kept)
        bring_names_to_disk(kept.parent)

    def write(self, name: str, data: bytes) -> None:
        """Keep these bytes, which may be made again: they are not waited for until they are on the disk."""
        kept = self.path(name)
        aside = self.folder(kept.parent.relative_to(self.root).as_posix()) / f".{secrets.token_hex(16)}"
        try:
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
                file.write(data)
            aside.rename(kept)
        finally:
            aside.unlink(missing_ok=True)

    def open(self, name: str) -> IO[bytes]:
        """Raises FileNotFoundError, and OSError for what is no file of ours."""
        file = os.fdopen(os.open(self.path(name), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise OSError(f"{name} is no file")
        return file

    def remove(self, name: str) -> None:
        """One that is not there is no error."""
        path = self.path(name)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            bring_names_to_disk(path.parent)

    def left(self, top: str, moment: float, is_named: Callable[[str], bool]) -> Iterator[Path]:
        """Files below ``top`` that nothing names and nobody wrote in since the moment, in seconds since 1970;
        the ``unlink`` of each removes it."""
        for parent, _folders, files in os.walk(self.root / top):
            for name in files:
                path = Path(parent, name)
                if is_named(path.relative_to(self.root).as_posix()):
                    continue
                try:
                    if path.lstat().st_mtime <= moment:
                        yield path
                except FileNotFoundError:
                    continue

    def is_empty(self, top: str) -> bool:
        return not any((self.root / top).glob("*/*"))

    def path(self, name: str) -> Path:
        return self.root / name

    def folder(self, name: str = "") -> Path:
        """A folder below the root, made where it is missing and then known to the disk."""
        path = self.root
        for part in ("", *Path(name).parts):
            path = path / part
            try:
                path.mkdir(mode=_FOLDER_MODE, parents=True)
            except FileExistsError:
                continue
            path.chmod(_FOLDER_MODE)
            bring_names_to_disk(path.parent)
        return path


class Bucket:
    """The same in a bucket of an S3-compatible store, through django-storages. Raises PlaceAway."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage

    def keep(self, aside: Path, name: str) -> None:
        with _answering(), aside.open("rb") as file:
            self._storage.save(name, File(file))
        aside.unlink(missing_ok=True)

    def write(self, name: str, data: bytes) -> None:
        with _answering():
            self._storage.save(name, ContentFile(data))

    def open(self, name: str) -> IO[bytes]:
        copy = tempfile.TemporaryFile()  # noqa: SIM115 - who asked closes it
        try:
            with _answering(), self._storage.open(name) as kept:
                shutil.copyfileobj(kept, copy, _AT_ONCE)
            copy.seek(0)
        except BaseException:
            copy.close()
            raise
        return copy

    def remove(self, name: str) -> None:
        """A file that can't be removed now has no row any more, so that the next sweep finds it."""
        try:
            with _answering():
                self._storage.delete(name)
        except PlaceAway:
            log.warning("%s could not be removed from the bucket just now", name, exc_info=True)

    def left(self, top: str, moment: float, is_named: Callable[[str], bool]) -> Iterator["_Kept"]:
        with _answering():
            for name in self._names(top):
                if is_named(name):
                    continue
                try:
                    written = self._storage.get_modified_time(name).timestamp()
                except FileNotFoundError:
                    continue
                if written <= moment:
                    yield _Kept(self, name)

    def is_empty(self, top: str) -> bool:
        with _answering():
            return next(self._names(top), None) is None

    def try_out(self) -> None:
        """Keep a few bytes, read them and remove them. Raises PlaceAway."""
        name = f"healthz/{secrets.token_hex(16)}"
        self.write(name, b"healthz")
        self.open(name).close()
        with _answering():
            self._storage.delete(name)

    def _names(self, top: str) -> Iterator[str]:
        folders, files = self._storage.listdir(top)
        yield from (f"{top}/{name}" for name in files)
        for folder in folders:
            yield from self._names(f"{top}/{folder}")


class _Kept:
    """A file of a bucket, to be removed."""

    def __init__(self, bucket: Bucket, name: str) -> None:
        self._bucket, self._name = bucket, name

    def unlink(self, *, missing_ok: bool) -> None:
        self._bucket.remove(self._name)


@contextmanager
def _answering() -> Iterator[None]:
    """Raises PlaceAway for whatever else than "there is no such file" the store answers, or does not."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise PlaceAway(f"the bucket does not answer as it should ({type(error).__name__})") from error


def bring_names_to_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
