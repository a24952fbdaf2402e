"""Who changed what in a paper, in words: the event rows of the paper and its parts, put together."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import F, TextField, Value
from django.db.models.functions import JSONObject
from django.utils import formats, timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext

from partnerships.lifecycle import OVER
from partnerships.models import (
    OF_THE_PAPER,
    Addendum,
    AddendumSubject,
    Agreement,
    ClauseText,
    Commitment,
    Document,
    FactField,
    PartialDate,
    Party,
    Signatory,
    SigningEvent,
    SourcedFact,
    StageChange,
    StatusChange,
    Term,
)
from partnerships.selectors.endings import decisions_about
from partnerships.selectors.history_words import DOORS, NOUNS, PARTIAL, SILENT, TRACKED, VERBS

GROUPS_A_PAGE = 20


@dataclass(frozen=True)
class Change:
    """One value before and after; an empty text is no value."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class PartChange:
    """A part of the paper (a party, a term ...) that was added, removed or changed."""

    noun: str
    name: str
    kind: str
    changes: list


@dataclass
class Entry:
    """What one person did in one step."""

    at: datetime.datetime
    who: str
    what: str
    door: str
    reason: str
    effective_on: str = ""
    stage: StageChange | None = None
    decisions: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    parts: list = field(default_factory=list)

    @property
    def size(self):
        return len(self.changes) + len(self.parts)

    @property
    def is_empty(self):
        """Whether it changed nothing that anybody reads."""
        return not (self.size or self.stage or self.decisions)


def history_of(agreement, user, page=1):
    """A page of the paper's history, newest first, for a reader who may see the paper."""
    steps = _Steps(agreement, user)
    pages = Paginator(steps.groups, GROUPS_A_PAGE)
    shown = pages.get_page(page)
    shown.object_list = [steps.entry(group) for group in shown.object_list]
    return shown


def whole_history_of(agreement, user):
    """Every step in the paper's history, newest first, for a reader who may see the paper."""
    steps = _Steps(agreement, user)
    return map(steps.entry, steps.groups)


def history_of_commitment(commitment, user, page=1):
    """A page of what was done to one commitment, newest first, for a reader who may see it."""
    steps = _Steps(commitment.agreement, user)
    own = [
        [row for row in group if row["table"] == Commitment.__name__ and row["data"]["id"] == commitment.pk]
        for group in steps.groups
    ]
    pages = Paginator([group for group in own if group], GROUPS_A_PAGE)
    shown = pages.get_page(page)
    shown.object_list = [steps.entry(group) for group in shown.object_list]
    return shown


