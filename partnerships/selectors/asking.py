"""What a reader asks of a short list: a search, a choice, an order and a page, all bounded."""

import math

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.translation import gettext

from partnerships.filters.fields import DayField

LONGEST_SEARCH = 200


class Question:
    """The parameters of a list that is not the register. A wrong one is named in ``problems`` and
    left out."""

    def __init__(self, params, *, sorts, choices=None, flags=(), days=()):
        """``sorts`` are the codes of the orders, the first one in force without a word; ``choices``
        maps a parameter to its values; ``flags`` are parameters that are only there or not; ``days`` are
        days."""
        self.params = params
        self.problems = []
        self.q = self._read_search()
        self._asked_sort = self._read_one("sort", {each for sort in sorts for each in (sort, _turned(sort))})
        self.sort = self._asked_sort or sorts[0]
        self._chosen = {name: self._read_one(name, values) for name, values in (choices or {}).items()}
        self._flags = {name: self._read_one(name, {"1"}) for name in flags}
        self._days = {name: self._read_day(name) for name in days}
        known = {"q", "sort", "page", *self._chosen, *self._flags, *self._days}
        for name in params:
            if name not in known:
                self.problems.append(
                    gettext("“%(name)s” is not a filter of this list; the list goes on without it.")
                    % {"name": name[:60]}
                )

    def __getitem__(self, name):
        """The value of a choice, or None; of a flag whether it is there; a day, or None."""
        if name in self._days:
            return self._days[name]
        return bool(self._flags[name]) if name in self._flags else self._chosen[name]

    @property
    def query(self):
        """What was asked, without what was wrong and without the page."""
        query = QueryDict(mutable=True)
        days = {name: day.isoformat() for name, day in self._days.items() if day}
        asked = {"q": self.q, **self._chosen, **self._flags, **days, "sort": self._asked_sort}
        for name, value in asked.items():
            if value:
                query[name] = value
        return query

    def page_of(self, rows, size):
        """The page asked for of these rows (a list or a QuerySet); a number beyond the last is said."""
        pages = Paginator(rows, size)
        asked = self.params.get("page") or "1"
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
        last = max(1, math.ceil(pages.count / size))
        shown = min(max(number, 1), last)
        if number != shown:
            self.problems.append(
                gettext("There is no page “%(page)s”; this is page %(shown)s of %(last)s.")
                % {"page": asked[:20], "shown": shown, "last": last}
            )
        return pages.page(shown)

    def _read_search(self):
        text = self.params.get("q", "").strip()
        if len(text) > LONGEST_SEARCH:
            self.problems.append(
                gettext("A search has at most %(most)s letters; the list goes on without it.")
                % {"most": LONGEST_SEARCH}
            )
            return ""
        return text

    def _read_one(self, name, values):
        value = self.params.get(name, "").strip()
        if not value or value in values:
            return value or None
        return self._refused(name, value)

    def _read_day(self, name):
        value = self.params.get(name, "").strip()
        try:
            return DayField(required=False).clean(value)
        except ValidationError:
            return self._refused(name, value)

    def _refused(self, name, value):
        self.problems.append(
            gettext("“%(value)s” is not a value of “%(name)s”; the list goes on without it.")
            % {"value": value[:60], "name": name}
        )


def _turned(sort):
    return sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
