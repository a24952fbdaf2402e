"""The columns of the register: one list for the page, CSV, XLSX, PDF and JSON."""

from django.db.models.functions import Lower
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.columns.column import Column
from partnerships.lifecycle import ForeignStage, Status
from partnerships.models import Validity


def _names(parties):
    return [party.organization.name for party in parties]


def _last_end(agreement):
    # The term that decides on the day; of a paper that has not begun, the last one agreed.
    terms = sorted(agreement.terms.all(), key=lambda each: (each.position, each.pk))
    then = [term for term in terms if term.pk == agreement.term_then]
    term = (then or terms or [None])[-1]
    if term is None:
        return None
    if term.ended_early and term.ends_latest != agreement.ends_latest:
        return term.agreed or gettext("open")
    return gettext("open") if term.ends_open else term.ends


def _event(agreement):
    return agreement.event.name if agreement.event else None


def _status(agreement):
    return Status(agreement.status_then).label


def _stage(agreement):
    return ForeignStage(agreement.stage_then).label if agreement.stage_then else None


COLUMNS = {
    column.code: column
    for column in (
        Column("ref", _("Reference"), lambda a: a.ref, ("ref",), True, share=9),
        Column(
            "title", _("Paper"), lambda a: a.display_title, (Lower("title"),), True, share=24, indonesian=True
        ),
        Column(
            "partner",
            _("Partner"),
            lambda a: _names(a.counterparts),
            (Lower("lead_name"),),
            True,
            share=20,
            indonesian=True,
        ),
        Column(
            "class",
            _("Partner class"),
            lambda a: a.partner_class.label,
            ("lead_class",),
            share=11,
        ),
        Column("kind", _("Kind"), lambda a: a.get_kind_display(), ("kind",), True, share=12),
        Column(
            "signed",
            pgettext_lazy("column", "Signed"),
            lambda a: a.signed,
            ("signed_latest",),
            True,
            share=9,
        ),
        Column(
            "ends",
            pgettext_lazy("column", "Ends"),
            _last_end,
            ("ends_latest",),
            share=9,
        ),
        Column(
            "validity",
            _("Validity"),
            lambda a: Validity(a.validity).label,
            ("validity",),
            True,
            share=10,
        ),
        Column("status", _("Status"), _status, ("status_then",), share=10),
        Column("stage", _("Stage of a foreign paper"), _stage, ("stage_then",), share=11),
        Column(
            "region",
            _("Region"),
            lambda a: [
                party.organization.region.name for party in a.parties.all() if party.organization.region
            ],
            share=12,
            indonesian=True,
        ),
        Column("theme", _("Themes"), lambda a: [str(theme) for theme in a.themes.all()], share=16),
        Column(
            "unit",
            _("Unit"),
            lambda a: a.responsible_unit.label if a.responsible_unit else None,
            (Lower("unit_name"),),
            True,
            share=12,
            indonesian=True,
        ),
        Column("event", _("Event"), _event, ("event__name",), share=16, indonesian=True),
        Column("place", _("Place"), lambda a: a.place, (Lower("place"),), share=12, indonesian=True),
        Column(
            "number",
            _("Numbers"),
            lambda a: [party.number for party in a.parties.all() if party.number],
            share=12,
        ),
        Column(
            "represents",
            _("Stands for"),
            lambda a: a.represents,
            ("represents",),
            number=True,
            share=7,
        ),
        Column(
            "commitments",
            _("Commitments"),
            lambda a: a.commitment_count,
            ("commitment_count",),
            number=True,
            share=8,
        ),
        Column(
            "conflicts",
            _("Differing values"),
            lambda a: a.conflict_count,
            ("conflict_count",),
            number=True,
            share=8,
        ),
        Column(
            "certainty",
            _("Certainty"),
            lambda a: a.get_certainty_display(),
            ("certainty",),
            share=9,
        ),
        Column("source", _("Source number"), lambda a: a.external_id, ("external_id",), share=8),
    )
}

DEFAULT_COLUMNS = tuple(code for code, column in COLUMNS.items() if column.default)
