"""Runs the tests of rights, scopes and moves once for every rule that is left out; each must fail a test.

Loaded by script/mutate only. The tests are collected, their database is made, and each says which lines of
the rules it passes through, once. Each mutant then lives in a forked process of its own, where the live
functions and tables take on its code, and where the tests that pass through it run until one fails; those
that noticed the mutant before come first, then the quickest.
"""

import ast
import gc
import json
import os
import signal
import sys
import time
import types
from dataclasses import dataclass, field

import pytest
from django.db import connections

from tests.mutation.mutants import ROOT, Mutant, files, mutants_of
from tests.mutation.passages import Passages
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
    runs.learn()
    print(f"\n{len(runs.items)} tests pass as the rules are: {runs.seconds:.0f} s", flush=True)
    wanted = session.config.getoption("--rule")
    mutants = [each for path in files() for each in mutants_of(path) if wanted in each.name]
    unnoticed = []
    for number, mutant in enumerate(mutants, 1):
        noticed = mutant.name in UNNOTICED or runs.notice(mutant)
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
    passages: dict = field(default_factory=dict)
    took: dict = field(default_factory=dict)
    noticed: dict = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self):
        self.items = list(self.session.items)

    @property
    def seconds(self):
        return time.monotonic() - self.began

    def learn(self):
        """Run each test once as the rules are: which lines of them it passes through, how long it takes."""
        code, said = _forked(lambda told: _pass_through(self.items, self.session, told))
        if code != _PASSED:
            raise pytest.UsageError(f"as the rules are, {said or code} fails; nothing can be said of mutants")
        for item, (seconds, lines) in zip(self.items, json.loads(said), strict=True):
            self.took[item] = seconds
            self.passages[item] = {tuple(line) for line in lines}

    def notice(self, mutant):
        """Whether a test fails with the mutant."""
        items = self._in_order(mutant)
        code, said = _forked(lambda told: _run(items, mutant, self.session, told))
        if said:
            places = self.noticed.setdefault(mutant.within, {})
            item = items[int(said)]
            places[item] = places.get(item, 0) + 1
        return code != _PASSED

    def _in_order(self, mutant):
        """Who passes through it: who noticed the last mutants first, those of the same place before."""
        # Of a table nobody knows who reads it: what was made of it when it was read in counts for all.
        passing = [
            item
            for item in self.items
            if mutant.of_a_table or not mutant.passed_on.isdisjoint(self.passages[item])
        ]
        here = self.noticed.get(mutant.within, {})
        elsewhere = {}
        for places in self.noticed.values():
            for item, times in places.items():
                elsewhere[item] = elsewhere.get(item, 0) + times
        return sorted(
            passing, key=lambda item: (-here.get(item, 0), -elsewhere.get(item, 0), self.took[item])
        )


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


def _forked(work):
    """Do it in a process of its own, silently; its exit code and what it told."""
    reads, writes = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(reads)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        try:
            os._exit(work(lambda words: os.write(writes, words.encode())))
        except BaseException:
            # A rule without which nothing runs at all is noticed.
            os._exit(_NOTICED)
    os.close(writes)
    with os.fdopen(reads) as told:
        said = told.read()
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), said


def _run(items, mutant, session, tell):
    """Take on the mutant and run the tests until one fails; tells its place."""
    signal.alarm(_SECONDS)
    take_on(mutant)
    for place, item in enumerate(items):
        if _fails(item, items[place + 1 : place + 2], session):
            tell(str(place))
            return _NOTICED
    return _PASSED


def _pass_through(items, session, tell):
    """Run the tests; tells how long each takes and which lines of the rules it passes through."""
    passed = []
    for place, item in enumerate(items):
        began = time.monotonic()
        with Passages(files()) as passages:
            failed = _fails(item, items[place + 1 : place + 2], session)
        if failed:
            tell(item.nodeid)
            return _NOTICED
        passed.append((time.monotonic() - began, sorted(passages.lines)))
    tell(json.dumps(passed))
    return _PASSED


def _fails(item, after, session):
    failed = session.testsfailed
    session.config.hook.pytest_runtest_protocol(item=item, nextitem=[*after, _Nobody(session)][0])
    return session.testsfailed > failed


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
    # A table that it made when it was read in is made once more.
    for table, value in tables.items():
        if any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(value)):
            _put_table(module, table, value)


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
