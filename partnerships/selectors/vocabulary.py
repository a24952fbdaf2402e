"""The portal's rules and words as tables for people, made from the tables that the code follows."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from partnerships.lifecycle import Status
from partnerships.models import OrganizationKind, PartnerClass
from partnerships.models.kinds import kinds_of_class
from partnerships.permissions import ANY_STATUS, RIGHTS, Action
from partnerships.roles import ADMIN, Role

# What ``AgreementQuerySet.visible_to`` opens to a role, in words.
_READS = {
    Role.REGISTRAR: _("every paper, drafts too"),
    Role.UNIT_OFFICER: _("every paper that is not a draft, and the drafts of the own unit"),
    Role.REGIONAL_OFFICER: _("papers with a party of the own region, from drafting on"),
    Role.LEADERSHIP: _("every paper that is not a draft"),
    ADMIN: _("every paper, drafts too"),
}


@dataclass(frozen=True)
class RightsOfRole:
    role: str
    reads: str
    lines: list


@dataclass(frozen=True)
class RightInWords:
    """One right: what, on which papers, and where it matters in which statuses."""

    action: str
    reach: str
    statuses: list


def rights_by_role():
    """What each role reads and may do: those that a posting gives, then the administrator."""
    labels = {**{role: role.label for role in Role}, ADMIN: _("Administrator")}
    return [RightsOfRole(label, _READS[role], _lines(role)) for role, label in labels.items()]


def kinds_by_class():
    """Each class of partner with the kinds of organisation that roll up to it."""
    return [
        (each.label, [OrganizationKind(kind).label for kind in kinds_of_class(each)]) for each in PartnerClass
    ]


def _lines(role):
    return [
        RightInWords(
            Action(right.action).label,
            right.reach.label,
            [] if right.statuses == ANY_STATUS else [s.label for s in Status if s in right.statuses],
        )
        for right in RIGHTS
        if right.role == role
    ]
