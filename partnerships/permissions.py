"""Rights as data: who may do what to a paper in which status, and how far that reaches.

``RIGHTS`` is the whole truth: the checks below, the table in docs/roles.md and the tests read it.
What a reader may *see* is not here but in ``visible_to`` of each model.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.lifecycle import Status
from partnerships.models import access_of
from partnerships.roles import ADMIN, Role


class Action(models.TextChoices):
    ADD_AGREEMENT = "agreement.add", _("enter a paper")
    CHANGE_AGREEMENT = "agreement.change", _("change a paper")
    MOVE_AGREEMENT = "agreement.move", _("move a paper along its life")
    PUBLISH_AGREEMENT = "agreement.publish", _("make a paper public")
    ADD_COMMITMENT = "commitment.add", _("log a commitment")
    CHANGE_EVENT = "event.change", _("change a signing event")
    CHANGE_ORGANIZATION = "organization.change", _("change an organisation")
    IMPORT = "import", _("import papers")
    CHANGE_REFERENCE = "reference.change", _("change reference data")
    MANAGE_ACCOUNTS = "accounts.manage", _("invite people and post them to offices")


class Reach(models.TextChoices):
    ALL = "all", _("every paper")
    OWN_UNIT = "own_unit", _("papers with the own unit as a party")
    OWN_REGION = "own_region", _("papers with a party of the own region")


ANY_STATUS = frozenset(Status)
ALIVE = frozenset(Status) - {Status.CANCELLED, Status.ENDED, Status.TERMINATED}


@dataclass(frozen=True)
class Right:
    """One row: this role may do this to papers in these statuses, as far as the reach goes."""

    role: str
    action: Action
    reach: Reach = Reach.ALL
    statuses: frozenset = ANY_STATUS


RIGHTS = (
    Right(Role.REGISTRAR, Action.ADD_AGREEMENT),
    Right(Role.REGISTRAR, Action.CHANGE_AGREEMENT),
    Right(Role.REGISTRAR, Action.MOVE_AGREEMENT),
    Right(Role.REGISTRAR, Action.PUBLISH_AGREEMENT),
    Right(Role.REGISTRAR, Action.ADD_COMMITMENT),
    Right(Role.REGISTRAR, Action.CHANGE_EVENT),
    Right(Role.REGISTRAR, Action.CHANGE_ORGANIZATION),
    Right(Role.REGISTRAR, Action.IMPORT),
    Right(Role.UNIT_OFFICER, Action.ADD_AGREEMENT, Reach.OWN_UNIT),
    Right(Role.UNIT_OFFICER, Action.CHANGE_AGREEMENT, Reach.OWN_UNIT, ALIVE),
    Right(Role.UNIT_OFFICER, Action.MOVE_AGREEMENT, Reach.OWN_UNIT, ALIVE),
    Right(Role.UNIT_OFFICER, Action.ADD_COMMITMENT, Reach.OWN_UNIT, ALIVE),
    Right(Role.REGIONAL_OFFICER, Action.ADD_COMMITMENT, Reach.OWN_REGION, ALIVE),
    Right(ADMIN, Action.ADD_AGREEMENT),
    Right(ADMIN, Action.CHANGE_AGREEMENT),
    Right(ADMIN, Action.MOVE_AGREEMENT),
    Right(ADMIN, Action.PUBLISH_AGREEMENT),
    Right(ADMIN, Action.CHANGE_EVENT),
    Right(ADMIN, Action.CHANGE_ORGANIZATION),
    Right(ADMIN, Action.IMPORT),
    Right(ADMIN, Action.CHANGE_REFERENCE),
    Right(ADMIN, Action.MANAGE_ACCOUNTS),
)


def can(user, action, agreement=None):
    """Whether one of the user's roles gives the right; with a paper, to that paper."""
    access = access_of(user)
    return any(
        right.action == action and right.role in access.roles and _reaches(right, access, agreement)
        for right in RIGHTS
    )


def check(user, action, agreement=None):
    """Raises PermissionDenied unless the user has the right."""
    if not can(user, action, agreement):
        raise PermissionDenied(
            _("You may not %(action)s.") % {"action": Action(action).label}
            if agreement is None
            else _("You may not %(action)s %(ref)s as it is now.")
            % {"action": Action(action).label, "ref": agreement.ref}
        )


def check_own_unit_is_party(user, organizations):
    """A unit officer enters papers of the own unit only. Raises PermissionDenied."""
    access = access_of(user)
    if access.has(Role.REGISTRAR, ADMIN):
        return
    if access.units.isdisjoint(organization.pk for organization in organizations):
        raise PermissionDenied(_("One of the parties must be your own unit."))


def can_see_whole_register(user):
    """Whether counts over all papers (expected against registered) make sense to this reader."""
    return access_of(user).has(Role.REGISTRAR, Role.UNIT_OFFICER, Role.LEADERSHIP, ADMIN)


def _reaches(right, access, agreement):
    if agreement is None:
        return True
    if agreement.status not in right.statuses:
        return False
    if right.reach == Reach.ALL:
        return True
    if right.reach == Reach.OWN_UNIT:
        return agreement.parties.filter(organization__in=access.units).exists()
    return agreement.scopes.filter(
        models.Q(region__in=access.regions) | models.Q(region__parent__in=access.regions)
    ).exists()
