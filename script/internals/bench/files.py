"""One file, made as the portal makes it or in another way, in a process that does nothing else.

Argument: what is made (see MAKERS). Prints how long it took (s) and how large the process became (MB); with
``profiled`` behind it, where the time goes instead.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from kemnaker_portal.urgency import give_way
from script.internals.bench import inside
from script.internals.bench.memory import Watch, below
from script.internals.bench.people import reader, words
from script.internals.bench.profiles import profile_of

# Rows that the slow other ways make; their time is taken for as many as the portal makes.
_SOME = 20_000
_EVERYTHING = ""
# So few rows can't be told by the day of signing alone: of many papers only the year is known.
_FEW = 500
_ONE_UNIT = "unit=biro-hukum"


def main() -> None:
    what = sys.argv[1]
    inside.set_up()
    reader("registrar")
    if what.startswith("pdf_"):
        # Imported by the first PDF of a worker that is warm.
        from partnerships.exports import own_files  # noqa: F401
    if what.endswith("_busy"):
        # As the worker does that makes files.
        from partnerships.management.commands.run_worker import LESS_URGENT

        give_way(LESS_URGENT)
    make = MAKERS.get(what) or partial(pdf, what.removesuffix("_busy"))
    if sys.argv[2:] == ["profiled"]:
        inside.say(**{f"{what}.profile": profile_of(make)})
        return
    idle = inside.peak_mb()
    with Watch({"below": lambda: below(os.getpid())}, inside.peak_mb_of) as watch:
        figures = make()
    own = inside.peak_mb()
    name = what.removesuffix("_busy")
    inside.say(
        **{f"{name}.{figure}": value for figure, value in figures.items()},
        **{f"{name}.peak": max(own, watch.peaks["below"]), f"{name}.above_idle": own - idle},
    )


def list_in(form: str) -> dict[str, float]:
    from partnerships.exports.files import make_file

    began = time.perf_counter()
    _name, file, _issued = make_file(form, reader("registrar"), asked(_EVERYTHING))
    took = time.perf_counter() - began
    file.close()
    return {"s": took}


def copy() -> dict[str, float]:
    """What the database needs for the cells of the CSV, as plain as they come."""
    from django.db import connection

    from partnerships.exports.extract import snapshot
    from partnerships.exports.query import query_of

    with snapshot(), tempfile.TemporaryFile() as file:
        extract = everything()
        query = query_of(extract, lambda columns: ", ".join(name for _column, name in columns))
        began = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv)", file)
        return {"s": time.perf_counter() - began}


def with_openpyxl() -> dict[str, float]:
    """The same cells written by openpyxl's quickest way, the rows already at hand."""
    import csv

    from openpyxl import Workbook

    from partnerships.exports import as_csv
    from partnerships.exports.extract import snapshot

    with snapshot(), tempfile.TemporaryFile() as file:
        extract = everything()
        as_csv.write(extract, file)
        file.seek(0)
        lines = file.read().decode("utf-8-sig").splitlines()
    rows = list(csv.reader(lines, delimiter=";"))
    some = rows[:_SOME]
    began = time.perf_counter()
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in some:
        sheet.append(row)
    with tempfile.TemporaryFile() as file:
        book.save(file)
    return {"s": (time.perf_counter() - began) * len(rows) / len(some)}


def in_one_piece() -> dict[str, float]:
    """About 1,000 rows as one document, by WeasyPrint as it comes."""
    import weasyprint

    from partnerships.exports import as_pdf
    from partnerships.exports.extract import snapshot
    from partnerships.exports.issue import Issue
    from partnerships.exports.of_register import RegisterExtract
    from partnerships.exports.own_files import style_sheets

    with snapshot():
        extract = RegisterExtract(reader("registrar"), about(1_000))
        page, styles = as_pdf.in_one_piece(extract, Issue.of_list(extract))
    sheets, fonts = style_sheets(styles)
    began = time.perf_counter()
    weasyprint.HTML(string=page.html, base_url=".").write_pdf(
        stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1", pdf_tags=True
    )
    return {"s": time.perf_counter() - began}


def pdf(what: str) -> dict[str, float]:
    """``pdf_<rows>``, every piece of it made anew."""
    from django.conf import settings

    shutil.rmtree(settings.PORTAL_DATA / "pieces", ignore_errors=True)
    return pdf_of(int(what.split("_")[1]))


def pdf_of(rows: int) -> dict[str, float]:
    from partnerships.exports import as_pdf
    from partnerships.exports.extract import snapshot
    from partnerships.exports.of_register import RegisterExtract

    question = about(rows)
    began = time.perf_counter()
    with snapshot(), tempfile.TemporaryFile() as file:
        extract = RegisterExtract(reader("registrar"), question)
        as_pdf.write(extract, file)
        return {"s": time.perf_counter() - began, "rows": extract.count, "kb": file.tell() / 1024}


def profile() -> dict[str, float]:
    from partnerships.exports.profile import profile_page, profile_pdf
    from partnerships.models import Agreement

    user = reader("registrar")
    ref = words()["ref"]

    def make() -> None:
        paper = Agreement.objects.visible_to(user).with_validity().with_parties().get(ref=ref)
        profile_pdf(profile_page(paper, user))

    inside.often(make, 2, 20)
    return {"ms": inside.p50(inside.often(make, 3 if inside.QUICK else 15, 20))}


MAKERS: dict[str, Callable[[], dict[str, float]]] = {
    "csv": lambda: list_in("csv"),
    "json": lambda: list_in("json"),
    "xlsx": lambda: list_in("xlsx"),
    "copy": copy,
    "openpyxl": with_openpyxl,
    "weasyprint": in_one_piece,
    "pdf_again": lambda: pdf_of(_SOME),
    "profile": profile,
}


def asked(question: str) -> Any:
    from django.http import QueryDict

    return QueryDict(question)


def everything() -> Any:
    from partnerships.exports.of_register import RegisterExtract

    return RegisterExtract(reader("registrar"), asked(_EVERYTHING))


def about(rows: int) -> Any:
    """A question, by the day of signing, whose answer has about that many rows and not more.

    It is found in the database: the index of the register is no part of the worker that makes files.
    """
    from partnerships.register import agreements_for

    narrowed = _ONE_UNIT if rows <= _FEW else _EVERYTHING
    signed = agreements_for(reader("registrar"), asked(narrowed)).rows().exclude(signed_latest=None)
    days = signed.order_by("-signed_latest").values_list("signed_latest", flat=True)
    before = days[rows : rows + 1]
    return asked(f"{narrowed}&signed_after={before[0] + timedelta(days=1)}" if before else narrowed)


if __name__ == "__main__":
    main()
