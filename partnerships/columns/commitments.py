"""The columns of the ledger of commitments: one list for the page, CSV, XLSX, PDF and JSON."""

from django.db.models import F
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.columns.column import Column, whole_day
from partnerships.columns.in_sql import (
    Date,
    Number,
    Percent,
    Several,
    Table,
    Text,
    Whole,
    Words,
    in_the_language,
    parties_of,
    quoted,
    title_of,
    trimmed,
    words,
)
from partnerships.columns.measures import Amount, Rate
from partnerships.models import Funding, Obstacle, Recurrence
from partnerships.models.commitment_state import CommitmentState

_OFFICE_NAME = Lower(Coalesce(F("owner__name"), F("owed_by__organization__name")))


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


def _obstacle_in_sql():
    kind = words("asked.latest_obstacle", Obstacle.choices)
    return f"nullif(concat_ws(': ', nullif({kind}, ''), nullif(asked.latest_obstacle_note, '')), '')"


def _missing_in_sql():
    wanted = {
        _("indicator and unit"): "asked.indicator_id IS NULL",
        _("target number"): "coalesce(asked.target, 0) = 0",
        _("due date"): "asked.due IS NULL",
        _("responsible office"): "asked.owner_id IS NULL",
        _("proof wanted"): "asked.proof_wanted = ''",
    }
    labels = [f"CASE WHEN {lacks} THEN {quoted(label)} END" for label, lacks in wanted.items()]
    return f"array_remove(ARRAY[{', '.join(labels)}], NULL)"


def _contact_in_sql():
    name = trimmed("contact.title_before || ' ' || contact.name")
    return f"{name} || CASE WHEN contact.title_after = '' THEN '' ELSE ', ' || contact.title_after END"


