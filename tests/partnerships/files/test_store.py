import errno
import hashlib
import os
import secrets
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from partnerships.files import (
    EVIDENCE,
    SCAN,
    FileDamaged,
    FileRefused,
    Limit,
    NotNow,
    open_checked,
    orphans,
    remove,
    take_in,
)
from tests.partnerships.files import office_files, pdf_files, picture_files

AT_ONCE = timedelta()


class Coming(UploadedFile):
    """An upload that comes in pieces and says of its size what it likes."""

    def __init__(self, pieces, name="laporan.pdf", size=10):
        super().__init__(name=name, size=size, content_type="application/pdf")
        self._pieces = pieces

    def chunks(self, chunk_size=None):
        yield from self._pieces


def mode(path):
    return path.stat().st_mode & 0o777


def place_of(media, key):
    return media / "files" / key[:2] / key


@pytest.fixture
def stored(media):
    return take_in(SimpleUploadedFile("laporan.pdf", pdf_files.good()), limit=EVIDENCE)


def test_a_file_lies_under_its_key_readable_by_the_portal_alone(media, stored, files_left):
    place = place_of(media, stored.key)

    assert files_left() == [place]
    assert place.read_bytes() == pdf_files.good()
    assert mode(place) == 0o640
    assert {mode(folder) for folder in (media, media / "incoming", media / "files", place.parent)} == {0o750}


def test_what_is_said_of_a_file_is_what_is_kept(stored):
    content = pdf_files.good()

    assert (stored.name, stored.media_type, stored.size) == ("laporan.pdf", "application/pdf", len(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()


def test_what_is_said_of_a_changed_picture_is_what_is_kept(media):
    photo = picture_files.jpeg(exif=picture_files.exif(place=picture_files.MONAS))

    stored = take_in(SimpleUploadedFile("foto.jpg", photo), limit=EVIDENCE)

    content = place_of(media, stored.key).read_bytes()
    assert content != photo
    assert (stored.size, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_the_bytes_are_on_the_disk_before_the_name_and_the_name_before_the_answer(media, monkeypatch):
    done = []
    fsync, rename = os.fsync, os.rename

    def noted_fsync(descriptor):
        done.append(("fsync", Path(os.readlink(f"/proc/self/fd/{descriptor}"))))
        fsync(descriptor)

    def noted_rename(source, target, **options):
        done.append(("rename", Path(target)))
        rename(source, target, **options)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "rename", noted_rename)
    key = take_in(SimpleUploadedFile("laporan.pdf", pdf_files.good()), limit=EVIDENCE).key

    place = place_of(media, key)
    assert done.index(("fsync", media / "incoming" / key)) < done.index(("rename", place))
    assert done[-2:] == [("rename", place), ("fsync", place.parent)]
    assert ("fsync", place.parent.parent) in done


def test_the_same_file_twice_is_two_files(stored):
    again = take_in(SimpleUploadedFile("laporan.pdf", pdf_files.good()), limit=EVIDENCE)

    assert again.key != stored.key
    assert again.sha256 == stored.sha256


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Laporan.PDF", "Laporan.pdf"),
        ("Laporan 2.1", "Laporan 2.1.pdf"),
        ("Laporan", "Laporan.pdf"),
        ("a.php.pdf", "a_php.pdf"),
        ("Surat Drs. H", "Surat Drs. H.pdf"),
        ("Kontrak tokopedia.com", "Kontrak tokopedia_com.pdf"),
    ],
)
def test_a_name_ends_in_what_the_file_is(name, shown):
    upload = SimpleUploadedFile(name, pdf_files.good())

    assert take_in(upload, limit=EVIDENCE).name == shown


def test_a_name_that_says_another_kind_is_refused_with_both(sentence_for):
    sentence = sentence_for("foto.docx", picture_files.jpeg())

    assert ".docx" in sentence
    assert "JPG" in sentence


def test_what_the_browser_says_of_the_kind_is_not_believed(sentence_for):
    page = SimpleUploadedFile("laporan.pdf", b"<html></html>", content_type="application/pdf")

    with pytest.raises(FileRefused):
        take_in(page, limit=EVIDENCE)


def test_a_sentence_names_what_is_taken_in_that_place(sentence_for):
    assert sentence_for("a.gif", b"GIF89a").endswith("PDF, JPG, PNG, DOCX, XLSX.")
    assert sentence_for("a.docx", office_files.file("docx"), SCAN).endswith("PDF, JPG, PNG.")
    only_word = Limit(10_000, (EVIDENCE.media_types[3],))
    assert sentence_for("a.xlsx", office_files.file("xlsx"), only_word).endswith(": DOCX.")


