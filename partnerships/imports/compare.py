"""What an import would write beside what stands in the portal, field by field.

An empty cell says nothing: it never takes away what people have entered. It does take back a value
that an earlier import of the same register brought, which the record knows by its sourced facts.
"""

from dataclasses import dataclass, field, replace

from django.db.models import Q
from django.utils.translation import gettext as _

from partnerships.actions.record import (
    AgreementRecord,
    CommitmentLine,
    FactLine,
)
from partnerships.actions.standing import record_with
from partnerships.imports.cells import as_said, listed
from partnerships.imports.vocabulary import name_key
from partnerships.models import (
    Agreement,
    AgreementKind,
    Certainty,
    Commitment,
    FactField,
    FactFlag,
    SourcedFact,
    TermReason,
)

_DOOR = "import"
# Moving, publishing and the stages touch nothing that a file says.
_ACTIONS_BESIDE_THE_RECORD = [
    "agreement.move",
    "agreement.enter_stage",
    "agreement.publish",
    "agreement.unpublish",
]


@dataclass
class Standing:
    """A record of this register as it stands in the portal, and what of it people have written."""

    agreement: Agreement
    record: AgreementRecord
    edited: bool = False
    imported_fields: set = field(default_factory=set)
    imported_numbers: set = field(default_factory=set)
    commitments_of_people: list = field(default_factory=list)
    facts_of_people: list = field(default_factory=list)


def standing_records(source, external_ids):
    """The records of a register among the ids, by id."""
    agreements = (
        Agreement.objects.filter(external_source=source, external_id__in=external_ids)
        .select_related("event", "implements", "renews")
        .prefetch_related(
            "parties__organization",
            "signatories__person",
            "signatories__party__organization",
            "terms",
            "themes",
            "work_regions",
            "commitments",
            "facts",
        )
    )
    agreements = list(agreements)
    edited = _edited_since_import(agreements)
    commitments = _written_by_people(Commitment, agreements)
    facts = _written_by_people(SourcedFact, agreements)
    return {
        agreement.external_id: _standing(agreement, agreement.pk in edited, commitments, facts)
        for agreement in agreements
    }


def _edited_since_import(agreements):
    """Ids of the papers whose newest change of the record came through another door."""
    events = (
        _history_of(Agreement)
        .filter(pgh_obj__in=agreements)
        .order_by("pgh_obj", "-pgh_id")
        .values_list("pgh_obj_id", "pgh_context")
    )
    edited, seen = set(), set()
    for pk, context in events:
        context = context or {}
        if pk in seen or context.get("action") in _ACTIONS_BESIDE_THE_RECORD:
            continue
        seen.add(pk)
        if context.get("door") != _DOOR:
            edited.add(pk)
    return edited


def _written_by_people(model, agreements):
    """Ids of the rows with a change that did not come through an import."""
    events = _history_of(model).filter(pgh_obj__agreement__in=agreements)
    events = events.filter(Q(pgh_context=None) | ~Q(pgh_context__contains={"door": _DOOR}))
    return set(events.values_list("pgh_obj_id", flat=True))


def _history_of(model):
    return model.events.field.model.objects


def _standing(agreement, edited, commitments_of_people, facts_of_people):
    commitments = [(row.pk, CommitmentLine(row.text, pk=row.pk)) for row in agreement.commitments.all()]
    facts = [(row.pk, _fact_line(row)) for row in agreement.facts.all()]
    record = replace(
        record_with(agreement, parties=agreement.parties.all(), signatories=agreement.signatories.all()),
        commitments=[line for _pk, line in commitments],
        facts=[line for _pk, line in facts],
    )
    imported = [line for pk, line in facts if pk not in facts_of_people]
    return Standing(
        agreement=agreement,
        record=record,
        edited=edited,
        imported_fields={line.field for line in imported if line.in_force},
        imported_numbers={
            number for line in imported if line.field == FactField.NUMBER for number in listed(line.value)
        },
        commitments_of_people=[line for pk, line in commitments if pk in commitments_of_people],
        facts_of_people=[line for pk, line in facts if pk in facts_of_people],
    )


def _fact_line(row):
    return FactLine(row.field, row.value, row.source, row.certainty, row.in_force, row.flag)


def merged(draft, standing):
    """The record as it would be after the import: what the file says, and what it says nothing about."""
    wanted = draft.record
    now = standing.record

    def said_or_kept(name, fact_field):
        value = getattr(wanted, name)
        if value or fact_field in standing.imported_fields:
            return value
        return getattr(now, name)

    return replace(
        wanted,
        title=said_or_kept("title", FactField.TITLE),
        signed=said_or_kept("signed", FactField.SIGNED),
        place=said_or_kept("place", FactField.PLACE),
        event=said_or_kept("event", FactField.EVENT),
        themes=said_or_kept("themes", FactField.THEMES),
        work_regions=said_or_kept("work_regions", FactField.REGION),
        implements=wanted.implements or now.implements,
        renews=wanted.renews or now.renews,
        parties=_parties(draft, standing),
        signatories=_signatories(said_or_kept("signatories", FactField.SIGNATORY), now.signatories),
        terms=_terms(said_or_kept("terms", FactField.TERM), now.terms),
        commitments=_commitments(wanted.commitments, standing),
        facts=[*wanted.facts, *standing.facts_of_people],
    )


