"""The chain that seals the history: nothing is lost, nothing put down falsely, nothing changes after."""

import os
import threading
from contextlib import closing
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from partnerships.actions import sealing
from partnerships.jobs.daily import check_history
from partnerships.models import Agreement, HistoryBlock
from partnerships.selectors.chain import Broken, Fault, check_chain
from tests.databases import at_work_in, copy_of_the_test_database, owner_connection
from tests.factories import AgreementFactory

EVENTS = "partnerships_agreementevent"


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker):
    with (
        django_db_blocker.unblock(),
        copy_of_the_test_database(f"test_chain_{os.getpid()}") as name,
        at_work_in(name),
    ):
        sealing.seal()
        yield name


@pytest.fixture
def owner(database):
    with closing(owner_connection(database)) as found, found.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {EVENTS} DISABLE TRIGGER USER")
        yield cursor


@pytest.fixture
def sealed_event(database):
    """The key of an event of a paper that is sealed."""
    paper = AgreementFactory(title="Awal")
    sealing.seal()
    return paper.events.get().pk


def said(*arguments):
    out = StringIO()
    try:
        call_command("check_integrity", *arguments, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_what_is_written_is_sealed_once(database):
    before = check_chain()
    papers = [AgreementFactory() for _each in range(3)]
    assert check_chain().not_sealed > 0

    rows = sealing.seal()

    after = check_chain()
    assert rows >= len(papers)
    assert (after.rows, after.not_sealed, after.broken) == (before.rows + rows, 0, [])
    assert after.head.number > before.head.number
    assert sealing.seal() == 0


def test_a_row_that_is_committed_late_is_sealed_with_those_that_came_after_it(database):
    AgreementFactory()
    sealing.seal()
    written, commit = threading.Event(), threading.Event()

    def write_slowly():
        with closing(connection), transaction.atomic():
            AgreementFactory(title="Lambat")
            written.set()
            commit.wait(30)

    slow = threading.Thread(target=write_slowly)
    slow.start()
    assert written.wait(30)
    AgreementFactory(title="Cepat")
    with pytest.raises(sealing.HeldUp):
        sealing.seal(patience=0.2)
    # The quick one has the higher key, and waits with the slow one.
    assert check_chain().not_sealed > 0
    commit.set()
    slow.join()

    sealing.seal()

    assert (check_chain().not_sealed, check_chain().broken) == (0, [])
    keys = HistoryBlock.objects.filter(table=EVENTS).order_by("-number").values_list("ids", flat=True)[0]
    titles = Agreement._meta.get_field("events").related_model.objects.filter(pk__in=keys)
    assert list(titles.order_by("pk").values_list("title", flat=True)) == ["Lambat", "Cepat"]


def test_a_row_that_is_rolled_back_is_not_missed(database):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        AgreementFactory()
        raise ZeroDivisionError
    AgreementFactory()

    sealing.seal()

    assert check_chain().broken == []


def test_many_who_seal_at_once_make_one_chain(database, monkeypatch):
    monkeypatch.setattr(sealing, "MOST_ROWS", 2)
    for _each in range(8):
        AgreementFactory()
    waiting, rows = check_chain().not_sealed, []

    def seal():
        with closing(connection):
            rows.append(sealing.seal())

    threads = [threading.Thread(target=seal) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(rows) == waiting
    assert (check_chain().not_sealed, check_chain().broken) == (0, [])


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE {events} SET title = 'Lain' WHERE pgh_id = {key}", Fault.CHANGED),
        ("""UPDATE {events} SET pgh_context = '{{"actor": 1}}' WHERE pgh_id = {key}""", Fault.CHANGED),
        ("DELETE FROM {events} WHERE pgh_id = {key}", Fault.MISSING),
    ],
)
def test_the_command_names_the_first_link_that_is_broken(sealed_event, owner, statement, fault):
    owner.execute(f"CREATE TEMP TABLE kept AS SELECT * FROM {EVENTS} WHERE pgh_id = {sealed_event}")
    block = HistoryBlock.objects.get(table=EVENTS, ids__contains=[sealed_event])

    owner.execute(statement.format(events=EVENTS, key=sealed_event))

    assert check_chain().broken == [Broken(block.number, EVENTS, sealed_event, fault)]
    code, words = said()
    assert code == 1
    assert words.splitlines()[0] == f"blok {block.number}, {EVENTS} {sealed_event}: {fault.label}"
    owner.execute(f"DELETE FROM {EVENTS} WHERE pgh_id = {sealed_event}")
    owner.execute(f"INSERT INTO {EVENTS} SELECT * FROM kept")
    assert check_chain().broken == []


