"""A file of a list, from the question to the last byte."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple

from partnerships.exports import as_csv, as_json, as_pdf, as_xlsx
from partnerships.exports.extract import snapshot
from partnerships.exports.issue import Issue
from partnerships.exports.of_register import RegisterExtract

# A form that can't be sent while it is made is made within a request up to this many rows.
MOST_IN_REQUEST = 300


@dataclass(frozen=True)
class Form:
    """One form of file. ``write`` takes an Extract, a file open for bytes, and what is told how many
    rows are done, if anybody is; ``parts`` gives the same bytes as they are made, where that is possible."""

    content_type: str
    write: Callable
    parts: Callable | None = None
    shown_in_browser: bool = False


FORMS = {
    "csv": Form("text/csv; charset=utf-8", as_csv.write, as_csv.parts),
    "xlsx": Form("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx.write),
    "json": Form("application/json", as_json.write, as_json.parts),
    "pdf": Form("application/pdf", as_pdf.write, shown_in_browser=True),
}


class MadeFile(NamedTuple):
    """A finished file, and the Issues of the PDFs in it, to be recorded before it is given out."""

    name: str
    file: BinaryIO
    issued: list[Issue]


def make_file(form, user, params, made_of=RegisterExtract, progress=None):
    """A list as a MadeFile for this reader; ``made_of`` is its Extract. Raises Refused.

    The file is finished before the first byte leaves: a reader gets all rows or an error page,
    never a short file that looks whole, and a slow connection holds no transaction open.
    """
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it when it has been sent
    try:
        with snapshot():
            extract = made_of(user, params)
            FORMS[form].write(extract, file, progress)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return MadeFile(extract.file_name(form), file, extract.issued)


def stream_file(form, user, params, made_of=RegisterExtract):
    """(name, parts) of such a file; the parts are made as they are asked for, whatever their number.

    They hold a snapshot and its cursor until they are used up or closed. Raises Refused, and whatever
    else keeps the first part from being made, before there is a part.
    """
    made = _named_parts(form, user, params, made_of)
    return next(made), made


def _named_parts(form, user, params, made_of):
    with snapshot():
        extract = made_of(user, params)
        with closing(FORMS[form].parts(extract)) as parts:
            first = next(parts)
            yield extract.file_name(form)
            yield first
            yield from parts
