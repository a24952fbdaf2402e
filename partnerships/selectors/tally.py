"""Figures over the register: each is the number of rows that the address beside it shows."""

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import ngettext

from partnerships.models import AgreementKind, Validity
from partnerships.register import agreements_for

IN_FORCE = (Validity.IN_FORCE, Validity.ENDING, Validity.UNKNOWN)


@dataclass(frozen=True)
class Figure:
    """A number and the address of exactly the rows it counts."""

    count: int
    url: str


def asking(**filters):
    """The parameters of the register for these filters; a list gives a parameter several times."""
    query = QueryDict(mutable=True)
    for name, value in filters.items():
        query.setlist(name.rstrip("_"), value if isinstance(value, list) else [value])
    return query


def day(on):
    """The filter that reads the register as of a day; none for today."""
    return {"on": on.isoformat()} if on else {}


def in_force(**filters):
    """The parameters for what of these papers is in force: in force, ending soon, or of unknown end."""
    return asking(**filters, validity=[code.value for code in IN_FORCE])


def address(params):
    """The register's address with these parameters."""
    return f"{reverse('partnerships:agreement-list')}?{params.urlencode()}"


def ledger_address(params):
    """The ledger's address with these parameters."""
    return f"{reverse('partnerships:commitment-list')}?{params.urlencode()}"


def figure(user, params):
    """The number of papers that the register shows this reader for the parameters."""
    return Figure(agreements_for(user, params).count, address(params))


class PapersOf:
    """The papers of one organisation, region or event, as its page tells of them."""

    SHOWN = 10

    def __init__(self, user, **of_it):
        self.user = user
        self._of_it = of_it

    @cached_property
    def register(self):
        return agreements_for(self.user, asking(**self._of_it))

    @cached_property
    def papers(self):
        return Figure(self.register.count, address(asking(**self._of_it)))

    @property
    def stands_for(self):
        """How many papers the records stand for, in words, when these are more."""
        if self.register.represented == self.register.count:
            return ""
        n = self.register.represented
        return ngettext("standing for %(n)s paper", "standing for %(n)s papers", n) % {
            "n": number_format(n, force_grouping=True)
        }

    @cached_property
    def in_force(self):
        return figure(self.user, in_force(**self._of_it))

    @cached_property
    def unknown_end(self):
        return figure(self.user, asking(**self._of_it, validity="unknown"))

    @cached_property
    def activities(self):
        """What was reported without a paper: outside every count of papers, so a figure of its own."""
        return figure(self.user, asking(**self._of_it, kind=AgreementKind.ACTIVITY.value))

    @cached_property
    def newest(self):
        return self.register.rows_between(0, self.SHOWN)


class PapersPer:
    """How many papers the reader sees of each value of a facet of the register, and how many of them are in
    force; by the keys of ``Register.counts_by``."""

    def __init__(self, user, name):
        self.papers = agreements_for(user, asking()).counts_by(name)
        self.in_force = agreements_for(user, in_force()).counts_by(name)

    def put(self, rows):
        """The rows as a list, each with its own ``papers`` and ``in_force``."""
        rows = list(rows)
        for row in rows:
            row.papers = self.papers.get(row.pk, 0)
            row.in_force = self.in_force.get(row.pk, 0)
        return rows
