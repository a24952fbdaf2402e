"""Pages through the real web server: eight clients at once, memory, the first byte of a file."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from script.internals import processes
from script.internals.bench import inside
from script.internals.bench.memory import Watch, below
from script.internals.bench.people import reader_of
from script.internals.bench.questions import PAGES, SERVED
from script.internals.bench.running import Figures, figures_of
from script.internals.serve import ROOT, wait_until_ready, web_command
from script.internals.supervisor import SideBySide

_CLIENTS = 8


def measure(port: int, quick: bool) -> Figures:
    """All of it, with a web server that is started for it as script/server does."""
    cookies = {name: str(cookie) for name, cookie in figures_of("sessions").items()}
    said = {name: quote(word) for name, word in figures_of("people").items()}
    seconds = 1.0 if quick else 10.0
    found: Figures = {}
    env = {
        processes.RUN_MARK: os.environ["PORTAL_DATA"],
        "PYTHONWARNINGS": "ignore:No directory at:UserWarning",
    }
    with SideBySide(env) as programs:
        programs.start("web server", web_command(port))
        wait_until_ready(port, programs)
        web, postmaster = programs.running["web server"].pid, _postmaster()
        with Watch({"web": lambda: below(web), "database": lambda: below(postmaster)}) as watch:
            for name in SERVED:
                address, cookie = PAGES[name][1].format(**said), cookies[reader_of(name)]
                asked_by_clients(port, cookie, address, seconds / 4)
                found |= _named(f"served.{name}", asked_by_clients(port, cookie, address, seconds))
            found["csv.first_byte"] = inside.p50([_first_byte(port, cookies["registrar"]) for _ in range(3)])
        found |= {f"memory.{sort}_largest": most for sort, most in watch.peaks.items()}
        found["memory.web"] = _memory_below(web)
        found["memory.database"] = _memory_below(postmaster)
        if not quick:
            found |= _while_a_pdf_is_made(port, cookies, seconds * 2)
    return found


def asked_by_clients(port: int, cookie: str, address: str, seconds: float) -> Mapping[str, list[float]]:
    command = [sys.executable, "-m", "script.internals.bench.clients", str(port), cookie]
    said = subprocess.run(
        [*command, str(_CLIENTS), str(seconds), address],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        timeout=inside.MOST_SECONDS,
        check=True,
        preexec_fn=processes.ends_with_parent(9),
    )
    answer = json.loads(said.stdout)
    if answer["failed"]:
        raise SystemExit(f"{address}: {answer['failed'][0]}")
    return answer


def _named(name: str, answer: Mapping[str, list[float]]) -> Figures:
    took = answer["took"]
    return {
        f"{name}.p50": inside.p50(took),
        f"{name}.p95": inside.p95(took),
        f"{name}.rps": len(took) / float(str(answer["seconds"])),
    }


def _while_a_pdf_is_made(port: int, cookies: Mapping[str, str], seconds: float) -> Figures:
    """How much longer than alone the slow answers take while the worker puts 20,000 rows on paper."""
    address, cookie = PAGES["register"][1], cookies["registrar"]
    alone = inside.p95(asked_by_clients(port, cookie, address, seconds)["took"])
    making = subprocess.Popen(
        [sys.executable, "-m", "script.internals.bench.files", "pdf_20000_busy"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        preexec_fn=processes.ends_with_parent(15),
    )
    try:
        time.sleep(5)
        busy = inside.p95(asked_by_clients(port, cookie, address, seconds)["took"])
        lasted = making.poll() is None
    finally:
        processes.stop_group(making, 5)
    return {"busy.alone": alone, "busy.p95": busy, "busy.ratio": busy / alone, "busy.lasted": lasted}


def _first_byte(port: int, cookie: str) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=inside.MOST_SECONDS)
    began = time.perf_counter()
    connection.request("GET", "/kemitraan/ekspor.csv", headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read(1)
    took = time.perf_counter() - began
    answer.read()
    connection.close()
    return took


def _postmaster() -> int:
    return int((Path(os.environ["PORTAL_DATA"]) / "postgres" / "postmaster.pid").read_text().split()[0])


def _memory_below(pid: int) -> float:
    """MB of a process and of all below it, shared memory counted once."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return inside.pss_mb(pid) + sum(_memory_below(int(child)) for child in children)
