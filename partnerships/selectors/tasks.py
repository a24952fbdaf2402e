"""The reader's inboxes, one for each office, as the page of tasks shows them."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from partnerships.selectors.asking import Question
from partnerships.selectors.awaited import GROUPS
from partnerships.selectors.inbox import Inbox, postings_with_tasks

_SIZE = 25


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool


class TasksPage:
    """The inbox of the office that the reader asked for, else of the first; or one group of it, whole."""

    def __init__(self, user, params):
        self.user = user
        self.postings = postings_with_tasks(user)
        offices = {posting.organization.slug for posting in self.postings}
        self.question = Question(params, sorts=["due"], choices={"office": offices, "only": set(GROUPS)})

    @cached_property
    def inbox(self):
        """None for a reader to whose office nothing can fall due."""
        asked = self.question["office"]
        for posting in self.postings:
            if asked in (None, posting.organization.slug):
                return Inbox(self.user, posting)
        return None

    @property
    def tabs(self):
        """The reader's offices; empty for one office."""
        if len(self.postings) < 2:
            return []
        return [
            Tab(
                posting.organization.label,
                f"{reverse('partnerships:tasks')}?office={posting.organization.slug}",
                posting.pk == self.inbox.posting.pk,
            )
            for posting in self.postings
        ]

    @cached_property
    def only(self):
        """The label of the one group that is shown whole; None for the inbox."""
        return GROUPS[self.question["only"]] if self.question["only"] and self.inbox else None

    @cached_property
    def page(self):
        """A page of the rows of that group."""
        page = self.question.page_of(self.inbox.rows(self.question["only"]), _SIZE)
        page.object_list = self.inbox.lines(page.object_list)
        return page
