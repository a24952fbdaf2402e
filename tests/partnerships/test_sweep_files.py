import os
import time
from datetime import timedelta

import pytest

from partnerships.jobs import sweep_files
from partnerships.models import Document, DocumentPurpose, StoredFile
from tests.factories import AgreementFactory, UserFactory

KEYS = {"named": "a" * 32, "left": "b" * 32, "young": "c" * 32}


@pytest.fixture
def folder(settings, tmp_path):
    settings.PORTAL_DATA = tmp_path
    return tmp_path / "media"


def put(folder, key, age):
    path = folder / "files" / key[:2] / key
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    then = time.time() - age.total_seconds()
    os.utime(path, (then, then))
    return path


def test_what_no_row_names_goes_after_an_hour_and_nothing_else(folder, db):
    document = Document.objects.create(
        agreement=AgreementFactory(), purpose=DocumentPurpose.PAPER, title="Naskah"
    )
    StoredFile.objects.create(
        document=document,
        key=KEYS["named"],
        name="naskah.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        uploaded_by=UserFactory(),
    )
    old = timedelta(hours=2)
    named, left = put(folder, KEYS["named"], old), put(folder, KEYS["left"], old)
    young = put(folder, KEYS["young"], timedelta(minutes=5))

    assert sweep_files() == 1

    assert (named.exists(), left.exists(), young.exists()) == (True, False, True)
