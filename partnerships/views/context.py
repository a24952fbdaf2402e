from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.models import ExportJob, access_of
from partnerships.selectors.badge import open_count_of
from partnerships.selectors.inbox import MOST_ON_BADGE, postings_with_tasks

_TASKS = "partnerships:tasks"
_PLACES = (
    ("partnerships:agreement-list", _("Partnerships"), "file-text"),
    (_TASKS, _("Tasks"), "list-todo"),
    ("partnerships:commitment-list", _("Commitments"), "list-checks"),
    ("partnerships:organization-list", _("Partners"), "building-2"),
    ("partnerships:region-list", _("Regions"), "map"),
    ("partnerships:need-list", _("Needs"), "handshake"),
    ("partnerships:event-list", _("Events"), "calendar-days"),
    ("partnerships:help", _("Help"), "circle-question-mark"),
)


def navigation(request):
    """The places of the portal for who is signed in, the office they act for, and what it has to do."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": [], "offices": [], "files_in_the_making": 0}
    places = []
    has_tasks = bool(postings_with_tasks(user))
    for name, label, icon in _PLACES:
        if name == _TASKS and not has_tasks:
            continue
        url = reverse(name)
        places.append({"url": url, "label": label, "icon": icon, "current": request.path.startswith(url)})
        if name == _TASKS:
            places[-1]["badge"] = _badge(open_count_of(user))
    return {
        "navigation": places,
        "offices": access_of(user).postings,
        "files_in_the_making": ExportJob.objects.visible_to(user).going_on().count(),
    }


def _badge(count):
    """The number beside “Tasks”; empty for none, and “99+” for more than can be taken in."""
    return f"{MOST_ON_BADGE}+" if count > MOST_ON_BADGE else str(count or "")
