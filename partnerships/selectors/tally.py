"""Figures over the register: each is the number of rows that the address beside it shows."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import QueryDict
from django.urls import reverse

from partnerships.models import AgreementKind, Validity
from partnerships.register import agreements_for

_IN_FORCE = (Validity.IN_FORCE, Validity.ENDING, Validity.UNKNOWN)


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


def in_force(**filters):
    """The parameters for what of these papers is in force: in force, ending soon, or of unknown end."""
    return asking(**filters, validity=[code.value for code in _IN_FORCE])


def address(params):
    """The register's address with these parameters."""
    return f"{reverse('partnerships:agreement-list')}?{params.urlencode()}"


def figure(user, params):
    """The number of papers that the register shows this reader for the parameters."""
    return Figure(agreements_for(user, params).count, address(params))


def activities(user, **filters):
    """What was reported without a paper: outside every count of papers, so a figure of its own."""
    return figure(user, asking(**filters, kind=AgreementKind.ACTIVITY.value))


def papers(user, params):
    """Ids of the papers that the register shows this reader for the parameters."""
    return agreements_for(user, params).rows().order_by().values("pk")


def papers_and_in_force(user, through):
    """Two counts to annotate rows with that reach papers by the lookup ``through``."""
    return {
        "papers": Count(through, filter=Q(**{f"{through}__in": papers(user, asking())}), distinct=True),
        "in_force": Count(through, filter=Q(**{f"{through}__in": papers(user, in_force())}), distinct=True),
    }
