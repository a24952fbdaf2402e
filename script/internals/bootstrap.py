"""From a bare checkout to a Python that has everything; runs on any Python 3.11 to 3.13."""

import argparse
import fcntl
import os
import sys
import time
from pathlib import Path

from script.internals import system
from script.internals.environment import CHECKS, RUN, Environment
from script.internals.steps import ROOT, StepFailed, data_dir, run_script, step

# What needs the tools of the checks.
_CHECK = {"test", "two_releases"}


def main() -> None:
    command, *arguments = sys.argv[1:]
    if command == "server":
        read_server_arguments(arguments)  # a wrong one is refused before anything is installed
    os.environ.setdefault("PORTAL_SET_UP_BEGAN", str(time.time()))
    log = data_dir() / "setup.log"
    log.write_bytes(b"")
    environment = Environment(ROOT)
    print(f"Setting up in {ROOT}, data in {data_dir()}", flush=True)
    # Two set-ups of one checkout follow each other; the lock ends with this process or its exec.
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _prepare(environment, for_checks=command in _CHECK, log=log)
        module = {"server": "serve", "test": "check"}.get(command, command)
        os.execv(  # noqa: S606
            environment.python,
            [str(environment.python), "-m", f"script.internals.{module}", *arguments],
        )


def read_server_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="script/server", description="Sets the portal up and runs it until Ctrl-C."
    )
    parser.add_argument("--port", type=_port, default=8000, help="8000 unless said otherwise")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 1 to 65535")


def _prepare(environment: Environment, for_checks: bool, log: Path) -> None:
    requirements = CHECKS if for_checks else RUN
    ready = environment.serves(requirements)
    with step("system packages") as note:
        if packages := system.missing(for_checks, for_an_environment=not ready):
            note.text = f"installed {', '.join(packages)}"
            system.install(packages, log)
        for package in system.missing_to_unpack(data_dir() / system.UNPACKED) if for_checks else []:
            note.text = f"{note.text} unpacked {package}".strip()
            system.unpack(package, data_dir() / system.UNPACKED, log)
        # Asked for once, with the first set-up: a machine that can't have it starts as fast as any.
        if not (for_checks or ready) and (packages := system.missing_for_pictures()):
            try:
                system.install(packages, log)
                note.text = f"installed {', '.join(packages)}"
            except StepFailed:
                note.text = f"without {', '.join(packages)}: the text of scans will not be read"
    with step("Python packages") as note:
        if not ready:
            note.text = f"installed from {requirements}"
            environment.fill(requirements, log)


if __name__ == "__main__":
    run_script(main)
