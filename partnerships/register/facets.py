"""A filter panel: for every value of a filter, how many rows choosing it would show."""

from dataclasses import dataclass

from django.db.models import Count


@dataclass(frozen=True)
class Option:
    """One value of a facet, with the number of rows that choosing it would show."""

    value: str
    label: str
    count: int | None
    chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    options: list

    @property
    def chosen(self):
        return [option for option in self.options if option.chosen]


def options_of(listing, name, found):
    """The options of a facet from (code, label, count)."""
    chosen = listing.chosen(name)
    return [Option(value, label, n, value in chosen) for value, label, n in found]


def options_with_rows(listing, name, choices, counts):
    """The options of a facet from choices, without those that no row has; a chosen one stays."""
    chosen = listing.chosen(name)
    shown = [each for each in choices if counts.get(each) or each.value in chosen]
    return options_of(listing, name, [(e.value, e.label, counts.get(e, 0)) for e in shown])


def counts_of(listing, name, column):
    """How many rows have each value of a column, without the facet's own filter."""
    rows = listing.rows(without=name).order_by().values_list(column)
    return dict(rows.annotate(n=Count("pk", distinct=True)))


def without_filter(listing, name):
    """The ids of the rows that there would be without that filter, for counts over other tables."""
    return listing.rows(without=name).order_by().values("pk")
