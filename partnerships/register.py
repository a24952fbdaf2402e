"""The one way from a request to rows: scope, filter, search, order, facets.

The page, its counts, every export and every link to "exactly these rows" ask here.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace

from django.core.paginator import Paginator
from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from partnerships.columns import COLUMNS, DEFAULT_COLUMNS
from partnerships.filters import AgreementFilter
from partnerships.lifecycle import Status
from partnerships.models import (
    Agreement,
    AgreementKind,
    AgreementScope,
    AgreementTheme,
    Organization,
    OrganizationAlias,
    OrganizationKind,
    PartialDate,
    PartnerClass,
    Party,
    SigningEvent,
    Theme,
    Validity,
)
from partnerships.models.kinds import CLASS_OF_KIND
from regions.models import Region

PAGE_SIZES = (25, 50, 100)
DEFAULT_SORT = "-signed"
_SHAPE = {"sort", "page", "size", "columns"}
_LIKE_ENOUGH = 78


@dataclass(frozen=True)
class Chip:
    """One active filter: what it says, and the address of the list without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True)
class Option:
    """One value of a facet, with the number of papers that choosing it would show."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    options: list

    @property
    def chosen(self):
        return [option for option in self.options if option.chosen]


def agreements_for(user, params):
    """The register as this reader, asking with these parameters (a QueryDict), gets it."""
    return Register(user, params)


class Register:
    """A reader's question and its answer. Wrong parameters are named in ``problems`` and left out."""

    def __init__(self, user, params):
        self.user = user
        self.params = params
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

    # --- rows ---------------------------------------------------------------------------------

    def rows(self, without=None):
        """The papers in the order asked for; ``without`` leaves one filter out, for its facet."""
        rows = Agreement.objects.visible_to(self.user)
        if self.on:
            rows = rows.as_of(self.on)
        rows = rows.with_validity(self.on)
        if without != "kind" and AgreementKind.ACTIVITY not in self.asked.get("kind", []):
            rows = rows.papers()
        for name, value in self.asked.items():
            if name != without:
                rows = self._filterset.filters[name].filter(rows, value)
        return self._in_order(rows)

    @cached_property
    def full_rows(self):
        """The rows with everything that a column may show."""
        return self.rows().with_lead().with_counts().with_parties()

    @cached_property
    def count(self):
        return self.rows().order_by().count()

    @cached_property
    def represented(self):
        """How many papers the rows stand for: a batch without its papers is one record."""
        return self.rows().order_by().aggregate(n=Coalesce(Sum("represents"), 0))["n"]

    @cached_property
    def page(self):
        """The page asked for; a number beyond the last is said and the last shown."""
        pages = Paginator(self.full_rows, self.size)
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
        return pages.page(number)

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
        return [
            Facet("class", _("Partner class"), self._class_options()),
            Facet("validity", _("Validity"), self._validity_options()),
            Facet("kind", _("Kind of paper"), self._kind_options()),
            Facet("region", _("Region"), self._region_options()),
            Facet("theme", _("Theme"), self._theme_options()),
            Facet("unit", _("Unit"), self._unit_options()),
            Facet("event", _("Event"), self._event_options()),
            Facet("status", _("Status"), self._status_options()),
        ]

    def _papers_without(self, name):
        return self.rows(without=name).order_by().values("pk")

    def _class_options(self):
        papers = self._papers_without("class")
        by_class = {cls: set() for cls in PartnerClass}
        counterparts = Party.objects.filter(agreement__in=papers).exclude(
            organization__kind=OrganizationKind.UNIT
        )
        alone = set(papers.values_list("pk", flat=True))
        for paper, kind in counterparts.order_by().values_list("agreement", "organization__kind"):
            by_class[CLASS_OF_KIND[OrganizationKind(kind)]].add(paper)
            alone.discard(paper)
        by_class[PartnerClass.UNKNOWN] |= alone
        return self._options("class", ((cls.value, cls.label, len(found)) for cls, found in by_class.items()))

    def _validity_options(self):
        counts = self._counts("validity", "validity")
        return self._options("validity", ((v.value, v.label, counts.get(v, 0)) for v in Validity))

    def _kind_options(self):
        counts = self._counts("kind", "kind")
        return self._options("kind", ((k.value, k.label, counts[k]) for k in AgreementKind if counts.get(k)))

    def _status_options(self):
        counts = self._counts("status", "status_on" if self.on else "status")
        return self._options("status", ((s.value, s.label, counts[s]) for s in Status if counts.get(s)))

    def _counts(self, name, column):
        rows = self.rows(without=name).order_by().values(column)
        return {row[column]: row["n"] for row in rows.annotate(n=Count("pk"))}

    def _region_options(self):
        scopes = AgreementScope.objects.filter(agreement__in=self._papers_without("region"))
        counted: dict[str, set] = {}
        for paper, code, parent in scopes.values_list("agreement", "region", "region__parent"):
            for each in {code, parent} - {None}:
                counted.setdefault(each, set()).add(paper)
        opened = {code[:2] for code in self._chosen("region")}
        shown = [code for code in counted if "." not in code or code[:2] in opened]
        names = dict(Region.objects.filter(code__in=shown).values_list("code", "name"))
        return self._options("region", ((code, names[code], len(counted[code])) for code in sorted(names)))

    def _theme_options(self):
        rows = AgreementTheme.objects.filter(agreement__in=self._papers_without("theme"))
        counts = dict(rows.values_list("theme").annotate(n=Count("agreement", distinct=True)))
        return self._options(
            "theme",
            ((theme.slug, str(theme), counts[theme.pk]) for theme in Theme.objects.filter(pk__in=counts)),
        )

    def _unit_options(self):
        """A unit counts the papers of everything below it, as its filter would show."""
        parties = Party.objects.filter(
            agreement__in=self._papers_without("unit"), organization__kind=OrganizationKind.UNIT
        )
        units = {unit.pk: unit for unit in Organization.objects.units().order_by("name")}
        counted: dict[int, set] = {}
        for paper, unit in parties.order_by().values_list("agreement", "organization"):
            while unit in units:
                counted.setdefault(unit, set()).add(paper)
                unit = units[unit].parent_id
        return self._options(
            "unit",
            ((unit.slug, unit.label, len(counted[pk])) for pk, unit in units.items() if pk in counted),
        )

    def _event_options(self):
        rows = self.rows(without="event").order_by().exclude(event=None).values("event")
        counts = {row["event"]: row["n"] for row in rows.annotate(n=Count("pk"))}
        events = SigningEvent.objects.filter(pk__in=counts)
        return self._options("event", ((e.slug, e.name, counts[e.pk]) for e in events))

    def _options(self, name, found):
        chosen = self._chosen(name)
        return [Option(value, label, n, value in chosen) for value, label, n in found]

    def _chosen(self, name):
        return set(self.params.getlist(name)) if name in self.asked else set()

    @cached_property
    def chips(self):
        """The active filters, each with the address that takes it away."""
        chips = []
        for name, value in self.asked.items():
            label = str(self._filterset.filters[name].label)
            for code, said in self._said(name, value):
                chips.append(Chip(label, said, self.url(drop=(name, code))))
        return chips

    @property
    def filters_in_words(self):
        """The active filters as an export prints them."""
        words: dict[str, list] = {}
        for chip in self.chips:
            words.setdefault(chip.label, []).append(chip.value)
        return [f"{label}: {', '.join(values)}" for label, values in words.items()]

    def _said(self, name, value):
        """(the code in the address, the words for it) of each value of a filter."""
        if hasattr(value, "model"):
            field = self._filterset.form.fields[name].to_field_name
            return [(getattr(row, field), str(row)) for row in value]
        if isinstance(value, list):
            labels = dict(self._filterset.filters[name].extra["choices"])
            return [(code, str(labels[code])) for code in value]
        if name == "q":
            return [(self.params.get("q"), f"“{value}”")]
        return [(self.params.get(name), _day(value))]

    @cached_property
    def per_class(self):
        """Papers by the one class each is counted under, for the head of a report."""
        rows = self.rows().with_lead().order_by().values("lead_class").annotate(n=Count("pk"))
        counts = {row["lead_class"]: row["n"] for row in rows}
        return [(cls, counts[cls]) for cls in PartnerClass if counts.get(cls)]

    @cached_property
    def suggestions(self):
        """Names near to a search that found nothing, from what this reader may see."""
        text = self.params.get("q", "").strip()
        if not text or self.count:
            return []
        papers = Agreement.objects.visible_to(self.user).papers().order_by().values("pk")
        partners = Organization.objects.filter(parties__agreement__in=papers)
        names = {
            *partners.values_list("name", flat=True),
            *partners.exclude(short_name="").values_list("short_name", flat=True),
            *OrganizationAlias.objects.filter(organization__in=partners).values_list("name", flat=True),
            *Region.objects.filter(scopes__agreement__in=papers).values_list("bare_name", flat=True),
            *Theme.objects.values_list("name", flat=True),
        }
        near = process.extract(
            text, names, scorer=fuzz.WRatio, processor=str.lower, limit=3, score_cutoff=_LIKE_ENOUGH
        )
        return [(name, self.url(q=name)) for name, _score, _index in near]

    # --- addresses ----------------------------------------------------------------------------

    def url(self, drop=None, **changes):
        """The query of this list with changes: a value of None leaves a parameter out.

        ``drop`` is (name, code): that one value goes. The page starts again at 1.
        """
        query = QueryDict(mutable=True)
        for name in self.params:
            if name == "page" or (name not in self.asked and name not in _SHAPE):
                continue
            values = self.params.getlist(name)
            query.setlist(name, [v for v in values if (name, v) != drop and v != ""])
        for name, value in changes.items():
            query.pop(name, None)
            if value not in (None, ""):
                query.setlist(name, [str(value)])
        return f"?{query.urlencode(safe=',')}" if any(query.values()) else "?"

    @property
    def has_filters(self):
        return bool(self.asked)

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


def _is_empty(value):
    return value is None or value == "" or (hasattr(value, "__len__") and len(value) == 0)


def _directed(expression, down):
    """The expression upwards or downwards; what is unknown comes last either way."""
    expression = F(expression) if isinstance(expression, str) else expression
    return expression.desc(nulls_last=True) if down else expression.asc(nulls_last=True)


def _day(value):
    return str(PartialDate.of(value.year, value.month, value.day))
