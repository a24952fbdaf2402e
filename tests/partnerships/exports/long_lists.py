"""Long lists without a database: rows like those of the register, made from numbers."""

import datetime
from dataclasses import replace
from itertools import groupby
from types import SimpleNamespace

from django.http import QueryDict

from partnerships.columns import COLUMNS, Amount
from partnerships.exports.extract import Figure
from partnerships.exports.issue import Issue
from partnerships.exports.sheet import Sheet
from partnerships.exports.worded import by_value
from partnerships.models import IssuedKind, PartialDate

_WORDS = (
    *("peningkatan", "kompetensi", "tenaga", "kerja", "melalui", "pelatihan", "vokasi", "dan", "pemagangan"),
    *("integrasi", "data", "ketenagakerjaan", "penempatan", "perluasan", "kesempatan", "produktivitas"),
)
_VALIDITIES = ("in_force", "ending", "ended", "unknown")
DEFAULT = "ref,title,partner,kind,signed,validity,unit"


class LongList:
    """What a writer of files asks of an Extract, over ``count`` rows made up."""

    title = "Daftar kemitraan"
    no_rows = "Tidak ada"
    moment = "28 November 2026, 09.50 WIB"
    asked_by = "Nama Uji 1, Biro Kerja Sama"
    narrowed_by = (("Status", "Ditandatangani"),)

    def __init__(self, count, columns=DEFAULT, group=None, upright=False, **changed):
        self.count = count
        self.columns = [
            replace(COLUMNS[code], value=lambda row, code=code: getattr(row, code))
            for code in columns.split(",")
        ]
        self.upright = upright
        self.as_of = datetime.datetime(2026, 11, 28, 2, 50, tzinfo=datetime.UTC)
        reader = SimpleNamespace(name="Nama Uji 1")
        self.issue = Issue(
            IssuedKind.REGISTER, reader, QueryDict(), as_of=self.as_of, code="23456789ABCD", language="en"
        )
        self.sheets = [Sheet("uji", "Uji", {"ref": "Nomor"}, tuple((str(n),) for n in range(count)))]
        self.listing = SimpleNamespace(counted=lambda number: f"{number} naskah")
        self._group = group
        self._changed = changed

    @property
    def figures(self):
        return [Figure("Naskah", self.count), Figure("Pemerintah daerah", self.count // 4, "75 naskah")]

    def rows(self):
        for number in range(self.count):
            row = SimpleNamespace(**_row(number))
            for name, value in self._changed.items():
                setattr(row, name, value(number))
            yield row

    def groups(self):
        return groupby(self.rows(), lambda row: self._group(row) if self._group else None)

    def groups_in_words(self):
        return by_value(self.groups(), self.columns)


def by_year(row):
    return str(row.signed.earliest.year)


def _row(number):
    # A number that looks drawn by lot, and is the same each time.
    lot = (number * 2_654_435_761) % 2**32
    words = [_WORDS[(lot >> place) % len(_WORDS)] for place in range(3 + lot % 11)]
    return {
        "ref": f"KS-{2026 - number // 90}-{number:05d}",
        "title": " ".join(words).capitalize(),
        "partner": [f"Pemerintah Kabupaten Uji {lot % 40}", *(["Universitas Uji"] if lot % 5 == 0 else [])],
        "class": "Pemerintah daerah",
        "kind": "Nota Kesepahaman" if lot % 3 else "Perjanjian Kerja Sama",
        "signed": PartialDate.of(2026 - number // 90, 1 + lot % 12, 1 + lot % 28),
        "validity": _VALIDITIES[lot % 4],
        "unit": f"Ditjen Uji {lot % 6}",
        "commitments": lot % 1200,
        "place": None if lot % 2 else "Jakarta",
        "region": ["Kabupaten Uji", "Kota Uji"],
        "theme": ["pelatihan vokasi", "produktivitas"],
        "number": ["100.3.7/12/2025"],
        "target": Amount.of(lot % 9000, None),
    }
