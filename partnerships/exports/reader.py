"""What a file says of the person who asked for it: who that is, and how far that person sees."""

from django.utils.translation import gettext

from partnerships.models import Organization, access_of
from partnerships.roles import ADMIN, Role
from regions.models import Region


def name_and_office(user):
    """ "Name, office": the office is what a posting binds the person to."""
    offices = dict.fromkeys(posting.organization.name for posting in access_of(user).postings)
    if not offices and access_of(user).has(ADMIN):
        offices = {gettext("Portal administration"): None}
    return ", ".join([user.name, *offices])


def scope_in_words(user):
    """Which part of the register this reader sees; empty for the whole.

    A file says it, so that nobody takes a part for the whole.
    """
    access = access_of(user)
    if access.has(Role.REGISTRAR, ADMIN):
        return ""
    parts = []
    if access.has(Role.LEADERSHIP, Role.UNIT_OFFICER):
        parts.append(gettext("Papers that are no longer drafts"))
    if access.has(Role.UNIT_OFFICER):
        units = [p.organization_id for p in access.postings if p.role == Role.UNIT_OFFICER]
        names = Organization.objects.filter(pk__in=units).values_list("name", flat=True)
        parts.append(gettext("drafts of %(units)s") % {"units": ", ".join(names)})
    if access.regions:
        parts.append(_papers_of(Region.objects.filter(code__in=access.regions)))
    return "; ".join(parts) or gettext("No papers: you hold no posting")


def _papers_of(regions):
    names = [
        gettext("%(province)s and its kabupaten and kota") % {"province": region.name}
        if region.is_province
        else region.name
        for region in regions
    ]
    return gettext("Papers with a party of %(regions)s") % {"regions": "; ".join(names)}
