"""The page on which a naskah that was read enters the register: the one of every new paper, filled in with
what its reader took over."""

from partnerships.forms.new_paper import NewSheet
from partnerships.forms.reading_form import AS_NEW, ConfirmForm
from partnerships.models import OrganizationKind

# What the first word of a name tells of its kind; the page asks, and this is only where its list stands.
_KINDS_BY_FIRST_WORD = {
    "PT": OrganizationKind.COMPANY,
    "CV": OrganizationKind.COMPANY,
    "UNIVERSITAS": OrganizationKind.UNIVERSITY,
    "POLITEKNIK": OrganizationKind.UNIVERSITY,
    "INSTITUT": OrganizationKind.UNIVERSITY,
    "AKADEMI": OrganizationKind.UNIVERSITY,
    "YAYASAN": OrganizationKind.NGO,
    "PERKUMPULAN": OrganizationKind.NGO,
    "ASOSIASI": OrganizationKind.ASSOCIATION,
    "HIMPUNAN": OrganizationKind.ASSOCIATION,
    "KEMENTERIAN": OrganizationKind.MINISTRY,
    "BADAN": OrganizationKind.STATE_BODY,
    "DINAS": OrganizationKind.REGIONAL_OFFICE,
}


class ReadSheet(NewSheet):
    """A paper that was read off a file (``reading``, a NaskahReading) and is registered with it."""

    def __init__(self, user, reading, data=None):
        self.reading = reading
        super().__init__(user, data)

    def _first_shown(self, user, params):
        initial = super()._first_shown(user, params)
        confirmed = ConfirmForm(self.reading, user, self.reading.proposals.get("confirmed", {}))
        if not confirmed.is_valid():
            return initial
        for name in ("kind", "title", "signed", "place"):
            if value := confirmed.taken(name):
                initial[name] = value
        initial["themes"] = [
            theme.slug
            for name, (theme, _item, _exact) in confirmed.themes.items()
            if confirmed.cleaned_data[name]
        ]
        if parties := [_party(confirmed, number) for number in range(len(confirmed.parties))]:
            initial["parties"] = parties
            initial["signatories"] = [_signatory(confirmed, number) for number in range(len(parties))]
        initial["terms"] = [_term(confirmed)]
        return initial


def _party(confirmed, number):
    name = confirmed.taken(f"party-{number}-organization")
    row = {
        "number": confirmed.taken(f"party-{number}-number"),
        "contact_details": confirmed.taken(f"party-{number}-contact"),
    }
    meant = confirmed.cleaned_data.get(f"party-{number}-meant")
    known = confirmed.known.get(number)
    if name and meant == AS_NEW:
        first_word = name.split()[0].upper().rstrip(".")
        row |= {"organization": name, "new": True, "new_kind": _KINDS_BY_FIRST_WORD.get(first_word, "")}
    elif name and meant:
        row["organization"] = meant
    elif name:
        unchanged = known and name == confirmed.fields[f"party-{number}-organization"].initial
        row |= {"organization": known.name, "resolved": known} if unchanged else {"organization": name}
    return {field: value for field, value in row.items() if value}


def _signatory(confirmed, number):
    fields = ("person", "post", "capacity", "on_behalf_of", "letter")
    row = {field: confirmed.taken(f"party-{number}-{field}") for field in fields}
    return {field: value for field, value in row.items() if value} | {"party": str(number)}


def _term(confirmed):
    row = {
        "duration_months": confirmed.taken("duration_months"),
        "starts": confirmed.taken("starts"),
        "ends": confirmed.taken("ends") or confirmed.taken("derived_end"),
    }
    return {field: value for field, value in row.items() if value}