def test_a_chain_that_was_cut_is_told_by_a_head_kept_outside(sealed_event, owner):
    out = StringIO()
    call_command("history_head", stdout=out)
    head = out.getvalue().split()[0]
    assert head == str(HistoryBlock.objects.head())
    assert said("--head", head)[0] == 0
    number = int(head.partition(":")[0])

    with transaction.atomic():
        assert check_chain((number, "0" * 64)).broken[0].fault == Fault.NOT_THE_HEAD
    assert check_chain((number + 1, "0" * 64)).broken == [Broken(number + 1, "", None, Fault.CUT)]


def test_rows_that_had_to_change_are_put_down_anew_with_the_reason(sealed_event, owner, database):
    owner.execute(f"UPDATE {EVENTS} SET title = '-' WHERE pgh_id = {sealed_event}")
    assert check_chain().broken != []

    sealing.restate(table=EVENTS, ids=[sealed_event], reason="Penghapusan data pribadi")

    found = check_chain()
    assert found.broken == []
    assert found.restated == [(found.head.number, EVENTS, 1, "Penghapusan data pribadi")]
    owner.execute(f"UPDATE {EVENTS} SET title = '+' WHERE pgh_id = {sealed_event}")
    assert check_chain().broken == [Broken(found.head.number, EVENTS, sealed_event, Fault.CHANGED)]
    owner.execute(f"DELETE FROM {EVENTS} WHERE pgh_id = {sealed_event}")
    sealing.restate(table=EVENTS, ids=[sealed_event], reason="Akhir masa simpan")
    assert check_chain().broken == []


def test_a_column_that_is_added_later_breaks_nothing(sealed_event, owner):
    owner.execute(f"ALTER TABLE {EVENTS} ADD COLUMN added_later integer NOT NULL DEFAULT 7")
    try:
        assert check_chain().broken == []
    finally:
        owner.execute(f"ALTER TABLE {EVENTS} DROP COLUMN added_later")


def test_the_way_in_which_somebody_reads_dates_changes_nothing(sealed_event):
    with connection.cursor() as cursor:
        cursor.execute("SET TimeZone = 'Asia/Jakarta'; SET DateStyle = 'German'")
        try:
            assert check_chain().broken == []
        finally:
            cursor.execute("RESET DateStyle; SET TimeZone = 'UTC'")


def test_the_log_of_each_night_has_the_head_and_what_is_broken(sealed_event, owner, caplog):
    caplog.set_level("INFO")
    check_history()
    assert caplog.messages[-1] == f"head of the history: {HistoryBlock.objects.head()}"

    owner.execute(f"UPDATE {EVENTS} SET title = 'Lain' WHERE pgh_id = {sealed_event}")
    check_history()

    assert any(f"{EVENTS} {sealed_event}: changed" in each for each in caplog.messages)
    owner.execute(f"UPDATE {EVENTS} SET title = 'Awal' WHERE pgh_id = {sealed_event}")
    assert check_chain().broken == []


def test_the_head_of_each_night_goes_to_who_keeps_it_outside(database, settings, mailoutbox):
    settings.HISTORY_HEAD_TO = "auditor@contoh.test"
    AgreementFactory()
    sealing.seal()

    check_history()

    (mail,) = mailoutbox
    assert mail.to == ["auditor@contoh.test"]
    assert str(HistoryBlock.objects.head()) in mail.body
    settings.HISTORY_HEAD_TO = ""
    check_history()
    assert len(mailoutbox) == 1
