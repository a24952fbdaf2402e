"""What somebody needs before them who writes the minutes of a meeting, partner by partner."""

from functools import cached_property

from django.utils import timezone

from partnerships.models import FrozenReport
from partnerships.selectors.meeting_figures import Figures, figures_of_each
from partnerships.selectors.meetings import decisions_of, promised_to

_OBSTACLES = 3


class MinutesPage:
    """One partner in the meeting: its figures, what was promised last time, what is decided now, and who is
    spoken about before and after it."""

    def __init__(self, partner, user):
        self.partner, self.user = partner, user
        self.today = timezone.localdate()

    @cached_property
    def partners(self):
        """The partners of the meeting that the reader may see, in its order."""
        rows = self.partner.meeting.partners.visible_to(self.user)
        return list(rows.select_related("organization"))

    @cached_property
    def place(self):
        """The partner's place among them, from 1 on."""
        return [each.pk for each in self.partners].index(self.partner.pk) + 1

    @property
    def before(self):
        return self.partners[self.place - 2] if self.place > 1 else None

    @property
    def after(self):
        return self.partners[self.place] if self.place < len(self.partners) else None

    @cached_property
    def figures(self):
        return figures_of_each(self.partner.meeting).get(self.partner.pk, Figures())

    @cached_property
    def decisions(self):
        return decisions_of(self.partner)

    @cached_property
    def promised(self):
        """What was decided in the meeting before, with its action points as they stand today."""
        return promised_to(self.partner)

    @cached_property
    def obstacles(self):
        """What hindered, as reported last."""
        rows = FrozenReport.objects.filter(partner=self.partner).exclude(obstacle="")
        return list(rows.select_related("promise").order_by("-period_end", "-pk")[:_OBSTACLES])
