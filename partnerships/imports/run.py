"""A file is planned, and a plan is applied: the same work, once without and once with its writes."""

from dataclasses import dataclass

import pghistory
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from partnerships.actions import agreements, events, organizations, people
from partnerships.actions.guard import StaleVersion
from partnerships.imports.compare import Standing, differences, merged, standing_records
from partnerships.imports.duplicates import warn_of_likely_duplicates
from partnerships.imports.lookups import names_in
from partnerships.imports.plan import Change, Outcome, Plan, PlannedRow, Verdict, settled
from partnerships.imports.reader import read_table
from partnerships.imports.relations import RELATIONS, Relations
from partnerships.imports.resolve import Draft, Resolver
from partnerships.imports.rows import Said, read_row
from partnerships.imports.table import FileRefused
from partnerships.lifecycle import DRAFTS, Status
from partnerships.models import Agreement, Organization, Person, SigningEvent
from partnerships.permissions import Action, check

PUBLIC_RECORDS = "public-records"
_ONE_IMPORT_AT_A_TIME = 7_520_250_320  # the key of the advisory lock


@dataclass
class _Work:
    """A row on its way into the portal: what it says, its draft, what stands there, its verdict."""

    said: Said
    planned: PlannedRow
    draft: Draft | None = None
    standing: Standing | None = None


def plan_import(path_or_file, *, source=PUBLIC_RECORDS, by):
    """What an import of the file would change; changes nothing itself.

    Raises FileRefused when the file as a whole can't be read, PermissionDenied for who may not.
    """
    check(by, Action.IMPORT)
    table = read_table(path_or_file)
    plan = Plan(source=source, table=table, notes=[*table.notes, *_notes_on_columns(table)])
    works, _relations = _prepare(table, source)
    plan.rows = [work.planned for work in works]
    return plan


def apply_plan(plan, *, by, overwrite=False):
    """Do what the plan says, judged again by what stands in the portal now; good rows never wait
    for bad ones. A record that people have changed since stays, unless ``overwrite``."""
    check(by, Action.IMPORT)
    reason = _("Import of %(source)s") % {"source": plan.source}
    history = pghistory.context(actor=by.pk, door="import", action="agreements.import", reason=reason)
    with history, transaction.atomic():
        with connection.cursor() as cursor:
            # A second import of the same file waits here, and then finds everything the same.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_IMPORT_AT_A_TIME])
        works, relations = _prepare(plan.table, plan.source)
        writer = _Writer(by, reason, relations)
        by_said = {id(work.said): work for work in works}
        for said in relations.parents_first([work.said for work in works]):
            work = by_said[id(said)]
            work.planned.verdict = settled(work.planned, overwrite=overwrite)
            if work.planned.verdict in (Verdict.NEW, Verdict.CHANGED):
                writer.write(work)
    return Outcome(source=plan.source, rows=[work.planned for work in works])


def _prepare(table, source):
    """Every row read, resolved and judged, and the relations between them."""
    saids = [read_row(row) for row in table.rows]
    _refuse_repeated_ids(saids)
    names = [said.cell(column) for said in saids for column in ("signatory_kemnaker", "signatory_partner")]
    resolver = Resolver(source, names_in(names))
    if resolver.units.ministry is None or not resolver.regions.by_code:
        raise FileRefused(_("Load the regions and the reference data first: load_regions, load_reference."))
    # A line whose cells stand under the wrong names has nothing to look up.
    drafts = {id(said): resolver.draft(said) for said in saids if said.cell("partner_name")}
    relations = Relations(source, saids)
    relations.check()
    relations.refuse_orphans()
    standing = standing_records(source, [said.external_id for said in saids if said.external_id])
    works = []
    for said in saids:
        draft = drafts.get(id(said))
        work = _Work(said, _planned(said, draft), draft, standing.get(said.external_id))
        if not said.refusals:
            _judge(work, relations)
        works.append(work)
    warn_of_likely_duplicates([work.draft for work in works if work.planned.verdict == Verdict.NEW], source)
    return works, relations


def _refuse_repeated_ids(saids):
    rows = {}
    for said in saids:
        if said.external_id:
            rows.setdefault(said.external_id, []).append(said)
    for external_id, repeated in rows.items():
        if len(repeated) > 1:
            numbers = ", ".join(str(said.number) for said in repeated)
            for said in repeated:
                said.refuse(
                    "id", _("“%(id)s” stands in rows %(rows)s.") % {"id": external_id, "rows": numbers}
                )


