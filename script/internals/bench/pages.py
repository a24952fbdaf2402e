"""Pages within one process: the time to an answer, in it the database's, the queries, the bytes."""

import gc
import itertools
import re
import time
from typing import Any
from urllib.parse import quote

from script.internals.bench import inside, plain
from script.internals.bench.people import reader, reader_of, words
from script.internals.bench.profiles import profile_of
from script.internals.bench.questions import OF_INSIGHT, PAGES
from script.internals.bench.report import missed
from script.internals.bench.running import Figures

_MOST_TABLES = 3
_TIMES, _SECONDS = (3, 2.0) if inside.QUICK else (25, 6.0)
_PLAINLY = (1, 1.0) if inside.QUICK else (5, 20.0)


class Timed:
    """Counts the queries of a request and the time they take; wraps their execution. ``slowest`` is
    (seconds, SQL) of the one that took longest."""

    def __init__(self) -> None:
        self.queries, self.seconds = 0, 0.0
        self.slowest = (0.0, "")

    def __call__(self, execute: Any, sql: str, *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, *arguments)
        finally:
            took = time.perf_counter() - began
            self.queries += 1
            self.seconds += took
            self.slowest = max(self.slowest, (took, sql))


def main() -> None:
    inside.set_up()
    from django.contrib import admin
    from django.test import Client

    from partnerships.models import Agreement

    said = {name: quote(word) for name, word in words().items()}
    clients = {}
    for name in ("registrar", "officer", "admin"):
        clients[name] = Client(headers={"host": "127.0.0.1"})
        clients[name].force_login(reader(name))
    _measure_index()
    for name, (_title, address, _goal) in PAGES.items():
        admin.site._registry[Agreement].show_facets = (
            admin.ShowFacets.NEVER if name == "admin" else admin.ShowFacets.ALWAYS
        )
        plainly = _measure_plainly(name) if name in OF_INSIGHT else {}
        try:
            with inside.limited():
                _measure(name, clients[reader_of(name)], address.format(**said), plainly)
        except inside.OverTime:
            inside.say(**{f"page.{name}.p50": f"over {inside.MOST_SECONDS:.0f} s"})


def _measure_plainly(name: str) -> Figures:
    """How long plain SQL takes for the figures of a page. Where it says others, nothing is measured."""
    figure, user = f"page.{name}.plain", reader(reader_of(name))
    try:
        with inside.limited():
            # Which warms up.
            if found := plain.differing(name, user):
                raise SystemExit("\n".join(found))
            asked = plain.parameters(name, user)
            took = inside.often(lambda: plain.asked(name, asked), *_PLAINLY)
    except inside.OverTime:
        return {figure: f"over {inside.MOST_SECONDS:.0f} s"}
    return {figure: inside.p50(took)}


def _measure(name: str, client: Any, address: str, figures: Figures) -> None:
    from django.db import connection

    size, took, in_database, queries, slowest = 0, [], [], [], (0.0, "")

    def ask() -> None:
        nonlocal size, slowest
        timed = Timed()
        began = time.perf_counter()
        with connection.execute_wrapper(timed):
            answer = client.get(address)
        took.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        size, slowest = len(answer.content), timed.slowest
        in_database.append(timed.seconds * 1000)
        queries.append(timed.queries)

    inside.often(ask, 2, _SECONDS)
    if len(took) > 1:
        took.clear(), in_database.clear(), queries.clear()
        inside.often(ask, _TIMES, _SECONDS)
    figures |= {f"page.{name}.p50": inside.p50(took), f"page.{name}.sql": inside.p50(in_database)}
    seconds, sql = slowest
    if missed(f"page.{name}.", figures):
        said = f"{profile_of(ask)}; slowest query {seconds * 1000:.3g} ms, of {_tables(sql)}"
        figures[f"page.{name}.profile"] = said
    inside.say(
        **figures,
        **{
            f"page.{name}.p95": inside.p95(took),
            f"page.{name}.queries": inside.p50(queries),
            f"page.{name}.kb": size / 1024,
        },
    )


def _tables(sql: str) -> str:
    read = dict.fromkeys(re.findall(r'(?:FROM|JOIN) "?(\w+)', sql))
    return ", ".join(list(read)[:_MOST_TABLES])


def _measure_index() -> None:
    """The register's memory: how long it takes to read, and to count every facet with it."""
    from django.http import QueryDict

    from partnerships.lifecycle import Status
    from partnerships.models import PartnerClass
    from partnerships.register import agreements_for
    from partnerships.register.index import one_look
    from partnerships.register.index.papers import PaperIndex

    user = reader("registrar")
    facets = []
    # No question is asked twice in a row.
    asked = itertools.cycle(itertools.product(PartnerClass.values, Status.values))

    def count_all() -> None:
        register = agreements_for(user, QueryDict("class={}&status={}".format(*next(asked))))
        # As on a page, which has counted its rows by then.
        with one_look():
            _ = register.count
            began = time.perf_counter()
            _ = register.facets
            facets.append((time.perf_counter() - began) * 1000)

    with inside.limited():
        inside.say(**{"index.ms": inside.p50(inside.often(PaperIndex.read, 3, 20))})
        # The first one reads the register, which may take all the time there is.
        count_all()
        facets.clear()
        inside.often(count_all, _TIMES, _SECONDS)
        inside.say(**{"facets.ms": inside.p50(facets)})
    # As the web server does before it answers (script.internals.web).
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    main()
