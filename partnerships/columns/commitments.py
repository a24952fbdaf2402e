"""The columns of the ledger of commitments: one list for the page, CSV, XLSX, PDF and JSON."""

from django.db.models import F
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.columns.column import Column
from partnerships.columns.measures import Amount, Rate
from partnerships.models import Obstacle, PartialDate
from partnerships.models.commitment_state import CommitmentState

_OFFICE_NAME = Lower(Coalesce(F("owner__name"), F("owed_by__organization__name")))


def _day(date):
    return PartialDate.of(date.year, date.month, date.day) if date else None


def _name(party):
    return party.organization.name if party else None


def _words(commitment):
    """What is promised; a file must say of itself what was made up, it travels without the page."""
    if not commitment.demonstration:
        return commitment.text
    return gettext("%(text)s [made up for the demonstration]") % {"text": commitment.text}


def _achieved(commitment):
    """Nothing is said of a commitment that nobody can measure and nobody has reported on."""
    if not commitment.achieved and commitment.indicator is None:
        return None
    return Amount.of(commitment.achieved, commitment.indicator)


def _rate(commitment):
    return None if commitment.rate is None else Rate(commitment.rate, commitment.waiting)


def _obstacle(commitment):
    """The obstacle of the latest report: what kind, and what was said about it."""
    kind = Obstacle(commitment.latest_obstacle).label if commitment.latest_obstacle else ""
    return ": ".join(filter(None, [str(kind), commitment.latest_obstacle_note])) or None


def _regions(commitment):
    offices = [commitment.owner, commitment.owed_by and commitment.owed_by.organization]
    return list(dict.fromkeys(office.region.name for office in offices if office and office.region))


COMMITMENT_COLUMNS = {
    column.code: column
    for column in (
        Column("ref", _("Reference"), lambda c: c.agreement.ref, ("agreement__ref",), True, share=10),
        Column("text", _("Commitment"), lambda c: c.text, (Lower("text"),), True, share=24, indonesian=True),
        Column(
            "office",
            _("Responsible office"),
            lambda c: c.office.label if c.office else None,
            (_OFFICE_NAME,),
            True,
            share=15,
            indonesian=True,
        ),
        Column(
            "target",
            pgettext_lazy("column", "Target"),
            lambda c: Amount.of(c.target, c.indicator),
            ("target",),
            True,
            number=True,
            share=15,
        ),
        Column(
            "achieved",
            pgettext_lazy("column", "Achieved"),
            _achieved,
            ("achieved",),
            True,
            number=True,
            share=15,
        ),
        Column("rate", _("Rate (%)"), _rate, ("rate",), True, number=True, share=10),
        Column("next_due", _("Next report"), lambda c: _day(c.next_due), ("next_due",), True, share=12),
        Column(
            "state",
            pgettext_lazy("column", "State"),
            lambda c: CommitmentState(c.state).label,
            ("severity",),
            True,
            share=12,
        ),
        Column(
            "missing",
            _("Missing"),
            lambda c: [str(label) for label in c.missing_for_measure],
            share=15,
        ),
        Column(
            "paper",
            _("Paper"),
            lambda c: c.agreement.display_title,
            (Lower("agreement__title"),),
            share=22,
            indonesian=True,
        ),
        Column(
            "partner",
            _("Partner"),
            lambda c: [party.organization.name for party in c.agreement.counterparts],
            share=18,
            indonesian=True,
        ),
        Column(
            "owed_by",
            pgettext_lazy("column", "Owed by"),
            lambda c: _name(c.owed_by),
            (Lower("owed_by__organization__name"),),
            share=16,
            indonesian=True,
        ),
        Column(
            "owed_to",
            pgettext_lazy("column", "Owed to"),
            lambda c: _name(c.owed_to),
            (Lower("owed_to__organization__name"),),
            share=16,
            indonesian=True,
        ),
        Column("region", _("Region"), _regions, share=12, indonesian=True),
        Column(
            "indicator",
            _("Indicator"),
            lambda c: str(c.indicator) if c.indicator else None,
            ("indicator__position", "indicator__name"),
            share=12,
        ),
        Column(
            "measure",
            _("Unit of measure"),
            lambda c: c.indicator.unit if c.indicator else None,
            (Lower("indicator__unit"),),
            share=9,
            indonesian=True,
        ),
        Column(
            "baseline",
            _("Baseline"),
            lambda c: Amount.of(c.baseline, c.indicator),
            ("baseline",),
            number=True,
            share=16,
        ),
        Column("waiting", _("Waiting reports"), lambda c: c.waiting, ("waiting",), number=True, share=9),
        Column("due", pgettext_lazy("column", "Due"), lambda c: _day(c.due), ("due",), share=10),
        Column(
            "recurrence",
            pgettext_lazy("column", "Reported"),
            lambda c: c.get_recurrence_display(),
            share=10,
        ),
        Column("obstacle", _("Obstacle"), _obstacle, share=18, indonesian=True),
        Column("next_step", _("Next step"), lambda c: c.latest_next_step or None, share=18, indonesian=True),
        Column(
            "contact",
            _("Contact person"),
            lambda c: str(c.contact) if c.contact else None,
            (Lower("contact__name"),),
            share=12,
            indonesian=True,
        ),
        Column(
            "funding",
            _("Source of funds"),
            lambda c: c.get_funding_display() or None,
            ("funding",),
            share=12,
        ),
        Column("clause", _("Clause"), lambda c: c.clause or None, share=9, indonesian=True),
        Column("proof", _("Proof wanted"), lambda c: c.proof_wanted or None, share=16, indonesian=True),
        Column("source", _("Source"), lambda c: c.source or None, share=16, indonesian=True),
    )
}

# What can't be measured has no rate; to repair it one must see what is missing.
REPAIR_COLUMNS = ("ref", "text", "missing", "office", "target", "due", "state")
DEFAULT_COMMITMENT_COLUMNS = tuple(code for code, column in COMMITMENT_COLUMNS.items() if column.default)
