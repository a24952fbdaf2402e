"""Every check of the project, one after the other; with arguments only pytest, which gets them."""

import os
import subprocess
import sys
import time
from pathlib import Path

from script.internals.processes import ends_with_parent
from script.internals.serve import database, make_files
from script.internals.steps import ROOT, run_script
from script.internals.supervisor import listen_for_stop

PYTHON = [sys.executable, "-m"]
CHECKS: dict[str, list[str]] = {
    "ruff: rules": [*PYTHON, "ruff", "check", "."],
    "ruff: layout": [*PYTHON, "ruff", "format", "--check", "."],
    "djlint: rules": [*PYTHON, "djlint", "templates", "--lint", "--quiet"],
    "mypy": [*PYTHON, "mypy"],
    "import contracts": [str(Path(sys.executable).with_name("lint-imports"))],
    "missing migrations": [
        *(sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"),
    ],
    "new migrations": [*PYTHON, "script.internals.migrations"],
    "pytest": [*PYTHON, "pytest", "--numprocesses", "2", "--dist", "worksteal"],
}


def main() -> int:
    listen_for_stop()
    # The tests have a database of their own: never the one a person works with.
    os.environ.pop("PORTAL_DB_ROLE", None)
    make_files()
    with database():
        if sys.argv[1:]:
            return run([*PYTHON, "pytest", *sys.argv[1:]])
        return run_all()


def run_all() -> int:
    failed, lines = [], []
    for name, command in CHECKS.items():
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        code = run(command)
        if code:
            failed.append(name)
        lines.append(f"  {name:<24}{time.monotonic() - began:7.1f} s  {'FAILED' if code else 'ok'}")
    print("", *lines, sep="\n")
    print(f"\nFailed: {', '.join(failed)}." if failed else "\nAll checks passed.", flush=True)
    return 1 if failed else 0


def run(command: list[str]) -> int:
    """Run a check in plain sight; its exit code."""
    process = subprocess.Popen(command, cwd=ROOT, preexec_fn=ends_with_parent(9))
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    run_script(main)
