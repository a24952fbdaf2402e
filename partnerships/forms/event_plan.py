"""The page on which a signing event is planned or changed."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partnerships.actions.events import EventRecord
from partnerships.forms.comparison import where_they_differ
from partnerships.forms.fields import CountField, LineField, NoteField, PartialDateField, SentenceField
from partnerships.forms.lines import OFFERS_ORGANIZATIONS
from partnerships.forms.names import KnownOrganizations, NameRefused
from partnerships.models import Organization, PartnerClass

_LARGEST_VERSION = 2**31 - 1
_MOST_EXPECTED = 9_999
_MOST_ITEMS, _LONGEST_ITEM = 60, 200


class EventForm(forms.Form):
    """What is known or planned of an event. ``near_hosts`` are names that the typed host may mean."""

    use_required_attribute = False

    name = LineField(
        label=_("Name of the event"),
        max_length=200,
        error_messages={"required": _("An event needs a name.")},
    )
    held = PartialDateField(
        label=_("Date"),
        required=False,
        help_text=_(
            "20 Maret 2025, 2025-03-20, Maret 2025 or 2025: as far as it is known. It may lie ahead."
        ),
    )
    place = LineField(label=_("Place"), max_length=200, required=False)
    host = LineField(
        label=_("Host"),
        max_length=200,
        required=False,
        help_text=_("An organisation of the portal, by its name, short name or “Kab. Asahan”."),
        widget=forms.TextInput(attrs=OFFERS_ORGANIZATIONS),
    )
    source = NoteField(
        label=_("Source of the expected numbers"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Where these numbers stand: an invitation, a press release, a web address."),
    )
    agenda = NoteField(
        label=_("Agenda"),
        max_length=_MOST_ITEMS * _LONGEST_ITEM,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One item a line, such as 09.00 Pembukaan."),
    )
    reason = SentenceField(label=_("Reason"), max_length=500, required=False)

    def __init__(self, user, data=None, *, event=None):
        self.user, self.event = user, event
        self.near_hosts = []
        if data is not None and data.get("pick"):
            data = data.copy()
            data["host"] = data["pick"]
        super().__init__(data, initial=_as_typed(event) if event else {})
        for partner_class in PartnerClass:
            if partner_class != PartnerClass.UNKNOWN:
                self.fields[f"expected_{partner_class}"] = CountField(
                    label=partner_class.label, least=0, most=_MOST_EXPECTED, required=False
                )

    @property
    def only_looks(self):
        """Whether the page was sent to be shown again, with a name that was picked."""
        return bool(self.data.get("pick"))

    @property
    def expected_fields(self):
        return [self[name] for name in self.fields if name.startswith("expected_")]

    def clean_host(self):
        typed = self.cleaned_data["host"]
        if not typed:
            return None
        try:
            known = KnownOrganizations(Organization.objects.visible_to(self.user))
            return known.find(typed, self.event and self.event.host)
        except NameRefused as refusal:
            self.near_hosts = refusal.near
            raise

    def clean_agenda(self):
        items = self.cleaned_data["agenda"].split("\n")
        if len(items) > _MOST_ITEMS or any(len(item) > _LONGEST_ITEM for item in items):
            raise ValidationError(
                _("An agenda holds at most %(items)d items of %(signs)d characters each."),
                code="long",
                params={"items": _MOST_ITEMS, "signs": _LONGEST_ITEM},
            )
        return "\n".join(item for item in items if item)

    def record(self):
        """What the action asks for."""
        said = self.cleaned_data
        expected = {
            partner_class.value: said[f"expected_{partner_class}"] or 0
            for partner_class in PartnerClass
            if f"expected_{partner_class}" in self.fields
        }
        names = ("name", "held", "place", "host", "source", "agenda")
        return EventRecord(**{name: said[name] for name in names}, expected=expected)

    def refuse(self, refusal):
        self.add_error(None, ValidationError(refusal.messages))


class EventChangeForm(EventForm):
    """An event that stands already; ``version`` is the one that the writer read."""

    def __init__(self, user, event, data=None):
        super().__init__(user, data, event=event)
        self.fields["version"] = forms.IntegerField(
            label=_("Version"),
            min_value=0,
            max_value=_LARGEST_VERSION,
            widget=forms.HiddenInput,
            initial=event.version,
        )

    def over(self, current):
        """What was typed, now written over the version that stands."""
        data = self.data.copy()
        data["version"] = str(current.version)
        return EventChangeForm(self.user, current, data)

    def differences(self, current):
        """Field by field, what was typed beside what stands there now."""
        return where_they_differ(_in_words(self.record()), _in_words(_record_of(current)))


def _record_of(event):
    return EventRecord(
        name=event.name,
        held=event.held,
        place=event.place,
        host=event.host,
        source=event.source,
        agenda=event.agenda,
        expected=dict(event.expectations.values_list("partner_class", "papers")),
    )


def _as_typed(event):
    record = _record_of(event)
    expected = {f"expected_{name}": papers for name, papers in record.expected.items()}
    return {
        **{name: getattr(record, name) for name in ("name", "held", "place", "source", "agenda")},
        "host": record.host.name if record.host else "",
        **expected,
    }


def _in_words(record):
    """Each field of an event as a list of texts."""
    return {
        _("Name of the event"): [record.name],
        _("Date"): [str(record.held)] if record.held else [],
        _("Place"): [record.place] if record.place else [],
        _("Host"): [record.host.name] if record.host else [],
        _("Agenda"): [item for item in record.agenda.split("\n") if item],
        _("Expected papers"): [
            f"{PartnerClass(name).label}: {papers}"
            for name, papers in sorted(record.expected.items())
            if papers
        ],
        _("Source of the expected numbers"): [record.source] if record.source else [],
    }
