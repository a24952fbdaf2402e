"""What a reader's postings open today. Every ``visible_to`` and every right starts here."""

from dataclasses import dataclass, field

from django.apps import apps

from kemnaker_portal.replicas import from_primary
from partnerships.roles import ADMIN, ANONYMOUS, Role


@dataclass(frozen=True)
class Access:
    """The roles a reader holds, and the region codes and units these reach."""

    roles: frozenset = frozenset({ANONYMOUS})
    regions: frozenset = frozenset()
    units: frozenset = frozenset()
    postings: tuple = field(default=(), compare=False)

    def has(self, *roles):
        return not self.roles.isdisjoint(roles)

    def as_data(self):
        """How far the reader sees, to be kept and compared with another day's."""
        reached = {"roles": self.roles, "regions": self.regions, "units": self.units}
        return {name: sorted(map(str, values)) for name, values in reached.items()}

    @classmethod
    def of_data(cls, data):
        """The access that was kept with ``as_data``."""
        return cls(
            roles=frozenset(data["roles"]),
            regions=frozenset(data["regions"]),
            units=frozenset(map(int, data["units"])),
        )


def access_of(user):
    """The reader's access today, asked once for each loaded user."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Access()
    if not hasattr(user, "_access"):
        user._access = _read_access(user)
    return user._access


def _read_access(user):
    # A right that was taken away is gone with the next request, however far a copy of the database has come.
    with from_primary():
        return _access_now(user)


def _access_now(user):
    postings = tuple(user.postings.active().select_related("organization__region"))
    organizations = apps.get_model("partnerships", "Organization").objects
    roles = {posting.role for posting in postings}
    if user.is_superuser:
        roles.add(ADMIN)
    return Access(
        roles=frozenset(roles),
        regions=frozenset(
            posting.organization.region_id for posting in postings if posting.role == Role.REGIONAL_OFFICER
        ),
        units=frozenset(
            organizations.subtree_ids(
                posting.organization_id for posting in postings if posting.role == Role.UNIT_OFFICER
            )
        ),
        postings=postings,
    )
