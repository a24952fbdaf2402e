"""Files in an S3-compatible store: the promises of a disk, and a store that is away damages nothing."""

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile

from kemnaker_portal import health
from kemnaker_portal.places import PlaceAway, storage_from_url
from partnerships.admin import uploads
from partnerships.files import (
    EVIDENCE,
    FileDamaged,
    FileMissing,
    NotNow,
    being_made,
    made_orphans,
    open_checked,
    open_made,
    orphans,
    remove,
    remove_made,
    take_in,
)
from partnerships.files.reading import preview_of
from tests.buckets import keep_files_in, store_at_work
from tests.partnerships.files import pdf_files

AT_ONCE = timedelta()


@pytest.fixture
def store(settings, monkeypatch):
    with store_at_work() as store:
        keep_files_in(store, settings, monkeypatch)
        yield store


@pytest.fixture
def stored(store):
    return take_in(SimpleUploadedFile("laporan.pdf", pdf_files.good()), limit=EVIDENCE)


def name_of(stored, top="files"):
    return f"{top}/{stored.key[:2]}/{stored.key}"


def test_a_file_lies_in_the_bucket_and_nowhere_on_the_machine(store, stored, files_left):
    assert store.names() == [name_of(stored)]
    assert store.bytes_of(name_of(stored)) == pdf_files.good()
    assert files_left() == []

    with open_checked(stored.key, sha256=stored.sha256) as file:
        assert file.read() == pdf_files.good()
        assert file.fileno()
    remove(stored.key)
    remove(stored.key)
    assert store.names() == []


def test_a_refused_file_never_reaches_the_bucket(store, sentence_for):
    sentence_for("laporan.pdf", b"<html></html>")

    assert store.names() == []


def test_altered_bytes_and_missing_files_are_found(store, stored):
    store.put(name_of(stored), pdf_files.good() + b"\n")
    with pytest.raises(FileDamaged) as damaged:
        open_checked(stored.key, sha256=stored.sha256)
    assert not isinstance(damaged.value, FileMissing)

    store.delete(name_of(stored))
    with pytest.raises(FileMissing):
        open_checked(stored.key, sha256=stored.sha256)


def test_a_store_that_is_away_takes_nothing_and_calls_nothing_damaged(store, stored, files_left):
    assert health.storage_state() == "ok"
    store.goes_away()

    with pytest.raises(PlaceAway):
        open_checked(stored.key, sha256=stored.sha256)
    with pytest.raises(NotNow):
        take_in(SimpleUploadedFile("laporan.pdf", pdf_files.good()), limit=EVIDENCE)
    assert files_left() == []
    assert health.storage_state().startswith("the bucket does not answer")


def test_orphans_are_what_no_row_names(store, stored):
    other = take_in(SimpleUploadedFile("lain.pdf", pdf_files.good()), limit=EVIDENCE)
    preview_of(other.key, sha256=other.sha256, media_type=other.media_type, page=1)
    preview_of(stored.key, sha256=stored.sha256, media_type=stored.media_type, page=1)
    assert len(store.names()) == 4

    assert orphans({stored.key}, timedelta(hours=1)) == []
    for left in orphans({stored.key}, AT_ONCE):
        left.unlink(missing_ok=True)

    assert store.names() == [name_of(stored), f"{name_of(stored, 'previews')}-1.png"]


def test_the_picture_of_a_page_is_made_once(store, stored):
    asked = {"sha256": stored.sha256, "media_type": stored.media_type, "page": 1}
    made = preview_of(stored.key, **asked)
    store.put(f"{name_of(stored, 'previews')}-1.png", b"as it was kept")

    assert made.startswith(b"\x89PNG")
    assert preview_of(stored.key, **asked) == b"as it was kept"


def test_a_made_file_is_kept_given_out_and_swept(store, files_left):
    with being_made() as target:
        target.file.write(b"some rows")
        made = target.keep()

    assert (store.names(), files_left()) == ([name_of(made, "exports")], [])
    with open_made(made.key, sha256=hashlib.sha256(b"some rows").hexdigest()) as file:
        assert file.read() == b"some rows"
    assert made_orphans([made.key], AT_ONCE) == []
    assert len(made_orphans([], AT_ONCE)) == 1
    remove_made(made.key)
    assert store.names() == []


def test_an_import_is_found_by_whichever_machine_applies_it(store):
    kept = uploads.keep(b"slug,name\n", ".csv")

    assert uploads.read(kept) == b"slug,name\n"
    uploads.forget(kept)
    with pytest.raises(uploads.Gone):
        uploads.read(kept)


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("https://store.example/bucket", "does not begin with s3://"),
        ("s3://", "names no bucket"),
        ("s3://key:geheim@bucket", "names no bucket"),
        ("s3://bucket?endpont=https://x", r"options nobody knows \(endpont\)"),
        ("s3://bucket?endpoint", "is not a valid address"),
    ],
)
def test_a_malformed_address_of_files_names_its_form_and_no_secret(url, complaint):
    with pytest.raises(ImproperlyConfigured, match=complaint) as refusal:
        storage_from_url(url)

    assert "s3://bucket?endpoint=https://host&region=name" in str(refusal.value)
    assert "geheim" not in str(refusal.value)
