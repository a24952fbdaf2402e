"""Rights as data: who may do what to a paper in which status, and how far that reaches.

``RIGHTS`` is the whole truth: the checks below, the table in docs/roles.md and the tests read it.
What a reader may *see* is not here but in ``visible_to`` of each model.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.lifecycle import ONCE_SIGNED, Status
from partnerships.models import (
    Access,
    Agreement,
    AgreementScope,
    Commitment,
    Organization,
    OrganizationKind,
    Party,
    access_of,
)
from partnerships.roles import ADMIN, Role
from regions.models import Region


class Action(models.TextChoices):
    ADD_AGREEMENT = "agreement.add", _("enter a paper")
    CHANGE_AGREEMENT = "agreement.change", _("change a paper")
    MOVE_AGREEMENT = "agreement.move", _("move a paper along its life")
    PUBLISH_AGREEMENT = "agreement.publish", _("make a paper public")
    DECIDE_DORMANT = "agreement.decide_dormant", _("decide what becomes of a paper that sleeps")
    ADD_COMMITMENT = "commitment.add", _("log a commitment")
    CHANGE_COMMITMENT = "commitment.change", _("change a commitment")
    REPORT_PROGRESS = "progress.report", _("report progress")
    VERIFY_PROGRESS = "progress.verify", _("verify progress")
    RAISE_ACTION_POINT = "action_point.raise", _("raise an action point")
    CLOSE_ACTION_POINT = "action_point.close", _("check an action point")
    FILE_DOCUMENT = "document.file", _("file a document of a paper")
    CHANGE_EVENT = "event.change", _("change a signing event")
    HOLD_MEETING = "meeting.hold", _("arrange an evaluation meeting")
    WRITE_MINUTES = "meeting.minutes", _("write the minutes of an evaluation meeting")
    CHANGE_ORGANIZATION = "organization.change", _("change an organisation")
    STATE_NEED = "need.state", _("state what a region needs")
    RECORD_OFFER = "offer.record", _("record what a partner offers")
    IMPORT = "import", _("import papers")
    CHANGE_REFERENCE = "reference.change", _("change reference data")
    SHARE_VIEW = "view.share", _("share a view of a list with a role")
    MANAGE_ACCOUNTS = "accounts.manage", _("invite people and post them to offices")
    DISPOSE = "archive.dispose", _("decide which papers are destroyed after their period")


class Reach(models.TextChoices):
    ALL = "all", _("every paper")
    OWN_UNIT = "own_unit", _("papers with the own unit as a party")
    MINISTRY = "ministry", _("papers with the own unit, or the ministry as a whole, as a party")
    OWN_REGION = "own_region", _("papers with a party of the own region")
    OWN_COMMITMENTS = (
        "own_commitments",
        _("commitments that the own unit, or an office of the own region, owes"),
    )


ANY_STATUS = frozenset(Status)
ALIVE = frozenset(Status) - {Status.CANCELLED, Status.ENDED, Status.TERMINATED}
# What was promised in a signed paper is reported to its end and after it.
SIGNED = frozenset(ONCE_SIGNED)
# Only what is signed and goes on can sleep.
GOING_ON = frozenset({Status.SIGNED})


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
    Right(Role.REGISTRAR, Action.DECIDE_DORMANT, Reach.ALL, GOING_ON),
    Right(Role.REGISTRAR, Action.ADD_COMMITMENT),
    Right(Role.REGISTRAR, Action.CHANGE_COMMITMENT),
    Right(Role.REGISTRAR, Action.REPORT_PROGRESS, Reach.ALL, SIGNED),
    Right(Role.REGISTRAR, Action.VERIFY_PROGRESS, Reach.ALL, SIGNED),
    Right(Role.REGISTRAR, Action.RAISE_ACTION_POINT),
    Right(Role.REGISTRAR, Action.CLOSE_ACTION_POINT),
    Right(Role.REGISTRAR, Action.FILE_DOCUMENT),
    Right(Role.REGISTRAR, Action.CHANGE_EVENT),
    Right(Role.REGISTRAR, Action.HOLD_MEETING),
    Right(Role.REGISTRAR, Action.WRITE_MINUTES),
    Right(Role.REGISTRAR, Action.CHANGE_ORGANIZATION),
    Right(Role.REGISTRAR, Action.STATE_NEED),
    Right(Role.REGISTRAR, Action.RECORD_OFFER),
    Right(Role.REGISTRAR, Action.IMPORT),
    Right(Role.REGISTRAR, Action.SHARE_VIEW),
    Right(Role.UNIT_OFFICER, Action.ADD_AGREEMENT, Reach.OWN_UNIT),
    Right(Role.UNIT_OFFICER, Action.CHANGE_AGREEMENT, Reach.OWN_UNIT, ALIVE),
    Right(Role.UNIT_OFFICER, Action.MOVE_AGREEMENT, Reach.OWN_UNIT, ALIVE),
    Right(Role.UNIT_OFFICER, Action.DECIDE_DORMANT, Reach.OWN_UNIT, GOING_ON),
    Right(Role.UNIT_OFFICER, Action.ADD_COMMITMENT, Reach.OWN_UNIT, ALIVE),
    Right(Role.UNIT_OFFICER, Action.CHANGE_COMMITMENT, Reach.OWN_UNIT, ALIVE),
    Right(Role.UNIT_OFFICER, Action.CHANGE_COMMITMENT, Reach.OWN_COMMITMENTS, ALIVE),
    Right(Role.UNIT_OFFICER, Action.REPORT_PROGRESS, Reach.OWN_UNIT, SIGNED),
    Right(Role.UNIT_OFFICER, Action.REPORT_PROGRESS, Reach.OWN_COMMITMENTS, SIGNED),
    Right(Role.UNIT_OFFICER, Action.VERIFY_PROGRESS, Reach.MINISTRY, SIGNED),
    Right(Role.UNIT_OFFICER, Action.RAISE_ACTION_POINT, Reach.MINISTRY),
    Right(Role.UNIT_OFFICER, Action.CLOSE_ACTION_POINT, Reach.MINISTRY),
    Right(Role.UNIT_OFFICER, Action.FILE_DOCUMENT, Reach.OWN_UNIT),
    Right(Role.UNIT_OFFICER, Action.RECORD_OFFER),
    Right(Role.UNIT_OFFICER, Action.WRITE_MINUTES, Reach.OWN_UNIT),
    Right(Role.REGIONAL_OFFICER, Action.ADD_COMMITMENT, Reach.OWN_REGION, ALIVE),
    Right(Role.REGIONAL_OFFICER, Action.CHANGE_COMMITMENT, Reach.OWN_COMMITMENTS, ALIVE),
    Right(Role.REGIONAL_OFFICER, Action.REPORT_PROGRESS, Reach.OWN_COMMITMENTS, SIGNED),
    Right(Role.REGIONAL_OFFICER, Action.RAISE_ACTION_POINT, Reach.OWN_REGION),
    Right(Role.REGIONAL_OFFICER, Action.STATE_NEED, Reach.OWN_REGION),
    Right(ADMIN, Action.ADD_AGREEMENT),
    Right(ADMIN, Action.CHANGE_AGREEMENT),
    Right(ADMIN, Action.MOVE_AGREEMENT),
    Right(ADMIN, Action.PUBLISH_AGREEMENT),
    Right(ADMIN, Action.ADD_COMMITMENT),
    Right(ADMIN, Action.CHANGE_COMMITMENT),
    Right(ADMIN, Action.FILE_DOCUMENT),
    Right(ADMIN, Action.CHANGE_EVENT),
    Right(ADMIN, Action.CHANGE_ORGANIZATION),
    Right(ADMIN, Action.STATE_NEED),
    Right(ADMIN, Action.RECORD_OFFER),
    Right(ADMIN, Action.IMPORT),
    Right(ADMIN, Action.CHANGE_REFERENCE),
    Right(ADMIN, Action.SHARE_VIEW),
    Right(ADMIN, Action.MANAGE_ACCOUNTS),
    Right(ADMIN, Action.DISPOSE),
)


def can(user, action, agreement=None, commitment=None):
    """Whether one of the user's roles gives the right; with a paper, to that paper; with a
    commitment, to that commitment of its paper."""
    access = access_of(user)
    if commitment is not None:
        agreement = commitment.agreement
    return any(
        right.action == action
        and right.role in access.roles
        and _reaches(right, access, agreement, commitment)
        for right in RIGHTS
    )


def check(user, action, agreement=None, commitment=None):
    """Raises PermissionDenied unless the user has the right."""
    if not can(user, action, agreement, commitment):
        paper = commitment.agreement if commitment is not None else agreement
        raise PermissionDenied(
            _("You may not %(action)s.") % {"action": Action(action).label}
            if paper is None
            else _("You may not %(action)s %(ref)s as it is now.")
            % {"action": Action(action).label, "ref": paper.ref}
        )


def posting_for(user, action, commitment):
    """The posting by which the user has the right to the commitment; None for who needs none."""
    for posting in access_of(user).postings:
        for right in RIGHTS:
            if right.role == posting.role and right.action == action and _fits(posting, right, commitment):
                return posting
    return None


def check_own_unit_is_party(user, organizations):
    """A unit officer enters papers of the own unit only. Raises PermissionDenied."""
    access = access_of(user)
    if access.has(Role.REGISTRAR, ADMIN):
        return
    if access.units.isdisjoint(organization.pk for organization in organizations):
        raise PermissionDenied(_("One of the parties must be your own unit."))


def regions_within(user, action):
    """The regions to which the user's right to an action reaches, as a queryset; a province with its
    kabupaten and kota."""
    access = access_of(user)
    reaches = {right.reach for right in RIGHTS if right.action == action and right.role in access.roles}
    if Reach.ALL in reaches:
        return Region.objects.all()
    own = access.regions if Reach.OWN_REGION in reaches else ()
    return Region.objects.filter(models.Q(code__in=own) | models.Q(parent__in=own))


def check_region(user, action, region):
    """Raises PermissionDenied unless the user's right to the action reaches the region."""
    if not regions_within(user, action).filter(pk=region.pk).exists():
        raise PermissionDenied(
            _("You may not %(action)s for %(region)s.")
            % {"action": Action(action).label, "region": region.name}
        )


