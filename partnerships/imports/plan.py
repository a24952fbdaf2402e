"""What an import would do, as plain data: a page, a command and a test read the same plan."""

from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.imports.table import Table, Trouble


class Verdict(models.TextChoices):
    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    KEPT = "kept", _("kept as people have changed it")
    SAME = "same", _("the same")
    REFUSED = "refused", _("refused")


@dataclass(frozen=True)
class Change:
    """A field that the import would write, with what stands there and what would."""

    field: str
    before: str
    after: str


@dataclass
class PlannedRow:
    """What becomes of one row. ``edited``: people have changed the record since it was imported, so
    the row is applied only when the import may overwrite."""

    number: int
    external_id: str
    label: str = ""
    verdict: str = Verdict.NEW
    edited: bool = False
    changes: list[Change] = field(default_factory=list)
    refusals: list[Trouble] = field(default_factory=list)
    warnings: list[Trouble] = field(default_factory=list)
    ref: str = ""


@dataclass(frozen=True)
class Counts:
    """Rows by verdict; ``warned`` are the rows with a warning, whatever becomes of them."""

    new: int = 0
    changed: int = 0
    kept: int = 0
    same: int = 0
    refused: int = 0
    warned: int = 0


@dataclass
class Plan:
    """Every row of a file with its verdict. ``notes`` are warnings about the file as a whole."""

    source: str
    table: Table
    rows: list[PlannedRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def of(self, verdict):
        return [row for row in self.rows if row.verdict == verdict]

    @property
    def refusals(self):
        return [trouble for row in self.rows for trouble in row.refusals]

    @property
    def warnings(self):
        return [trouble for row in self.rows for trouble in row.warnings]

    def counts(self, *, overwrite=False):
        """How many rows of each verdict an application would end with."""
        return _counted(self.rows, [settled(row, overwrite=overwrite) for row in self.rows])


@dataclass
class Outcome:
    """What an application did; its rows carry the references of the papers."""

    source: str
    rows: list[PlannedRow]

    @property
    def counts(self):
        return _counted(self.rows, [row.verdict for row in self.rows])


def settled(row, *, overwrite):
    """The verdict of a row when the import is applied: an edited record stays unless overwritten."""
    if row.verdict == Verdict.CHANGED and row.edited and not overwrite:
        return Verdict.KEPT
    return Verdict(row.verdict)


def _counted(rows, verdicts):
    return Counts(
        **{verdict.value: verdicts.count(verdict) for verdict in Verdict},
        warned=sum(bool(row.warnings) for row in rows),
    )
