"""One row of a file, cell by cell: what it says, before anybody looks up whom it means."""

from dataclasses import dataclass, field

from django.utils.dates import WEEKDAYS as DAY_NAMES
from django.utils.translation import gettext as _

from partnerships.imports import vocabulary
from partnerships.imports.cells import (
    NotUnderstood,
    clean,
    duration_in_months,
    fits,
    listed,
    listed_with_gaps,
    partial_date,
    word_from,
)
from partnerships.imports.table import Trouble
from partnerships.imports.vocabulary import name_key
from partnerships.lifecycle import Status
from partnerships.models import (
    Agreement,
    AgreementKind,
    Certainty,
    Commitment,
    PartialDate,
    Party,
    Person,
    Signatory,
    SigningEvent,
)
from partnerships.models.partial_date import weekday_mismatch


def _longest(model, name):
    return model._meta.get_field(name)


_WHOLE_CELLS = {
    "id": _longest(Agreement, "external_id"),
    "title": _longest(Agreement, "title"),
    "place": _longest(Agreement, "place"),
    "event": _longest(SigningEvent, "name"),
    "renews": _longest(Agreement, "external_id"),
    "implements": _longest(Agreement, "external_id"),
}
_LISTED_CELLS = {
    "number_kemnaker": _longest(Party, "number"),
    "number_partner": _longest(Party, "number"),
    "signatory_kemnaker": _longest(Person, "name"),
    "signatory_partner": _longest(Person, "name"),
    "signatory_kemnaker_position": _longest(Signatory, "post"),
    "signatory_partner_position": _longest(Signatory, "post"),
    "commitments": _longest(Commitment, "text"),
}
# Sentences keep their signs; everything else is a name, a number or a word of a vocabulary.
_WORDING = {"commitments", "conflict_note", "sources"}


@dataclass
class Said:
    """A row as it was written, cleaned: dates are dates, words of a vocabulary are understood."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    kind: str = AgreementKind.UNKNOWN
    status: str = Status.SIGNED
    date: PartialDate | None = None
    partner_kinds: list[tuple] = field(default_factory=list)
    duration_months: int | None = None
    ends: PartialDate | None = None
    ends_open: bool = False
    certainty: str = Certainty.MEDIUM
    wrong_weekdays: dict[str, str] = field(default_factory=dict)
    refusals: list[Trouble] = field(default_factory=list)
    warnings: list[Trouble] = field(default_factory=list)

    @property
    def external_id(self):
        return self.cells.get("id", "")

    @property
    def sources(self):
        return listed(self.cells.get("sources", ""))

    def cell(self, column):
        return self.cells.get(column, "")

    def refuse(self, column, reason):
        self.refusals.append(Trouble(self.number, column, str(reason)))

    def warn(self, column, reason):
        self.warnings.append(Trouble(self.number, column, str(reason)))

    def attempt(self, column, read, *arguments):
        """What ``read`` makes of it; None and a refusal under that column when it can't."""
        try:
            return read(*arguments)
        except NotUnderstood as error:
            self.refuse(error.column or column, error)
            return None


def read_row(row):
    """What a row of the table says; faults stand in its refusals, each with its column."""
    said = Said(number=row.number, refusals=list(row.troubles))
    faulty = {trouble.column for trouble in row.troubles}
    for column, text in row.cells.items():
        # In a line of another width the cells stand under the wrong names; only the first is sure.
        if column in faulty or ("" in faulty and column != "id"):
            continue
        form = "NFC" if column in _WORDING else "NFKC"
        said.cells[column] = said.attempt(column, clean, text, form) or ""
    if "" in faulty:
        return said
    for column in vocabulary.REQUIRED_COLUMNS:
        if not said.cell(column) and column not in {refusal.column for refusal in said.refusals}:
            said.refuse(column, _("The cell is empty, but every row needs it."))
    _check_lengths(said)
    _read_words(said)
    _read_dates(said)
    if not said.sources:
        said.warn("sources", _("The row names no source."))
    return said


def _check_lengths(said):
    for column, limit in _WHOLE_CELLS.items():
        said.attempt(column, fits, said.cell(column), limit)
    for column, limit in _LISTED_CELLS.items():
        for part in listed(said.cell(column)):
            said.attempt(column, fits, part, limit)


def _read_words(said):
    if word := said.cell("instrument_kind"):
        known = said.attempt("instrument_kind", word_from, vocabulary.PAPERS, word, vocabulary.PAPER_WORDS)
        said.kind, said.status = known or (said.kind, said.status)
    for word in listed_with_gaps(said.cell("partner_type")):
        kinds = word and said.attempt(
            "partner_type", word_from, vocabulary.PARTNER_TYPES, word, vocabulary.PARTNER_TYPE_WORDS
        )
        said.partner_kinds.append(kinds or ())
    if word := said.cell("certainty"):
        known = said.attempt("certainty", word_from, vocabulary.CERTAINTIES, word, vocabulary.CERTAINTY_WORDS)
        said.certainty = known or said.certainty


def _read_dates(said):
    said.date = said.attempt("date_signed", partial_date, said.cell("date_signed"))
    end = said.cell("end_date")
    if name_key(end) in vocabulary.OPEN_END_KEYS:
        said.ends_open = True
    elif name_key(end) not in vocabulary.UNKNOWN_END_KEYS:
        said.ends = said.attempt("end_date", partial_date, end)
    if said.ends and said.date and said.ends.latest < said.date.earliest:
        said.refuse(
            "end_date",
            _("The end (%(end)s) lies before the signing (%(signed)s).")
            % {"end": said.ends, "signed": said.date},
        )
    if duration := said.cell("duration_years"):
        said.duration_months = said.attempt("duration_years", duration_in_months, duration)
    for column, text in said.cells.items():
        if wrong := weekday_mismatch(text):
            written, _date, weekday = wrong
            said.wrong_weekdays[column] = written
            said.warn(
                column,
                _("“%(written)s”: that day is a %(weekday)s.")
                % {"written": written, "weekday": DAY_NAMES[weekday]},
            )