def test_an_old_document_and_a_photo_of_an_iphone_get_sentences_of_their_own(sentence_for):
    assert "Word" in sentence_for("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
    assert "HEIC" in sentence_for("a.heic", b"\0\0\0\x18ftypheic" + bytes(500))


def test_an_empty_file_is_refused(sentence_for):
    assert sentence_for("laporan.pdf", b"") != sentence_for("laporan.pdf", b" ")


def test_a_file_of_just_the_limit_is_taken_and_one_byte_more_is_not():
    content = pdf_files.good()
    just_enough, too_little = (Limit(size, EVIDENCE.media_types) for size in (len(content), len(content) - 1))

    with pytest.raises(FileRefused):
        take_in(SimpleUploadedFile("laporan.pdf", content), limit=too_little)

    assert take_in(SimpleUploadedFile("laporan.pdf", content), limit=just_enough).size == len(content)


def test_a_file_that_never_ends_is_refused_at_the_limit_whatever_it_says_of_its_size(files_left):
    came = []

    def without_end():
        while True:
            came.append(1)
            yield b"%PDF-1.7\n" + bytes(2**20)

    with pytest.raises(FileRefused):
        take_in(Coming(without_end(), size=10), limit=EVIDENCE)

    assert len(came) == EVIDENCE.max_bytes // 2**20
    assert files_left() == []


def test_a_file_that_comes_byte_by_byte_is_told_by_its_content():
    content = pdf_files.good()

    stored = take_in(Coming(content[n : n + 1] for n in range(len(content))), limit=EVIDENCE)

    assert stored.media_type == "application/pdf"


@pytest.mark.parametrize("error", [ConnectionResetError, KeyboardInterrupt, SystemExit])
def test_an_upload_that_breaks_off_leaves_nothing(error, files_left):
    def broken_off():
        yield pdf_files.good()
        raise error

    with pytest.raises(error):
        take_in(Coming(broken_off()), limit=EVIDENCE)

    assert files_left() == []


def test_an_error_after_the_file_is_in_its_place_takes_it_out_again(files_left, monkeypatch):
    fsync = os.fsync

    def failing(descriptor):
        place = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        if place.parent.name == "files":
            raise OSError(errno.EIO, "the disk is dying")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OSError, match="dying"):
        take_in(SimpleUploadedFile("laporan.pdf", pdf_files.good()), limit=EVIDENCE)

    assert files_left() == []


def test_a_full_disk_is_the_fault_of_the_portal_and_leaves_nothing(files_left):
    def full():
        yield pdf_files.good()
        raise OSError(errno.ENOSPC, "no space")

    with pytest.raises(NotNow):
        take_in(Coming(full()), limit=EVIDENCE)

    assert files_left() == []


def test_a_file_is_given_back_from_its_beginning(stored):
    with open_checked(stored.key, sha256=stored.sha256) as file:
        assert file.read() == pdf_files.good()


def test_each_of_a_hundred_files_with_one_changed_bit_is_found(media):
    content = pdf_files.good()
    sha256 = hashlib.sha256(content).hexdigest()
    found = 0
    for number in range(100):
        key = secrets.token_hex(16)
        place = place_of(media, key)
        place.parent.mkdir(parents=True, exist_ok=True)
        at = number * len(content) // 100
        place.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        try:
            open_checked(key, sha256=sha256)
        except FileDamaged:
            found += 1

    assert found == 100


def test_a_file_that_is_gone_or_longer_or_a_link_is_damaged(media, stored, tmp_path):
    place = place_of(media, stored.key)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(pdf_files.good())

    place.write_bytes(pdf_files.good() + b"\n")
    with pytest.raises(FileDamaged):
        open_checked(stored.key, sha256=stored.sha256)
    place.unlink()
    with pytest.raises(FileDamaged):
        open_checked(stored.key, sha256=stored.sha256)
    place.symlink_to(elsewhere)
    with pytest.raises(FileDamaged):
        open_checked(stored.key, sha256=stored.sha256)


@pytest.mark.parametrize(
    "key", ["", "../../secret_key", "/etc/passwd", "0" * 31, "0" * 33, "A" * 32, "0" * 31 + "\n"]
)
def test_what_is_no_key_opens_and_removes_nothing(key, media, stored, files_left):
    with pytest.raises(FileDamaged):
        open_checked(key, sha256=stored.sha256)
    with pytest.raises(ValueError, match="not a key"):
        remove(key)

    assert len(files_left()) == 1


def test_a_removed_file_is_gone_and_may_be_removed_again(stored, files_left):
    remove(stored.key)
    remove(stored.key)

    assert files_left() == []


def test_orphans_are_what_no_row_names(media, stored):
    other = take_in(SimpleUploadedFile("lain.pdf", pdf_files.good()), limit=EVIDENCE)
    left_over = media / "incoming" / secrets.token_hex(16)
    left_over.write_bytes(b"%PDF-1.7")

    assert set(orphans({stored.key}, AT_ONCE)) == {left_over, place_of(media, other.key)}
    assert orphans({stored.key}, timedelta(hours=1)) == []


def test_a_file_that_a_row_names_is_an_orphan_where_its_key_does_not_lead(media, stored):
    astray = media / "files" / "zz" / stored.key
    astray.parent.mkdir()
    astray.write_bytes(pdf_files.good())
    unfinished = media / "incoming" / stored.key
    unfinished.write_bytes(b"%PDF")

    assert set(orphans([stored.key], AT_ONCE)) == {astray, unfinished}


def test_there_are_no_orphans_where_no_file_was_ever_taken():
    assert orphans(set(), AT_ONCE) == []
