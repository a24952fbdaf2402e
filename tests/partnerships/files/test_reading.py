import io
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from partnerships.files import SCAN, CannotRead, FileDamaged, reading, take_in
from tests.partnerships.files import pdf_files, picture_files
from tests.partnerships.files.hostile_files import hostile_files
from tests.partnerships.files.scans import LINES, PHRASE, scanned_pdf, scanned_picture

MEDIA_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


@pytest.fixture
def read(media):
    """What stands in a file that has been taken in."""

    def _read(name, content, **most):
        stored = take_in(SimpleUploadedFile(name, content), limit=SCAN)
        return reading.pages_of(stored.key, sha256=stored.sha256, media_type=stored.media_type, **most)

    return _read


@pytest.fixture
def put(media):
    """Brings bytes under a key without a look into them, as if the examiner had let them through."""

    def _put(content, number=0):
        key = f"{number:032x}"
        path = media / "files" / key[:2] / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return {"key": key, "sha256": sha256(content).hexdigest()}

    return _put


SENTENCE = "Para pihak sepakat melaksanakan pelatihan vokasi bagi pencari kerja di daerah."


def test_the_words_of_each_page_are_read_in_order(read):
    answer = read("naskah.pdf", pdf_files.with_words(SENTENCE, "Pasal 2. " + SENTENCE))

    assert answer.state == reading.State.READ
    assert answer.pages == [
        reading.PageWords(1, SENTENCE, by_ocr=False),
        reading.PageWords(2, "Pasal 2. " + SENTENCE, by_ocr=False),
    ]
    assert answer.total == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", scanned_pdf()), ("a.jpg", scanned_picture()), ("a.png", scanned_picture("PNG"))],
)
def test_a_picture_of_a_page_is_read_as_well(name, content, read):
    answer = read(name, content)

    assert answer.state == reading.State.READ
    (page,) = answer.pages
    assert page.by_ocr
    assert PHRASE in page.text


def test_pages_of_words_and_pages_that_are_pictures_may_be_in_one_file(read):
    # What a scanner's programme writes under each of its pages is not what stands on the page.
    two = scanned_pdf(LINES, ("Halaman kedua", "tentang pemagangan di luar negeri"))

    answer = read("a.pdf", two)

    assert [(page.number, page.by_ocr) for page in answer.pages] == [(1, True), (2, True)]
    assert "pemagangan di luar negeri" in answer.pages[1].text


def test_a_file_without_words_is_empty(read):
    assert read("a.png", picture_files.png(Image.new("RGB", (300, 300), "white"))).state == "empty"


def test_without_tesseract_a_scan_says_so_and_words_are_read_all_the_same(read, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")

    scan, words = read("a.pdf", scanned_pdf()), read("b.pdf", pdf_files.with_words(SENTENCE))

    assert (scan.state, scan.pages, scan.total) == (reading.State.NO_OCR, [], 1)
    assert words.state == reading.State.READ
    assert not reading.can_read_pictures()


def test_no_more_pages_are_read_than_said(read, monkeypatch):
    monkeypatch.setattr(reading, "MOST_PAGES", 3)

    answer = read("a.pdf", pdf_files.with_words(*[f"{n}. {SENTENCE}" for n in range(5)]))

    assert [page.number for page in answer.pages] == [1, 2, 3]
    assert answer.total == 5


def test_no_more_pages_are_read_off_pictures_than_said(read):
    answer = read("a.pdf", scanned_pdf(LINES, LINES), most_by_ocr=1)

    assert [page.number for page in answer.pages] == [1]
    assert (answer.state, answer.total) == (reading.State.READ, 2)


def test_control_characters_and_broken_letters_do_not_come_through():
    assert reading._clean("a\x00b\x07 \ud800c\u200b\tpem\x02\r\nbangunan \ufb01sik\n\n\n\nz ") == (
        "ab c pembangunan fisik\n\nz"
    )
    assert len(reading._clean("a" * 50_000)) == reading.LONGEST_PAGE


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", scanned_pdf()), ("a.jpg", scanned_picture()), ("b.pdf", pdf_files.with_words(SENTENCE))],
)
def test_a_page_is_drawn_as_wide_as_the_preview(name, content, media):
    stored = take_in(SimpleUploadedFile(name, content), limit=SCAN)

    drawn = reading.picture_of(stored.key, sha256=stored.sha256, media_type=stored.media_type, page=1)

    picture = Image.open(io.BytesIO(drawn))
    picture.load()
    assert (picture.format, picture.mode) == ("PNG", "RGB")
    assert reading.PREVIEW_WIDTH - 2 <= picture.width <= reading.PREVIEW_WIDTH
    assert picture.convert("L").getextrema()[0] < 100  # something is written on it


