"""The smoke part of the tests, on the code of one release over the tables of another, both ways round.

The tables are those that the migrations make, so each try is the one release's code with the other's
migrations, in a folder and a database of its own. Both are taken as they were committed.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from script.internals.serve import make_files
from script.internals.steps import ROOT, StepFailed, run_script

APPS = ("accounts", "partnerships", "regions")
# What migrations are written with.
_STEPS = ("kemnaker_portal/triggers.py", "kemnaker_portal/repeatable.py")
# What people do all day: find, enter, report, prove, judge, and what a monitor asks.
_VIEWS = ("agreements", "editing", "progress", "evidence", "verification", "tasks")
SMOKE = (
    "tests/kemnaker_portal/test_health.py",
    *(f"tests/partnerships/views/test_{name}.py" for name in _VIEWS),
)
# So many faults say enough of what does not fit.
_ENOUGH = ("--maxfail=10", "--tb=line")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="script/two-releases", description="Tries two releases on each other."
    )
    parser.add_argument(
        "old", metavar="COMMIT", help="the release that still runs while this one is rolled out"
    )
    old = _commit(parser.parse_args(sys.argv[1:]).old)
    new = _commit("HEAD")
    make_files()
    outcomes = {}
    for said, code, tables in (("old code, new tables", old, new), ("new code, old tables", new, old)):
        print(f"\n== {said} (code {code[:9]}, migrations {tables[:9]})", flush=True)
        outcomes[said] = _tried(code, tables)
    print()
    for said, is_well in outcomes.items():
        print(f"  {said:<24}{'ok' if is_well else 'FAILED'}")
    return 0 if all(outcomes.values()) else 1


def _commit(name: str) -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise StepFailed(f"{name} is no commit of this repository.")
    return done.stdout.strip()


def _tried(code: str, tables: str) -> bool:
    with tempfile.TemporaryDirectory(prefix="two-releases-") as name:
        folder = Path(name) / "code"
        _take_out(code, folder)
        for app in APPS:
            shutil.rmtree(folder / app / "migrations")
        _take_out(tables, folder, *(f"{app}/migrations" for app in APPS), *_found(tables, _STEPS))
        shutil.copytree(ROOT / "static" / "fonts", folder / "static" / "fonts", dirs_exist_ok=True)
        for made in ROOT.glob("locale/*/LC_MESSAGES/*.mo"):
            shutil.copy(made, folder / made.relative_to(ROOT))
        tests = [test for test in SMOKE if (folder / test).exists()]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *_ENOUGH, *tests],
            cwd=folder,
            env={**os.environ, "PORTAL_DATA": str(Path(name) / "data")},
        )
        return done.returncode == 0


def _found(commit: str, paths: tuple[str, ...]) -> list[str]:
    """Those of these paths that a commit holds."""
    list_them = ["git", "ls-tree", "--name-only", commit, *paths]
    return subprocess.run(list_them, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()


def _take_out(commit: str, folder: Path, *paths: str) -> None:
    """What a commit holds below these paths, or all of it."""
    folder.mkdir(exist_ok=True)
    packing = subprocess.Popen(["git", "archive", commit, *paths], cwd=ROOT, stdout=subprocess.PIPE)
    subprocess.run(["tar", "-x", "-C", folder], stdin=packing.stdout, check=True)
    if packing.wait():
        raise StepFailed(f"{commit} could not be taken out of the repository.")


if __name__ == "__main__":
    run_script(main)
