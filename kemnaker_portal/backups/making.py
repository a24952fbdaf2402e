"""Making a backup, while the portal goes on working."""

import hashlib
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast

from kemnaker_portal.backups.database import LEFT_OUT, Database
from kemnaker_portal.backups.sealed import BackupFailed, Sealed, as_sealed, seal
from kemnaker_portal.places import PlaceAway, place

FORMAT = 1
UNFINISHED = ".unfinished"
ERASURES = "erasures"
# A setting by one of these names is or holds a secret.
_SECRETS = re.compile(r"KEY|PASSWORD|TOKEN|SECRET|URL$")
_SETTINGS = Path(__file__).resolve().parents[2] / ".env.example"


def make(
    to: Path, recipients: list[Any], data_dir: Path, say: Callable[[str], None]
) -> tuple[Path, list[str]]:
    """Make a backup in the folder ``to``: (its own folder, keys of uploaded files that are not whole).

    Files that an earlier backup sealed are kept as they are, after their SHA-256 was compared. Raises
    BackupFailed; then there is no backup by that name.
    """
    made_at = datetime.now(UTC)
    name = made_at.strftime("%Y-%m-%dT%H.%M.%SZ")
    folder = to / f"{name}{UNFINISHED}"
    folder.mkdir(mode=0o700, parents=True)
    with Database(data_dir).moment() as moment:
        dump = _dump(Database(data_dir), moment.snapshot, folder / "database.age", recipients)
        say(f"database: {dump.size / 1e6:.1f} MB sealed")
        tables, files, version = moment.tables, moment.files, moment.version
        erasures = moment.erasures
    say(f"tables: {len(tables)}, {sum(rows for rows, _digest in tables.values())} rows")
    sealed, damaged = _seal_files(to, data_dir, files, recipients)
    say(f"files: {len(sealed)}, {sum(size for size, _sha256 in sealed.values()) / 1e6:.1f} MB sealed")
    manifest = {
        "format": FORMAT,
        "made_at": made_at.isoformat(timespec="seconds"),
        "postgresql": version,
        "tables": tables,
        "left_out": LEFT_OUT,
        "files": {key: files[key] for key in sealed},
        "damaged": damaged,
        "settings": settings_without_secrets(os.environ),
    }
    sealed_manifest = seal(BytesIO(json.dumps(manifest).encode()), folder / "manifest.age", recipients)
    of_all = {"format": FORMAT, "database.age": dump, "manifest.age": sealed_manifest, "files": sealed}
    _write(folder / "sealed.json", json.dumps(of_all).encode())
    _note_erasures(to, erasures)
    folder.rename(to / name)
    _to_disk(to)
    return to / name, damaged


def settings_without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Every setting of the portal that the environment names, without what is or holds a secret."""
    known = re.findall(r"^#?([A-Z][A-Z_]+)=", _SETTINGS.read_text(), re.MULTILINE)
    return {
        name: "(left out)" if _SECRETS.search(name) and name != "PORTAL_URL" else environment[name]
        for name in known
        if name in environment
    }


def erasures_of_all(to: Path) -> list[str]:
    """Who was erased by the newest backup of a folder, a line of digests for each; an older backup brings
    them back, and a restore erases them again. It names nobody."""
    path = to / ERASURES
    return path.read_text().splitlines() if path.exists() else []


def _note_erasures(to: Path, erasures: list[str]) -> None:
    lines = dict.fromkeys([*erasures_of_all(to), *erasures])
    aside = to / f"{ERASURES}.part"
    _write(aside, "".join(f"{line}\n" for line in lines).encode())
    aside.rename(to / ERASURES)


def _dump(database: Database, snapshot: str, path: Path, recipients: list[Any]) -> Sealed:
    left_out = [f"--exclude-table-data=public.{table}" for table in LEFT_OUT]
    command, env = database.program(
        "pg_dump",
        *("--format=custom", "--no-owner", "--no-privileges"),
        *(f"--snapshot={snapshot}", *left_out),
    )
    with tempfile.TemporaryFile() as errors:
        dumping = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=errors)  # noqa: S603
        with cast(IO[bytes], dumping.stdout) as stream:
            sealed = seal(stream, path, recipients)
        if dumping.wait():
            errors.seek(0)
            raise BackupFailed(f"pg_dump failed: {errors.read().decode(errors='replace').strip()[-1500:]}")
    return sealed


def _seal_files(
    to: Path, data_dir: Path, files: Mapping[str, Any], recipients: list[Any]
) -> tuple[dict[str, Sealed], list[str]]:
    """(sealed files by key, keys of those that are not whole)."""
    before = files_of_all(to)
    sealed: dict[str, Sealed] = {}
    damaged = []
    for key, (_size, sha256) in files.items():
        path = sealed_path(to, key)
        found = as_sealed(path) if key in before else None
        if found and found in before[key]:
            sealed[key] = found
            continue
        try:
            with place(data_dir).open(f"files/{key[:2]}/{key}") as file:
                source = _Hashed(file)
                made = seal(source, path, recipients)
        except FileNotFoundError:
            damaged.append(key)
            continue
        except PlaceAway as error:
            raise BackupFailed(f"Where files are kept: {error}.") from error
        if source.sha256 == sha256:
            sealed[key] = made
        else:
            path.unlink(missing_ok=True)
            damaged.append(key)
    return sealed, damaged


class _Hashed:
    """A file that is read, and the SHA-256 of what was read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._digest.update(data)
        return data

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def sealed_path(to: Path, key: str) -> Path:
    return to / "files" / key[:2] / f"{key}.age"


def backups_in(to: Path) -> list[Path]:
    """The finished backups of a folder, the oldest first."""
    return sorted(
        file.parent for file in to.glob("*/sealed.json") if not file.parent.name.endswith(UNFINISHED)
    )


def files_of_all(to: Path) -> dict[str, set[Sealed]]:
    """Key of each file that a backup of the folder names: how it was sealed."""
    named: dict[str, set[Sealed]] = {}
    for backup in backups_in(to):
        for key, sealed in sealed_files(backup)["files"].items():
            named.setdefault(key, set()).add(Sealed(*sealed))
    return named


def sealed_files(backup: Path) -> Any:
    """What a backup says of its sealed files. Raises BackupFailed."""
    try:
        said = json.loads((backup / "sealed.json").read_bytes())
        if said["format"] != FORMAT:
            raise BackupFailed(f"{backup} has another format: restore it with the release that made it.")
        return {name: said[name] for name in ("database.age", "manifest.age", "files")}
    except (FileNotFoundError, NotADirectoryError):
        raise BackupFailed(f"{backup} is no finished backup: it has no sealed.json.") from None
    except (ValueError, KeyError, TypeError):
        raise BackupFailed(f"{backup / 'sealed.json'} is damaged.") from None


def prune(to: Path, keep: int) -> list[str]:
    """Delete all but the newest ``keep`` backups, what was left unfinished, and the files that none of the
    kept names; the names of what went."""
    (*gone,) = (backup for backup in backups_in(to)[: -keep or None])
    gone += [folder for folder in to.glob(f"*{UNFINISHED}") if folder.is_dir()]
    for folder in gone:
        # Without this it is no backup any more, also when the rest is not deleted in time.
        (folder / "sealed.json").unlink(missing_ok=True)
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    named = files_of_all(to)
    for file in (to / "files").glob("*/*"):
        if file.name.removesuffix(".age") not in named:
            file.unlink()
    return [folder.name for folder in gone]


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    _to_disk(path.parent)


def _to_disk(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
