"""The figures of a run beside their goals, their peers and the last stored run."""

import json
import math
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from script.internals.bench.questions import QUESTIONS, Question
from script.internals.bench.running import Figures
from script.internals.steps import ROOT, write_whole

_STORED = ROOT / "docs" / "bench"
_PAGE = ROOT / "docs" / "performance.md"
_BEGINS, _ENDS = "<!-- figures -->", "<!-- end of figures -->"
_HEADINGS = ["what", "figure", "goal", "", "to the peer", "to the last run"]


def run_of(figures: Figures, arguments: dict[str, Any], began: float, load: float) -> dict[str, Any]:
    """A run with all that is needed to read it later."""
    return {
        "at": datetime.fromtimestamp(began, UTC).isoformat(timespec="seconds"),
        "commit": _git("rev-parse", "--short", "HEAD") + ("+" if _git("status", "--porcelain") else ""),
        "arguments": {name: arguments[name] for name in ("agreements", "commitments", "seed", "quick")},
        "machine": {
            "processors": len(os.sched_getaffinity(0)),
            "model": _line_of("/proc/cpuinfo", "model name"),
            "memory": _line_of("/proc/meminfo", "MemTotal"),
            "python": platform.python_version(),
            "load_before": round(load, 2),
        },
        "figures": {name: _rounded(value) for name, value in sorted(figures.items())},
    }


def growth(figures: Figures) -> Figures:
    """By which power of the rows a PDF's time grows, from about 1,000 rows to about 20,000."""
    try:
        seconds = float(figures["pdf_20000.s"]) / float(figures["pdf_1000.s"])
        rows = float(figures["pdf_20000.rows"]) / float(figures["pdf_1000.rows"])
    except (KeyError, ValueError):
        return {}
    return {"pdf.exponent": math.log(seconds) / math.log(rows)} if rows > 1 else {}


def last_stored(run: dict[str, Any]) -> dict[str, Any] | None:
    """The newest stored run over as many records."""
    stored = [json.loads(path.read_text()) for path in _STORED.glob("*.json")]
    alike = [each for each in stored if each["arguments"] == run["arguments"]]
    return max(alike, key=lambda each: each["at"], default=None)


def store(run: dict[str, Any]) -> Path:
    """Keep the run, and write its table into docs/performance.md."""
    _STORED.mkdir(parents=True, exist_ok=True)
    path = _STORED / f"{run['at'][:10]}-{run['commit'].rstrip('+')}.json"
    before = last_stored(run)
    write_whole(path, (json.dumps(run, indent=1) + "\n").encode())
    page = _PAGE.read_text()
    head, tail = page[: page.index(_BEGINS)], page[page.index(_ENDS) :]
    write_whole(_PAGE, f"{head}{_BEGINS}\n{_in_markdown(run, before)}\n{tail}".encode())
    return path


def table(run: dict[str, Any], before: dict[str, Any] | None) -> str:
    """For the terminal."""
    rows = [_HEADINGS, *_rows(run, before)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(["", *(line.rstrip() for line in lines), "", _verdict(rows[1:]), *_profiles(run)])


def _in_markdown(run: dict[str, Any], before: dict[str, Any] | None) -> str:
    machine, arguments = run["machine"], run["arguments"]
    said = (
        f"{arguments['agreements']:,} papers, {arguments['commitments']:,} commitments, seed"
        f" {arguments['seed']}; {run['at']}, commit {run['commit']}; {machine['processors']} processors"
        f" ({machine['model']}), {machine['memory']}, Python {machine['python']},"
        f" load {machine['load_before']} before the run."
    )
    rows = [_HEADINGS, ["---"] * len(_HEADINGS), *_rows(run, before)]
    return "\n".join(["", said, "", *(f"| {' | '.join(row)} |" for row in rows), ""])


def _verdict(rows: list[list[str]]) -> str:
    missed = [row[0] for row in rows if row[3] == "MISSED"]
    met = sum(row[3] == "ok" for row in rows)
    return f"{met} goals met, {len(missed)} missed" + (f": {'; '.join(missed)}." if missed else ".")


def missed(prefix: str, figures: Figures) -> list[Question]:
    """The questions with names that begin so whose goals these figures miss."""
    asked = [each for each in QUESTIONS if each.name.startswith(prefix) and each.name in figures]
    goals = [(each, _goal(each, figures)) for each in asked]
    return [each for each, goal in goals if goal is not None and not _is_met(each, figures[each.name], goal)]


def _profiles(run: dict[str, Any]) -> list[str]:
    """Where the time of each missed question goes, as far as that was measured."""
    figures: Figures = run["figures"]
    found = {}
    for question in missed("", figures):
        name = question.name.rpartition(".")[0]
        if told := figures.get(f"{name}.profile"):
            found[name] = f"{question.title.partition(':')[0]}: {told}."
    return ["", *found.values()] if found else []


def _rows(run: dict[str, Any], before: dict[str, Any] | None) -> list[list[str]]:
    old = before["figures"] if before else {}
    return [_row(each, run["figures"], old) for each in QUESTIONS if each.name in run["figures"]]


def _row(question: Question, figures: Figures, old: Figures) -> list[str]:
    value = figures[question.name]
    goal = _goal(question, figures)
    return [
        question.title,
        said(value, question.unit),
        _goal_in_words(question, goal),
        "" if goal is None else "ok" if _is_met(question, value, goal) else "MISSED",
        _ratio(value, figures.get(question.peer)),
        _ratio(value, old.get(question.name)),
    ]


def _goal(question: Question, figures: Figures) -> float | None:
    if question.goal is None or not question.times:
        return question.goal
    other = figures.get(question.times)
    return question.goal * other if isinstance(other, float | int) else None


def _goal_in_words(question: Question, goal: float | None) -> str:
    if goal is None:
        return ""
    return f"{'>=' if question.at_least else '<='} {said(goal, question.unit)} ({question.source})"


def _is_met(question: Question, value: float | str, goal: float) -> bool:
    if isinstance(value, str):
        return False
    return value >= goal if question.at_least else value <= goal


def _ratio(value: float | str, other: float | str | None) -> str:
    if isinstance(value, str) or not isinstance(other, float | int) or not other:
        return ""
    return f"{value / other:.2f} x"


def said(value: float | str, unit: str) -> str:
    if isinstance(value, str):
        return value
    number = f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
    return f"{number} {unit}".strip()


def _rounded(value: float | str) -> float | str:
    return float(f"{value:.4g}") if isinstance(value, float) else value


def _git(*words: str) -> str:
    asked = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    return asked.stdout.strip() or ("" if words[0] == "status" else "unknown")


def _line_of(file: str, name: str) -> str:
    for line in Path(file).read_text().splitlines():
        if line.startswith(name):
            return " ".join(line.partition(":")[2].split())
    return "unknown"
