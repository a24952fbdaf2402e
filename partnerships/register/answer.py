from functools import cached_property

from django.db.models import Value
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from partnerships.columns import COLUMNS, DEFAULT_COLUMNS, OF_SLEEP, PAPER_TABLES
from partnerships.filters import AgreementFilter
from partnerships.models import Agreement, AgreementKind, ListName, access_of
from partnerships.register import guidance, paper_facets, searching, selecting
from partnerships.register.hits import hits_in
from partnerships.register.index import index_of
from partnerships.register.listing import Listing

DEFAULT_SORT = "-signed"
# So few papers the database puts in another order at once; for more, the order of all is kept.
_FEW = 5_000
# What is read beside a paper for a column, and not for every page.
_PARTS = {"theme": "themes", "ends": "terms", "event": "event"}
# Columns that read more of a paper's terms and steps than the index tells.
_BY_TERMS = {"ends", "stage", *OF_SLEEP}
# The parameter that selects all results; without it, nothing ticked is nothing.
ALL_RESULTS = "semua"
# So many papers of a selection are named one by one.
MOST_NAMED = 4


def agreements_for(user, params):
    """The register as this reader, asking with these parameters (a QueryDict), gets it."""
    return Register(user, params)


class Register(Listing):
    """The papers, newest signature first. What is no paper is left out unless asked for."""

    filter_class = AgreementFilter
    all_columns = COLUMNS
    tables = PAPER_TABLES
    default_columns = DEFAULT_COLUMNS
    default_sort = DEFAULT_SORT
    filters_by_default = frozenset({"kind"})
    page_name = "partnerships:agreement-list"
    files_name = "partnerships:agreement-export"
    list_name = ListName.AGREEMENTS
    saving_name = "partnerships:agreement-view-add"
    has_selection = True
    wrong_sort = _("The list can't be sorted by “%(sort)s”; it shows the newest first.")
    wrong_size = _("A page shows %(sizes)s papers, not “%(size)s”.")

    def __init__(self, user, params):
        super().__init__(user, params)
        self._selections = {}
        self._asked_for = {}

    def _known(self, without):
        rows = self._as_it_was(None if without == "on" else self.on).visible_to(self.user)
        if without != "kind" and AgreementKind.ACTIVITY not in self.asked.get("kind", []):
            rows = rows.papers()
        return rows

    @staticmethod
    def _as_it_was(on):
        return (Agreement.objects.as_of(on) if on else Agreement.objects.all()).with_validity(on)

    @cached_property
    def full_rows(self):
        return self.rows().with_stage(self.on).with_dormancy(self.on).with_counts().with_parties()

    def rows_of(self, ids):
        # What was asked has been answered; whether the reader may see them is asked of the database.
        shown = {column.code for column in self.columns}
        rows = Agreement.objects.visible_to(self.user) if shown.isdisjoint(_BY_TERMS) else self._known("kind")
        rows = rows.filter(pk__in=ids)
        if "commitments" in shown:
            rows = rows.with_counts()
        elif self.index.with_thing("conflict") & self.index.among(ids):
            rows = rows.with_conflict_count()
        else:
            rows = rows.annotate(conflict_count=Value(0))
        if "stage" in shown:
            rows = rows.with_stage(self.on)
        if not shown.isdisjoint(OF_SLEEP):
            rows = rows.with_dormancy(self.on)
        parts = {part for code, part in _PARTS.items() if code in shown}
        return rows.with_parties(parts, named_only=True)

    def rows_between(self, start, stop):
        rows = super().rows_between(start, stop)
        for row in rows:
            row.validity = self.index.told_of(row.pk, "validity")
            row.status_then = self.index.told_of(row.pk, "status_then")
        return rows

    # --- counting -----------------------------------------------------------------------------

    @cached_property
    def index(self):
        return index_of(self.on)

    def selection(self, without=None):
        """The papers of the answer in memory (register.index), without one of its filters for its facet."""
        if without not in self.asked and without not in self.filters_by_default:
            without = None
        if without not in self._selections:
            self._selections[without] = self._selected(without)
        return self._selections[without]

    def counts_by(self, name):
        """How many of the papers each value of a facet has, by the value; a region's and a unit's are those
        of everything below it too."""
        return self.selection().counts(name)

    @property
    def lives(self):
        """The signs of life of all papers on the day of the question, in memory."""
        # The papers below are those of today, whatever day the register is read on.
        today = index_of() if self.on else self.index
        return self.index.lives(today, self.on or timezone.localdate())

    def asleep_on(self, day):
        """How many of the papers of the answer, read today, slept on that day or an earlier one."""
        return len(self.selection() & self._lives_on(day).all_asleep)

    def going_on(self, day):
        """How many of the papers of the answer, read today, were signed and not over on such a day."""
        return len(self.selection() & self._lives_on(day).going_on)

    def _lives_on(self, day):
        return self.lives if day == timezone.localdate() else self.index.lives_then(day)

    def longest_asleep(self, most, *, last=False):
        """So many of the papers of the answer, all of them asleep, that have slept longest (with ``last``:
        that fell asleep last), with what their columns show."""
        ids = self.lives.longest_asleep(self.selection(), most, last=last)
        found = self.rows_of(ids).order_by().in_bulk()
        return [found[paper] for paper in ids if paper in found]

    def speed(self, sign, within):
        """How long the papers of the answer took to a SignOfLife that is due ``within`` days."""
        return self.lives.speed(self.selection(), sign, within)

    def _selected(self, without):
        found = self.index.seen_by(self.user)
        if without != "kind" and AgreementKind.ACTIVITY not in self.asked.get("kind", []):
            found &= self.index.papers()
        for name in self.asked:
            if name != without:
                found &= self._having(name)
        return found

    def _having(self, name):
        if name not in self._asked_for:
            self._asked_for[name] = selecting.having(self, name)
        return self._asked_for[name]

    def ids_between(self, start, stop):
        if self.sort == DEFAULT_SORT:
            return self.selection().ids()[start:stop].tolist()
        found = self.selection()
        if self.count > _FEW:
            ordered = self.index.in_another_order(found, self.sort, self._everything_in_order)
            return ordered[start:stop].tolist()
        rows = self._in_order(self._as_it_was(self.on).filter(pk__in=found.ids().tolist()))
        return list(rows.values_list("pk", flat=True)[start:stop])

    def _everything_in_order(self):
        return self._in_order(self._as_it_was(self.on)).values_list("pk", flat=True).iterator()

    @cached_property
    def page(self):
        """The page asked for; with a search, each row with the ``hit`` in its documents, if there is one."""
        page = super().page
        if text := self.asked.get("q"):
            rows = [row.pk for row in page.object_list]
            found = hits_in(searching.in_documents(self.index, rows, text, self.user), text, self.user)
            for row in page.object_list:
                row.hit = found.get(row.pk)
        return page

    def _with_what_sorts(self, rows, code):
        if code in {"partner", "class", "unit"}:
            rows = rows.with_lead()
        if code == "stage":
            rows = rows.with_stage(self.on)
        if code in OF_SLEEP:
            rows = rows.with_dormancy(self.on)
        if code in {"commitments", "conflicts"}:
            rows = rows.with_counts()
        return rows

    def _last_order(self, code):
        return ("ref" if code != "ref" else "pk",)

    def _in_words(self, name):
        if name != "ref":
            return super()._in_words(name)
        refs = sorted(paper.ref for paper in self.asked["ref"])
        # A selection of a page would be a hundred chips; it is one, which lets go of it as a whole.
        return [(ref, ref) for ref in refs] if len(refs) <= MOST_NAMED else [(None, self.counted(len(refs)))]

    @cached_property
    def count(self):
        return len(self.selection())

    @cached_property
    def represented(self):
        """How many papers the rows stand for: a batch without its papers is one record."""
        return self.selection().represented

    def count_without(self, name):
        return len(self.selection(without=name))

    @property
    def count_in_words(self):
        said = _counted(self.asked.get("kind", []), self.count)
        if self.represented == self.count:
            return said
        return gettext("%(records)s, standing for %(papers)s") % {
            "records": said,
            "papers": self.counted(self.represented),
        }

    @staticmethod
    def counted(number):
        return _counted([], number)

    @property
    def selection_url(self):
        """The query that selects every row of the question, which may be no question at all."""
        return f"?{ALL_RESULTS}=1&{self.question.urlencode(safe=',')}"

    @cached_property
    def facets(self):
        return paper_facets.facets_of(self)

    def drawn(self, name, draw):
        """A piece of the page that says nothing but what the papers, the question and who asks it decide."""
        rows = tuple(
            (name, row.pk) for name, value in self.asked.items() if hasattr(value, "model") for row in value
        )
        typed = (self.question.urlencode(), *self.opened, *self.looked_for.items(), self.all_url)
        who = (self.user.pk, access_of(self.user), get_language())
        return self.index.drawn((name, who, rows, typed), draw)

    @property
    def presence(self):
        """The facets of what a paper has and lacks."""
        return paper_facets.presence_of(self)

    @cached_property
    def knows_none(self):
        return not self.count and not len(self.index.seen_by(self.user) & self.index.papers())

    @cached_property
    def suggestions(self):
        return guidance.suggestions(self)


def _counted(kinds, count):
    """A number of papers in words; of what is no paper when the reader asks for that."""
    if kinds == [AgreementKind.ACTIVITY]:
        said = ngettext("%(n)s activity without a paper", "%(n)s activities without a paper", count)
    elif AgreementKind.ACTIVITY in kinds:
        said = ngettext("%(n)s record", "%(n)s records", count)
    else:
        said = ngettext("%(n)s paper", "%(n)s papers", count)
    return said % {"n": number_format(count, force_grouping=True)}
