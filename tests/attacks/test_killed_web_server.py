"""kill -9 of the web server in the middle of an upload or of handing a report in: all or nothing."""

import io
import random
import threading
import time
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.conf import settings
from PIL import Image

from partnerships import files
from partnerships.models import ProgressReport, ReportMove, StoredFile
from partnerships.roles import Role
from tests.attacks.browser import Browser
from tests.conftest import person
from tests.databases import at_work_in
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory
from tests.serving import serving


@pytest.fixture
def served(django_db_setup, django_db_blocker, monkeypatch):
    """A portal whose database and files this test looks into."""
    with (
        django_db_blocker.unblock(),
        serving("killed") as served,
        at_work_in(served.database),
        monkeypatch.context() as patch,
    ):
        patch.setattr(settings, "PORTAL_DATA", served.data)
        yield served


def _photo(number):
    picture = Image.effect_noise((900, 700), 80).convert("RGB")
    picture.putpixel((0, 0), (number % 256, 0, 0))
    bytes_ = io.BytesIO()
    picture.save(bytes_, "JPEG", quality=92)
    return bytes_.getvalue()


class Killer:
    """Kills the server at random moments of a request, spread over the time that it takes whole."""

    def __init__(self, served, seed):
        self._served = served
        self._random = random.Random(seed)  # noqa: S311 - moments, no secrets
        self._longest = None

    def learn(self, request):
        began = time.monotonic()
        assert request() in {201, 302}
        self._longest = time.monotonic() - began

    def under(self, request):
        """The code of the answer, or None; afterwards the server is started anew."""
        outcome = []
        asking = threading.Thread(target=lambda: outcome.append(request()))
        asking.start()
        time.sleep(self._random.uniform(0, self._longest))
        self._served.kill()
        asking.join()
        self._served.start()
        return outcome[0]


@pytest.fixture
def officer(served):
    return person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")


def draft_of(officer):
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    return ReportFactory(
        commitment=MeasurableFactory(agreement=paper),
        period_end=date(2025, 12, 31),
        written_by=officer,
        writers=[officer.pk],
    )


def test_an_upload_is_stored_whole_or_not_at_all_and_a_retry_stores_it_once(served, officer, rounds):
    browser, killer = Browser(served, officer), Killer(served, seed=20250320)
    answered = 0
    for number in range(rounds(sample=4, full=60) + 1):
        report = draft_of(officer)
        address, page = f"/capaian/{report.pk}/bukti/", report.get_absolute_url()
        fields, photo = {"upload_key": str(uuid4())}, _photo(number)
        tokens = browser.token(page)

        upload = partial(browser.post, address, tokens, fields, photo)
        if number == 0:
            killer.learn(upload)
            continue

        code = killer.under(upload)

        rows = list(StoredFile.objects.filter(document__report=report))
        # What was acknowledged is there, and what is there is whole.
        assert len(rows) == 1 if code == 201 else len(rows) <= 1
        for row in rows:
            files.open_checked(row.key, sha256=row.sha256).close()
        answered += code == 201
        assert browser.post(address, browser.token(page), fields, photo) == 201
        assert StoredFile.objects.filter(document__report=report).count() == 1
    keys = set(StoredFile.objects.values_list("key", flat=True))
    for path in files.orphans(keys, timedelta(0)):
        path.unlink()
    kept = {path.name for path in (served.data / "media" / "files").rglob("*") if path.is_file()}
    assert kept == keys
    print(f"answered before the kill: {answered}")


def test_a_report_is_handed_in_whole_or_not_at_all_and_a_retry_hands_it_in_once(served, officer, rounds):
    browser, killer = Browser(served, officer), Killer(served, seed=20250321)
    handed_in = 0
    for number in range(rounds(sample=4, full=40) + 1):
        report = draft_of(officer)
        page = report.get_absolute_url()
        fields = {"value": "55", "note": "Selesai", "version": str(report.version), "then": "submit"}
        fields |= {"batches-TOTAL_FORMS": "0", "batches-INITIAL_FORMS": "0"}
        tokens = browser.token(page)

        submit = partial(browser.post, page, tokens, fields)
        if number == 0:
            killer.learn(submit)
            continue

        code = killer.under(submit)

        stands = ProgressReport.objects.get(pk=report.pk)
        steps = ReportMove.objects.filter(report=report).count()
        assert (stands.status, steps) in {("draft", 0), ("submitted", 1)}
        if code == 302:
            assert (stands.status, stands.value) == ("submitted", 55)
        handed_in += stands.status == "submitted"
        if stands.status == "draft":
            again = {**fields, "version": str(stands.version)}
            assert browser.post(page, browser.token(page), again) == 302
        stands.refresh_from_db()
        assert (stands.status, stands.value) == ("submitted", 55)
        assert ReportMove.objects.filter(report=report).count() == 1
    print(f"handed in before the kill: {handed_in}")
