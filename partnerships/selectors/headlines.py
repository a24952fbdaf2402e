from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise

from partnerships.register import commitments_for
from partnerships.selectors import tally


@dataclass(frozen=True)
class Headline:
    """A figure on top of something that leadership reads: what it counts, how it is said, where its rows are,
    and a word beside it."""

    label: str | Promise
    said: str
    url: str
    note: str | Promise = ""


def of_papers(user, label, note="", **asked):
    """The number of papers that the register shows for a question."""
    figure = tally.figure(user, tally.asking(**asked))
    return Headline(label, grouped(figure.count), figure.url, note)


def of_commitments(user, label, note="", **asked):
    """The number of commitments that the ledger shows for a question."""
    query = tally.asking(**asked)
    return Headline(label, grouped(commitments_for(user, query).count), tally.ledger_address(query), note)


def grouped(number):
    return number_format(number, force_grouping=True)
