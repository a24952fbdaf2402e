from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partnerships.files import EVIDENCE, FileRefused, take_in


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """The folder of files, empty and of this test alone."""
    settings.PORTAL_DATA = tmp_path
    return tmp_path / "media"


@pytest.fixture
def files_left(media):
    def _files_left():
        return [path for path in media.rglob("*") if not path.is_dir()]

    return _files_left


@pytest.fixture
def sentence_for(files_left):
    """The sentence with which a file is refused; nothing of it may be left."""

    def _sentence_for(name, content, limit=EVIDENCE):
        with pytest.raises(FileRefused) as refusal:
            take_in(SimpleUploadedFile(name, content), limit=limit)
        assert not files_left()
        return refusal.value.sentence

    return _sentence_for


@pytest.fixture
def kept():
    """What is stored of an upload, and its bytes."""

    def _kept(name, content, limit=EVIDENCE):
        from django.conf import settings

        stored = take_in(SimpleUploadedFile(name, content), limit=limit)
        path = Path(settings.PORTAL_DATA) / "media" / "files" / stored.key[:2] / stored.key
        return stored, path.read_bytes()

    return _kept
