"""The ways in which a paper of the corpus reaches the reader: as text, as a digital PDF, as a scan."""

from django.core.files.uploadedfile import SimpleUploadedFile

from partnerships import files
from partnerships.files.reading import pages_of
from partnerships.imports import naskah
from tests.corpus.measuring import Measure
from tests.corpus.rendering import pdf_of, scanned_pdf_of


def measured(papers, read):
    """The Measure of papers, each read by ``read``."""
    measure = Measure()
    for paper in papers:
        measure.add(paper, read(paper))
    return measure


def read_text(paper):
    return naskah.read([(1, paper.text)])


def as_digital(paper):
    return read_pages(pages_of_file(pdf_of(paper.text)))


def as_scan(paper):
    return read_pages(pages_of_file(scan_of(paper)))


def scan_of(paper):
    return scanned_pdf_of(pdf_of(paper.text), seed=paper.name)


def pages_of_file(data, name="naskah.pdf"):
    """What the portal reads off the pages of a file: taken in, read in limited processes."""
    stored = files.take_in(SimpleUploadedFile(name, data), limit=files.SCAN)
    return pages_of(stored.key, sha256=stored.sha256, media_type=stored.media_type)


def read_pages(reading):
    return naskah.read([(page.number, page.text) for page in reading.pages])
