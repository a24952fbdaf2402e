"""A reader's question to a list and the list's answer: what the register and the ledger share."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace

from django.core.paginator import Paginator
from django.db.models import F
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext

from kemnaker_portal.readers import whole_register
from partnerships.columns import Column, Table
from partnerships.models import PartialDate, SavedView, access_of
from partnerships.models.agreement_parts import Among
from partnerships.register import guidance, shape
from partnerships.register.opening import EVERYTHING, opened
from partnerships.roles import ADMIN, Role

# The parameters that shape the page and narrow nothing; ``opened`` is said of the panel (facets.Province).
_SHAPE = {"sort", "page", "size", "columns", "opened"}
_FIND = "find-"
# So many keys are at most told to the database one by one: 2 MB of text.
_MOST_BY_KEYS = 200_000


@dataclass(frozen=True)
class Chip:
    """One active filter: what it says, and the address of the list without it."""

    label: str
    value: str
    url: str


class Listing(ABC):
    """A reader's question and its answer. Wrong parameters are named in ``problems`` and left out.

    A list of its own says which rows there are at all (``_known``), in which order they may come, what
    its columns show (``full_rows``), and how it is spoken of.
    """

    filter_class: type
    # Every column by its code; those shown without a word; those that no choice of columns leaves out.
    all_columns: dict[str, Column]
    # What the database joins to the rows to make the cells of the columns by itself, by its name in them.
    tables: dict[str, Table]
    default_columns: tuple[str, ...]
    fixed_columns: tuple[str, ...] = ("ref",)
    default_sort: str
    # Filters that narrow the rows also when nobody asks for them.
    filters_by_default: frozenset[str] = frozenset()
    # The names of the addresses of its page and of its files.
    page_name: str
    files_name: str
    # Its name among the saved views, where one is saved, and whether its rows can be selected.
    list_name: str
    saving_name: str
    has_selection = False
    # What is said of an order and of a page size that there is not.
    wrong_sort: str | Promise
    wrong_size: str | Promise

    def __init__(self, user, params):
        self.user = user
        # What was typed to find an option of a facet, by the facet's name (facets.facet_of_many).
        self.looked_for = {
            name.removeprefix(_FIND): value.strip()
            for name, value in params.items()
            if name.startswith(_FIND)
        }
        asked = _filled_in(params)
        params, self.view, self.problems = opened(self, asked)
        self.params = params
        self._is_a_view_alone = self.view is not None and set(asked) <= {"view", "page"}
        self._filterset = self.filter_class(
            params, self.filter_class.Meta.model.objects.none(), request=SimpleNamespace(user=user)
        )
        form = self._filterset.form
        form.is_valid()
        self.asked = {name: value for name, value in form.cleaned_data.items() if not _is_empty(value)}
        self.problems += [
            gettext("“%(value)s” is not a value of “%(filter)s”; the list goes on without it.")
            % {"value": ", ".join(params.getlist(name))[:60], "filter": form.fields[name].label}
            for name in form.errors
        ]
        for name in params:
            if name not in self.filter_class.base_filters and name not in _SHAPE:
                self.problems.append(
                    gettext("“%(name)s” is not a filter of this list; the list goes on without it.")
                    % {"name": name[:60]}
                )
        self.on = self.asked.get("on")
        self.columns = shape.columns_of(self, self._default_columns())
        self.sort = shape.sort_of(self)
        self.size = shape.size_of(self)
        self._rows = {}

    # --- rows ---------------------------------------------------------------------------------

    def rows(self, without=None):
        """The rows in the order asked for; ``without`` leaves one filter out, for its facet."""
        if without not in self.asked and without not in self.filters_by_default:
            without = None
        if without not in self._rows:
            self._rows[without] = self._in_order(self._narrowed(without))
        return self._rows[without]

    @property
    def ids(self):
        """The ids of the rows in their order, for the page to take its own."""
        return self.rows().values_list("pk", flat=True)

    def _narrowed(self, without):
        return self._found(self._known(without), without)

    def _found(self, known, without):
        """What was asked of the rows that the reader may see."""
        if without is None and self._keys is not None:
            return known.filter(Among("pk", self._keys))
        return self._asked_of(known, without)

    @cached_property
    def _keys(self):
        """The keys of the answer, asked as the portal itself of the rows that the reader may see.

        Behind the policies the database decides of each row of the country whether it may be read, before it
        looks at the words in it; so only those that were found pass them. None for who sees everything
        anyway, for a list as a whole, and for an answer of too many rows.
        """
        if not self.asked or access_of(self.user).has(Role.REGISTRAR, ADMIN):
            return None
        with whole_register():
            rows = self._asked_of(self._searched, None).order_by().values_list("pk", flat=True)
            keys = list(rows[: _MOST_BY_KEYS + 1])
        return keys if len(keys) <= _MOST_BY_KEYS else None

    @property
    def _searched(self):
        """The rows that the reader may see, as the narrowest that have the same keys."""
        return self._known(None)

    def _asked_of(self, rows, without):
        for name, value in self.asked.items():
            if name != without:
                rows = self.filtered(rows, name, value)
        return rows

    def filtered(self, rows, name, value):
        """Those of the rows that fit one filter."""
        return self._filterset.filters[name].filter(rows, value)

    @abstractmethod
    def _known(self, without):
        """Every row that this reader may see, before what was asked narrows them."""

    @property
    @abstractmethod
    def full_rows(self):
        """The rows with everything that a column may show."""

    def _in_order(self, rows):
        code = self.sort.removeprefix("-")
        rows = self._with_what_sorts(rows, code)
        down = self.sort.startswith("-")
        order = [directed(expression, down) for expression in self.all_columns[code].order]
        return rows.order_by(*order, *self._last_order(code))

    def _with_what_sorts(self, rows, code):
        """The rows with what the order of that column reads."""
        return rows

    @abstractmethod
    def _last_order(self, code):
        """What decides between rows that are alike in the column they are sorted by."""

    @property
    @abstractmethod
    def count(self):
        """How many rows there are."""

    @property
    def count_in_words(self):
        """What the list says above its rows: how many there are, and whatever else they stand for."""
        return self.counted(self.count)

    @staticmethod
    @abstractmethod
    def counted(number):
        """A number of rows in words."""

    @cached_property
    def page(self):
        """The page asked for; a number beyond the last is said and the last shown."""
        pages = Paginator((), self.size)
        pages.count = self.count
        asked = self.params.get("page", "1")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
        last = max(1, math.ceil(self.count / self.size))
        if not 1 <= number <= last:
            self.problems.append(
                gettext("There is no page “%(page)s”; this is page %(shown)s of %(last)s.")
                % {"page": asked[:20], "shown": min(max(number, 1), last), "last": last}
            )
            number = min(max(number, 1), last)
        page = pages.page(number)
        # What the columns show is computed for the rows of the page only, not for all before it.
        page.object_list = self.rows_between((number - 1) * self.size, number * self.size)
        return page

    def rows_between(self, start, stop):
        """Some of the rows with what their columns show, by their places in the order asked for."""
        ids = self.ids_between(start, stop)
        found = self.rows_of(ids).order_by().in_bulk()
        return list(self.completed(found[pk] for pk in ids if pk in found))

    def ids_between(self, start, stop):
        """The ids of some of the rows, by their places in the order asked for."""
        return list(self.ids[start:stop])

    def rows_of(self, ids):
        """These of the rows (ids) with everything that a column may show."""
        return self.full_rows.filter(pk__in=ids)

    def count_without(self, name):
        """How many rows there would be without that filter."""
        return self.rows(without=name).order_by().count()

    def completed(self, rows):
        """The full rows with what is told of them beside the database's own answer."""
        return rows

    # --- what is around the rows --------------------------------------------------------------

    @property
    @abstractmethod
    def facets(self):
        """The filter panel: every facet with its options and their counts."""

    @property
    @abstractmethod
    def knows_none(self):
        """Whether there is not one row that this reader may see, whatever the filters."""

    @property
    def suggestions(self):
        """Names near to a search that found nothing, each with the address that searches it."""
        return []

    @cached_property
    def ways_out(self):
        """Of a list without rows: each filter without which it would have some."""
        return guidance.ways_out(self)

    @property
    def opened(self):
        """The provinces whose kabupaten and kota the reader has opened in the panel, and the facets of which
        every option is wanted."""
        return self.params.getlist("opened")

    def chosen(self, name):
        """The codes of a filter that are in force."""
        return set(self.params.getlist(name)) if name in self.asked else set()

    @cached_property
    def chips(self):
        """The active filters, each with the address that takes it away."""
        return [
            Chip(str(self._filterset.filters[name].label), words, self.url(drop=(name, code)))
            for name in self.asked
            for code, words in self._in_words(name)
        ]

    def said(self, name):
        """A filter in force in words: its label, and its values."""
        label = str(self._filterset.filters[name].label)
        return label, [words for _code, words in self._in_words(name)]

    def _in_words(self, name):
        """(the code in the address, the words for it) of each value of a filter."""
        value = self.asked[name]
        if hasattr(value, "model"):
            field = self._filterset.form.fields[name].to_field_name
            return [(getattr(row, field), str(row)) for row in value]
        if choices := self._filterset.filters[name].extra.get("choices"):
            labels = dict(choices)
            values = value if isinstance(value, list) else [value]
            return [(code, str(labels[code])) for code in dict.fromkeys(values)]
        if name == "q":
            return [(self.params.get("q"), f"“{value}”")]
        if isinstance(value, str):
            return [(self.params.get(name), value)]
        return [(self.params.get(name), str(PartialDate.of(value.year, value.month, value.day)))]

    # --- addresses ----------------------------------------------------------------------------

    @cached_property
    def question(self):
        """What the reader asked, without what was wrong, without the page, and whole without a view."""
        query = QueryDict(mutable=True)
        for name in self.asked:
            values = self.params.getlist(name)
            # Of a filter that takes one value the last counts, as in a form.
            query.setlist(name, list(dict.fromkeys(values)) if self._takes_several(name) else values[-1:])
        if self.sort != self.default_sort:
            query["sort"] = self.sort
        if self.size != shape.PAGE_SIZES[0]:
            query["size"] = str(self.size)
        if "columns" in self.params:
            query["columns"] = ",".join(column.code for column in self.columns)
        return query

    @cached_property
    def query(self):
        """The question as its address says it: nothing at all would open the reader's default view."""
        return self.question or QueryDict(self.all_url.removeprefix("?"), mutable=True)

    @cached_property
    def all_url(self):
        """The query that shows every row, also to who has a default view."""
        return f"?view={EVERYTHING[0]}" if self.default_view else "?"

    @property
    def default_view(self):
        """The view with which this list opens for the reader, or None."""
        own = (view for view in self.views if view.owner_id == self.user.pk)
        return next((view for view in own if view.is_default), None)

    @cached_property
    def views(self):
        """The saved views of this list that the reader has, own and shared ones."""
        rows = SavedView.objects.visible_to(self.user).of(self.list_name)
        return list(rows.select_related("owner"))

    @property
    def view_shown(self):
        """The saved view that asks what is asked now, or None."""
        if self._is_a_view_alone:
            return self.view
        asked = self.question.urlencode(safe=",")
        return next((view for view in self.views if view.query == asked), None)

    @property
    def save_url(self):
        """The page on which this question is kept under a name."""
        return f"{reverse(self.saving_name)}?{self.question.urlencode(safe=',')}"

    def url(self, drop=None, **changes):
        """The query of this list with changes: a value of None leaves a parameter out.

        ``drop`` is (name, code): that one value goes, with None all of them. The page starts again at 1.
        """
        query = self.question.copy()
        if drop:
            name, code = drop
            kept = [] if code is None else [value for value in query.getlist(name) if value != code]
            query.setlist(name, kept)
        for name, value in changes.items():
            query.pop(name, None)
            if value not in (None, ""):
                query.setlist(name, [str(value)])
        said = query.urlencode(safe=",")
        return f"?{said}" if said else self.all_url

    def _takes_several(self, name):
        return isinstance(self.asked[name], list) or hasattr(self.asked[name], "model")

    def _default_columns(self):
        return self.default_columns


def _filled_in(params):
    """The parameters without the boxes of a form that were left empty, and without those of the finders."""
    filled = QueryDict(mutable=True)
    for name, values in params.lists():
        said = [value for value in values if value.strip()]
        if said and not name.startswith(_FIND):
            filled.setlist(name, said)
    return filled


def _is_empty(value):
    return value is None or value == "" or (hasattr(value, "__len__") and len(value) == 0)


def directed(expression, down=False):
    """The expression upwards or downwards; what is unknown comes last either way."""
    expression = F(expression) if isinstance(expression, str) else expression
    return expression.desc(nulls_last=True) if down else expression.asc(nulls_last=True)
