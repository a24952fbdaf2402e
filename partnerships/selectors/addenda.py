"""What was added to a paper after its signing: its addenda, and the wording of each clause on a day."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from partnerships.models import Addendum, ClauseText, Document, Term


@dataclass(frozen=True)
class AddendumShown:
    """One addendum with what it brought: its scans, the terms that name it, the clauses it words anew."""

    addendum: Addendum
    documents: list[Document]
    terms: list[Term]
    clauses: list[str]
    has_begun: bool


@dataclass(frozen=True)
class Clause:
    """The texts of one clause on a day: the one in force, those to come, and each earlier one, newest
    first. ``in_force`` is None where only a text that has not begun is known."""

    name: str
    in_force: ClauseText | None
    coming: list[ClauseText]
    earlier: list[ClauseText]


class Addenda:
    """The addenda of a paper and the wordings of its clauses, as they stand on a day, today without one.

    ``documents`` are those of the paper that the reader may see.
    """

    def __init__(self, agreement, documents, on=None):
        self.agreement = agreement
        self._documents = documents
        self.on = on or timezone.localdate()

    @cached_property
    def shown(self):
        """The addenda in the order in which they were recorded."""
        texts = defaultdict(list)
        for text in self._texts:
            texts[text.addendum_id].append(text.clause)
        return [
            AddendumShown(
                addendum=addendum,
                documents=[each for each in self._documents if each.addendum_id == addendum.pk],
                terms=list(addendum.terms.all()),
                clauses=texts[addendum.pk],
                has_begun=addendum.has_begun(self.on),
            )
            for addendum in self.agreement.addenda.prefetch_related("terms")
        ]

    @cached_property
    def clauses(self):
        """The clauses of which the portal has a wording, in the order of their names."""
        of_clause = defaultdict(list)
        for text in self._texts:
            of_clause[text.clause].append(text)
        return [self._clause(name, texts) for name, texts in of_clause.items()]

    def _clause(self, name, texts):
        texts = sorted(texts, key=_since, reverse=True)
        begun = [text for text in texts if text.addendum is None or text.addendum.has_begun(self.on)]
        coming = [text for text in reversed(texts) if text not in begun]
        return Clause(name, next(iter(begun), None), coming, begun[1:])

    @cached_property
    def _texts(self):
        return list(self.agreement.clause_texts.select_related("addendum"))

    def __len__(self):
        return len(self.shown)


def _since(text):
    """Where a wording stands in time: the original first, then by the day it holds from."""
    addendum = text.addendum
    if addendum is None:
        return (0, datetime.date.min, 0)
    return (1, addendum.begins or datetime.date.min, addendum.position)
