from functools import cache

import pytest

from partnerships.files import EVIDENCE
from partnerships.files.inspection.verdict import Reason
from partnerships.files.refusals import refused_for
from tests.partnerships.files import hostile_pdfs, office_files, pdf_files


@cache
def made(make):
    return dict(make())


def sentence_of(reason):
    return refused_for(reason, EVIDENCE).sentence


@pytest.mark.parametrize(
    "make", [pdf_files.good, pdf_files.good_of_today, pdf_files.good_with_links_and_outline]
)
def test_a_pdf_to_read_is_taken_as_it_is(make, kept):
    stored, content = kept("laporan.pdf", make())

    assert content == make()
    assert (stored.media_type, stored.place_removed) == ("application/pdf", False)


def test_a_pdf_with_an_empty_line_before_its_beginning_is_taken(kept):
    kept("laporan.pdf", b"\r\n" + pdf_files.good())


@pytest.mark.parametrize("what", hostile_pdfs.ACTING)
def test_a_pdf_that_acts_or_brings_files_is_refused_for_that(what, sentence_for):
    content = pdf_files.written(hostile_pdfs.ACTING[what])

    assert sentence_for("laporan.pdf", content) in {
        sentence_of(Reason.PDF_ACTIVE),
        sentence_of(Reason.PDF_ATTACHMENT),
        sentence_of(Reason.PDF_CHANGING_FORM),
    }


def test_a_script_counts_only_where_it_is_one(kept):
    words = pdf_files.stream(b"BT (tentang /JavaScript dan /JS) Tj ET")
    title = b"/Lang (/JS /Launch)"

    kept("bahan ajar.pdf", pdf_files.written(pdf_files.document(content=words, catalog=title)))


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("1 GiB in a page, packed once", Reason.TOO_MUCH),
        ("1 GiB in a page, packed twice", Reason.TOO_MUCH),
        ("a script in objects of 40 MiB", Reason.TOO_MUCH),
        ("a picture of 3,600 megapixels", Reason.PICTURE_SIZE),
        ("5,001 pages", Reason.PDF_PAGES),
    ],
)
def test_what_is_too_much_is_said(what, reason, sentence_for):
    assert sentence_for("laporan.pdf", made(hostile_pdfs.too_much)[what]) == sentence_of(reason)


@pytest.mark.parametrize("what", dict(hostile_pdfs.in_circles()))
def test_a_pdf_that_leads_in_circles_is_refused_as_damaged(what, sentence_for):
    content = made(hostile_pdfs.in_circles)[what]

    assert sentence_for("laporan.pdf", content) == sentence_of(Reason.DAMAGED)


@pytest.mark.parametrize(
    "what", ["that needs a password", "with rights but no password", "with rights in an old cipher"]
)
def test_a_pdf_with_a_password_is_refused_for_that(what, sentence_for):
    content = made(hostile_pdfs.broken)[what]

    assert sentence_for("laporan.pdf", content) == sentence_of(Reason.PASSWORD)


@pytest.mark.parametrize(
    "what",
    [
        "with an archive behind",
        "with an archive as its last object",
        "with a page as a remark",
        "with noise behind",
    ],
)
def test_a_pdf_that_is_something_else_as_well_is_refused_for_that(what, sentence_for):
    content = dict(hostile_pdfs.with_something_else(office_files.zipped({"a": "b"})))[what]

    assert sentence_for("laporan.pdf", content) == sentence_of(Reason.SOMETHING_ELSE_INSIDE)
