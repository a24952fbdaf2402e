"""Two versions of a paper side by side, where they differ."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from partnerships.models import AgreementKind, Capacity, Certainty, Presence, TermReason


@dataclass(frozen=True)
class Said:
    """One value in words; ``alone`` when the other version does not have it."""

    text: str
    alone: bool


@dataclass(frozen=True)
class Difference:
    """A field on which two versions differ."""

    label: str
    mine: list[Said]
    theirs: list[Said]


def differences(mine, theirs, papers):
    """Field by field, only where the two records differ; ``papers`` are those the reader may see."""
    return where_they_differ(_in_words(mine, papers), _in_words(theirs, papers))


def where_they_differ(mine, theirs):
    """The fields on which two versions differ; each gives a list of texts for every label."""
    return [
        Difference(label, _beside(said, theirs[label]), _beside(theirs[label], said))
        for label, said in mine.items()
        if said != theirs[label]
    ]


def _beside(said, other):
    return [Said(text, text not in other) for text in said]


def _in_words(record, papers):
    """Each field of a record as a list of texts."""

    def reference(paper):
        if paper is None:
            return []
        return [paper.ref if paper in papers else str(_("a paper that you can't see"))]

    return {
        _("Kind of paper"): [str(AgreementKind(record.kind).label)],
        _("Title"): _listed(record.title),
        _("Date of signing"): _listed(record.signed),
        _("Place of signing"): _listed(record.place),
        _("Signing event"): _listed(record.event),
        _("Stands for papers"): [str(record.represents)],
        _("Certainty of the record"): [str(Certainty(record.certainty).label)],
        _("Parties"): [_party(line) for line in record.parties],
        _("Signatories"): [_signatory(line) for line in record.signatories],
        _("Terms"): [_term(line) for line in record.terms],
        _("Themes"): sorted(str(theme) for theme in record.themes),
        _("Regions where the work happens"): sorted(str(region) for region in record.work_regions),
        _("Implements"): reference(record.implements),
        _("Renews"): reference(record.renews),
    }


def _listed(value):
    return [str(value)] if value else []


def _joined(*parts):
    return ", ".join(str(part) for part in parts if part)


def _party(line):
    return _joined(line.organization, line.number, line.contact, line.contact_details)


def _signatory(line):
    return _joined(
        line.person,
        line.post,
        line.organization,
        Presence(line.presence).label,
        line.capacity and Capacity(line.capacity).label,
        line.on_behalf_of,
        line.letter,
    )


def _term(line):
    starts = line.starts or "?"
    ends = _("no end agreed") if line.ends_open else line.ends or "?"
    duration = line.duration_months and _("%(months)d months") % {"months": line.duration_months}
    return _joined(f"{starts} – {ends}", duration, TermReason(line.reason).label, line.closed_because)
