"""Files of the ledger of commitments: what they say beside their rows."""

from functools import cached_property

from django.db.models import Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.columns.in_sql import title_of
from partnerships.exports.extract import Extract, Figure
from partnerships.models import IssuedKind
from partnerships.models.commitment_state import CommitmentState
from partnerships.register import commitments_for


class LedgerExtract(Extract):
    """Commitments, with what is late, what waits for verification, and what no rate can count."""

    issued_as = IssuedKind.LEDGER
    title = _("Ledger of commitments")
    file_stem = "komitmen"
    sheet = _("Commitments")
    no_filters = _("None: every commitment")
    no_rows = _("No commitment fits these filters.")
    grouped_by_value = frozenset({"ref", "state", "office", "indicator", "owed_by", "funding"})
    upright = True

    ask = staticmethod(commitments_for)

    @cached_property
    def count(self):
        # Of the state of the data that the file is made of, not of the index, which is of this moment.
        return self.listing.standings().count()

    @cached_property
    def totals(self):
        rows = self.listing.standings()
        return [
            (gettext("Commitments"), self.count),
            (gettext("With an overdue report"), self.listing.number_in(CommitmentState.OVERDUE)),
            (gettext("Reports to verify"), rows.aggregate(n=Sum("waiting", default=0))["n"]),
            (gettext("Not yet measurable, in no rate"), rows.unmeasurable().count()),
        ]

    @property
    def figures(self):
        return [Figure(label, number) for label, number in self.totals]

    def heading_of(self, sort):
        if sort == "ref":
            return lambda row: f"{row.agreement.ref} {row.agreement.display_title}"
        return super().heading_of(sort)

    def heading_in_sql(self, sort):
        if sort == "ref":
            return f"a.ref || ' ' || {title_of('a')}"
        return super().heading_in_sql(sort)
