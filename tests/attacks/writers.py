"""People who save again and again while something happens to the database, and know what was answered."""

import threading
import time
from collections import Counter
from contextlib import closing

import psycopg2

from kemnaker_portal.embedded_postgres import database_settings

WRITERS = 8
# Seconds after which nobody will be answered any more; how long it took is printed.
PATIENCE = 120


class Writer(threading.Thread):
    """An officer whose report is saved again and again, each time with one more; knows what was answered."""

    def __init__(self, browser, report):
        super().__init__(daemon=True)
        self.report, self.answered, self.heard_at = report.pk, 0, 0.0
        # How often each code was answered; None where the server died under the request.
        self.codes = Counter()
        # What was answered stands there no more: another version does.
        self.has_lost = False
        self._page = f"/komitmen/{report.commitment_id}/capaian/{report.period_end}/"
        self.browser = browser
        self._tokens = self.browser.token(self._page)
        self._version = report.version
        self._ended = threading.Event()

    def run(self):
        fields = {"batches-TOTAL_FORMS": "0", "batches-INITIAL_FORMS": "0"}
        while not (self._ended.is_set() or self.has_lost):
            fields |= {"value": str(self.answered + 1), "version": str(self._version)}
            code = self.browser.post(f"{self._page}draf/", self._tokens, fields)
            self.codes[code] += 1
            if code in {200, 409}:
                self.heard_at, self.has_lost = time.monotonic(), code == 409
            if code == 200:
                self.answered, self._version = self.answered + 1, self._version + 1
            else:
                time.sleep(0.05)

    def end(self):
        self._ended.set()
        self.join()


def wait_until_answered(writers, since):
    """How long (s) it takes until each of them was answered after that moment."""
    while min(time.monotonic() if each.has_lost else each.heard_at for each in writers) < since:
        assert time.monotonic() - since < PATIENCE, "nobody is answered any more"
        time.sleep(0.02)
    return time.monotonic() - since


def as_owner(server, statement):
    """What a statement gives, asked on a connection of its own."""
    said = database_settings(server.data_dir, "owner")
    with closing(psycopg2.connect(host=said["HOST"], user=said["USER"], dbname=said["NAME"])) as owner:
        owner.autocommit = True
        with owner.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


def assert_whole(server, writers):
    """What was answered stands, each save once in the history too."""
    stands = dict(as_owner(server, "SELECT id, value::int FROM partnerships_progressreport"))
    for writer in writers:
        # The last save may stand although its answer was cut off.
        assert stands[writer.report] - writer.answered in {0, 1}
    saves = as_owner(server, "SELECT sum(version - 1)::int FROM partnerships_progressreport")
    events = "SELECT count(*)::int FROM partnerships_progressreportevent WHERE pgh_label = 'update'"
    assert saves == as_owner(server, events)