def can_see_whole_register(user):
    """Whether counts over all papers (expected against registered) make sense to this reader."""
    return access_of(user).has(Role.REGISTRAR, Role.UNIT_OFFICER, Role.LEADERSHIP, ADMIN)


def papers_within(user, action):
    """The papers that the user's right to an action reaches, as a queryset; a right to single
    commitments reaches the papers of the own region."""
    access = access_of(user)
    reached = models.Q(pk__in=[])
    for right in RIGHTS:
        if right.action == action and right.role in access.roles:
            reached |= models.Q(status__in=right.statuses) & _reach(right, access)
    return Agreement.objects.filter(reached)


def _reaches(right, access, agreement, commitment=None):
    if agreement is None:
        return True
    if agreement.status not in right.statuses:
        return False
    if right.reach == Reach.ALL:
        return True
    if right.reach == Reach.OWN_COMMITMENTS and commitment is not None:
        offices = _offices_of(commitment)
        if not offices:
            # What nobody answers for yet may be claimed by who sees the paper; nothing else is open.
            return right.action == Action.CHANGE_COMMITMENT and _is_within(right, access, agreement)
        return not access.units.isdisjoint(office.pk for office in offices) or not access.regions.isdisjoint(
            _regions_of(offices)
        )
    return _is_within(right, access, agreement)


