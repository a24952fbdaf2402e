from functools import cached_property

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from partnerships.columns import COLUMNS, DEFAULT_COLUMNS, PAPER_TABLES
from partnerships.filters import AgreementFilter
from partnerships.models import Agreement, AgreementKind
from partnerships.register import guidance, paper_facets
from partnerships.register.hits import hits_in
from partnerships.register.listing import Listing

DEFAULT_SORT = "-signed"


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
    wrong_sort = _("The list can't be sorted by “%(sort)s”; it shows the newest first.")
    wrong_size = _("A page shows %(sizes)s papers, not “%(size)s”.")

    def _known(self, without):
        on = None if without == "on" else self.on
        rows = Agreement.objects.visible_to(self.user)
        if on:
            rows = rows.as_of(on)
        rows = rows.with_validity(on)
        if without != "kind" and AgreementKind.ACTIVITY not in self.asked.get("kind", []):
            rows = rows.papers()
        return rows

    @cached_property
    def full_rows(self):
        return self.rows().with_stage(self.on).with_lead().with_counts().with_parties()

    @cached_property
    def page(self):
        """The page asked for; with a search, each row with the ``hit`` in its documents, if there is one."""
        page = super().page
        if text := self.asked.get("q"):
            found = hits_in([row.pk for row in page.object_list], text, self.user)
            for row in page.object_list:
                row.hit = found.get(row.pk)
        return page

    def _with_what_sorts(self, rows, code):
        if code in {"partner", "class", "unit"}:
            rows = rows.with_lead()
        if code == "stage":
            rows = rows.with_stage(self.on)
        if code in {"commitments", "conflicts"}:
            rows = rows.with_counts()
        return rows

    def _last_order(self, code):
        return ("ref" if code != "ref" else "pk",)

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

    @cached_property
    def facets(self):
        return paper_facets.facets_of(self)

    @property
    def presence(self):
        """The facets of what a paper has and lacks."""
        return paper_facets.presence_of(self)

    @cached_property
    def knows_none(self):
        return not self.count and not Agreement.objects.visible_to(self.user).papers().exists()

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
