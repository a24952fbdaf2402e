"""Brings a backup back into an empty folder, and asks what came back whether it works."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kemnaker_portal import backups
from kemnaker_portal.backups.restoring import new_secret_key
from kemnaker_portal.places import PlaceAway
from script.internals.serve import database
from script.internals.steps import ROOT, StepFailed, run_script


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="script/restore", description="Brings a backup back into an empty place and checks all of it."
    )
    parser.add_argument("backup", type=Path, help="a backup, or the folder of backups for its newest")
    parser.add_argument("--key", type=Path, metavar="FILE", required=True, help="the secret key")
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--into", type=Path, metavar="FOLDER", help="an empty folder, then PORTAL_DATA")
    place.add_argument("--drill", action="store_true", help="into a folder that is deleted afterwards")
    parser.add_argument("--copy", action="store_true", help="a copy for trying out: it never sends a mail")
    return parser.parse_args(arguments)


def main() -> None:
    said = read_arguments(sys.argv[1:])
    began = time.monotonic()
    try:
        identities = backups.identities_in(said.key)
        is_one = (said.backup / "manifest.age").exists() or (said.backup / "database.age").exists()
        backup = said.backup if is_one else backups.newest(said.backup)
        print(f"Restoring {backup}", flush=True)
        if said.drill:
            _drill(backup, identities)
        else:
            _restore(backup, identities, _empty(said.into))
            if said.copy:
                # The settings look for it: nothing that runs on this folder sends a mail (settings.IS_COPY).
                (said.into / "copy").touch()
    except (backups.BackupFailed, PlaceAway) as error:
        raise StepFailed(f"Not restored: {error}") from None
    print(f"\nRestored and checked in {time.monotonic() - began:.1f} s.")
    if said.into:
        print(f"Start it with PORTAL_DATA={said.into}. Everyone signs in anew.")


def _drill(backup: Path, identities: list[object]) -> None:
    # What is tried out never touches a database that somebody uses.
    for role in ("", "JOBS_", "OWNER_", "REPLICA_"):
        os.environ.pop(f"DATABASE_{role}URL", None)
    os.environ.pop("FILES_URL", None)
    folder = Path(tempfile.mkdtemp(prefix="portal-drill-"))
    try:
        _restore(backup, identities, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _empty(folder: Path) -> Path:
    if folder.exists() and any(folder.iterdir()):
        raise StepFailed(f"{folder} is not empty: a backup is restored into an empty folder.")
    return folder.resolve()


def _restore(backup: Path, identities: list[object], folder: Path) -> None:
    os.environ["PORTAL_DATA"] = str(folder)
    # The running portal's own key opens nothing here and has no business here.
    os.environ.pop("SECRET_KEY", None)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with database():
        new_secret_key(folder)
        backups.restore(backup, identities, folder, _say)
        _manage("migrate")
        if (erasures := backup.parent / backups.ERASURES).exists():
            _manage("erase_again", str(erasures))
        _manage("check_restored")


def _manage(command: str, *arguments: str) -> None:
    line = [sys.executable, "manage.py", command, *arguments]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, errors="replace")
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise StepFailed(f"Restored, but it does not work: manage.py {command} says\n{said}")
    if command != "migrate":
        for said in done.stdout.splitlines():
            _say(said)


def _say(line: str) -> None:
    print(f"  {line}", flush=True)


if __name__ == "__main__":
    run_script(main)
