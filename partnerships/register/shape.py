"""The shape of a list: its columns, its order, and how many rows a page has. It narrows nothing.

What is wrong with it is told in the list's ``problems``, and the list goes on without.
"""

from django.utils.translation import gettext

PAGE_SIZES = (25, 50, 100)


def columns_of(listing, usual):
    """The columns asked for, else those of the ``usual`` codes."""
    asked = ",".join(listing.params.getlist("columns"))
    if not asked:
        return [listing.all_columns[code] for code in usual]
    codes = list(dict.fromkeys(asked.split(",")))
    unknown = [code for code in codes if code not in listing.all_columns]
    if unknown:
        listing.problems.append(
            gettext("There is no column “%(codes)s”; the list goes on without it.")
            % {"codes": ", ".join(unknown)[:60]}
        )
    # What identifies the row stands first in every list and export.
    chosen = [code for code in codes if code in listing.all_columns and code not in listing.fixed_columns]
    return [listing.all_columns[code] for code in (*listing.fixed_columns, *chosen)]


def sort_of(listing):
    """The code of the column that the rows are sorted by, with a minus for downwards."""
    sort = listing.params.get("sort", listing.default_sort)
    column = listing.all_columns.get(sort.removeprefix("-"))
    if column and column.order:
        return sort
    listing.problems.append(str(listing.wrong_sort) % {"sort": sort[:60]})
    return listing.default_sort


def size_of(listing):
    """How many rows a page has, one of PAGE_SIZES."""
    size = listing.params.get("size", str(PAGE_SIZES[0]))
    if size in map(str, PAGE_SIZES):
        return int(size)
    said = {"sizes": ", ".join(map(str, PAGE_SIZES)), "size": size[:20]}
    listing.problems.append(str(listing.wrong_size) % said)
    return PAGE_SIZES[0]