def _parties(draft, standing):
    """The parties of the file with what no column holds; a side it does not name stays as it is."""
    now, wanted = standing.record.parties, draft.record.parties
    units, partners = _sides(wanted)
    units_now, partners_now = _sides(now)
    if not draft.said.cell("kemnaker_unit") and FactField.UNIT not in standing.imported_fields:
        units = [replace(line, number=units[0].number) for line in units_now[:1]] + units_now[1:] or units
    rows = {line.organization.pk: line for line in now}
    lines = []
    for line in [*units, *(partners or partners_now)]:
        row = rows.get(line.organization.pk)
        if row is None:
            lines.append(line)
            continue
        kept = "" if row.number in standing.imported_numbers else row.number
        number = line.number or kept
        lines.append(replace(row, number=number))
    return lines


def _sides(lines):
    return (
        [line for line in lines if line.organization.is_unit],
        [line for line in lines if not line.organization.is_unit],
    )


def _signatories(wanted, now):
    """The signatories with what no column holds: the letter of authority and the presence."""
    rows = list(now)
    lines = []
    for line in wanted:
        same = next((row for row in rows if _who(row) == _who(line)), None)
        if same is None:
            lines.append(line)
            continue
        rows.remove(same)
        behalf = line.on_behalf_of or same.on_behalf_of
        lines.append(
            replace(line, on_behalf_of=behalf, letter=same.letter, presence=same.presence, pk=same.pk)
        )
    return lines


def _who(line):
    return (name_key(line.person.name) if line.person else "", name_key(line.post))


def _terms(wanted, now):
    """A file knows the original term only; extensions and addenda stay, and so does what was closed."""
    if any(line.pk for line in wanted):
        return wanted
    original = next((line for line in now if line.reason == TermReason.ORIGINAL), None)
    later = [line for line in now if line.reason != TermReason.ORIGINAL]
    if not wanted or not original:
        return [*wanted, *later]
    said = wanted[0]
    if original.closed_because:
        # A file knows what had been agreed, not that the term was closed with a reason.
        said = replace(said, ends=original.ends, ends_open=original.ends_open)
    return [
        replace(
            original,
            ends=said.ends,
            ends_open=said.ends_open,
            duration_months=said.duration_months,
        ),
        *later,
    ]


def _commitments(wanted, standing):
    """Those of the file in its order, then those that people added; a measured one keeps its row."""
    rows = {name_key(line.text): line for line in standing.record.commitments}
    lines = [replace(line, pk=rows[name_key(line.text)].pk) if name_key(line.text) in rows else line
             for line in wanted]  # fmt: skip
    kept = {line.pk for line in lines}
    return [*lines, *(line for line in standing.commitments_of_people if line.pk not in kept)]


def differences(before, after):
    """The fields in which two records differ, as (field, before, after) in words."""
    old, new = _in_words(before), _in_words(after)
    found = [(name, old[name], new[name]) for name in old if old[name] != new[name]]
    gone, come = _facts_in_words(before), _facts_in_words(after)
    if gone != come:
        found.append((_("Sources"), "; ".join(sorted(gone - come)), "; ".join(sorted(come - gone))))
    return found


def _in_words(record):
    return {
        _("Kind of paper"): str(AgreementKind(record.kind).label),
        _("Title"): record.title,
        _("Signed"): as_said(record.signed),
        _("Place"): record.place,
        _("Event"): str(record.event or ""),
        _("Stands for papers"): str(record.represents),
        _("Implements"): _number_of(record.implements),
        _("Renews"): _number_of(record.renews),
        _("Certainty"): str(Certainty(record.certainty).label),
        _("Themes"): "; ".join(sorted(str(theme) for theme in record.themes)),
        _("Work regions"): "; ".join(sorted(str(region) for region in record.work_regions or [])),
        _("Parties"): "; ".join(_party_in_words(line) for line in record.parties),
        _("Signatories"): "; ".join(_signatory_in_words(line) for line in record.signatories),
        _("Terms"): "; ".join(_term_in_words(line) for line in record.terms),
        _("Commitments"): "; ".join(line.text for line in record.commitments or []),
    }


def _number_of(agreement):
    """The number in the source register; the paper may not have a reference of ours yet."""
    return (agreement.external_id or agreement.ref) if agreement else ""


def _party_in_words(line):
    return f"{line.organization.name} ({line.number})" if line.number else line.organization.name


def _signatory_in_words(line):
    return ", ".join(
        str(part)
        for part in [
            line.person,
            line.post,
            line.capacity,
            line.on_behalf_of,
            line.organization and line.organization.label,
        ]
        if part
    )


def _term_in_words(line):
    end = "…" if line.ends_open else as_said(line.ends) or "?"
    months = f", {line.duration_months}" if line.duration_months else ""
    return f"{as_said(line.starts) or '?'} – {end}{months}"


def _facts_in_words(record):
    return {
        f"{'' if line.in_force else '≠ '}{FactField(line.field).label}: {line.value}"
        f" [{line.source}; {Certainty(line.certainty).label}{line.flag and f'; {FactFlag(line.flag).label}'}]"
        for line in record.facts or []
    }
