"""Files of the register: what they say beside their rows."""

from functools import cached_property

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.columns.in_sql import quoted
from partnerships.exports.extract import Extract, Figure
from partnerships.models import IssuedKind, PartnerClass
from partnerships.register import agreements_for


class RegisterExtract(Extract):
    """Papers, with their number by class of partner and how many papers they stand for."""

    issued_as = IssuedKind.REGISTER
    title = _("Register of partnerships")
    file_stem = "kemitraan"
    sheet = _("Papers")
    no_filters = _("None: every paper")
    no_rows = _("No paper fits these filters.")
    grouped_by_value = frozenset({"class", "validity", "kind", "status", "unit"})

    ask = staticmethod(agreements_for)

    def __init__(self, user, params):
        super().__init__(user, params)
        if on := self.listing.on:
            self.title = gettext("Register of partnerships, status as of %(day)s") % {
                "day": formats.date_format(on, "j F Y")
            }
            # A CSV has no room for a word on its rows but its name.
            self.file_stem = f"{self.file_stem}-{gettext('status')}-{on.isoformat()}"

    @property
    def count(self):
        return self._counted["records"]

    @property
    def represented(self):
        return self._counted["papers"]

    @cached_property
    def _counted(self):
        # Of the state of the data that the file is made of, not of the index, which is of this moment.
        rows = self.listing.rows().order_by()
        return rows.aggregate(records=Count("pk"), papers=Coalesce(Sum("represents"), 0))

    @cached_property
    def per_class(self):
        """(class, papers, how many these stand for) for each class of partner among the rows."""
        rows = self.listing.rows().with_lead().order_by().values("lead_class")
        rows = rows.annotate(papers=Count("pk"), represented=Sum("represents"))
        found = {row["lead_class"]: (row["papers"], row["represented"]) for row in rows}
        return [(cls.label, *found[cls]) for cls in PartnerClass if cls in found]

    @property
    def figures(self):
        numbers = [(gettext("Papers"), self.count, self.represented), *self.per_class]
        return [
            Figure(label, papers, _standing_for(represented) if represented != papers else "")
            for label, papers, represented in numbers
        ]

    @property
    def totals(self):
        return [(gettext("Papers"), self.count), (gettext("These stand for"), self.represented)]

    def heading_of(self, sort):
        if sort == "signed":
            return lambda row: str(row.signed_latest.year) if row.signed_latest else gettext("No date")
        return super().heading_of(sort)

    def heading_in_sql(self, sort):
        if sort == "signed":
            return f"coalesce(extract(year FROM asked.signed_latest)::text, {quoted(gettext('No date'))})"
        return super().heading_in_sql(sort)


def _standing_for(papers):
    return gettext("stand for %(represented)s papers") % {"represented": papers}
