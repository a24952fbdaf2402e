"""Makes a sealed backup of the portal, also while it runs."""

import argparse
import contextlib
import fcntl
import sys
from collections.abc import Iterator
from pathlib import Path

from kemnaker_portal import backups
from script.internals.serve import database
from script.internals.steps import StepFailed, data_dir, run_script


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="script/backup", description="Seals database, uploaded files and settings into a folder."
    )
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="where the backups are")
    parser.add_argument("--recipients", type=Path, metavar="FILE", help="public keys, one on a line")
    parser.add_argument("--keep", type=_number, metavar="N", help="then delete all but the newest N backups")
    parser.add_argument("--new-key", type=Path, metavar="FILE", help="make a pair of keys, and nothing else")
    said = parser.parse_args(arguments)
    if not said.new_key and not (said.to and said.recipients):
        parser.error("give --to and --recipients, or --new-key")
    return said


def _number(text: str) -> int:
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number of backups: give 1 or more")


def main() -> int:
    said = read_arguments(sys.argv[1:])
    try:
        if said.new_key:
            public = backups.new_identity(said.new_key)
            print(
                f"The secret key is in {said.new_key}: keep it away from this machine.\nPublic key: {public}"
            )
            return 0
        recipients = backups.recipients_in(said.recipients)
        with _only_backup_into(said.to), database():
            folder, damaged = backups.make(said.to, recipients, data_dir(), _say)
            for name in backups.prune(said.to, said.keep) if said.keep else []:
                _say(f"deleted: {name}")
    except backups.BackupFailed as error:
        raise StepFailed(f"No backup: {error}") from None
    print(f"\nBackup: {folder}")
    if damaged:
        print(
            f"Not in it, because they are missing or altered: uploaded files {', '.join(damaged)}.\n"
            "`manage.py check_integrity` names their papers."
        )
    return 1 if damaged else 0


@contextlib.contextmanager
def _only_backup_into(folder: Path) -> Iterator[None]:
    """Two backups into one folder follow each other."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "backup.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _say(line: str) -> None:
    print(f"  {line}", flush=True)


if __name__ == "__main__":
    run_script(main)
