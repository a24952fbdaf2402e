"""The page of one paper as lines of a table, to travel inside the page."""

from django.utils.formats import number_format
from django.utils.translation import gettext, pgettext

from partnerships.exports.sheet import Sheet


def sheet_of(said):
    """Every line of what a profile says (``profile.profile_said``), under the part that it stands in."""
    agreement = said["agreement"]
    lines = [
        ("paper", gettext("Reference"), agreement.ref),
        ("paper", gettext("Paper"), agreement.display_title),
        ("paper", gettext("Kind of paper"), agreement.get_kind_display()),
        ("paper", pgettext("column", "Signed"), agreement.signed or gettext("Date not known")),
        ("paper", gettext("Validity"), _joined(said["validity"].label, said["until"])),
        ("paper", gettext("Status"), agreement.get_status_display()),
        ("paper", gettext("Partner class"), agreement.partner_class.label),
    ]
    lines += [("party", party["name"], _party(party)) for party in said["parties"]]
    lines += [("about", label, words) for label, words in said["facts"]]
    lines += [
        ("related", relation, _joined(paper.ref, paper.display_title, paper.signed))
        for relation, paper in said["related"]["shown"]
    ]
    lines += [("commitment", each.text, _commitment(each)) for each in said["commitments"]["shown"]]
    lines += [
        ("differing", each["field"], _joined(each["value"], each["note"], each["sources"]))
        for each in said["differing"]["shown"]
    ]
    columns = {"part": gettext("Part"), "what": gettext("What"), "said": gettext("Said")}
    return Sheet("profil", gettext("Profile of a paper"), columns, tuple(lines))


def _joined(*parts):
    return "; ".join(str(part) for part in parts if part)


def _party(party):
    people = [_joined(person["name"], person["post"], person["note"]) for person in party["people"]]
    return _joined(party["side"], party["number"], *people)


def _commitment(commitment):
    unit = commitment.indicator.unit if commitment.indicator else ""
    target = (
        "" if commitment.target is None else f"{number_format(commitment.target.normalize())} {unit}".strip()
    )
    owed_by = commitment.owed_by.organization.label if commitment.owed_by else ""
    return _joined(owed_by, target, commitment.due and commitment.due.isoformat())
