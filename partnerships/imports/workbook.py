"""An XLSX file becomes rows of text, after its zip directory has been found harmless."""

import datetime
import io
import re
import zipfile

import openpyxl
from django.utils.translation import gettext as _

from partnerships.imports.table import (
    MOST_COLUMNS,
    MOST_ROWS,
    FileRefused,
    add_row,
    table_with_header,
)

LARGEST_UNPACKED = 100 * 1024 * 1024
_MOST_ENTRIES = 300
_RATIO_ALLOWED = 100
_SMALL = 1024 * 1024  # below this a high ratio harms nobody
_PROLOG = 64 * 1024


def read_workbook(content):
    """Rows of the first sheet. Raises FileRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_directory(archive)
            _check_prologs(archive)
        return _read_first_sheet(content)
    except FileRefused:
        raise
    except Exception as error:
        # openpyxl and zipfile answer a damaged workbook with nearly every exception there is.
        raise FileRefused(
            _("The file can't be read as an .xlsx workbook. Open it in Excel and save it again.")
        ) from error


def _check_directory(archive):
    entries = archive.infolist()
    if len(entries) > _MOST_ENTRIES:
        raise FileRefused(_("The workbook has too many parts or sheets. Leave only one sheet."))
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > LARGEST_UNPACKED:
        raise FileRefused(
            _("Unpacked, the workbook is larger than %(size)d MB.") % {"size": LARGEST_UNPACKED // 2**20}
        )
    if len({entry.filename for entry in entries}) < len(entries):
        raise FileRefused(_("The workbook holds the same part twice."))
    for entry in entries:
        name = entry.filename.lower()
        if entry.file_size > _SMALL and entry.file_size > _RATIO_ALLOWED * max(entry.compress_size, 1):
            raise FileRefused(_("The workbook is packed far too tightly to be an honest table."))
        if name.startswith("xl/externallinks/"):
            raise FileRefused(
                _("The workbook has links to other files. Save it without them (Data, Edit Links).")
            )
        if "vbaproject" in name or "/embeddings/" in name or "/activex/" in name:
            raise FileRefused(_("The workbook holds macros or embedded files. Save it without them."))
        if re.search(r"\.(zip|xlsx|xlsm|xls|docx|jar|7z|rar|gz)$", name):
            raise FileRefused(_("The workbook holds another archive."))
        if entry.flag_bits & 0x1:
            raise FileRefused(_("The workbook is protected by a password. Save it without one."))


def _check_prologs(archive):
    """No part may define entities: that is how a small file grows or reads what it should not."""
    for entry in archive.infolist():
        if not entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(entry) as part:
            head = part.read(_PROLOG)
        head = re.sub(rb"<!--.*?-->", b"", head, flags=re.DOTALL)
        root = re.search(rb"<[A-Za-z_]", head)
        before = head[: root.start()] if root else head
        if not root or b"\x00" in head or b"<!" in before:
            raise FileRefused(_("The workbook holds definitions that no table needs."))


def _read_first_sheet(content):
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        sheet = book.worksheets[0]
        # The size a sheet says it has may be wrong; the rows themselves are counted.
        sheet.reset_dimensions()
        lines = enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1)
        header = []
        for _number, cells in lines:
            header = [_text(cell)[0] for cell in cells]
            while header and not header[-1].strip():
                header.pop()
            if header:
                break
        table = table_with_header(header)
        if len(book.worksheets) > 1:
            table.notes.append(_("Only the first sheet, %(name)s, is read.") % {"name": sheet.title})
        for number, cells in lines:
            if number > MOST_ROWS + 1:
                raise FileRefused(
                    _(
                        "The sheet goes on below row %(count)d. Split it, or delete the empty rows "
                        "under the table."
                    )
                    % {"count": MOST_ROWS + 1}
                )
            _add_line(table, number, cells, header)
        return table
    finally:
        book.close()


def _add_line(table, number, cells, header):
    read = [_text(cell) for cell in cells]
    read += [("", "")] * (len(header) - len(read))
    # A sheet has cells without end; the empty ones beside the table are none of it.
    while len(read) > len(header) and not read[-1][0].strip():
        read.pop()
    count = len(table.rows)
    add_row(table, number, [text for text, _reason in read], header)
    if len(table.rows) == count:
        return
    for column, (_cell, reason) in zip(table.columns, read, strict=False):
        if reason and column:
            table.rows[-1].refuse(column, reason)


def _text(cell):
    """(the cell as text, why it can't be taken or ""). A formula's last result is not to be trusted."""
    value = cell.value
    if value is None:
        return "", ""
    if cell.data_type == "f":
        return str(value), _("The cell holds a formula. Paste its value instead.")
    if cell.data_type == "e":
        return str(value), _("The cell holds an error (%(value)s).") % {"value": value}
    if isinstance(value, datetime.datetime):
        return value.date().isoformat(), ""
    if isinstance(value, datetime.date):
        return value.isoformat(), ""
    if isinstance(value, float):
        return (str(int(value)) if value.is_integer() else repr(value)), ""
    return str(value), ""
