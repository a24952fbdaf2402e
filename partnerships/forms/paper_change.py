"""The page on which a paper that stands in the register is changed."""

import re

from partnerships.actions.standing import record_of
from partnerships.forms.paper import PaperChangeForm
from partnerships.forms.sheet import Sheet

_ROW_ID = re.compile(r"(parties|signatories|terms)-\d{1,2}-id")


class ChangeSheet(Sheet):
    """A paper as it stands, with what the writer makes of it."""

    form_class = PaperChangeForm

    def __init__(self, user, agreement, data=None):
        initial = {} if data is not None else _as_typed(agreement, user)
        super().__init__(user, data, agreement=agreement, initial=initial)

    def _with_help(self, data):
        version = data.get("version", "")
        if not (version.isascii() and version.isdigit()):
            # Without a version nothing is known of what the writer read: both will be shown.
            data["version"] = "0"
        if version != str(self.agreement.version):
            self._let_go_of_rows_gone(data)
        return super()._with_help(data)

    def _let_go_of_rows_gone(self, data):
        """A row that somebody else has taken out meanwhile is, when kept, a new row."""
        for name in list(data):
            if match := _ROW_ID.fullmatch(name):
                known = {str(pk) for pk in self._standing[match[1]]}
                if data[name] not in known:
                    data[name] = ""

    def said(self):
        """What the action that changes a paper asks for."""
        said = self.form.cleaned_data
        return {"record": self.record(), "version": said["version"], "reason": said["reason"]}

    def over(self, current):
        """What was typed, now written over the version that stands."""
        sheet = ChangeSheet(self.user, current, self.data)
        sheet.data["version"] = str(current.version)
        return sheet


def _as_typed(agreement, user):
    """The paper as its writer would type it."""
    record = record_of(agreement)
    initial = {
        name: getattr(record, name)
        for name in ("kind", "title", "signed", "place", "event", "represents", "certainty", "themes")
    }
    initial["version"] = agreement.version
    initial["work_regions"] = "\n".join(region.name for region in record.work_regions)
    seen = type(agreement).objects.visible_to(user)
    for name in ("implements", "renews"):
        related = getattr(record, name)
        initial[name] = related.ref if related and seen.filter(pk=related.pk).exists() else ""
    initial["parties"] = [_party(line, place) for place, line in enumerate(record.parties, start=1)]
    row_of = {line.organization.pk: str(index) for index, line in enumerate(record.parties)}
    initial["signatories"] = [_signatory(line, row_of) for line in record.signatories] or [{}]
    initial["terms"] = [_term(line) for line in record.terms] or [{}]
    return initial


def _party(line, place):
    return {
        "id": line.pk,
        "organization": line.organization.name,
        "resolved": line.organization,
        "number": line.number,
        "contact": str(line.contact) if line.contact else "",
        "contact_details": line.contact_details,
        "position": place,
    }


def _signatory(line, row_of):
    return {
        "id": line.pk,
        "person": str(line.person) if line.person else "",
        "post": line.post,
        "party": row_of.get(line.organization.pk, "") if line.organization else "",
        "presence": line.presence,
        "capacity": line.capacity,
        "on_behalf_of": line.on_behalf_of,
        "letter": line.letter,
    }


def _term(line):
    return {
        "id": line.pk,
        "starts": line.starts,
        "ends": line.ends,
        "ends_open": line.ends_open,
        "duration_months": line.duration_months,
        "reason": line.reason,
        "closed_because": line.closed_because,
    }
