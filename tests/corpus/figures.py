"""Prints precision and recall of the reader, field by field; script/reading runs it (docs/reading.md)."""

import time

import pytest

from partnerships.files.reading import can_read_pictures
from tests.corpus.forms import as_digital, as_scan, measured, read_text
from tests.corpus.naskah_corpus import PARTS, naskah_of

# Reading a page off a picture takes seconds: the first papers of each part stand for the others.
SCANNED = 8


@pytest.mark.parametrize("part", PARTS)
def test_print_the_figures(settings, tmp_path, part):
    settings.PORTAL_DATA = tmp_path
    papers = naskah_of(part)
    forms = {"text": (papers, read_text), "digital": (papers, as_digital)}
    if can_read_pictures():
        forms["scan"] = (papers[:SCANNED], as_scan)
    else:
        print("\nScans are not measured: Tesseract with Indonesian is not installed here.")
    for form, (some, read) in forms.items():
        begun = time.monotonic()
        report(part, form, len(some), measured(some, read), time.monotonic() - begun)


def report(part, form, papers, measure, seconds):
    print(f"\n{part}, {form}: {papers} papers, {seconds / papers:.1f} s each")
    print(f"{'field':22}{'precision':>10}{'recall':>8}{'right':>7}{'proposed':>10}{'there':>7}")
    for name, score in [*measure.fields.items(), ("all", measure.total)]:
        print(
            f"{name:22}{score.precision:>10.3f}{score.recall:>8.3f}"
            f"{score.right:>7}{score.proposed:>10}{score.there:>7}"
        )
    for step, count in measure.steps.items():
        print(f"  {step}: {count['right']} of {count['proposed']} right")
    if part == "development":
        for miss in measure.misses:
            print("  missed:", *miss)
