import os
import time
from contextlib import closing

import pytest

from partnerships.exports.lines import Lines
from partnerships.exports.piece import Begin, Heading, Piece, Rendered, Row, Table
from partnerships.exports.piece_store import PieceStore

HOUR = 3600


def row(number):
    return Row((f"baris {number}",), {}, tinted=False)


def test_lines_come_back_by_number():
    with closing(Lines()) as lines:
        for number in range(450):
            lines.append(row(number))

        assert len(lines) == 450
        assert lines.between(0, 2) == (row(0), row(1))
        assert lines.between(199, 202) == (row(199), row(200), row(201))
        assert lines.between(448, 900) == (row(448), row(449))
        assert lines.group_before(300) == ""


def test_a_group_is_known_with_its_size_when_its_last_row_is_there():
    with closing(Lines()) as lines:
        for name in ("2026", "2025"):
            lines.append(Heading(name, ""))
            for number in range(250):
                lines.append(row(number))
            lines.close_group("250 naskah")

        assert lines.between(0, 1) == (Heading("2026", "250 naskah"),)
        assert lines.between(250, 253) == (row(249), Heading("2025", "250 naskah"), row(0))
        assert [lines.group_before(number) for number in (0, 1, 251, 252)] == ["", "2026", "2026", "2025"]


@pytest.fixture
def store(settings, tmp_path):
    settings.PORTAL_DATA = tmp_path
    return PieceStore()


def piece(text="Satu", **changed):
    table = Table(kinds=("pdf-title",), languages=("",), styles="", tagged=True)
    made = {"table": table, "page": "<table></table>", "first": 7, "goes_on": True, "is_last": False}
    return Piece(lines=(Row((text,), {}, tinted=False),), **(made | changed))


def test_a_piece_is_found_wherever_its_lines_now_stand(store):
    path = store.path_of(piece(), Begin(7, "2026", ""))
    store.keep(Begin(7, "2026", path), Rendered(path, (7, None, 9), 12, ((0, "2025", 90.5),)))

    assert store.path_of(piece(first=20), Begin(20, "2026", "")) == path
    open(path, "wb").close()
    assert store.find(Begin(20, "2026", path)) == Rendered(path, (20, None, 22), 25, ((0, "2025", 90.5),))


def test_a_piece_that_would_look_otherwise_is_another(store):
    usual = store.path_of(piece(), Begin(7, "2026", ""))

    assert store.path_of(piece("Dua"), Begin(7, "2026", "")) != usual
    assert store.path_of(piece(), Begin(7, "2025", "")) != usual
    assert store.path_of(piece(is_last=True), Begin(7, "2026", "")) != usual
    assert store.path_of(piece(page="<table><thead></thead></table>"), Begin(7, "2026", "")) != usual


def test_a_piece_whose_pages_are_gone_is_not_found(store):
    path = store.path_of(piece(), Begin(7, "", ""))
    store.keep(Begin(7, "", path), Rendered(path, (7,), 12, ()))

    assert store.find(Begin(7, "", path)) is None


def test_what_was_used_longest_ago_goes_first_when_there_is_too_much(store, tmp_path, monkeypatch):
    folder = tmp_path / "pieces"
    for name, hours in (("now", 0), ("today", 2), ("yesterday", 30), ("old", 24 * 8)):
        for suffix in (".pdf", ".json"):
            path = folder / f"{name}{suffix}"
            path.write_bytes(b"x" * 1000)
            used = time.time() - hours * HOUR
            os.utime(path, (used, used))

    store.sweep()
    assert {path.stem for path in folder.iterdir()} == {"now", "today", "yesterday"}

    monkeypatch.setattr("partnerships.exports.piece_store._MOST_BYTES", 4500)
    store.sweep()
    assert {path.stem for path in folder.iterdir()} == {"now", "today"}
