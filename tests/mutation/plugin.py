"""Runs the tests of rights, scopes and moves once for every rule that is left out; each must fail a test.

Loaded by script/mutate only. The tests are collected and their database is made once. Each mutant then
lives in a forked process of its own, where the live functions and tables take on its code, and where the
tests run until one fails; those that noticed the mutant before come first.
"""

import ast
import gc
import os
import signal
import sys
import time
import types
from dataclasses import dataclass, field

import pytest
from django.db import connections

from tests.mutation.mutants import ROOT, Mutant, files, mutants_of
from tests.mutation.unnoticed import UNNOTICED

_SECONDS = 600
_NOTICED, _PASSED = 1, 0


def pytest_addoption(parser):
    parser.addoption("--rule", default="", help="only rules whose name has this in it")


def pytest_collection_modifyitems(items):
    # A test with threads or processes of its own would take its database with it into them.
    items[:] = [item for item in items if "own_database" not in item.fixturenames]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """Instead of the tests: the tests without a mutant, which must pass, and then once for each."""
    _make_the_database(session)
    runs = _Runs(session)
    if not _is_noticed_by(runs.items, None, runs):
        print(f"\n{len(runs.items)} tests pass as the rules are: {runs.seconds:.0f} s", flush=True)
    else:
        raise pytest.UsageError("the tests fail as the rules are; nothing can be said of any mutant")
    wanted = session.config.getoption("--rule")
    mutants = [each for path in files() for each in mutants_of(path) if wanted in each.name]
    unnoticed = []
    for number, mutant in enumerate(mutants, 1):
        noticed = mutant.name in UNNOTICED or _is_noticed_by(runs.in_order(mutant), mutant, runs)
        if not noticed:
            unnoticed.append(mutant)
            print(f"UNNOTICED {mutant.path}:{mutant.line} {mutant.name}", flush=True)
        if number % 25 == 0:
            print(f"{number} of {len(mutants)}, {len(unnoticed)} unnoticed, {runs.seconds:.0f} s", flush=True)
    known = sum(mutant.name in UNNOTICED for mutant in mutants)
    print(
        f"\n{len(mutants)} rules left out, one at a time: {len(mutants) - len(unnoticed) - known} noticed,"
        f" {known} that change nothing (tests/mutation/unnoticed.py), {len(unnoticed)} not noticed.",
        flush=True,
    )
    session.testsfailed = len(unnoticed)
    return True


@dataclass
class _Runs:
    """The tests, in the order in which they are most likely to notice."""

    session: pytest.Session
    items: list = field(init=False)
    noticed: dict = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self):
        self.items = list(self.session.items)

    @property
    def seconds(self):
        return time.monotonic() - self.began

    def in_order(self, mutant):
        """Who noticed the last mutants first, those of the same place before others."""
        here = self.noticed.get(mutant.within, {})
        elsewhere = {}
        for places in self.noticed.values():
            for item, times in places.items():
                elsewhere[item] = elsewhere.get(item, 0) + times
        return sorted(self.items, key=lambda item: (-here.get(item, 0), -elsewhere.get(item, 0)))

    def note(self, mutant, item):
        places = self.noticed.setdefault(mutant.within, {})
        places[item] = places.get(item, 0) + 1


def _make_the_database(session):
    """Let a first test make what all of them share, so that no fork has to."""
    first = next(item for item in session.items if "db" in item.fixturenames)
    session.config.hook.pytest_runtest_protocol(item=first, nextitem=_Nobody(session))
    connections.close_all()


@dataclass
class _Nobody:
    """Comes after the last test, and keeps only what is the whole session's."""

    session: pytest.Session

    def listchain(self):
        return [self.session]


def _is_noticed_by(items, mutant, runs):
    reads, writes = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(reads)
        os._exit(_run(items, mutant, runs.session, writes))
    os.close(writes)
    with os.fdopen(reads, "rb") as told:
        said = told.read()
    _pid, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code == _PASSED:
        return False
    if mutant and said:
        runs.note(mutant, items[int(said)])
    elif mutant is None:
        print(items[int(said)].nodeid if said else f"ended by {code}", flush=True)
    return True


def _run(items, mutant, session, told):
    """In the child: take on the mutant and run the tests until one fails; the process's exit code."""
    signal.alarm(_SECONDS)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    try:
        if mutant:
            take_on(mutant)
        for place, item in enumerate(items):
            failed = session.testsfailed
            after = items[place + 1] if place + 1 < len(items) else _Nobody(session)
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if session.testsfailed > failed:
                os.write(told, str(place).encode())
                return _NOTICED
    except BaseException:
        # A rule without which nothing runs at all is noticed.
        return _NOTICED
    return _PASSED


def take_on(mutant: Mutant) -> None:
    """Give the functions and tables of the living process the code they have in the mutant."""
    module = sys.modules[mutant.path.removesuffix(".py").replace("/", ".")]
    name = mutant.within
    tables = _assigned(mutant.tree)
    if name in tables:
        # What is made of the table after it, too.
        for each in list(tables)[list(tables).index(name) :]:
            _put_table(module, each, tables[each])
        return
    code = next(
        each for each in _codes(compile(mutant.tree, mutant.path, "exec")) if each.co_qualname == name
    )
    path = str(ROOT / mutant.path)
    living = [
        each
        for each in gc.get_objects()
        if type(each) is types.FunctionType
        and each.__qualname__ == name
        and each.__code__.co_filename == path
    ]
    assert living, f"nothing living is called {name}"
    for function in living:
        function.__code__ = code.replace(co_filename=path)


def _assigned(tree):
    return {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}


def _codes(code):
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield each
            yield from _codes(each)


def _put_table(module, name, value):
    """The table as it is in the mutant, wherever it was imported to, also under another name."""
    old = getattr(module, name)
    expression = ast.fix_missing_locations(ast.Expression(value))
    new = eval(compile(expression, module.__file__, "eval"), vars(module))  # noqa: S307
    for other in list(sys.modules.values()):
        for known, held in list(vars(other).items()) if isinstance(other, types.ModuleType) else ():
            if held is old:
                setattr(other, known, new)