def _is_within(right, access, agreement):
    return Agreement.objects.filter(_reach(right, access), pk=agreement.pk).exists()


def _reach(right, access):
    """How far a right goes among papers, as a condition."""
    parties = Party.objects.filter(agreement=models.OuterRef("pk"))
    if right.reach == Reach.ALL:
        return models.Q()
    if right.reach == Reach.OWN_UNIT:
        return models.Q(models.Exists(parties.filter(organization__in=access.units)))
    if right.reach == Reach.MINISTRY:
        whole = models.Q(organization__kind=OrganizationKind.UNIT, organization__parent=None)
        return models.Q(models.Exists(parties.filter(whole | models.Q(organization__in=access.units))))
    scopes = AgreementScope.objects.filter(agreement=models.OuterRef("pk"))
    own = models.Q(region__in=access.regions) | models.Q(region__parent__in=access.regions)
    reached = models.Q(models.Exists(scopes.filter(own)))
    if right.reach == Reach.OWN_COMMITMENTS and access.units:
        owed = Commitment.objects.filter(agreement=models.OuterRef("pk")).answered_for_by(access.units)
        reached |= models.Q(models.Exists(owed))
    return reached


def _offices_of(commitment):
    """Who answers for a commitment: the responsible office and the party that owes it."""
    owes = commitment.owed_by.organization if commitment.owed_by else None
    return [office for office in (commitment.owner, owes) if office]


def _regions_of(offices):
    """The regions for which offices act, with their provinces."""
    regions = [office.region for office in offices if office.region_id]
    return {code for region in regions for code in (region.code, region.parent_id) if code}


def _fits(posting, right, commitment):
    """Whether this posting alone gives the right to the commitment."""
    units = Organization.objects.subtree_ids([posting.organization_id])
    region = posting.organization.region_id
    alone = Access(
        roles=frozenset({posting.role}),
        regions=frozenset({region} if posting.role == Role.REGIONAL_OFFICER else ()),
        units=frozenset(units if posting.role == Role.UNIT_OFFICER else ()),
    )
    return _reaches(right, alone, commitment.agreement, commitment)
