"""The history of a record in words: who changed what, when, through which door, why, before and after."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

DOORS = {
    "page": _("a page of the portal"),
    "admin": _("the administration"),
    "import": _("an import"),
    "command": _("a command of the operator"),
    "api": _("the interface for programs"),
}
VERBS = {"insert": _("Added"), "update": _("Changed"), "delete": _("Removed")}

# What only counts or links says nothing to a reader.
_SILENT = {"id", "version", "entry_key", "writers", "created_at", "recorded_at"}
_PARTIAL_DATES = {
    "signed": _("date of signing"),
    "held": _("held"),
    "starts": _("from"),
    "ends": _("until"),
}


@dataclass(frozen=True)
class Change:
    """One thing somebody did to one row: the values before and after, where they differ."""

    at: object
    verb: str
    what: str
    who: str
    door: str
    reason: str
    lines: list = field(default_factory=list)


def changes_of(obj, parts=()):
    """Every change of a record and of its parts, newest first.

    ``parts`` are (model, name of the key that points to the record).
    """
    events = list(_events(type(obj)).filter(pgh_obj_id=obj.pk))
    for model, key in parts:
        events += _events(model).filter(**{f"{key}_id": obj.pk})
    return in_words(events, of=obj)


def in_words(events, of=None):
    """Events of any tracked models as changes, newest first; each is compared with the one before it."""
    events = sorted(events, key=lambda event: (event.pgh_created_at, event.pgh_id))
    words = Words(events)
    last, changes = {}, []
    for event in events:
        row = (type(event), event.pgh_obj_id)
        changes.append(words.change(event, before=last.get(row), of=of))
        last[row] = event
    return changes[::-1]


def actor_of(event):
    return (event.pgh_context or {}).get("actor")


def _events(model):
    return model._meta.get_field("events").related_model.objects.order_by("pgh_id")


class Words:
    """Says events in words; the people and records they speak of are read once for all of them."""

    def __init__(self, events):
        self._names = self._read_names(events)
        people = {actor_of(event) for event in events} - {None}
        self._people = {user.pk: str(user) for user in _rows(get_user_model(), people)}

    def change(self, event, before=None, of=None):
        model = type(event).pgh_tracked_model
        context = event.pgh_context or {}
        is_itself = of is not None and isinstance(of, model) and of.pk == event.pgh_obj_id
        what = capfirst(model._meta.verbose_name)
        actor = actor_of(event)
        return Change(
            at=event.pgh_created_at,
            verb=VERBS.get(event.pgh_label, event.pgh_label),
            what=what if is_itself else f"{what} {self._title(event)}".strip(),
            who=self._people.get(actor) or (f"#{actor}" if actor else gettext("the system")),
            door=DOORS.get(context.get("door"), "" if context else _("the database itself")),
            reason=context.get("reason", ""),
            lines=[] if event.pgh_label == "delete" else self._lines(event, before, of),
        )

    def _title(self, event):
        """What a part is called: the record it links to, else its own name."""
        for name in ("organization", "person", "theme", "region", "name", "title", "text", "post"):
            if name in {column.name for column in event._meta.fields}:
                said = self._said(event, event._meta.get_field(name))
                if said != "–":
                    return f"“{said[:80]}”"
        return ""

    def _lines(self, event, before, of):
        lines = []
        for column in _columns(event):
            if column.is_relation and _points_to(event, column, of):
                continue  # which record it belongs to is what the page is about
            new, old = self._said(event, column), self._said(before, column) if before else "–"
            if new != old:
                lines.append((_label(event, column), old, new))
        return lines

    def _said(self, event, column):
        partial = _partial_date(column)
        if partial:
            return _partial_date_in_words(event, partial)
        value = getattr(event, column.attname)
        if value is None or value in ("", []):
            return "–"
        if column.is_relation:
            return self._names[column.related_model].get(value) or f"#{value}"
        return _plain(value, dict(column.flatchoices))

    def _read_names(self, events):
        wanted = defaultdict(set)
        for event in events:
            for column in _columns(event):
                if column.is_relation:
                    wanted[column.related_model].add(getattr(event, column.attname))
        return {
            model: {row.pk: str(row) for row in _rows(model, keys - {None})} for model, keys in wanted.items()
        }


def _points_to(event, column, record):
    is_of_its_kind = record is not None and isinstance(record, column.related_model)
    return is_of_its_kind and getattr(event, column.attname) == record.pk


def _rows(model, keys):
    return model._default_manager.select_related().filter(pk__in=keys)


def _columns(event):
    """The columns that say something, one for the three of a partial date."""
    for column in event._meta.fields:
        if column.name.startswith("pgh_") or column.name in _SILENT:
            continue
        if _partial_date(column) and not column.name.endswith("_precision"):
            continue
        yield column


def _partial_date(column):
    name, _, part = column.name.rpartition("_")
    return name if name and part in ("earliest", "latest", "precision") else ""


def _partial_date_in_words(event, name):
    value = getattr(event, f"{name}_earliest")
    if value is None:
        return "–"
    pattern = {"day": "j F Y", "month": "F Y", "year": "Y"}
    return formats.date_format(value, pattern[getattr(event, f"{name}_precision")])


def _label(event, column):
    partial = _partial_date(column)
    if partial:
        return capfirst(_PARTIAL_DATES.get(partial, partial))
    return capfirst(type(event).pgh_tracked_model._meta.get_field(column.name).verbose_name)


def _plain(value, choices):
    if isinstance(value, str):
        return str(choices.get(value, value))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, datetime.datetime):
        return formats.date_format(timezone.localtime(value), "j F Y, H.i")
    if isinstance(value, datetime.date):
        return formats.date_format(value, "j F Y")
    return formats.localize(value)
