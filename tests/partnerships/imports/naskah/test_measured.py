"""The reader measured on the corpus; script/reading measures digital files and scans of all of it."""

import pytest

from partnerships.files.reading import State, can_read_pictures
from tests.corpus.forms import as_digital, measured, pages_of_file, read_pages, read_text, scan_of
from tests.corpus.naskah_corpus import HELD_OUT, naskah_of

# What the held-out papers reached when it was measured (docs/reading.md), less one value in a hundred.
FLOOR_PRECISION, FLOOR_RECALL = 0.98, 0.93


@pytest.fixture
def media(settings, tmp_path):
    settings.PORTAL_DATA = tmp_path


def test_held_out_texts_reach_the_measured_floor():
    measure = measured(naskah_of(*HELD_OUT), read_text)

    assert measure.total.precision >= FLOOR_PRECISION
    assert measure.total.recall >= FLOOR_RECALL


def test_what_is_called_sure_is_right_19_times_of_20():
    steps = measured(naskah_of(*HELD_OUT), read_text).steps["sure"]

    assert steps["proposed"] > 300
    assert steps["right"] / steps["proposed"] >= 0.95


def test_no_paper_that_rules_were_developed_on_is_held_out():
    developed, held_out = naskah_of("development"), naskah_of(*HELD_OUT)

    assert min(len(developed), len(held_out)) >= 20
    assert {paper.text for paper in developed} & {paper.text for paper in held_out} == set()
    titles = {paper.truth["title"] for paper in developed}
    assert titles & {paper.truth["title"] for paper in held_out} == set()


def test_a_digital_pdf_reads_like_its_text(media):
    paper = naskah_of("held_out")[1]

    assert as_digital(paper).title.value == read_text(paper).title.value == paper.truth["title"]


def test_a_scan_gives_kind_day_and_parties_where_pictures_can_be_read(media):
    paper = naskah_of("development")[0]
    reading = pages_of_file(scan_of(paper))
    if not can_read_pictures():
        assert reading.state == State.NO_OCR
        return
    found = read_pages(reading)

    assert found.kind.value == paper.truth["kind"]
    assert found.signed.value == paper.truth["signed"]
    assert len(found.parties) == 2
