"""The whole measurement: own database, made-up records, every question, one table."""

import argparse
import os
import socket
import sys
import time

from script.internals import processes
from script.internals.bench import comparing, report, served, servers
from script.internals.bench.inside import MOST_SECONDS
from script.internals.bench.questions import PAGES, PDFS, SERVERS
from script.internals.bench.running import Figures, figures_of, median_of
from script.internals.serve import database, make_files
from script.internals.steps import ROOT, Done, data_dir, fingerprint, run_script, step
from script.internals.supervisor import listen_for_stop

_SCHEMA = ["accounts", "regions", "partnerships/migrations", "partnerships/data"]
_LOAD = "partnerships/management/load"
# Files made in every run; those of many rows only in a long one.
_ALWAYS = ["copy", "csv", "json", "xlsx", "openpyxl", "weasyprint", "profile"]
# The quick ones are made several times, and the median is taken.
_SEVERAL_TIMES = {"copy", "csv", "json", "xlsx", "profile"}


def main() -> int:
    arguments = _arguments(sys.argv[1:])
    if arguments.quick:
        os.environ["BENCH_QUICK"] = "1"
    # The bench measures its own database, whatever else the environment names.
    for name in ("DATABASE_URL", "DATABASE_JOBS_URL", "DATABASE_OWNER_URL", "PORTAL_DB_ROLE", "DEMO"):
        os.environ.pop(name, None)
    listen_for_stop()
    processes.end_leftovers(str(data_dir()))
    make_files()
    began, load = time.time(), os.getloadavg()[0]
    with database():
        _bring_in(arguments)
        if arguments.parity:
            return _compare(arguments)
        figures = _measure(arguments)
    run = report.run_of(figures, vars(arguments), began, load)
    before = report.last_stored(run)
    print(report.table(run, before), flush=True)
    if arguments.store:
        print(f"\nStored as {report.store(run).relative_to(ROOT)}.", flush=True)
    return 0


def _measure(arguments: argparse.Namespace) -> Figures:
    figures: Figures = {}
    with step("pages"):
        figures |= figures_of("pages", most=MOST_SECONDS * len(PAGES))
    with step("pages, 8 clients"):
        figures |= served.measure(_free_port(), arguments.quick)
    sizes = list(PDFS)[:1] if arguments.quick else list(PDFS)
    for what in [*_ALWAYS, *(f"pdf_{rows}" for rows in sizes), *([] if arguments.quick else ["pdf_again"])]:
        with step(what) as note:
            unit = "ms" if what == "profile" else "s"
            times = 3 if what in _SEVERAL_TIMES and not arguments.quick else 1
            found = median_of(figures_of("files", what, over=f"{what}.{unit}") for _round in range(times))
            note.text = report.said(found[f"{what}.{unit}"], unit)
            figures |= found
    for what in [*_ALWAYS, *(f"pdf_{rows}" for rows in sizes)]:
        if report.missed(f"{what}.", figures):
            figures |= figures_of("files", what, "profiled")
    if not arguments.quick:
        with step("servers") as note:
            found = servers.measure({name: _free_port() for name in SERVERS})
            note.text = "" if found else "gunicorn can't be had"
            figures |= found
    return figures | report.growth(figures)


def _compare(arguments: argparse.Namespace) -> int:
    """Lists against their files; 1 when they differ."""
    with step("parity") as note:
        found, differing = comparing.compare(arguments.questions, arguments.seed)
        note.text = ", ".join(f"{amount:,} {name.replace('_', ' ')}" for name, amount in found.items())
    for each in differing:
        print(each, flush=True)
    print(f"\n{len(differing)} differences.", flush=True)
    return 1 if differing else 0


def _bring_in(arguments: argparse.Namespace) -> None:
    """Tables, regions, reference data, and the records, unless just these are there already."""
    done, log = Done(data_dir() / "bench.json"), data_dir() / "setup.log"
    schema = fingerprint(ROOT / path for path in _SCHEMA)
    numbers = [str(arguments.agreements), str(arguments.commitments), str(arguments.seed)]
    wanted = fingerprint([schema, ROOT / _LOAD, *numbers])
    steps = {
        "tables": (schema, [["migrate"], ["load_regions"], ["load_reference"]]),
        "records": (
            wanted,
            [
                ["generate_load", "--remove"],
                [
                    *("generate_load", "--agreements", numbers[0], "--commitments", numbers[1]),
                    *("--seed", numbers[2]),
                ],
            ],
        ),
    }
    for title, (inputs, commands) in steps.items():
        with step(title) as note:
            if done.has(title, inputs):
                note.text = "there already"
                continue
            for command in commands:
                processes.run([sys.executable, "manage.py", *command], log)
            done.remember(title, inputs)


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="script/bench",
        description="Measures pages and files over made-up records (docs/performance.md).",
    )
    parser.add_argument("--agreements", type=int, default=100_000, help="100000 unless said otherwise")
    parser.add_argument("--commitments", type=int, default=1_000_000, help="1000000 unless said otherwise")
    parser.add_argument("--seed", type=int, default=1, help="1 unless said otherwise")
    parser.add_argument("--quick", action="store_true", help="ask everything, but only a few times")
    parser.add_argument("--parity", action="store_true", help="compare lists with their files instead")
    parser.add_argument("--questions", type=int, default=500, help="of --parity; 500 unless said otherwise")
    parser.add_argument("--store", action="store_true", help="keep the figures in docs/bench/")
    return parser.parse_args(given)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    run_script(main)
