"""The page on which a paper enters the register."""

import uuid

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from partnerships.actions.record import Entry
from partnerships.forms.paper import NewPaperForm
from partnerships.forms.renewal import CarriedForm, begins_with
from partnerships.forms.sheet import Sheet
from partnerships.lifecycle import ONCE_SIGNED, Status
from partnerships.models import Agreement, Organization, access_of
from partnerships.roles import ADMIN, Role

SHOWN_DUPLICATES = 8
# What one paper of a ceremony hands on to the next one that is entered.
HANDED_ON = ("event", "signed", "place", "status")


class NewSheet(Sheet):
    """A paper that nobody has entered yet.

    ``params`` are the address's: what is the same as in the paper entered before; a wrong one is
    named in ``problems`` and left out.
    """

    form_class = NewPaperForm

    def __init__(self, user, data=None, params=None):
        self.problems, self.duplicates = [], []
        initial = {} if data is not None else self._first_shown(user, params or {})
        super().__init__(user, data, initial=initial)
        old = self._renewed(user, self.form["renews"].value())
        self.carried = CarriedForm(user, old, self.data, unread=self.unread) if old else None

    def _first_shown(self, user, params):
        access = access_of(user)
        enters_signed = access.has(Role.REGISTRAR, ADMIN)
        initial = {"status": Status.SIGNED if enters_signed else Status.PROPOSED}
        fields = NewPaperForm(user).fields
        for name in HANDED_ON:
            if value := params.get(name, ""):
                try:
                    initial[name] = fields[name].clean(value)
                except ValidationError:
                    self._left_out(value, fields[name].label)
        first = self._first_party(user, access, params.get("party", ""))
        initial["parties"] = [{"organization": first.name, "resolved": first} if first else {}, {}]
        initial["signatories"] = [{"party": "0"}, {"party": "1"}]
        initial["terms"] = [{}]
        if typed := params.get("renews", ""):
            if old := self._renewed(user, typed):
                initial |= begins_with(old)
            else:
                self._left_out(typed, fields["renews"].label)
        return initial

    @staticmethod
    def _renewed(user, typed):
        """The paper that is to be renewed, if the writer sees it and it was signed."""
        try:
            old = NewPaperForm(user).fields["renews"].clean(typed)
        except ValidationError:
            return None
        return old if old and old.status in ONCE_SIGNED else None

    def is_valid(self):
        valid = super().is_valid()
        if self.carried is None:
            if self.data.get("carried"):
                self.form.add_error(
                    "renews", CarriedForm.base_fields["carried"].error_messages["invalid_choice"]
                )
            return self.form.is_valid() and valid
        return self.carried.is_valid() and valid

    def _first_party(self, user, access, slug):
        """The unit of the paper before, or the officer's own: most papers have it as their first party."""
        known = Organization.objects.visible_to(user)
        if slug:
            organization = known.filter(slug=slug[:80]).first()
            if organization is None:
                self._left_out(slug, gettext("Organisation"))
            return organization
        return next(
            (posting.organization for posting in access.postings if posting.role == Role.UNIT_OFFICER), None
        )

    def _left_out(self, value, label):
        self.problems.append(
            gettext("“%(value)s” can't stand in “%(field)s”; the page goes on without it.")
            % {"value": value[:60], "field": label}
        )

    def _with_help(self, data):
        try:
            uuid.UUID(data.get("key", ""))
        except ValueError:
            # A form that lost its key gets one, or it could never be sent.
            data["key"] = str(uuid.uuid4())
        return super()._with_help(data)

    def _judge_together(self):
        partners = [row.cleaned_data["organization"] for row in self.parties.said]
        super()._judge_together()
        self.form.take_proposed_kind(next((each for each in partners if not each.is_unit), None))

    def is_likely_known(self):
        """Whether ``duplicates`` are papers that this one may be; not when the writer says it is another."""
        self.duplicates = self._likely_duplicates()
        return bool(self.duplicates)

    def _likely_duplicates(self):
        said = self.form.cleaned_data
        partners = [line.organization for line in self._party_lines]
        partners = [each.pk for each in partners if each.pk and not each.is_unit]
        if said["another"] or not partners:
            return []
        found = Agreement.objects.visible_to(self.user).likely_duplicates(
            partners=partners, signed=said["signed"], kind=said["kind"], title=said["title"]
        )
        # The same form sent twice is no duplicate of itself.
        found = found.exclude(entry_key=said["key"], created_by=self.user)
        if said["renews"]:
            found = found.exclude(pk=said["renews"].pk)
        return list(found.newest_first().with_parties()[:SHOWN_DUPLICATES])

    def said(self):
        """What the action that registers a paper asks for."""
        said = self.form.cleaned_data
        entry = Entry(status=said["status"], effective_on=said["effective_on"], key=said["key"])
        carried = list(self.carried.cleaned_data["carried"]) if self.carried else []
        return {"record": self.record(), "entry": entry, "reason": said["reason"], "carried": carried}

    def handed_on(self, agreement):
        """What the next paper of the same morning has in common with this one, as parameters."""
        unit = agreement.responsible_unit
        shared = {
            "event": agreement.event.slug if agreement.event else "",
            "signed": agreement.signed.isoformat() if agreement.signed else "",
            "place": agreement.place,
            "status": agreement.status,
            "party": unit.slug if unit else "",
        }
        return {name: value for name, value in shared.items() if value}
