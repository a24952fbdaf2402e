"""The web server that script/server starts against gunicorn's sync workers, by turns in one run."""

import os
import subprocess
import sys
from pathlib import Path

from script.internals import processes
from script.internals.bench import served
from script.internals.bench.questions import PAGES, SERVERS
from script.internals.bench.running import Figures, figures_of, median_of
from script.internals.serve import wait_until_ready, web_command
from script.internals.supervisor import SideBySide

_ADDRESSES = {"register": PAGES["register"][1], "healthz": "/healthz"}
_ROUNDS = 3
_SECONDS = 4.0


def measure(ports: dict[str, int]) -> Figures:
    """Answers a second of each server on its port; nothing if gunicorn can't be had."""
    packages = Path(os.environ["PORTAL_DATA"]) / "gunicorn"
    if not _has_gunicorn(packages):
        return {}
    cookie = str(figures_of("sessions")["registrar"])
    env = {
        processes.RUN_MARK: os.environ["PORTAL_DATA"],
        "PYTHONPATH": str(packages),
        "PYTHONWARNINGS": "ignore:No directory at:UserWarning",
    }
    rounds: list[Figures] = []
    with SideBySide(env) as programs:
        for name, command in {"granian": web_command, "gunicorn": _gunicorn}.items():
            programs.start(name, command(ports[name]))
            wait_until_ready(ports[name], programs)
        for _round in range(_ROUNDS):
            for page, address in _ADDRESSES.items():
                for name in SERVERS:
                    answer = served.asked_by_clients(ports[name], cookie, address, _SECONDS)
                    rounds.append(
                        {f"server.{name}.{page}": len(answer["took"]) / float(str(answer["seconds"]))}
                    )
    return median_of(rounds)


def _has_gunicorn(packages: Path) -> bool:
    """It is wanted for the comparison only, so it is no dependency of the portal."""
    if packages.exists():
        return True
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # What it warns of is about where packages come from, not about the bench.
    said = subprocess.run([*pip, "--target", packages, "gunicorn"], stderr=subprocess.DEVNULL)
    return said.returncode == 0


def _gunicorn(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "--no-control-socket", "--workers", "2"),
        *("--worker-class", "sync", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"),
        "kemnaker_portal.wsgi:application",
    ]
