"""A file of a list, from the question to the last byte."""

from collections.abc import Callable
from dataclasses import dataclass
from tempfile import TemporaryFile

from partnerships.exports import as_csv, as_json, as_pdf, as_xlsx
from partnerships.exports.extract import snapshot
from partnerships.exports.of_register import RegisterExtract


@dataclass(frozen=True)
class Form:
    """One form of file. ``write`` takes an Extract and a file open for bytes."""

    content_type: str
    write: Callable
    shown_in_browser: bool = False


FORMS = {
    "csv": Form("text/csv; charset=utf-8", as_csv.write),
    "xlsx": Form("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx.write),
    "json": Form("application/json", as_json.write),
    "pdf": Form("application/pdf", as_pdf.write, shown_in_browser=True),
}


def make_file(form, user, params, made_of=RegisterExtract):
    """(name, file) of a list as this reader asks for it; ``made_of`` is its Extract. Raises Refused.

    The file is finished before the first byte leaves: a reader gets all rows or an error page,
    never a short file that looks whole, and a slow connection holds no transaction open.
    """
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it when it has been sent
    try:
        with snapshot():
            extract = made_of(user, params)
            FORMS[form].write(extract, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return extract.file_name(form), file
