import math
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace

from django.core.paginator import Paginator
from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from partnerships.columns import COLUMNS, DEFAULT_COLUMNS
from partnerships.filters import AgreementFilter
from partnerships.models import Agreement, AgreementKind, PartialDate, PartnerClass
from partnerships.register import facets, guidance

PAGE_SIZES = (25, 50, 100)
DEFAULT_SORT = "-signed"
_SHAPE = {"sort", "page", "size", "columns"}


@dataclass(frozen=True)
class Chip:
    """One active filter: what it says, and the address of the list without it."""

    label: str
    value: str
    url: str


def agreements_for(user, params):
    """The register as this reader, asking with these parameters (a QueryDict), gets it."""
    return Register(user, params)


class Register:
    """A reader's question and its answer. Wrong parameters are named in ``problems`` and left out."""

    def __init__(self, user, params):
        self.user = user
        self.params = params = _filled_in(params)
        self._filterset = AgreementFilter(
            params, Agreement.objects.none(), request=SimpleNamespace(user=user)
        )
        form = self._filterset.form
        form.is_valid()
        self.asked = {name: value for name, value in form.cleaned_data.items() if not _is_empty(value)}
        self.problems = [
            gettext("“%(value)s” is not a value of “%(filter)s”; the list goes on without it.")
            % {"value": ", ".join(params.getlist(name))[:60], "filter": form.fields[name].label}
            for name in form.errors
        ]
        for name in params:
            if name not in form.fields and name not in _SHAPE:
                self.problems.append(
                    gettext("“%(name)s” is not a filter of this list; the list goes on without it.")
                    % {"name": name[:60]}
                )
        self.on = self.asked.get("on")
        self.columns = self._read_columns()
        self.sort = self._read_sort()
        self.size = self._read_size()
        self._rows = {}

    # --- rows ---------------------------------------------------------------------------------

    def rows(self, without=None):
        """The papers in the order asked for; ``without`` leaves one filter out, for its facet."""
        if without not in self.asked and without != "kind":
            without = None
        if without not in self._rows:
            self._rows[without] = self._in_order(self._narrowed(without))
        return self._rows[without]

    def _narrowed(self, without):
        on = None if without == "on" else self.on
        rows = Agreement.objects.visible_to(self.user)
        if on:
            rows = rows.as_of(on)
        rows = rows.with_validity(on)
        if without != "kind" and AgreementKind.ACTIVITY not in self.asked.get("kind", []):
            rows = rows.papers()
        for name, value in self.asked.items():
            if name != without:
                rows = self._filterset.filters[name].filter(rows, value)
        return rows

    @cached_property
    def full_rows(self):
        """The rows with everything that a column may show."""
        return self.rows().with_lead().with_counts().with_parties()

    @property
    def count(self):
        return self._totals["records"]

    @property
    def represented(self):
        """How many papers the rows stand for: a batch without its papers is one record."""
        return self._totals["papers"]

    @cached_property
    def _totals(self):
        rows = self.rows().order_by()
        return rows.aggregate(records=Count("pk"), papers=Coalesce(Sum("represents"), 0))

    @property
    def count_in_words(self):
        """What a list says above its rows: how many there are, and how many papers they stand for."""
        said = _counted(self.asked.get("kind", []), self.count)
        if self.represented == self.count:
            return said
        return gettext("%(records)s, standing for %(papers)s") % {
            "records": said,
            "papers": _counted([], self.represented),
        }

    @cached_property
    def page(self):
        """The page asked for; a number beyond the last is said and the last shown."""
        pages = Paginator(self.rows().values_list("pk", flat=True), self.size)
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
        ids = list(page.object_list)
        papers = self.full_rows.in_bulk(ids)
        page.object_list = [papers[pk] for pk in ids if pk in papers]
        return page

    def _in_order(self, rows):
        code = self.sort.removeprefix("-")
        column = COLUMNS[code]
        if code in {"partner", "class", "unit"}:
            rows = rows.with_lead()
        if code in {"commitments", "conflicts"}:
            rows = rows.with_counts()
        order = [_directed(expression, self.sort.startswith("-")) for expression in column.order]
        return rows.order_by(*order, "ref" if code != "ref" else "pk")

    # --- what is around the rows --------------------------------------------------------------

    @cached_property
    def facets(self):
        """The filter panel: every facet with its options and their counts, partner classes first."""
        return facets.facets_of(self)

    @property
    def presence(self):
        """The facets of what a paper has and lacks."""
        return facets.presence_of(self)

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

    @property
    def filters_in_words(self):
        """The active filters as an export prints them."""
        return [f"{label}: {', '.join(values)}" for label, values in map(self.said, self.asked)]

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
        if isinstance(value, list):
            labels = dict(self._filterset.filters[name].extra["choices"])
            return [(code, str(labels[code])) for code in dict.fromkeys(value)]
        if name == "q":
            return [(self.params.get("q"), f"“{value}”")]
        return [(self.params.get(name), str(PartialDate.of(value.year, value.month, value.day)))]

    @cached_property
    def per_class(self):
        """Papers by the one class each is counted under, for the head of a report."""
        rows = self.rows().with_lead().order_by().values("lead_class").annotate(n=Count("pk"))
        counts = {row["lead_class"]: row["n"] for row in rows}
        return [(cls, counts[cls]) for cls in PartnerClass if counts.get(cls)]

    @cached_property
    def knows_none(self):
        """Whether there is not one paper that this reader may see, whatever the filters."""
        return not self.count and not Agreement.objects.visible_to(self.user).papers().exists()

    @cached_property
    def ways_out(self):
        """Of a list without rows: each filter without which it would have some."""
        return guidance.ways_out(self)

    @cached_property
    def suggestions(self):
        """Names near to a search that found nothing, each with the address that searches it."""
        return guidance.suggestions(self)

    # --- addresses ----------------------------------------------------------------------------

    @cached_property
    def query(self):
        """What the reader asked, without what was wrong and without the page."""
        query = QueryDict(mutable=True)
        for name in self.asked:
            values = self.params.getlist(name)
            # Of a filter that takes one value the last counts, as in a form.
            query.setlist(name, list(dict.fromkeys(values)) if self._takes_several(name) else values[-1:])
        if self.sort != DEFAULT_SORT:
            query["sort"] = self.sort
        if self.size != PAGE_SIZES[0]:
            query["size"] = str(self.size)
        if "columns" in self.params:
            query["columns"] = ",".join(column.code for column in self.columns)
        return query

    def url(self, drop=None, **changes):
        """The query of this list with changes: a value of None leaves a parameter out.

        ``drop`` is (name, code): that one value goes. The page starts again at 1.
        """
        query = self.query.copy()
        if drop:
            name, code = drop
            query.setlist(name, [value for value in query.getlist(name) if value != code])
        for name, value in changes.items():
            query.pop(name, None)
            if value not in (None, ""):
                query.setlist(name, [str(value)])
        return f"?{query.urlencode(safe=',')}"

    @property
    def has_filters(self):
        return bool(self.asked)

    def _takes_several(self, name):
        return isinstance(self.asked[name], list) or hasattr(self.asked[name], "model")

    # --- shape --------------------------------------------------------------------------------

    def _read_columns(self):
        asked = ",".join(self.params.getlist("columns"))
        if not asked:
            return [COLUMNS[code] for code in DEFAULT_COLUMNS]
        codes = list(dict.fromkeys(asked.split(",")))
        unknown = [code for code in codes if code not in COLUMNS]
        if unknown:
            self.problems.append(
                gettext("There is no column “%(codes)s”; the list goes on without it.")
                % {"codes": ", ".join(unknown)[:60]}
            )
        # The reference identifies the row in every list and export.
        known = [code for code in codes if code in COLUMNS and code != "ref"]
        return [COLUMNS["ref"], *(COLUMNS[code] for code in known)]

    def _read_sort(self):
        sort = self.params.get("sort", DEFAULT_SORT)
        column = COLUMNS.get(sort.removeprefix("-"))
        if column and column.order:
            return sort
        self.problems.append(
            gettext("The list can't be sorted by “%(sort)s”; it shows the newest first.")
            % {"sort": sort[:60]}
        )
        return DEFAULT_SORT

    def _read_size(self):
        size = self.params.get("size", str(PAGE_SIZES[0]))
        if size in map(str, PAGE_SIZES):
            return int(size)
        self.problems.append(
            gettext("A page shows %(sizes)s papers, not “%(size)s”.")
            % {"sizes": ", ".join(map(str, PAGE_SIZES)), "size": size[:20]}
        )
        return PAGE_SIZES[0]


def _filled_in(params):
    """The parameters without the boxes of a form that were left empty."""
    filled = QueryDict(mutable=True)
    for name, values in params.lists():
        if said := [value for value in values if value.strip()]:
            filled.setlist(name, said)
    return filled


def _counted(kinds, count):
    """A number of papers in words; of what is no paper when the reader asks for that."""
    if kinds == [AgreementKind.ACTIVITY]:
        said = ngettext("%(n)s activity without a paper", "%(n)s activities without a paper", count)
    elif AgreementKind.ACTIVITY in kinds:
        said = ngettext("%(n)s record", "%(n)s records", count)
    else:
        said = ngettext("%(n)s paper", "%(n)s papers", count)
    return said % {"n": number_format(count, force_grouping=True)}


def _is_empty(value):
    return value is None or value == "" or (hasattr(value, "__len__") and len(value) == 0)


def _directed(expression, down):
    """The expression upwards or downwards; what is unknown comes last either way."""
    expression = F(expression) if isinstance(expression, str) else expression
    return expression.desc(nulls_last=True) if down else expression.asc(nulls_last=True)
