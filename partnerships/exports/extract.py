"""What a file is made of: the register at one moment, and what the file says of itself."""

from contextlib import contextmanager
from functools import cached_property
from itertools import groupby

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils import formats, timezone
from django.utils.translation import gettext

from partnerships.columns import COLUMNS, in_words
from partnerships.exports.reader import name_and_office, scope_in_words
from partnerships.models import PartnerClass
from partnerships.register import agreements_for

_ROWS_AT_A_TIME = 500
# A page number and a page size shape the list on the screen; a file always has every row.
_OF_THE_SCREEN = ("page", "size")
_GROUPED_BY_VALUE = {"class", "validity", "kind", "status", "unit"}


class Refused(Exception):
    """No file is made. ``sentences`` tell the reader why."""

    too_many = False

    def __init__(self, register, sentences):
        super().__init__(*sentences)
        self.register = register
        self.sentences = sentences


class TooMany(Refused):
    """More rows than this form of file holds; another form or a filter helps."""

    too_many = True


@contextmanager
def snapshot():
    """One state of the data for all questions of a file; within a transaction, the state of that."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


class Extract:
    """A reader's rows with their columns, the filters in words, the moment, and who asked.

    Make it and use it up inside one ``snapshot()``. Raises Refused for a parameter that is wrong,
    because a file that silently lacks a filter shows what nobody asked for.
    """

    def __init__(self, user, params):
        params = params.copy()
        for name in _OF_THE_SCREEN:
            params.pop(name, None)
        self.register = agreements_for(user, params)
        if self.register.problems:
            raise Refused(self.register, self.register.problems)
        self.as_of = timezone.localtime()
        self.asked_by = name_and_office(user)

    @property
    def columns(self):
        return self.register.columns

    @property
    def count(self):
        return self.register.count

    @property
    def represented(self):
        return self.register.represented

    def rows(self):
        """The papers in the order of the list, a few hundred in memory at a time."""
        return self.register.full_rows.iterator(chunk_size=_ROWS_AT_A_TIME)

    @cached_property
    def narrowed_by(self):
        """(label, words) of what narrows the rows: how far this reader sees, then each filter."""
        scope = scope_in_words(self.register.user)
        said = [(gettext("What you see"), [scope])] if scope else []
        said += map(self.register.said, self.register.asked)
        return [(label, ", ".join(words)) for label, words in said]

    @property
    def filters(self):
        return [f"{label}: {words}" for label, words in self.narrowed_by]

    @property
    def moment(self):
        return formats.date_format(self.as_of, "j F Y, H.i T")

    def file_name(self, form):
        return f"kemitraan-{self.as_of:%Y-%m-%d-%H%M}.{form}"

    @cached_property
    def per_class(self):
        """(class, papers, how many these stand for) for each class of partner among the rows."""
        rows = self.register.rows().with_lead().order_by().values("lead_class")
        rows = rows.annotate(papers=Count("pk"), represented=Sum("represents"))
        found = {row["lead_class"]: (row["papers"], row["represented"]) for row in rows}
        return [(cls.label, *found[cls]) for cls in PartnerClass if cls in found]

    def groups(self):
        """(heading or None, rows) in the order of the rows, by what they are sorted by."""
        heading = _heading_of(self.register.sort.removeprefix("-"))
        return [(said, list(rows)) for said, rows in groupby(self.rows(), heading)]


def _heading_of(sort):
    """What a row's group is called when the rows are sorted by that column."""
    if sort == "signed":
        return lambda row: str(row.signed_latest.year) if row.signed_latest else gettext("No date")
    if sort in _GROUPED_BY_VALUE:
        column = COLUMNS[sort]
        return lambda row: in_words(column.value(row)) or gettext("Not recorded")
    return lambda row: None
