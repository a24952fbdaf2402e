"""Both catalogues hold every text that the code and the templates show."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
_SOURCES = ["kemnaker_portal", "regions", "accounts", "partnerships", "templates", "locale", "static/js"]


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    """The catalogues as a fresh extraction from the sources leaves them."""
    copy = tmp_path_factory.mktemp("sources")
    for name in _SOURCES:
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    subprocess.run(
        [
            sys.executable,
            "-m",
            "django",
            "makemessages",
            "-l",
            "id",
            "-l",
            "en",
            "--no-location",
            "--no-obsolete",
        ],
        cwd=copy,
        check=True,
        capture_output=True,
    )
    return copy / "locale"


@pytest.mark.parametrize("language", ["id", "en"])
def test_catalogue_is_complete(language, extracted):
    catalogue = polib.pofile(extracted / language / "LC_MESSAGES" / "django.po")

    missing = [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy]

    assert len(catalogue) > 300
    assert missing == []


def test_placeholders_survive_the_translation(extracted):
    catalogue = polib.pofile(extracted / "id" / "LC_MESSAGES" / "django.po")

    def names(text):
        return sorted(re.findall(r"%\((\w+)\)[sd]", text))

    wrong = [
        entry.msgid
        for entry in catalogue
        if entry.msgstr and set(names(entry.msgid)) != set(names(entry.msgstr))
    ]
    assert wrong == []
