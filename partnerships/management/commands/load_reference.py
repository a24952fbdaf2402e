import csv
import datetime
import re
from pathlib import Path

import pghistory
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.models import (
    DormancyLimit,
    EventExpectation,
    Indicator,
    InstrumentRule,
    Organization,
    OrganizationAlias,
    OrganizationKind,
    PartialDate,
    PartnerClass,
    SigningEvent,
    SignOfLife,
    Theme,
)

_DATA = Path(__file__).resolve().parents[2] / "data"
_DATED_ALIAS = re.compile(r"(.+?) \((\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?\)")


class Command(BaseCommand):
    """Adds what is missing and nothing else: what an admin has changed or taken out of a row stays."""

    help = "Load themes, indicators, units, known partners, signing events, and the rules of the instruments."

    @transaction.atomic
    def handle(self, *args, **options):
        with pghistory.context(action="reference.load", door="command"):
            self._load_vocabulary(Theme, "themes.csv", _("Themes"))
            self._load_vocabulary(Indicator, "indicators.csv", _("Indicators"))
            self._load_organizations("units.csv", _("Units"))
            self._load_organizations("partners.csv", _("Partners"))
            self._load_events()
            self._load_instrument_rules()
            self._load_dormancy_limits()

    def _load_vocabulary(self, model, file, label):
        rows = list(_rows(file))
        present = _by_slug_or_name(model, rows)
        for position, row in enumerate(rows, start=1):
            row["position"] = position
            if "aliases" in row:
                row["aliases"] = _listed(row["aliases"])
        self._add_missing(model, "slug", rows, present, label)

    def _load_organizations(self, file, label):
        rows = list(_rows(file))
        present = _by_slug_or_name(Organization, rows)
        new = 0
        for row in rows:
            parent = row.get("parent", "")
            values = {
                "name": row["name"],
                "short_name": row["short_name"],
                "kind": row.get("kind") or OrganizationKind.UNIT,
                "seat_region_id": row.get("seat_region") or None,
                "parent": present[parent] if parent else None,
            }
            found = present.get(row["slug"])
            if found:
                self._say_differences(found, values)
                continue
            made = Organization.objects.create(slug=row["slug"], **values)
            OrganizationAlias.objects.bulk_create(_alias(made, text) for text in _listed(row["aliases"]))
            present[made.slug] = made
            new += 1
        self._say_count(label, new, len(rows))

    def _load_events(self):
        rows = list(_rows("events.csv"))
        present = _by_slug_or_name(SigningEvent, rows)
        hosts = Organization.objects.in_bulk([row["host"] for row in rows], field_name="slug")
        new = 0
        for row in rows:
            values = {
                "name": row["name"],
                "held": PartialDate.parse(row["held"]),
                "place": row["place"],
                "host": hosts[row["host"]],
                "source": row["source"],
            }
            if found := present.get(row["slug"]):
                self._say_differences(found, values)
                continue
            event = SigningEvent(slug=row["slug"])
            for name, value in values.items():
                setattr(event, name, value)
            event.save()
            EventExpectation.objects.bulk_create(
                EventExpectation(event=event, partner_class=code, papers=int(row[f"expected_{code}"]))
                for code in PartnerClass.values
                if row.get(f"expected_{code}")
            )
            new += 1
        self._say_count(_("Signing events"), new, len(rows))

    def _load_instrument_rules(self):
        rows = list(_rows("instrument_rules.csv"))
        for row in rows:
            row["within_days"] = int(row["within_days"]) if row["within_days"] else None
        present = InstrumentRule.objects.in_bulk(field_name="partner_class")
        self._add_missing(InstrumentRule, "partner_class", rows, present, _("Instrument rules"))

    def _load_dormancy_limits(self):
        rows = list(_rows("dormancy_limits.csv"))
        for row in rows:
            row.update({sign.value: int(row[sign.value]) if row[sign.value] else None for sign in SignOfLife})
        present = DormancyLimit.objects.in_bulk(field_name="kind")
        self._add_missing(DormancyLimit, "kind", rows, present, _("Limits of sleep"))

    def _add_missing(self, model, key, rows, present, label):
        missing = [row for row in rows if row[key] not in present]
        for row in rows:
            if found := present.get(row[key]):
                self._say_differences(found, row)
        model.objects.bulk_create(model(**row) for row in missing)
        self._say_count(label, len(missing), len(rows))

    def _say_differences(self, row, values):
        names = [name for name, value in values.items() if getattr(row, name) != value]
        if names:
            self.stdout.write(
                _("%(row)s differs from the file and stays as it is: %(fields)s")
                % {"row": row, "fields": ", ".join(_label(row, name) for name in names)}
            )

    def _say_count(self, label, new, total):
        self.stdout.write(
            _("%(label)s: %(new)d new, %(kept)d already there.")
            % {"label": label, "new": new, "kept": total - new}
        )


def _rows(file):
    with (_DATA / file).open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def _by_slug_or_name(model, rows):
    """What is there already, by the slug of the file; an admin may have given it another slug."""
    by_slug = model.objects.in_bulk([row["slug"] for row in rows], field_name="slug")
    by_name = {found.name: found for found in model.objects.filter(name__in=[r["name"] for r in rows])}
    found = {row["slug"]: by_slug.get(row["slug"]) or by_name.get(row["name"]) for row in rows}
    return {slug: row for slug, row in found.items() if row}


def _listed(text):
    return [part.strip() for part in text.split(";") if part.strip()]


def _alias(organization, text):
    """ "Kemenakertrans (..2014-10-27)": a name that was in use until that day."""
    name, first, last = text, None, None
    if match := _DATED_ALIAS.fullmatch(text):
        name, first, last = match.groups()
    return OrganizationAlias(
        organization=organization,
        name=name,
        used_from=datetime.date.fromisoformat(first) if first else None,
        used_until=datetime.date.fromisoformat(last) if last else None,
    )


def _label(row, name):
    fields = {field.attname: field for field in row._meta.concrete_fields}
    fields.update({field.name: field for field in row._meta.concrete_fields})
    return str(fields[name].verbose_name) if name in fields else str(name)
