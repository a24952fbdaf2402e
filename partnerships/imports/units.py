"""Which of the ministry's units a text means: by its name, its short name or one it used to have."""

import re

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from partnerships.imports.cells import NotUnderstood
from partnerships.imports.vocabulary import MINISTER_KEYS, MINISTRY_SLUG, name_key
from partnerships.models import Organization

_NEAR_ENOUGH = 80
_NOW_CALLED = re.compile(r"(?:kini|sekarang) (.+)", re.IGNORECASE)


def _unit_key(text):
    return name_key(text).replace("direktorat jenderal", "ditjen")


class Units:
    """The ministry and its units, found by the names that people write."""

    def __init__(self):
        self._by_name, self._by_alias, self._by_id = {}, {}, {}
        self.ministry = None
        for unit in Organization.objects.units().prefetch_related("aliases"):
            self._by_id[unit.pk] = unit
            if unit.slug == MINISTRY_SLUG:
                self.ministry = unit
            for name in filter(None, [unit.name, unit.short_name]):
                self._by_name.setdefault(_unit_key(name), []).append(unit)
            for alias in unit.aliases.all():
                self._by_alias.setdefault(_unit_key(alias.name), []).append(unit)

    def find(self, text):
        """(unit, warning or ""). Raises NotUnderstood.

        "BBPVP Makassar (Ditjen Binalavotas)" is the centre, "Sekretariat Jenderal (Biro Kerja Sama)"
        the bureau: of two units of which one is part of the other, the part is meant.
        """
        match = re.fullmatch(r"(.+?) ?\((.+)\)", text)
        if not match:
            unit, old_name = self._named(text)
            return unit, self._old_name(text, unit) if old_name else ""
        outer, inner = match.groups()
        unit, _old = self._named(outer)
        now_called = _NOW_CALLED.fullmatch(inner)
        other, _old = self._named_beside(now_called.group(1) if now_called else inner, unit)
        if other.pk == unit.pk or self._is_part_of(unit, other):
            return unit, ""
        if self._is_part_of(other, unit) and not now_called:
            return other, ""
        raise NotUnderstood(
            _("“%(text)s” names two units that are not part of each other: %(first)s and %(second)s.")
            % {"text": text, "first": unit.label, "second": other.label}
        )

    def _named(self, text):
        """(unit, whether the name is another than it has now)."""
        key = _unit_key(text)
        if key in MINISTER_KEYS:
            return self.ministry, False
        for index, old_name in ((self._by_name, False), (self._by_alias, True)):
            found = {unit.pk: unit for unit in index.get(key, [])}
            if len(found) == 1:
                return next(iter(found.values())), old_name
            if found:
                raise NotUnderstood(
                    _("“%(text)s” may be any of these units: %(units)s.")
                    % {"text": text, "units": "; ".join(unit.label for unit in found.values())}
                )
        raise NotUnderstood(self._unknown(text, key))

    def _named_beside(self, text, unit):
        """The unit in brackets; "(kini Binalavotas)" leaves out that it is a Ditjen."""
        try:
            return self._named(text)
        except NotUnderstood:
            word = unit.label.split(" ")[0]
            return self._named(f"{word} {text}")

    def _unknown(self, text, key):
        near = process.extractOne(
            key, list({**self._by_name, **self._by_alias}), scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH
        )
        if not near:
            return _("“%(text)s” is not a unit of the ministry. Add it in the administration first.") % {
                "text": text
            }
        unit = (self._by_name.get(near[0]) or self._by_alias[near[0]])[0]
        return _("“%(text)s” is not a unit of the ministry. Did you mean %(unit)s?") % {
            "text": text,
            "unit": unit.label,
        }

    def _is_part_of(self, unit, whole):
        while unit.parent_id:
            if unit.parent_id == whole.pk:
                return True
            unit = self._by_id[unit.parent_id]
        return False

    @staticmethod
    def _old_name(text, unit):
        return _("“%(text)s” is read as %(unit)s, by a name it also has or had.") % {
            "text": text,
            "unit": unit.label,
        }
