"""The columns of the register: one list for the page, CSV, XLSX, PDF and JSON."""

from django.db.models.functions import Lower
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.columns.column import Column, whole_day
from partnerships.columns.in_sql import (
    Date,
    Several,
    Table,
    Text,
    Whole,
    Words,
    in_the_language,
    partial_date,
    parties_of,
    quoted,
    title_of,
    words,
)
from partnerships.lifecycle import ForeignStage, Status
from partnerships.models import AgreementKind, Certainty, DormantState, PartnerClass, SignOfLife, Validity
from partnerships.models.kinds import CLASS_OF_KIND


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


def _last_end_in_sql():
    open_end = quoted(gettext("open"))
    return f"""CASE
        WHEN term.ended_early AND term.ends_latest IS DISTINCT FROM asked.ends_latest
            THEN coalesce({partial_date("term.agreed")}, {open_end})
        WHEN term.ends_open THEN {open_end}
        ELSE {partial_date("term.ends")}
    END"""


def _class():
    labels = [(kind, cls.label) for kind, cls in CLASS_OF_KIND.items()]
    return words("parties.lead_kind", labels, otherwise=PartnerClass.UNKNOWN.label)


def _event(agreement):
    return agreement.event.name if agreement.event else None


def _status(agreement):
    return Status(agreement.status_then).label


def _stage(agreement):
    return ForeignStage(agreement.stage_then).label if agreement.stage_then else None


def _days_to(sign):
    def days(agreement):
        first = getattr(agreement, f"first_{sign.value}")
        known = first is not None and agreement.signed_latest is not None
        return (first - agreement.signed_latest).days if known else None

    return days


# What is known of a paper's sleep, which is read only where one of these is asked for.
OF_SLEEP = ("dormant", "asleep", *(f"days_{sign.value}" for sign in SignOfLife))

