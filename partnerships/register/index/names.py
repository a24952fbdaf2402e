from partnerships.models import Organization, SigningEvent, Theme
from regions.models import Region


class Names:
    """What the values of the facets are called, in the order in which they are offered."""

    def __init__(self):
        self.regions = dict(Region.objects.order_by("code").values_list("code", "name"))
        self.themes = list(Theme.objects.all())
        self.units = list(Organization.objects.units().order_by("name"))
        self.events = list(SigningEvent.objects.all())