COMMITMENT_COLUMNS = {
    column.code: column
    for column in (
        Column(
            "ref",
            _("Reference"),
            lambda c: c.agreement.ref,
            Text("a.ref"),
            ("agreement__ref",),
            True,
            share=10,
        ),
        Column(
            "text",
            _("Commitment"),
            lambda c: c.text,
            Text("asked.text"),
            (Lower("text"),),
            True,
            share=24,
            indonesian=True,
        ),
        Column(
            "office",
            _("Responsible office"),
            lambda c: c.office.label if c.office else None,
            Text(
                "coalesce(nullif(owner.short_name, ''), owner.name,"
                " nullif(debtor.short_name, ''), debtor.name)"
            ),
            (_OFFICE_NAME,),
            True,
            share=15,
            indonesian=True,
        ),
        Column(
            "target",
            pgettext_lazy("column", "Target"),
            lambda c: Amount.of(c.target, c.indicator),
            Number("asked.target", "i.unit"),
            ("target",),
            True,
            number=True,
            share=15,
        ),
        Column(
            "achieved",
            pgettext_lazy("column", "Achieved"),
            _achieved,
            Number(
                "CASE WHEN asked.achieved <> 0 OR asked.indicator_id IS NOT NULL THEN asked.achieved END",
                "i.unit",
            ),
            ("achieved",),
            True,
            number=True,
            share=15,
        ),
        Column("rate", _("Rate (%)"), _rate, Percent("asked.rate"), ("rate",), True, number=True, share=10),
        Column(
            "next_due",
            _("Next report"),
            lambda c: whole_day(c.next_due),
            Date("asked.next_due::text"),
            ("next_due",),
            True,
            share=12,
        ),
        Column(
            "state",
            pgettext_lazy("column", "State"),
            lambda c: CommitmentState(c.state).label,
            Words(lambda: words("asked.state", CommitmentState.choices)),
            ("severity",),
            True,
            share=12,
        ),
        Column(
            "missing",
            _("Missing"),
            lambda c: [str(label) for label in c.missing_for_measure],
            Several(_missing_in_sql),
            share=15,
        ),
        Column(
            "paper",
            _("Paper"),
            lambda c: c.agreement.display_title,
            Text(lambda: title_of("a")),
            (Lower("agreement__title"),),
            share=22,
            indonesian=True,
        ),
        Column(
            "partner",
            _("Partner"),
            lambda c: [party.organization.name for party in c.agreement.counterparts],
            Several("parties.partners"),
            share=18,
            indonesian=True,
        ),
        Column(
            "owed_by",
            pgettext_lazy("column", "Owed by"),
            lambda c: _name(c.owed_by),
            Text("debtor.name"),
            (Lower("owed_by__organization__name"),),
            share=16,
            indonesian=True,
        ),
        Column(
            "owed_to",
            pgettext_lazy("column", "Owed to"),
            lambda c: _name(c.owed_to),
            Text("creditor.name"),
            (Lower("owed_to__organization__name"),),
            share=16,
            indonesian=True,
        ),
        Column(
            "region",
            _("Region"),
            _regions,
            Several("array_remove(ARRAY[owners.name, nullif(debtors.name, owners.name)], NULL)"),
            share=12,
            indonesian=True,
        ),
        Column(
            "indicator",
            _("Indicator"),
            lambda c: str(c.indicator) if c.indicator else None,
            Text(lambda: f"i.{in_the_language('name')}"),
            ("indicator__position", "indicator__name"),
            share=12,
        ),
        Column(
            "measure",
            _("Unit of measure"),
            lambda c: c.indicator.unit if c.indicator else None,
            Text("i.unit"),
            (Lower("indicator__unit"),),
            share=9,
            indonesian=True,
        ),
        Column(
            "baseline",
            _("Baseline"),
            lambda c: Amount.of(c.baseline, c.indicator),
            Number("asked.baseline", "i.unit"),
            ("baseline",),
            number=True,
            share=16,
        ),
        Column(
            "waiting",
            _("Waiting reports"),
            lambda c: c.waiting,
            Whole("asked.waiting"),
            ("waiting",),
            number=True,
            share=9,
        ),
        Column(
            "due",
            pgettext_lazy("column", "Due"),
            lambda c: whole_day(c.due),
            Date("asked.due::text"),
            ("due",),
            share=10,
        ),
        Column(
            "recurrence",
            pgettext_lazy("column", "Reported"),
            lambda c: c.get_recurrence_display(),
            Words(lambda: words("asked.recurrence", Recurrence.choices)),
            share=10,
        ),
        Column("obstacle", _("Obstacle"), _obstacle, Text(_obstacle_in_sql), share=18, indonesian=True),
        Column(
            "next_step",
            _("Next step"),
            lambda c: c.latest_next_step or None,
            Text("nullif(asked.latest_next_step, '')"),
            share=18,
            indonesian=True,
        ),
        Column(
            "contact",
            _("Contact person"),
            lambda c: str(c.contact) if c.contact else None,
            Text(_contact_in_sql),
            (Lower("contact__name"),),
            share=12,
            indonesian=True,
        ),
        Column(
            "funding",
            _("Source of funds"),
            lambda c: c.get_funding_display() or None,
            Words(lambda: f"nullif({words('asked.funding', Funding.choices)}, '')"),
            ("funding",),
            share=12,
        ),
        Column(
            "clause",
            _("Clause"),
            lambda c: c.clause or None,
            Text("nullif(asked.clause, '')"),
            share=9,
            indonesian=True,
        ),
        Column(
            "proof",
            _("Proof wanted"),
            lambda c: c.proof_wanted or None,
            Text("nullif(asked.proof_wanted, '')"),
            share=16,
            indonesian=True,
        ),
        Column(
            "source",
            _("Source"),
            lambda c: c.source or None,
            Text("nullif(asked.source, '')"),
            share=16,
            indonesian=True,
        ),
    )
}

# What the cells read beside what was asked, each by the name that they call it.
COMMITMENT_TABLES = {
    "a": Table("JOIN partnerships_agreement a ON a.id = asked.agreement_id"),
    "parties": parties_of("agreement_id"),
    "i": Table("LEFT JOIN partnerships_indicator i ON i.id = asked.indicator_id"),
    "owner": Table("LEFT JOIN partnerships_organization owner ON owner.id = asked.owner_id"),
    "owners": Table("LEFT JOIN regions_region owners ON owners.code = owner.region_id"),
    "debt": Table("LEFT JOIN partnerships_party debt ON debt.id = asked.owed_by_id"),
    "debtor": Table("LEFT JOIN partnerships_organization debtor ON debtor.id = debt.organization_id"),
    "debtors": Table("LEFT JOIN regions_region debtors ON debtors.code = debtor.region_id"),
    "claim": Table("LEFT JOIN partnerships_party claim ON claim.id = asked.owed_to_id"),
    "creditor": Table("LEFT JOIN partnerships_organization creditor ON creditor.id = claim.organization_id"),
    "contact": Table("LEFT JOIN partnerships_person contact ON contact.id = asked.contact_id"),
}
# What can't be measured has no rate; to repair it one must see what is missing.
REPAIR_COLUMNS = ("ref", "text", "missing", "office", "target", "due", "state")
DEFAULT_COMMITMENT_COLUMNS = tuple(code for code, column in COMMITMENT_COLUMNS.items() if column.default)
