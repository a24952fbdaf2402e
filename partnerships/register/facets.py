"""A filter panel: for every value of a filter, how many rows choosing it would show."""

from dataclasses import dataclass


# Not frozen, which costs at every making: a page makes hundreds of these.
@dataclass(slots=True)
class Option:
    """One value of a facet, with the number of rows that choosing it would show."""

    value: str
    label: str
    count: int | None
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """Of many options (``facet_of_many``) ``number`` says how many there are, ``url`` where all are
    offered, and ``looked_for`` what was typed to find one."""

    name: str
    label: str
    options: list
    number: int = 0
    url: str = ""
    looked_for: str = ""

    @property
    def chosen(self):
        return [option for option in self.options if option.chosen]

    @property
    def hidden(self):
        """How many options are not on the page."""
        return max(0, self.number - len(self.options))


# Of a facet with more options so many are offered at once, those with most rows.
_MOST_OPTIONS = 30


def facet_of_many(listing, name, label, found):
    """A facet from (code, label, count) in the order in which all would be offered.

    Of many, those with most rows are offered first, or those whose label has what the reader typed to find
    one (``find-<name>`` in the address); a chosen one always is, and all are with ``opened``.
    """
    if len(found) <= _MOST_OPTIONS:
        return Facet(name, label, options_of(listing, name, found))
    chosen = listing.chosen(name)
    text = listing.looked_for.get(name)
    if text is not None or name not in listing.opened:
        offered = [each for each in found if not text or text.casefold() in str(each[1]).casefold()]
        first = sorted(offered, key=lambda each: -each[2])[:_MOST_OPTIONS]
        codes = {code for code, _label, _count in first}
        offered = first + [each for each in found if each[0] in chosen - codes]
    else:
        offered = found
    return Facet(
        name,
        label,
        options_of(listing, name, offered),
        number=len(found),
        url=listing.url(opened=name),
        looked_for=text or "",
    )


@dataclass(frozen=True)
class Province:
    """An option of the region facet with those of its kabupaten and kota, and ``url``, where these are
    offered if they are not yet; empty where they are."""

    option: Option
    below: list
    number: int
    url: str


# So many regions stand on a page at once; of more, a province's are brought when it is opened.
_MOST_REGIONS = 80
ALL_OPENED = "semua"
_ANY = "00"


def provinces_of(listing, facet):
    """The options of the region facet by province; ``opened`` in the address (codes, or every one) says of
    which the kabupaten and kota are wanted."""
    found: list[tuple[Option, list]] = []
    for option in facet.options:
        if "." not in option.value or not found:
            found.append((option, []))
        else:
            found[-1][1].append(option)
    opened = set(listing.opened)
    every = ALL_OPENED in opened or len(facet.options) <= _MOST_REGIONS
    # The codes of regions need no quoting: the question is written once for all provinces.
    question = listing.url(opened=_ANY).removesuffix(_ANY)
    provinces = []
    for option, below in found:
        wanted = every or option.value in opened or any(each.chosen for each in below)
        url = "" if wanted or not below else f"{question}{option.value}"
        provinces.append(Province(option, below if wanted else [], len(below), url))
    return provinces


def options_of(listing, name, found):
    """The options of a facet from (code, label, count)."""
    chosen = listing.chosen(name)
    return [Option(value, label, n, value in chosen) for value, label, n in found]


def options_with_rows(listing, name, choices, counts):
    """The options of a facet from choices, without those that no row has; a chosen one stays."""
    chosen = listing.chosen(name)
    shown = [each for each in choices if counts.get(each) or each.value in chosen]
    return options_of(listing, name, [(e.value, e.label, counts.get(e, 0)) for e in shown])
