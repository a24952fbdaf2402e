"""Many writers of one report, who all read before anybody saves: no save is lost, none happens twice."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connections

from partnerships.actions import guard, progress
from partnerships.actions.guard import StaleVersion
from partnerships.actions.progress import ReportContent
from partnerships.models import ProgressReport
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import AgreementFactory, MeasurableFactory
from tests.partnerships.test_concurrency import all_at_once

WRITERS = 64


class Counter:
    """A report whose value tells how often it was saved: each save adds one to what was read."""

    def __init__(self, officer):
        paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
        self._of = {"commitment": MeasurableFactory(agreement=paper), "by": officer}
        self._of["period_end"] = date(2025, 12, 31)
        self.report = progress.draft(**self._of, content=ReportContent(value=Decimal(0)))
        self.answered, self.refused = 0, 0
        self._counting = threading.Lock()

    def add_one(self):
        read = ProgressReport.objects.get(pk=self.report.pk)
        content = ReportContent(value=read.value + 1)
        try:
            progress.draft(**self._of, content=content, version=read.version)
        except StaleVersion:
            saved = 0
        else:
            saved = 1
        with self._counting:
            self.answered += saved
            self.refused += 1 - saved

    def add(self, times):
        """``times`` tries, spread over all writers."""

        def write(_writer):
            for _try in range(times // WRITERS):
                self.add_one()

        all_at_once(WRITERS, write)
        connections.close_all()
        self.report.refresh_from_db()


@pytest.fixture
def counter(own_database):
    return Counter(person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan"))


def test_of_many_conflicting_saves_none_is_lost_and_none_happens_twice(counter, rounds):
    counter.add(rounds(sample=4 * WRITERS, full=157 * WRITERS))

    assert counter.refused > counter.answered > 0
    assert counter.report.value == counter.answered
    assert counter.report.version == 1 + counter.answered
    assert counter.report.events.filter(pgh_label="update").count() == counter.answered
    print(f"{counter.answered:,} saves answered, {counter.refused:,} refused, none lost")


def test_without_the_guard_saves_are_lost(counter, monkeypatch):
    """What the guard is good for: the same writers, and nobody asks which version they had read."""
    monkeypatch.setattr(guard, "check_version", lambda row, version: None)

    counter.add(4 * WRITERS)

    assert counter.report.value < counter.answered
    print(f"{counter.answered - int(counter.report.value):,} of {counter.answered:,} saves lost")