def test_a_photo_is_drawn_upright(put):
    # Standing, kept lying, with a note that says how to turn it.
    photo = picture_files.jpeg(Image.new("RGB", (80, 40), "white"), exif=picture_files.exif(orientation=6))

    drawn = reading.picture_of(**put(photo), media_type="image/jpeg", page=1)

    picture = Image.open(io.BytesIO(drawn))
    assert picture.height == 2 * picture.width


@pytest.mark.parametrize("page", [0, 2, 10**9])
def test_a_page_that_is_not_there_can_not_be_drawn(page, put):
    with pytest.raises(CannotRead):
        reading.picture_of(**put(pdf_files.with_words(SENTENCE)), media_type="application/pdf", page=page)


def test_a_damaged_file_is_not_read(put):
    held = put(scanned_pdf()) | {"sha256": "0" * 64}

    with pytest.raises(FileDamaged):
        reading.pages_of(**held, media_type="application/pdf")


def test_a_kind_without_pages_can_not_be_read(put):
    with pytest.raises(CannotRead):
        reading.pages_of(**put(b"PK"), media_type="application/vnd.ms-excel")


@pytest.mark.parametrize(
    "program",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "raise ImportError",
        "print('[]')",
        "print('[' * 100000)",
        'print(\'{"count": 1, "pages": [["a", true, true], ["b", true, true]]}\')',
        'print(\'{"count": 0, "pages": []}\')',
        'print(\'{"count": "1", "pages": []}\')',
        'print(\'{"count": 1, "pages": [[5, true, true]]}\')',
        'print(\'{"count": 1, "pages": [["a"]]}\')',
        "import os\nwhile True: os.write(1, b'{' * 65536)",
    ],
)
def test_a_process_that_a_file_has_taken_over_is_not_believed(program, put, monkeypatch):
    monkeypatch.setattr(reading, "_BEGIN", program)
    held = put(pdf_files.with_words(SENTENCE))

    with pytest.raises(CannotRead):
        reading.pages_of(**held, media_type="application/pdf")
    with pytest.raises(CannotRead):
        reading.picture_of(**held, media_type="application/pdf", page=1)


def test_a_process_that_does_not_answer_is_ended_in_time(put, monkeypatch):
    monkeypatch.setattr(reading, "_BEGIN", "import time; time.sleep(60)")
    monkeypatch.setattr(reading, "_TEXT_SECONDS", 0.5)
    began = time.monotonic()

    with pytest.raises(CannotRead):
        reading.pages_of(**put(pdf_files.with_words(SENTENCE)), media_type="application/pdf")

    assert time.monotonic() - began < 5


def test_a_picture_that_tesseract_does_not_get_done_leaves_the_other_pages(read, monkeypatch):
    monkeypatch.setattr(reading, "_BEGIN_OCR", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")

    answer = read("a.pdf", scanned_pdf())

    assert (answer.state, answer.pages) == (reading.State.EMPTY, [])


def test_what_reads_pictures_is_nobody_without_a_network(tmp_path, put, monkeypatch):
    # In the place of Tesseract, which would not say what it may do.
    said = tmp_path / "tesseract"
    said.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = --list-langs ]; then echo ind; exit; fi\n'
        "read -r user rest < /proc/self/loginuid; while read -r name rest; do\n"
        'case "$name" in Uid:|NoNewPrivs:) echo "$name $rest";; esac; done < /proc/self/status\n'
        'while read -r name rest; do echo "device $name"; done < /proc/net/dev\n'
    )
    said.chmod(0o755)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    (page,) = reading.pages_of(**put(scanned_pdf()), media_type="application/pdf").pages

    assert "NoNewPrivs: 1" in page.text
    assert "Uid: 65534 65534 65534 65534" in page.text or os.geteuid() != 0
    assert [line for line in page.text.split("\n") if line.startswith("device ") and ":" in line] == [
        "device lo:"
    ]


def test_hostile_files_are_read_or_not_but_never_for_long(put):
    hostile = [(n, f) for n, f in enumerate(hostile_files()) if f[1].endswith((".pdf", ".jpg", ".png"))]
    sample = hostile[::6]

    def _answer(numbered):
        number, (what, name, content) = numbered
        held, media_type = put(content, number), MEDIA_TYPES[name[-3:]]
        began = time.monotonic()
        for ask in (reading.pages_of, lambda *a, **k: reading.picture_of(*a, page=1, **k)):
            with suppress(CannotRead):
                ask(**held, media_type=media_type)
        return what, time.monotonic() - began

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(_answer, sample))

    assert len(answers) > 40
    longest = reading._TEXT_SECONDS + 2 * reading._DRAW_SECONDS
    assert [what for what, seconds in answers if seconds > longest] == []
