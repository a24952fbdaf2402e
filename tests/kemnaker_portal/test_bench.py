"""What script/bench measures, at the smallest size; no figure is judged here."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace

import pytest

from script.internals.bench import report
from script.internals.bench.memory import Watch, below
from script.internals.bench.questions import PDFS, QUESTIONS, Question
from script.internals.bench.running import median_of
from script.internals.steps import ROOT

ARGUMENTS = {"agreements": 300, "commitments": 1_000, "seed": 1, "quick": True}
# What only a long run asks: the long PDFs and what stands beside them, and the other server.
LONG = {f"pdf_{rows}.{figure}" for rows in PDFS if rows > 300 for figure in ("s", "rows", "peak")}
LONG |= {"pdf_again.s", "pdf.exponent", "busy.ratio"}
LONG |= {question.name for question in QUESTIONS if question.name.startswith("server.")}


def run_of(figures, **arguments):
    return report.run_of(figures, ARGUMENTS | arguments, time.time(), 0.5)


@pytest.fixture
def documentation(tmp_path, monkeypatch):
    """The page and the folder of stored runs, elsewhere."""
    monkeypatch.setattr(report, "ROOT", tmp_path)
    monkeypatch.setattr(report, "_STORED", tmp_path / "bench")
    monkeypatch.setattr(report, "_PAGE", tmp_path / "performance.md")
    (tmp_path / "performance.md").write_bytes((ROOT / "docs" / "performance.md").read_bytes())
    return tmp_path


def test_a_run_asks_everything_and_puts_the_answers_side_by_side(tmp_path):
    said = bench_says(tmp_path, "--quick")

    shown = said[said.index("to the last run") :]
    asked = {question.title for question in QUESTIONS if question.name not in LONG}
    assert [title for title in sorted(asked) if f"\n{title}  " not in shown] == []
    assert "goals met" in shown

    said = bench_says(tmp_path, "--parity", "--questions=8")

    assert "0 differences" in said


def bench_says(folder, *options):
    words = [f"--{name}={ARGUMENTS[name]}" for name in ("agreements", "commitments", "seed")]
    run = subprocess.run(
        [sys.executable, "-m", "script.internals.bench", *options, *words],
        cwd=ROOT,
        env={**os.environ, "PORTAL_DATA": str(folder / "data")},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-1000:] + run.stderr[-2000:]
    return run.stdout


# The report


def test_a_figure_is_shown_beside_goal_peer_and_the_stored_run(documentation):
    report.store(run_of({"csv.s": 1.0, "copy.s": 0.5}))

    run = run_of({"csv.s": 2.0, "copy.s": 2.0, "json.s": 3.0})
    shown = report.table(run, report.last_stored(run)).splitlines()

    rows = {line.split("  ")[0]: line.split() for line in shown}
    assert rows["CSV of all"][3:] == ["2", "s", "<=", "2.4", "s", "(issue", "5)", "ok", "2.00", "x"]
    assert rows["JSON of all"][3:] == ["3", "s", "1.50", "x"]
    assert shown[-1] == "1 goals met, 0 missed."


@pytest.mark.parametrize(("value", "verdict"), [(2.5, "MISSED"), ("over 120 s", "MISSED"), (2.4, "ok")])
def test_a_goal_is_met_up_to_its_limit(value, verdict, monkeypatch):
    monkeypatch.setattr(report, "QUESTIONS", [Question("csv.s", "CSV", "s", 1.2, times="copy.s")])
    assert verdict in report.table(run_of({"csv.s": value, "copy.s": 2.0}), None)


def test_of_some_figures_more_is_better(monkeypatch):
    wanted = Question("served.rps", "Answers", "/s", 18, at_least=True)
    monkeypatch.setattr(report, "QUESTIONS", [wanted, replace(wanted, title="Answers again", goal=19)])
    shown = report.table(run_of({"served.rps": 18.0}), None)
    assert shown.endswith("1 goals met, 1 missed: Answers again.")


def test_runs_over_other_records_are_not_compared(documentation):
    report.store(run_of({"csv.s": 1.0}, agreements=5))
    assert report.last_stored(run_of({"csv.s": 1.0})) is None


def test_a_stored_run_stands_on_the_page_in_place_of_the_one_before(documentation):
    report.store(run_of({"csv.s": 1.0}))
    report.store(run_of({"csv.s": 4.0}))
    page = (documentation / "performance.md").read_text()
    assert page.count("| CSV of all | 4 s |") == 1
    assert "| CSV of all | 1 s |" not in page
    assert "300 papers, 1,000 commitments, seed 1" in page
    assert page.startswith("# How fast the portal is")
    assert page.endswith("<!-- end of figures -->\n")


def test_growth_is_the_power_of_the_rows():
    figures = {"pdf_1000.s": 2.0, "pdf_1000.rows": 1_000, "pdf_20000.s": 40.0, "pdf_20000.rows": 20_000}
    assert report.growth(figures)["pdf.exponent"] == pytest.approx(1)
    assert report.growth({"pdf_1000.s": 2.0}) == {}


def test_of_several_rounds_the_median_counts_unless_one_took_too_long():
    rounds = [{"a": 1.0, "b": 1.0}, {"a": 9.0, "b": "over 120 s"}, {"a": 2.0, "b": 2.0}]
    assert median_of(rounds) == {"a": 2.0, "b": "over 120 s"}


# Memory


def test_the_largest_of_the_processes_that_one_started_is_seen():
    large = "held = bytes(range(256)) * 200_000; input()"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {large!r}])"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    try:
        with Watch({"all": lambda: below(process.pid)}) as watch:
            until = time.monotonic() + 30
            while watch.peaks["all"] < 48 and time.monotonic() < until:
                time.sleep(0.05)
        assert 48 < watch.peaks["all"] < 80
    finally:
        with suppress(BrokenPipeError):
            process.communicate(b"\n")
    assert below(process.pid) == []
