"""The list of action points, and the steps of one of them."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.db.models import BooleanField, Count, ExpressionWrapper, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partnerships.lifecycle import ActionPointStatus
from partnerships.models import ActionPoint, Agreement
from partnerships.selectors import inbox
from partnerships.selectors.asking import Question

_SIZE = 25
STATES = {
    "open": _("Open"),
    "overdue": _("Overdue"),
    "done": _("Done, to be checked"),
    "closed": _("Closed"),
}
_STEPS = {
    "action_point.open": (_("Opened"), "circle-dot"),
    "action_point.done": (_("Reported done"), "hourglass"),
    "action_point.close": (_("Closed"), "circle-check"),
    "action_point.give_back": (_("Given back"), "undo-2"),
}


@dataclass(frozen=True)
class Step:
    """What somebody did to an action point, when, and with which words."""

    what: str
    icon: str
    who: str
    at: datetime.datetime
    words: str


class ActionPointList:
    """The action points of the papers that the reader may see, what is due first."""

    def __init__(self, user, params):
        self.user = user
        self.today = timezone.localdate()
        self.visible = ActionPoint.objects.visible_to(user)
        # Of a paper that the reader may not see there is no choice, as of one that is not there.
        papers = Agreement.objects.visible_to(user).filter(ref=params.get("paper", "")[:20])
        refs = set(papers.values_list("ref", flat=True)) if params.get("paper") else set()
        self.question = Question(
            params, sorts=["due"], choices={"state": set(STATES), "paper": refs}, flags=["mine"]
        )

    @cached_property
    def tabs(self):
        """The states with how many there are, as choices above the list."""
        chosen = self.question["state"]
        rows = self._narrowed()
        counts = rows.aggregate(
            **{state: _count(self._of_state(state)) for state in STATES}, every=Count("pk")
        )
        tabs = [{"label": _("All"), "url": self._url(None), "current": not chosen, "count": counts["every"]}]
        for state, label in STATES.items():
            tab = {"label": label, "url": self._url(state), "current": chosen == state}
            tabs.append({**tab, "count": counts[state]})
        return tabs

    @cached_property
    def page(self):
        rows = self._narrowed()
        if state := self.question["state"]:
            rows = rows.filter(self._of_state(state))
        is_closed = ExpressionWrapper(Q(status=ActionPointStatus.CLOSED), output_field=BooleanField())
        rows = rows.select_related("agreement", "owner").order_by(is_closed, "due", "pk")
        return self.question.page_of(rows, _SIZE)

    def _narrowed(self):
        rows = self.visible
        if self.question["mine"]:
            mine = Q(pk__in=[])
            for posting in inbox.postings_with_tasks(self.user):
                mine |= Q(pk__in=inbox.points_of(self.user, posting, self.today).values("pk"))
            rows = rows.filter(mine)
        if self.question["paper"]:
            rows = rows.filter(agreement__ref=self.question["paper"])
        return rows

    def _of_state(self, state):
        if state == "overdue":
            return Q(status=ActionPointStatus.OPEN, due__lt=self.today)
        return Q(status=state)

    def _url(self, state):
        query = self.question.query
        query.pop("state", None)
        if state:
            query["state"] = state
        return f"?{query.urlencode()}"


def steps_of(point):
    """What was done to an action point, newest first."""
    rows = list(point.events.order_by("-pgh_id").values("pgh_context", "pgh_created_at", "done_note"))
    actors = {row["pgh_context"].get("actor") for row in rows if row["pgh_context"]}
    names = dict(User.objects.filter(pk__in=actors - {None}).values_list("pk", "name"))
    steps = []
    for row in rows:
        context = row["pgh_context"] or {}
        if context.get("action") not in _STEPS:
            continue
        what, icon = _STEPS[context["action"]]
        said = row["done_note"] if context["action"] == "action_point.done" else context.get("reason", "")
        steps.append(Step(what, icon, names.get(context.get("actor"), ""), row["pgh_created_at"], said))
    return steps


def _count(condition):
    return Count("pk", filter=condition)
