"""Bringing a backup back into an empty place, and proof that all of it came back."""

import json
import os
import secrets
import subprocess
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast

from kemnaker_portal.backups.database import LEFT_OUT, Database
from kemnaker_portal.backups.making import backups_in, sealed_files, sealed_path
from kemnaker_portal.backups.sealed import BackupFailed, Measured, Sealed, as_sealed, unseal
from kemnaker_portal.places import FILE_MODE, Folder, place

_MOST_NAMED = 5


def newest(to: Path) -> Path:
    """The newest finished backup of a folder. Raises BackupFailed."""
    if not (backups := backups_in(to)):
        raise BackupFailed(f"There is no finished backup in {to}.")
    return backups[-1]


def restore(backup: Path, identities: list[Any], data_dir: Path, say: Callable[[str], None]) -> None:
    """Put what a backup holds into an empty database and an empty ``media`` of ``data_dir``, and compare.

    The database runs. Raises BackupFailed as soon as anything is not as the backup says.
    """
    sealed = sealed_files(backup)
    _check_sealed(backup, sealed)
    say(f"sealed files: {len(sealed['files']) + 2} as they were written")
    manifest = _manifest(backup, identities)
    _refuse_what_is_in_use(data_dir)
    _load(Database(data_dir), backup / "database.age", identities)
    with Database(data_dir).moment() as moment:
        # A backup of an earlier release may hold what is left out today.
        wanted = {name: said for name, said in manifest["tables"].items() if name not in LEFT_OUT}
        _compare(wanted, moment.tables)
        _compare_files(manifest, moment.files)
    rows = sum(rows for rows, _digest in manifest["tables"].values())
    say(f"database: {len(manifest['tables'])} tables, {rows} rows, all equal")
    for key, (size, sha256) in manifest["files"].items():
        _bring_back(sealed_path(backup.parent, key), data_dir, key, Sealed(size, sha256), identities)
    say(f"uploaded files: {len(manifest['files'])}, all with their SHA-256")
    if manifest["damaged"]:
        say(f"not whole when the backup was made: {', '.join(manifest['damaged'])}")


def new_secret_key(data_dir: Path) -> None:
    """A restored portal signs with a key of its own; everyone signs in anew."""
    path = data_dir / "secret_key"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{secrets.token_urlsafe(50)}\n")


def _check_sealed(backup: Path, sealed: dict[str, Any]) -> None:
    wanted = {backup / name: Sealed(*sealed[name]) for name in ("database.age", "manifest.age")}
    wanted |= {sealed_path(backup.parent, key): Sealed(*said) for key, said in sealed["files"].items()}
    found = {path: as_sealed(path) for path in wanted}
    missing = [path for path in wanted if found[path] is None]
    if missing:
        raise BackupFailed(f"Missing: {_names(missing)}.")
    if altered := [path for path in wanted if found[path] != wanted[path]]:
        raise BackupFailed(f"Cut short or altered: {_names(altered)}.")


def _manifest(backup: Path, identities: list[Any]) -> Any:
    written = BytesIO()
    unseal(backup / "manifest.age", written, identities)
    return json.loads(written.getvalue())


def _refuse_what_is_in_use(data_dir: Path) -> None:
    with Database(data_dir).moment() as moment:
        if moment.tables:
            raise BackupFailed("The database holds tables already: a backup is restored into an empty one.")
    if not place(data_dir).is_empty("files"):
        kept_in = "The bucket" if os.environ.get("FILES_URL") else data_dir / "media"
        raise BackupFailed(f"{kept_in} holds files already: a backup is restored into an empty place.")


def _load(database: Database, dump: Path, identities: list[Any]) -> None:
    command, env = database.program(
        "pg_restore",
        *("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"),
    )
    with tempfile.TemporaryFile() as errors:
        loading = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stderr=errors)  # noqa: S603
        try:
            with cast(IO[bytes], loading.stdin) as stream:
                unseal(dump, stream, identities)
        except (BackupFailed, BrokenPipeError):
            # What pg_restore has to say of it comes first, if it ended by itself.
            if not loading.wait():
                raise
        if loading.wait():
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip()[-1500:]
            raise BackupFailed(f"{dump} does not load: {said}")


def _compare(wanted: dict[str, list[Any]], found: dict[str, list[Any]]) -> None:
    different = [name for name in sorted(wanted) if found.get(name) != wanted[name]]
    if different or set(found) != set(wanted):
        named = ", ".join(
            f"{name} ({found.get(name, [0])[0]} rows for {wanted.get(name, [0])[0]})"
            for name in [*different, *sorted(set(found) - set(wanted))][:_MOST_NAMED]
        )
        raise BackupFailed(f"Tables that came back otherwise than they were: {named}.")


def _compare_files(manifest: dict[str, Any], rows: dict[str, list[Any]]) -> None:
    """Every row of an uploaded file has a file in the backup, with the SHA-256 that the row tells."""
    wanted = {key: said for key, said in rows.items() if key not in manifest["damaged"]}
    if wanted != manifest["files"]:
        keys = [key for key in wanted if manifest["files"].get(key) != wanted[key]]
        raise BackupFailed(
            f"Uploaded files that the backup does not hold as their rows tell: {_names(keys)}."
        )


def _bring_back(path: Path, data_dir: Path, key: str, wanted: Sealed, identities: list[Any]) -> None:
    aside = Folder(data_dir / "media").folder("incoming") / key
    with aside.open("wb") as file:
        os.fchmod(file.fileno(), FILE_MODE)
        measured = Measured(file)
        unseal(path, measured, identities)
        file.flush()
        os.fsync(file.fileno())
    if Sealed(measured.size, measured.sha256) != wanted:
        raise BackupFailed(f"The uploaded file {key} is not what its row tells.")
    place(data_dir).keep(aside, f"files/{key[:2]}/{key}")


def _names(paths: list[Any]) -> str:
    more = f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
    return ", ".join(str(path) for path in paths[:_MOST_NAMED]) + more
