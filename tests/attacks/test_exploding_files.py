"""Files that explode are uploaded one after the other while others work: these get their pages (T30)."""

import threading
import time
from functools import partial
from statistics import quantiles
from uuid import uuid4

from partnerships.models import StoredFile
from partnerships.roles import Role
from tests.attacks.nginx import BrowserBehindNginx, nginx_before
from tests.conftest import person
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory
from tests.partnerships.files import hostile_pdfs

REFUSED = 422


class Uploader(threading.Thread):
    """An officer who attaches one file after the other to a report; knows how each was answered."""

    def __init__(self, browser_of, files):
        super().__init__(daemon=True)
        officer = person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")
        paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
        report = ReportFactory(commitment=MeasurableFactory(agreement=paper), written_by=officer)
        self.answers, self._files = [], files
        self._browser = browser_of(officer)
        self._tokens = self._browser.token(f"/komitmen/{report.commitment_id}/capaian/{report.period_end}/")
        self._page = f"/capaian/{report.pk}/bukti/"
        self._ended = threading.Event()

    def run(self):
        number = 0
        while not self._ended.is_set():
            fields = {"upload_key": str(uuid4())}
            bomb = self._files[number % len(self._files)]
            self.answers.append(
                self._browser.post(self._page, self._tokens, fields, bomb, name="laporan.pdf")
            )
            number += 1

    @property
    def has_sent_all(self):
        return len(self.answers) >= len(self._files)

    def end(self):
        self._ended.set()
        self.join()


def test_others_get_their_pages_while_files_explode(nodes, tmp_path, rounds):
    bombs = [content for _what, content in hostile_pdfs.too_much()]
    uploaders, quiet, meanwhile = [], [], []
    pages, stored = rounds(sample=60, full=200), StoredFile.objects.count()
    with nginx_before(nodes, tmp_path) as nginx:
        browser_of = partial(BrowserBehindNginx, nginx, nodes[0])
        reader = browser_of(person(Role.REGISTRAR, "biro-kerja-sama"))
        _time_of(reader, 10)
        for _turn in range(rounds(sample=1, full=3)):
            quiet += _time_of(reader, pages)
            uploader = Uploader(browser_of, bombs)
            uploaders.append(uploader)
            uploader.start()
            meanwhile += _time_of(reader, pages, beside=uploader)
            uploader.end()
            quiet += _time_of(reader, pages)

    answers = [answer for uploader in uploaders for answer in uploader.answers]
    before, under = (quantiles(times, n=20)[18] for times in (quiet, meanwhile))
    print(
        f"\n{len(answers)} files, meanwhile {len(meanwhile)} pages: p95 {1000 * under:.0f} ms for"
        f" {1000 * before:.0f} ms ({under / before:.1f} times), longest {1000 * max(meanwhile):.0f} ms"
    )
    assert set(answers) == {REFUSED}
    assert StoredFile.objects.count() == stored


def _time_of(reader, pages, beside=None):
    """How long (s) each page took, of that many, and more until every file was sent once."""
    times = []
    while len(times) < pages or (beside and not beside.has_sent_all):
        began = time.monotonic()
        assert reader.get("/kemitraan/")[0] == 200
        times.append(time.monotonic() - began)
    return times
