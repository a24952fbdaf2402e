"""Sealed files: written whole or not at all, opened only with the secret key, never silently altered."""

import hashlib
import os
from pathlib import Path
from typing import IO, Any, NamedTuple

import pyrage

_AT_ONCE = 2**20  # bytes


class BackupFailed(Exception):
    """What can't be backed up or restored; its text says what and what to do."""


class Sealed(NamedTuple):
    """A sealed file as it lies on the disk: its size in bytes and its SHA-256 in hexadecimal digits."""

    size: int
    sha256: str


def new_identity(path: Path) -> str:
    """Write a new secret key into a file that only its owner reads; the public key that belongs to it.

    Raises BackupFailed where there is a file already: a lost key is a lost backup.
    """
    identity = pyrage.x25519.Identity.generate()
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"# public key: {identity.to_public()}\n{identity}\n")
    except FileExistsError:
        raise BackupFailed(f"{path} exists: a key is never written over. Give another name.") from None
    return str(identity.to_public())


def recipients_in(path: Path) -> list[Any]:
    """The public keys of a file, one on a line, as ``age`` takes them. Raises BackupFailed."""
    return _keys_in(path, pyrage.x25519.Recipient.from_str, "public keys (lines that begin with age1)")


def identities_in(path: Path) -> list[Any]:
    """The secret keys of a file, one on a line, as ``age-keygen`` writes them. Raises BackupFailed."""
    return _keys_in(
        path, pyrage.x25519.Identity.from_str, "secret keys (lines that begin with AGE-SECRET-KEY-)"
    )


def _keys_in(path: Path, read: Any, wanted: str) -> list[Any]:
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        keys = [read(line) for line in lines if line and not line.startswith("#")]
    except OSError as error:
        raise BackupFailed(f"{path} can't be read: {error.strerror}.") from None
    except (pyrage.RecipientError, pyrage.IdentityError, UnicodeDecodeError):
        keys = []
    if not keys:
        raise BackupFailed(f"{path} holds no {wanted}.")
    return keys


def seal(source: Any, path: Path, recipients: list[Any]) -> Sealed:
    """Everything that is read from ``source``, sealed under ``path``, on the disk when this comes back."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.part")
    with aside.open("wb") as file:
        measured = Measured(file)
        pyrage.encrypt_io(source, measured, recipients)
        file.flush()
        os.fsync(file.fileno())
    aside.rename(path)
    return Sealed(measured.size, measured.sha256)


def unseal(path: Path, to: Any, identities: list[Any]) -> None:
    """Write what was sealed under ``path`` into ``to``. Raises BackupFailed when it is not what was sealed;
    what was written until then is worth nothing."""
    try:
        with path.open("rb") as file:
            pyrage.decrypt_io(file, to, identities)
    except FileNotFoundError:
        raise BackupFailed(f"{path} is missing.") from None
    except pyrage.DecryptError as error:
        raise BackupFailed(f"{path} can't be opened: {error}.") from None
    except OSError as error:
        raise BackupFailed(f"{path} was cut short or altered, or can't be read: {error}.") from None


def as_sealed(path: Path) -> Sealed | None:
    """The file under ``path`` as it lies on the disk, None if there is none."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while piece := file.read(_AT_ONCE):
                digest.update(piece)
                size += len(piece)
    except FileNotFoundError:
        return None
    return Sealed(size, digest.hexdigest())


class Measured:
    """A file that is written to, and how much of what went in."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        self.size += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()
