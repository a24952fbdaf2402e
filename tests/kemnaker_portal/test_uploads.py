import io

import pytest
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest
from django.test import RequestFactory

from kemnaker_portal import uploads
from partnerships.files import SCAN


def received(content):
    request: HttpRequest = RequestFactory().post("/", {"file": io.BytesIO(content)})
    return request.FILES["file"]


def test_the_largest_file_that_is_taken_comes_through():
    assert SCAN.max_bytes < uploads.LARGEST


@pytest.mark.parametrize("size", [1, 200_000, 3_000_000])
def test_a_file_comes_through_as_it_is(size):
    content = bytes(range(256)) * (size // 256 + 1)

    assert received(content).read() == content


def test_what_is_too_much_is_thrown_away(monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST", 3_000_000)

    file = received(b"x" * 5_000_000)

    assert file.read() == b"x" * 3_000_000
    assert hasattr(file, "temporary_file_path"), TemporaryFileUploadHandler