class _Steps:
    def __init__(self, agreement, user):
        self.agreement = agreement
        self.user = user
        self.rows = list(_event_rows(agreement))
        self._previous = _previous_rows(self.rows)

    @cached_property
    def groups(self):
        """The rows of one transaction, actor and action together; the newest step first."""
        found = defaultdict(list)
        for row in self.rows:
            context = row["pgh_context"] or {}
            key = row["pgh_created_at"], row["pgh_context_id"], context.get("action"), context.get("actor")
            found[key].append(row)

        def newest(rows):
            own = [row["pgh_id"] for row in rows if row["table"] == Agreement.__name__]
            return rows[0]["pgh_created_at"], max(own, default=0)

        return sorted(found.values(), key=newest, reverse=True)

    def entry(self, rows):
        context = next((row["pgh_context"] for row in rows if row["pgh_context"]), {})
        entry = Entry(
            at=rows[0]["pgh_created_at"],
            who=self._who(context),
            what=_what(context, rows),
            door=str(DOORS.get(context.get("door"), "")),
            reason=context.get("reason") or "",
        )
        for row in sorted(rows, key=lambda each: (_ORDER[each["table"]], each["pgh_id"])):
            if row["table"] == Agreement.__name__:
                entry.changes += self._changes(row)
                self._tell_step(entry, row["pgh_id"])
                entry.stage = self._stage_of(context) or entry.stage
            elif part := self._part(row):
                entry.parts.append(part)
        return entry

    def _tell_step(self, entry, event):
        change = self._status_changes.get(event)
        if change is None:
            return
        if change.effective_on:
            entry.effective_on = self._day_in_words(change.effective_on)
        if change.new in OVER:
            entry.decisions += [each for each in self._decisions if each.decision.change_id == change.pk]

    def _stage_of(self, context):
        """The step between stages that this was; a later step of the same request may carry its key on."""
        is_one = context.get("action") == "agreement.enter_stage"
        return self._stage_changes.get(context.get("stage_change")) if is_one else None

    @cached_property
    def _stage_changes(self):
        return {step.pk: step for step in self.agreement.stage_changes.all()}

    @cached_property
    def _decisions(self):
        return decisions_about(self.agreement, self.user)

    def _who(self, context):
        if context.get("actor"):
            name = self._names.get((get_user_model()._meta.label_lower, str(context["actor"])))
            return name or gettext("an account that is gone")
        if context.get("door") == "command":
            return gettext("the operators")
        return gettext("directly in the database")

    def _part(self, row):
        model = _MODELS[row["table"]]
        kind = {"insert": "added", "delete": "removed"}.get(row["pgh_label"], "changed")
        changes = self._changes(row) if kind == "changed" else []
        if kind == "changed" and not changes:
            return None
        return PartChange(str(NOUNS[model]), self._name_of(model, row["data"]), kind, changes)

    def _name_of(self, model, data):
        said = {name: after for name, _label, after in self._values(model, data)}
        if model is Party:
            return " ".join(filter(None, [said["organization"], said["number"] and f"({said['number']})"]))
        if model is Signatory:
            return ", ".join(filter(None, [said["person"], said["post"]]))
        if model is Term:
            return f"{said['starts'] or '?'} – {said['ends'] or '?'}"
        if model is Addendum:
            return said["number"] or said["summary"]
        if model is ClauseText:
            return said["clause"]
        if model is SourcedFact:
            return f"{FactField(data['field']).label}: {said['value']}"
        if model is Document:
            return said["title"]
        return said.get("theme") or said.get("region") or said.get("text", "")

    def _changes(self, row):
        model = _MODELS[row["table"]]
        before = self._previous.get((row["table"], row["pgh_id"]))
        old = {name: value for name, _label, value in self._values(model, before)} if before else {}
        return [
            Change(str(label), old.get(name, ""), value)
            for name, label, value in self._values(model, row["data"])
            if old.get(name, "") != value
        ]

    def _values(self, model, data):
        """(name, label, value as people read it) of each field of a snapshot."""
        for name, label in PARTIAL.items():
            if f"{name}_precision" in data:
                yield name, label, _partial_date(name, data)
        for column in model._meta.concrete_fields:
            name = column.name
            if name in SILENT or (name.rpartition("_")[0] in PARTIAL and name != "ends_open"):
                continue
            yield name, column.verbose_name, self._in_words(column, data[name])

    def _in_words(self, column, value):
        if value in (None, ""):
            return ""
        if column.is_relation:
            key = column.remote_field.model._meta.label_lower, str(value)
            return self._names.get(key) or gettext("(not visible to you)")
        if column.choices:
            return str(dict(column.flatchoices).get(value, value))
        if isinstance(value, list):
            return ", ".join(str(AddendumSubject(each).label) for each in value)
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        kind = column.get_internal_type()
        if kind == "DateTimeField":
            return formats.date_format(timezone.localtime(parse_datetime(value)), "j F Y, H.i T")
        if kind == "DateField":
            return formats.date_format(parse_date(value), "j F Y")
        if kind == "DecimalField":
            return formats.localize(column.to_python(str(value)).normalize())
        return str(value)

    @cached_property
    def _names(self):
        """What each row that a snapshot points to is called: one query for each kind of row."""
        wanted = defaultdict(set)
        for row in self.rows:
            if actor := (row["pgh_context"] or {}).get("actor"):
                wanted[get_user_model()].add(actor)
            for column in _MODELS[row["table"]]._meta.concrete_fields:
                if column.is_relation and column.name not in SILENT and row["data"][column.name]:
                    wanted[column.remote_field.model].add(row["data"][column.name])
        wanted.pop(Party, None)  # named below, by the organisation they are
        names = {}
        for model, keys in wanted.items():
            for found in self._rows_named(model).filter(pk__in=keys):
                names[model._meta.label_lower, str(found.pk)] = self._called(found)
        names |= self._party_names(names)
        return names

    def _rows_named(self, model):
        # What a reader may not know of must not be told by an old value of a paper.
        if model in (Agreement, SigningEvent):
            return model.objects.visible_to(self.user)
        return model.objects.all()

    @staticmethod
    def _called(row):
        if isinstance(row, Agreement):
            return row.ref
        return row.name if isinstance(row, get_user_model()) else str(row)

    def _party_names(self, names):
        """Parties by the organisation they are, those that were removed too."""
        return {
            (Party._meta.label_lower, str(row["data"]["id"])): names.get(
                ("partnerships.organization", str(row["data"]["organization"])), ""
            )
            for row in self.rows
            if row["table"] == Party.__name__
        }

    @cached_property
    def _status_changes(self):
        """The change of status that an event row made, by that row."""
        steps = [
            row
            for row in sorted(self.rows, key=lambda each: each["pgh_id"])
            if row["table"] == Agreement.__name__ and self._is_step(row)
        ]
        changes = StatusChange.objects.filter(agreement=self.agreement).order_by("pk")
        return {
            row["pgh_id"]: change
            for row, change in zip(steps, changes, strict=False)
            if change.new == row["data"]["status"]
        }

    def _day_in_words(self, day):
        # A paper of which only the month or the year of signing is known has no known day either.
        signed = self.agreement.signed
        return str(signed) if signed and day == signed.latest else formats.date_format(day, "j F Y")

    def _is_step(self, row):
        before = self._previous.get((row["table"], row["pgh_id"]))
        return before is None or before["status"] != row["data"]["status"]


