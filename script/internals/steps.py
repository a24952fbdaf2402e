"""The lines a person reads while a script works: what is done, how long it took."""

import errno
import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kemnaker_portal.postgres_programs import EmbeddedPostgresError

ROOT = Path(__file__).resolve().parents[2]
_NOT_WRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT}


class StepFailed(Exception):
    """A step that cannot be done; its text tells the person what to do."""


class StopAsked(BaseException):
    """Ctrl-C, a closed terminal or a polite kill."""


class Note:
    """What a step has to say about itself, behind its time."""

    text = ""


def data_dir() -> Path:
    folder = Path(os.environ["PORTAL_DATA"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise StepFailed(
            f"{folder} belongs to user {folder.stat().st_uid}: start as that user,"
            " or set another PORTAL_DATA."
        )
    return folder


def is_demo() -> bool:
    return os.environ.get("DEMO", "").lower() in {"1", "true", "yes"}


@contextmanager
def step(title: str) -> Iterator[Note]:
    """One line of the set-up: its title at once, its time when it is done."""
    note, began = Note(), time.monotonic()
    print(_title(title), end="", flush=True)
    try:
        yield note
    except BaseException:
        note.text = "failed"
        raise
    finally:
        print(_time(began, note), flush=True)


@contextmanager
def noisy_step(title: str) -> Iterator[None]:
    """The same for a step whose programs print lines themselves: its line stands below theirs."""
    began = time.monotonic()
    yield
    print(_title(title) + _time(began, Note()), flush=True)


def _title(text: str) -> str:
    return f"  {text:<24}"


def _time(began: float, note: Note) -> str:
    return f"{time.monotonic() - began:6.1f} s  {note.text}".rstrip()


def fingerprint(paths: Iterable[Path | str]) -> str:
    """A hash of files (folders: every file in them) and of words, that changes when they do."""
    digest = hashlib.sha256()
    for path in paths:
        if isinstance(path, str):
            digest.update(path.encode() + b"\0")
            continue
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def is_newer(made: Path, *sources: Path) -> bool:
    """Whether a made file exists and none of its sources was touched since."""
    return made.exists() and all(made.stat().st_mtime >= s.stat().st_mtime for s in sources)


class Done:
    """Which steps were done on which inputs, so that a second start need not do them again."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self.known = json.loads(file.read_text())
        except (OSError, ValueError):
            self.known = {}

    def has(self, name: str, inputs: str) -> bool:
        return self.known.get(name) == inputs

    def remember(self, name: str, inputs: str) -> None:
        self.known[name] = inputs
        write_whole(self.file, json.dumps(self.known, indent=1).encode())

    def forget(self) -> None:
        self.known = {}
        self.file.unlink(missing_ok=True)


def write_whole(file: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file so that a reader, or a kill, finds the old one or the new one, never a part."""
    new = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
    new.replace(file)


def run_script(main: Callable[[], int | None]) -> None:
    """Run a script; what a person can put right is said in a sentence, not by a traceback."""
    try:
        sys.exit(main())
    except (StepFailed, EmbeddedPostgresError) as error:
        sys.exit(f"\n{error}")
    except (StopAsked, KeyboardInterrupt):
        sys.exit("\nStopped.")
    except OSError as error:
        if error.errno not in _NOT_WRITABLE:
            raise
        sys.exit(f"\n{error.filename or 'A file'} cannot be written: {error.strerror}.")
