"""What the front page tells a reader: figures over the own papers, and what is new."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import F

from partnerships.models import PartnerClass, SigningEvent
from partnerships.register import agreements_for
from partnerships.selectors import tally

_NEWEST = 8
_EVENTS = 5


@dataclass(frozen=True)
class ClassFigure:
    label: str
    figure: tally.Figure


class FrontPage:
    def __init__(self, user):
        self.user = user

    @cached_property
    def register(self):
        return agreements_for(self.user, tally.asking())

    @cached_property
    def per_class(self):
        """Papers by class of partner; a filter by class matches any counterpart."""
        figures = [
            ClassFigure(each.label, tally.figure(self.user, tally.asking(class_=each.value)))
            for each in PartnerClass
        ]
        return [each for each in figures if each.figure.count]

    @cached_property
    def unknown_end(self):
        return tally.figure(self.user, tally.asking(validity="unknown"))

    @cached_property
    def ending(self):
        return tally.figure(self.user, tally.asking(validity="ending"))

    @cached_property
    def conflicts(self):
        return tally.figure(self.user, tally.asking(has="conflict"))

    @cached_property
    def newest(self):
        return self.register.rows_between(0, _NEWEST)

    @cached_property
    def events(self):
        events = SigningEvent.objects.visible_to(self.user)
        newest = events.order_by(F("held_latest").desc(nulls_last=True), "name")[:_EVENTS]
        return tally.PapersPer(self.user, "event").put(newest)