_MODELS = {model.__name__: model for model in TRACKED}
_ORDER = {model.__name__: order for order, model in enumerate(TRACKED)}


def _what(context, rows):
    entered = any(row["table"] == Agreement.__name__ and row["pgh_label"] == "insert" for row in rows)
    usual = VERBS["agreement.register" if entered else "agreement.revise"]
    return str(VERBS.get(context.get("action"), usual))


def _event_rows(agreement):
    """Every event row of the paper and its parts, in one query."""
    queries = []
    for model in TRACKED:
        # pghistory keeps the rows of a model in one event model of its own.
        events = model._meta.get_field("events").related_model.objects
        own = "pgh_obj_id" if model is Agreement else "agreement_id"
        # Evidence belongs to its report or action point, which not everybody may see.
        more = {"purpose__in": OF_THE_PAPER} if model is Document else {}
        snapshot = {column.name: F(column.attname) for column in model._meta.concrete_fields}
        queries.append(
            events.filter(**{own: agreement.pk}, **more)
            .order_by()
            .annotate(
                table=Value(model.__name__, output_field=TextField()),
                data=JSONObject(**snapshot),
            )
            .values("table", "pgh_id", "pgh_created_at", "pgh_label", "pgh_context", "pgh_context_id", "data")
        )
    return queries[0].union(*queries[1:], all=True)


def _previous_rows(rows):
    """For each row, the snapshot that the same thing had before it."""
    before, last = {}, {}
    for row in sorted(rows, key=lambda each: each["pgh_id"]):
        thing = row["table"], row["data"]["id"]
        if thing in last:
            before[row["table"], row["pgh_id"]] = last[thing]
        last[thing] = row["data"]
    return before


def _partial_date(name, data):
    precision = data[f"{name}_precision"]
    if not precision:
        return ""
    days = [parse_date(data[f"{name}_{end}"]) for end in ("earliest", "latest")]
    return str(PartialDate(*days, precision))
