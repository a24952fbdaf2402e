"""Compiles `locale/*/LC_MESSAGES/django.po` for Django, without GNU gettext."""

import io
from pathlib import Path

from script.internals.steps import is_newer, write_whole


def stale(locale: Path) -> list[Path]:
    """The translations whose compiled form is missing or older."""
    found = sorted(locale.glob("*/LC_MESSAGES/*.po"))
    return [po for po in found if not is_newer(po.with_suffix(".mo"), po)]


def compile_translations(files: list[Path]) -> None:
    """Compile them; each is replaced whole, because a torn one would stop every page."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for po in files:
        with po.open("rb") as stream:
            catalog = read_po(stream, locale=po.parts[-3])
        compiled = io.BytesIO()
        write_mo(compiled, catalog)
        write_whole(po.with_suffix(".mo"), compiled.getvalue())
