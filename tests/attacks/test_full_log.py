"""The disk of the log is full: people read and write as ever, and what went wrong is told as ever."""

from datetime import date
from pathlib import Path

import pytest

from partnerships.roles import Role
from tests.attacks.browser import Browser
from tests.conftest import person
from tests.databases import at_work_in, copy_of_the_test_database
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory
from tests.serving import Served


@pytest.fixture
def served(django_db_setup, django_db_blocker, tmp_path):
    """A portal no line of whose log can be written."""
    with (
        django_db_blocker.unblock(),
        copy_of_the_test_database("test_full_log") as database,
        at_work_in(database),
    ):
        served = Served(database, tmp_path / "data")
        served.log = Path("/dev/full")
        served.start()
        yield served
        served.stop()


def test_nobody_notices_that_the_log_can_not_be_written(served):
    officer = person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    commitment = MeasurableFactory(agreement=paper)
    report = ReportFactory(commitment=commitment, period_end=date(2025, 12, 31), value=0, written_by=officer)
    page = f"/komitmen/{commitment.pk}/capaian/{report.period_end}/"
    browser = Browser(served, officer)
    saved = {"batches-TOTAL_FORMS": "0", "batches-INITIAL_FORMS": "0", "version": str(report.version)}

    assert browser.get("/kemitraan/")[0] == 200
    # Each of these is a line of the log: a refusal, an address that is nobody's, a conflict.
    assert browser.post(f"{page}draf/", ("none", "none"), saved) == 403
    assert browser.get("/kemitraan/KS-0000-0000/")[0] == 404
    tokens = browser.token(page)
    assert browser.post(f"{page}draf/", tokens, {**saved, "value": "12"}) == 200
    assert browser.post(f"{page}draf/", tokens, {**saved, "value": "13"}) == 409
    report.refresh_from_db()
    assert report.value == 12
