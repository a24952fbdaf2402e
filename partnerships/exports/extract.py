"""What a file is made of: a list at one moment, and what the file says of itself."""

from abc import ABC, abstractmethod
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.db import transaction
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext

from kemnaker_portal.replicas import reading
from partnerships.columns import in_words
from partnerships.columns.in_sql import quoted
from partnerships.exports.reader import name_and_office, scope_in_words
from partnerships.exports.worded import by_database
from partnerships.models import IssuedKind

_ROWS_AT_A_TIME = 500
# Room to sort what a file joins; and an end for a reader who keeps the line open but takes nothing.
_SETTINGS = """
    SET LOCAL work_mem = '64MB';
    SET LOCAL jit = off;
    SET LOCAL statement_timeout = '30min';
    SET LOCAL idle_in_transaction_session_timeout = '5min'
"""
# A page number and a page size shape the list on the screen; a file always has every row.
_OF_THE_SCREEN = ("page", "size")


class Refused(Exception):
    """No file is made. ``sentences`` tell the reader why."""

    def __init__(self, listing, sentences):
        super().__init__(*sentences)
        self.listing = listing
        self.sentences = sentences


@contextmanager
def snapshot():
    """One state of the data for all questions of a file; within a transaction, the state of that."""
    connection = reading()
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(_SETTINGS)
        yield


def keep_snapshot():
    """Ask the database something: a snapshot that waits for minutes while its rows are put on paper would be
    taken for one left behind, and ended."""
    with reading().cursor() as cursor:
        cursor.execute("SELECT 1")


@dataclass(frozen=True)
class Figure:
    """A number on top of a report, and what is said beside it."""

    label: str
    number: int
    note: str = ""


class Extract(ABC):
    """A reader's rows with their columns, the filters in words, the moment, and who asked.

    Make it and use it up inside one ``snapshot()``. Raises Refused for a parameter that is wrong,
    because a file that silently lacks a filter shows what nobody asked for.
    """

    # What its PDF is issued as; the name of the list, the first word of a file's name, and the name of the
    # sheet with the rows.
    issued_as: IssuedKind
    title: str | Promise
    file_stem: str
    sheet: str | Promise
    # What stands for the filters where there are none, and for the rows where there are none.
    no_filters: str | Promise
    no_rows: str | Promise
    # Columns by whose values the rows are grouped when they are sorted by them.
    grouped_by_value: frozenset[str] = frozenset()
    # Whether a page stands upright, as long as the columns have room on it.
    upright = False

    def __init__(self, user, params):
        params = params.copy()
        for name in _OF_THE_SCREEN:
            params.pop(name, None)
        self.listing = self.ask(user, params)
        if self.listing.problems:
            raise Refused(self.listing, self.listing.problems)
        self.as_of = timezone.localtime()
        # The PDFs that were made of it (exports.issue), to be recorded by who gives the file out.
        self.issued = []
        self.asked_by = name_and_office(user)

    @staticmethod
    @abstractmethod
    def ask(user, params):
        """The list that the file holds."""

    @property
    def columns(self):
        return self.listing.columns

    @property
    def count(self):
        return self.listing.count

    def rows(self):
        """The rows in the order of the list, a few hundred in memory at a time."""
        return self.listing.completed(self.listing.full_rows.iterator(chunk_size=_ROWS_AT_A_TIME))

    @cached_property
    def narrowed_by(self):
        """(label, words) of what narrows the rows: how far this reader sees, then each filter."""
        scope = scope_in_words(self.listing.user)
        said = [(gettext("What you see"), [scope])] if scope else []
        said += map(self.listing.said, self.listing.asked)
        return [(label, ", ".join(words)) for label, words in said]

    @property
    def filters(self):
        return [f"{label}: {words}" for label, words in self.narrowed_by]

    @property
    def moment(self):
        return formats.date_format(self.as_of, "j F Y, H.i T")

    def file_name(self, form):
        return f"{self.file_stem}-{self.as_of:%Y-%m-%d-%H%M}.{form}"

    @property
    @abstractmethod
    def figures(self):
        """The Figures on top of a report; the first one counts every row."""

    @property
    @abstractmethod
    def totals(self):
        """(label, number) of what a workbook says of its rows as a whole."""

    def groups(self):
        """(heading or None, its rows) in the order of the rows, by what they are sorted by.

        None is held: a group's rows are to be read before the next group is asked for.
        """
        return groupby(self.rows(), self.heading_of(self.listing.sort.removeprefix("-")))

    def heading_of(self, sort):
        """What a row's group is called when the rows are sorted by that column: a function of the row."""
        if sort in self.grouped_by_value:
            column = self.listing.all_columns[sort]
            return lambda row: in_words(column.value(row)) or gettext("Not recorded")
        return lambda row: None

    def heading_in_sql(self, sort):
        """The same as SQL, None without groups."""
        if sort not in self.grouped_by_value:
            return None
        said = self.listing.all_columns[sort].cell.sql
        return f"coalesce(nullif({said}, ''), {quoted(gettext('Not recorded'))})"

    def groups_in_words(self):
        """As ``groups``, of all rows and each of them Worded: how a list of any length is put on paper."""
        return by_database(self)
