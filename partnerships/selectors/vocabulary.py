"""The portal's rules and words as tables for people, made from the tables that the code follows."""

from dataclasses import dataclass

from partnerships.lifecycle import Status
from partnerships.models import OrganizationKind, PartnerClass
from partnerships.models.kinds import kinds_of_class
from partnerships.permissions import ANY_STATUS, RIGHTS, Action
from partnerships.roles import Role


@dataclass(frozen=True)
class RightsOfRole:
    role: str
    lines: list


@dataclass(frozen=True)
class RightInWords:
    """One right: what, on which papers, and where it matters in which statuses."""

    action: str
    reach: str
    statuses: list


def rights_by_role():
    """What each role that a posting gives may do, in the order of the roles."""
    return [RightsOfRole(role.label, _lines(role)) for role in Role]


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
