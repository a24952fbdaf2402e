import pytest

from tests.scanners import clamd_at_work


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """The folder of files, empty and of this test alone."""
    settings.PORTAL_DATA = tmp_path
    return tmp_path / "media"


@pytest.fixture
def clamd(settings):
    """A scanner at work, which the portal shows its files to."""
    with clamd_at_work() as clamd:
        settings.CLAMD = clamd.address
        yield clamd
