"""Themes, signing events and people that a row names: the ones there are, or new ones."""

import re

from django.utils.text import slugify

from partnerships.imports.cells import NotUnderstood, listed, partial_date
from partnerships.imports.vocabulary import name_key
from partnerships.models import Person, Signatory, SigningEvent, Theme

_DATE_IN_EVENT = re.compile(r",?\s*\b(\d{1,2}-\d{1,2}-\d{4}|\d{4}-\d\d-\d\d)\b")
_TITLES_BEFORE = re.compile(r"(?:(?:prof|dr|drs|dra|ir|h|hj|k\.?\s?h)\.\s*)+(?=\S)", re.IGNORECASE)


class Themes:
    """The vocabulary of themes with every word that means one of them."""

    def __init__(self):
        self._by_word = {}
        for theme in Theme.objects.all():
            for word in [theme.slug, theme.name, theme.name_en, *theme.aliases]:
                self._by_word.setdefault(name_key(word), theme)

    def find(self, word):
        """The theme, or None for a word that the vocabulary does not have."""
        return self._by_word.get(name_key(word))

    def within(self, text):
        """The themes of which a word stands in a text, each once."""
        text = f" {name_key(text)} "
        found = [theme for word, theme in self._by_word.items() if f" {word} " in text]
        return list({theme.pk: theme for theme in found}.values())


class Events:
    """Signing events by name and day; a name that is not there becomes a new event."""

    def __init__(self):
        self._by_name, self._slugs = {}, set()
        for event in SigningEvent.objects.all():
            self._slugs.add(event.slug)
            self._by_name.setdefault(name_key(event.name), []).append(event)

    def find(self, text):
        """The event of a cell like "Penandatanganan 29 naskah, 20-03-2025 (tema ...)"."""
        held = None
        if match := _DATE_IN_EVENT.search(text):
            try:
                held = partial_date(match.group(1))
            except NotUnderstood:
                match = None
        name = " ".join(_DATE_IN_EVENT.sub("", text, count=1).split()) if match else text
        known = self._by_name.setdefault(name_key(name), [])
        for event in known:
            if held is None or event.held in (None, held):
                return event
        event = SigningEvent(name=name, slug=self._free_slug(name))
        event.held = held
        known.append(event)
        return event

    def _free_slug(self, name):
        stem = slugify(name)[:70].strip("-") or "acara"
        slug, number = stem, 1
        while slug in self._slugs:
            number += 1
            slug = f"{stem}-{number}"
        self._slugs.add(slug)
        return slug


class People:
    """Signatories by name and by whom they signed for: two people of one name stay two.

    The ministry's own people are one circle; each partner's are another.
    """

    def __init__(self, names):
        self._known = {}
        signatures = (
            Signatory.objects.filter(person__name__in={_name_and_titles(name)[0] for name in names})
            .select_related("person", "party__organization")
            .order_by("pk")
        )
        for signature in signatures:
            circle = _circle(signature.party.organization if signature.party else None)
            self._known.setdefault((circle, name_key(signature.person.name)), signature.person)

    def find(self, text, organization):
        """The person who signs under that name for the organisation; an unsaved one is new."""
        name, before, after = _name_and_titles(text)
        key = (_circle(organization), name_key(name))
        if key not in self._known:
            self._known[key] = Person(name=name, title_before=before, title_after=after)
        return self._known[key]


def names_in(cells):
    """The names of people in cells that hold several."""
    return [name for cell in cells for name in listed(cell)]


def _circle(organization):
    if organization is None:
        return ""
    return "ministry" if organization.is_unit else organization.slug


def _name_and_titles(text):
    """ "Dr. Ir. Nama Orang, M.Si." as (Nama Orang, Dr. Ir., M.Si.)."""
    name, _comma, after = text.partition(",")
    match = _TITLES_BEFORE.match(name)
    before = match.group(0).strip() if match else ""
    name, after = name[len(match.group(0)) if match else 0 :].strip(), after.strip()
    fields = (Person._meta.get_field("title_before"), Person._meta.get_field("title_after"))
    if not name or len(before) > fields[0].max_length or len(after) > fields[1].max_length:
        return text, "", ""
    return name, before, after