COLUMNS = {
    column.code: column
    for column in (
        Column("ref", _("Reference"), lambda a: a.ref, Text("asked.ref"), ("ref",), True, share=9),
        Column(
            "title",
            _("Paper"),
            lambda a: a.display_title,
            Text(lambda: title_of("asked")),
            (Lower("title"),),
            True,
            share=24,
            indonesian=True,
        ),
        Column(
            "partner",
            _("Partner"),
            lambda a: _names(a.counterparts),
            Several("parties.partners"),
            (Lower("lead_name"),),
            True,
            share=20,
            indonesian=True,
        ),
        Column(
            "class",
            _("Partner class"),
            lambda a: a.partner_class.label,
            Words(_class),
            ("lead_class",),
            share=11,
        ),
        Column(
            "kind",
            _("Kind"),
            lambda a: AgreementKind(a.kind).label,
            Words(lambda: words("asked.kind", AgreementKind.choices)),
            ("kind",),
            True,
            share=12,
        ),
        Column(
            "signed",
            pgettext_lazy("column", "Signed"),
            lambda a: a.signed,
            Date(partial_date("asked.signed")),
            ("signed_latest",),
            True,
            share=9,
        ),
        Column(
            "ends",
            pgettext_lazy("column", "Ends"),
            _last_end,
            Date(_last_end_in_sql),
            ("ends_latest",),
            share=9,
        ),
        Column(
            "validity",
            _("Validity"),
            lambda a: Validity(a.validity).label,
            Words(lambda: words("asked.validity", Validity.choices)),
            ("validity",),
            True,
            share=10,
        ),
        Column(
            "status",
            _("Status"),
            _status,
            Words(lambda: words("asked.status_then", Status.choices)),
            ("status_then",),
            share=10,
        ),
        Column(
            "stage",
            _("Stage of a foreign paper"),
            _stage,
            Words(lambda: words("asked.stage_then", ForeignStage.choices)),
            ("stage_then",),
            share=11,
        ),
        Column(
            "region",
            _("Region"),
            lambda a: [
                party.organization.region.name for party in a.parties.all() if party.organization.region
            ],
            Several("parties.regions"),
            share=12,
            indonesian=True,
        ),
        Column(
            "theme",
            _("Themes"),
            lambda a: [str(theme) for theme in a.themes.all()],
            Several(lambda: f"themes.{in_the_language('names')}"),
            share=16,
        ),
        Column(
            "unit",
            _("Unit"),
            lambda a: a.responsible_unit.label if a.responsible_unit else None,
            Text("parties.unit"),
            (Lower("unit_name"),),
            True,
            share=12,
            indonesian=True,
        ),
        Column("event", _("Event"), _event, Text("event.name"), ("event__name",), share=16, indonesian=True),
        Column(
            "place",
            _("Place"),
            lambda a: a.place,
            Text("asked.place"),
            (Lower("place"),),
            share=12,
            indonesian=True,
        ),
        Column(
            "number",
            _("Numbers"),
            lambda a: [party.number for party in a.parties.all() if party.number],
            Several("parties.numbers"),
            share=12,
        ),
        Column(
            "represents",
            _("Stands for"),
            lambda a: a.represents,
            Whole("asked.represents"),
            ("represents",),
            number=True,
            share=7,
        ),
        Column(
            "commitments",
            _("Commitments"),
            lambda a: a.commitment_count,
            Whole("asked.commitment_count"),
            ("commitment_count",),
            number=True,
            share=8,
        ),
        Column(
            "conflicts",
            _("Differing values"),
            lambda a: a.conflict_count,
            Whole("asked.conflict_count"),
            ("conflict_count",),
            number=True,
            share=8,
        ),
        Column(
            "dormant",
            _("Asleep"),
            lambda a: DormantState(a.dormant).label if a.dormant else None,
            Words(lambda: words("asked.dormant", DormantState.choices)),
            ("dormant",),
            share=11,
        ),
        Column(
            "asleep",
            _("Asleep since"),
            lambda a: whole_day(a.asleep_since),
            Date("asked.asleep_since::text"),
            ("asleep_since",),
            share=9,
        ),
        *(
            Column(
                f"days_{sign.value}",
                label,
                _days_to(sign),
                Whole(f"(asked.first_{sign.value} - asked.signed_latest)"),
                number=True,
                share=9,
            )
            for sign, label in (
                (SignOfLife.FOLLOW_UP, _("Days to a paper under it")),
                (SignOfLife.ACTION_PLAN, _("Days to an action plan")),
                (SignOfLife.PROGRESS, _("Days to verified progress")),
            )
        ),
        Column(
            "certainty",
            _("Certainty"),
            lambda a: a.get_certainty_display(),
            Words(lambda: words("asked.certainty", Certainty.choices)),
            ("certainty",),
            share=9,
        ),
        Column(
            "source",
            _("Source number"),
            lambda a: a.external_id,
            Text("asked.external_id"),
            ("external_id",),
            share=8,
        ),
    )
}

# What the cells read beside what was asked, each by the name that they call it.
PAPER_TABLES = {
    "parties": parties_of("pk"),
    "themes": Table(
        """
        LEFT JOIN (
            SELECT t.agreement_id,
                array_agg(n.name ORDER BY n.position, n.name) AS names,
                array_agg(n.name_en ORDER BY n.position, n.name) AS names_en
            FROM partnerships_agreementtheme t JOIN partnerships_theme n ON n.id = t.theme_id
            {only}
            GROUP BY t.agreement_id
        ) themes ON themes.agreement_id = asked.pk
        """,
        only="WHERE t.agreement_id IN (SELECT asked.pk FROM asked)",
    ),
    "event": Table("LEFT JOIN partnerships_signingevent event ON event.id = asked.event_id"),
    # The term that decides on the day; of a paper that has not begun, the last one agreed.
    "term": Table(
        """
        LEFT JOIN LATERAL (
            SELECT t.* FROM partnerships_term t WHERE t.agreement_id = asked.pk
            ORDER BY t.id = asked.term_then DESC NULLS LAST, t.position DESC, t.id DESC LIMIT 1
        ) term ON TRUE
        """
    ),
}
DEFAULT_COLUMNS = tuple(code for code, column in COLUMNS.items() if column.default)