def _planned(said, draft):
    return PlannedRow(
        number=said.number,
        external_id=said.external_id,
        label=said.cell("title") or said.cell("partner_name"),
        verdict=Verdict.REFUSED if said.refusals else Verdict.NEW,
        refusals=said.refusals,
        warnings=said.warnings,
    )


def _judge(work, relations):
    """Whether a good row is new, changed or the same."""
    record = work.draft.record
    for name in RELATIONS:
        if target := work.said.cell(name):
            # The paper may be a new one of this file, of which only the number is known yet.
            setattr(record, name, relations.in_portal.get(target) or Agreement(external_id=target))
    if work.standing is None:
        return
    work.planned.ref = work.standing.agreement.ref
    work.planned.edited = work.standing.edited
    work.draft.record = merged(work.draft, work.standing)
    found = differences(work.standing.record, work.draft.record)
    work.planned.changes = [Change(*difference) for difference in found]
    work.planned.verdict = Verdict.CHANGED if found else Verdict.SAME
    status = work.standing.agreement.status
    if work.draft.entry.status == Status.SIGNED and status in (*DRAFTS, Status.SCHEDULED):
        work.said.warn(
            "instrument_kind",
            _("The file says signed; in the portal the paper is “%(status)s”. Move it along there.")
            % {"status": Status(status).label},
        )


class _Writer:
    """Writes rows through the actions, each in a savepoint of its own."""

    def __init__(self, by, reason, relations):
        self.by, self.reason, self.relations = by, reason, relations
        self.papers = dict(relations.in_portal)

    def write(self, work):
        fresh = []
        try:
            with transaction.atomic():
                self._enter_newcomers(work.draft.record, fresh)
                agreement = self._write_paper(work)
        except (ValidationError, IntegrityError, DataError, StaleVersion) as error:
            for thing in fresh:
                # The savepoint took it back; the next row that names it saves it again.
                thing.pk, thing._state.adding = None, True
            work.planned.verdict = Verdict.REFUSED
            work.said.refuse("", _sentence(error))
            return
        self.papers[work.said.external_id] = agreement
        work.planned.ref = agreement.ref

    def _enter_newcomers(self, record, fresh):
        """Enter whom and what the row names for the first time; the drafts share the objects."""
        things = [line.organization for line in record.parties]
        things += [line.person for line in record.signatories]
        for thing in [*things, record.event]:
            if thing is None or not thing._state.adding:
                continue
            enter, said = _ENTERED_AS[type(thing)]
            entered = enter(record=said(thing), by=self.by, reason=self.reason)
            thing.pk, thing._state.adding = entered.pk, False
            fresh.append(thing)

    def _write_paper(self, work):
        record = work.draft.record
        for name in RELATIONS:
            if target := work.said.cell(name):
                if target not in self.papers:
                    raise ValidationError(_("“%(id)s”, which it names, was refused.") % {"id": target})
                setattr(record, name, self.papers[target])
        if work.standing is None:
            return agreements.register(record=record, by=self.by, entry=work.draft.entry, reason=self.reason)
        standing = work.standing.agreement
        return agreements.revise(
            agreement=standing,
            record=record,
            version=standing.version,
            by=self.by,
            reason=self.reason,
        )


_ENTERED_AS = {
    Organization: (
        organizations.enter,
        lambda new: organizations.OrganizationRecord(
            name=new.name,
            kind=new.kind,
            parent=new.parent,
            region=new.region,
            collective=new.collective,
        ),
    ),
    Person: (
        people.enter,
        lambda new: people.PersonRecord(new.name, new.title_before, new.title_after),
    ),
    SigningEvent: (events.enter, lambda new: events.EventRecord(name=new.name, held=new.held)),
}


def _sentence(error):
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, StaleVersion):
        return _("Somebody changed the paper while the file was being imported. Import it again.")
    return _("The database refused the row: %(error)s") % {"error": str(error).strip().split("\n")[0]}


def _notes_on_columns(table):
    return [_("The column “%(name)s” is not read.") % {"name": name} for name in table.unknown_columns]
