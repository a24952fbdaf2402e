"""Rows pasted from a spreadsheet become rows of a ceremony: cells with tabs between them, as every
spreadsheet puts them on the clipboard."""

import csv
import io

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partnerships.forms.lines import MOST_ROWS
from partnerships.imports.vocabulary import name_key
from partnerships.models import Capacity, OrganizationKind

# The columns in their order, each with the words that a header row may have for it.
COLUMNS = {
    "organization": ("mitra", "nama mitra", "pihak", "lembaga", "partner", "organisation", "organization"),
    "title": ("judul", "judul naskah", "tentang", "title"),
    "number": ("nomor mitra", "no mitra", "nomor", "partner number", "number"),
    "ministry_number": (
        "nomor kemnaker",
        "no kemnaker",
        "nomor kementerian",
        "ministry number",
    ),
    "person": ("penandatangan", "nama penandatangan", "penandatangan mitra", "signatory", "name"),
    "post": ("jabatan", "post", "position"),
    "capacity": ("kapasitas", "status penandatangan", "capacity"),
    "new_kind": ("jenis mitra", "jenis mitra baru", "jenis lembaga", "kind", "kind of partner"),
}
_COLUMN_OF = {name_key(word): column for column, words in COLUMNS.items() for word in words}
_CAPACITY_WORDS = {
    Capacity.DEFINITIVE: ("definitif", "pejabat definitif", "in office"),
    Capacity.DEPUTY: ("wakil", "deputy"),
    Capacity.PLT: ("plt", "pelaksana tugas", "acting"),
    Capacity.PLH: ("plh", "pelaksana harian"),
    Capacity.PJ: ("pj", "penjabat", "interim"),
    Capacity.AN: ("a n", "an", "atas nama", "on behalf of"),
    Capacity.PROXY: ("kuasa", "surat kuasa", "proxy", "by power of attorney"),
    Capacity.UNKNOWN: ("", "tidak diketahui", "unknown"),
}
_KIND_WORDS = {
    OrganizationKind.MINISTRY: ("kementerian", "lembaga", "k l", "ministry"),
    OrganizationKind.STATE_BODY: ("lembaga nonstruktural", "badan publik", "state body"),
    OrganizationKind.REGIONAL_OFFICE: ("dinas", "perangkat daerah", "regional office"),
    OrganizationKind.UNIVERSITY: ("universitas", "perguruan tinggi", "university"),
    OrganizationKind.COMPANY: ("perusahaan", "perusahaan swasta", "swasta", "company"),
    OrganizationKind.STATE_COMPANY: ("bumn", "bumd", "state company"),
    OrganizationKind.ASSOCIATION: ("asosiasi", "organisasi profesi", "association"),
    OrganizationKind.NGO: ("yayasan", "lsm", "ormas", "ngo", "foundation"),
    OrganizationKind.INTERNATIONAL_AGENCY: ("lembaga internasional", "international agency"),
    OrganizationKind.FOREIGN_GOVERNMENT: ("pemerintah asing", "foreign government"),
}
_KIND_OF = {word: kind for kind, words in _KIND_WORDS.items() for word in words}
_CAPACITY_OF = {word: capacity for capacity, words in _CAPACITY_WORDS.items() for word in words}
MOST_SIGNS = 100_000


def pasted_rows(text):
    """The rows as (column: typed text) for the fields of a row. Raises ValidationError with a sentence.

    A first row of column names, Indonesian or English, may put the columns in another order.
    """
    if len(text) > MOST_SIGNS:
        raise ValidationError(_("That is more text than 60 rows of a ceremony. Paste fewer rows."))
    rows = [row for row in _cells(text) if any(row)]
    columns = list(COLUMNS)
    named = [_COLUMN_OF.get(name_key(cell)) for cell in rows[0]] if rows else []
    if named and named[0] and (len(named) == 1 or any(named[1:])) and "organization" in named:
        columns, rows = named, rows[1:]
    if len(rows) > MOST_ROWS:
        raise ValidationError(
            _("You pasted %(rows)d rows, and %(most)d papers at once are the most. Paste them in parts."),
            params={"rows": len(rows), "most": MOST_ROWS},
        )
    return [_named(row, columns, number) for number, row in enumerate(rows, start=1)]


def _named(row, columns, number):
    if any(row[len(columns) :]):
        raise ValidationError(
            _("Pasted row %(number)d has %(cells)d cells; there are %(columns)d columns."),
            params={"number": number, "cells": len(row), "columns": len(columns)},
        )
    said = {column: cell for column, cell in zip(columns, row, strict=False) if column}
    capacity = _CAPACITY_OF.get(name_key(said.get("capacity", "")))
    if capacity is not None:
        said["capacity"] = capacity.value
    if kind := name_key(said.get("new_kind", "")):
        # Who names the kind means the partner to be registered, should it not be in the list.
        said["new_kind"], said["new"] = _KIND_OF.get(kind, said["new_kind"]), "on"
    return said


def _cells(text):
    """The cells of each row. A cell of several lines stands in quotation marks; where these make no
    sense, every line is a row and a quotation mark is only itself."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True))
    except csv.Error:
        rows = None
    if rows is None or any("\t" in cell for row in rows for cell in row):
        rows = [line.split("\t") for line in text.splitlines()]
    return [[" ".join(cell.split()) for cell in row] for row in rows]
