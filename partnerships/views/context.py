from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.models import access_of

_PLACES = (
    ("partnerships:agreement-list", _("Partnerships"), "file-text"),
    ("partnerships:organization-list", _("Partners"), "building-2"),
    ("partnerships:region-list", _("Regions"), "map"),
    ("partnerships:event-list", _("Events"), "calendar-days"),
    ("partnerships:help", _("Help"), "circle-question-mark"),
)


def navigation(request):
    """The places of the portal for who is signed in, and the office they act for."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": [], "offices": []}
    places = []
    for name, label, icon in _PLACES:
        url = reverse(name)
        places.append({"url": url, "label": label, "icon": icon, "current": request.path.startswith(url)})
    return {"navigation": places, "offices": access_of(user).postings}
