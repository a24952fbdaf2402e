"""The papers that a paper belongs to: those above and below it (MoU, cooperation agreement, action plan)
and those before and after it (the paper of 2022, the one of 2025 that renews it)."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from kemnaker_portal.replicas import reading
from partnerships.models import Agreement

# From a paper along both relations, each up and down; UNION ends a circle, should old data hold one.
_REACHED = """
WITH RECURSIVE
    above(id) AS (
        SELECT %(pk)s::bigint UNION
        SELECT p.implements_id FROM partnerships_agreement p JOIN above ON p.id = above.id
        WHERE p.implements_id IS NOT NULL
    ),
    below(id) AS (
        SELECT %(pk)s::bigint UNION
        SELECT p.id FROM partnerships_agreement p JOIN below ON p.implements_id = below.id
    ),
    before(id) AS (
        SELECT %(pk)s::bigint UNION
        SELECT p.renews_id FROM partnerships_agreement p JOIN before ON p.id = before.id
        WHERE p.renews_id IS NOT NULL
    ),
    after(id) AS (
        SELECT %(pk)s::bigint UNION
        SELECT p.id FROM partnerships_agreement p JOIN after ON p.renews_id = after.id
    )
SELECT id FROM above UNION SELECT id FROM below UNION SELECT id FROM before UNION SELECT id FROM after
"""


@dataclass(frozen=True)
class Branch:
    """A paper of the tree with those that implement it; ``own`` marks the one whose page it is."""

    paper: Agreement
    own: bool
    branches: list


class Lineage:
    """Where a paper stands, as far as the reader may know. A paper out of sight ends its line: what lies
    behind it is tied to nothing that the reader sees."""

    def __init__(self, agreement, user):
        self.agreement = agreement
        self.user = user

    @cached_property
    def _papers(self):
        """Every paper that can be reached and seen, by id."""
        with reading().cursor() as cursor:
            cursor.execute(_REACHED, {"pk": self.agreement.pk})
            reached = [row[0] for row in cursor.fetchall()]
        if reached == [self.agreement.pk]:
            return {self.agreement.pk: self.agreement}
        visible = Agreement.objects.visible_to(self.user).with_validity().with_parties()
        return {paper.pk: paper for paper in visible.filter(pk__in=reached).newest_first()}

    @cached_property
    def _children(self):
        """The papers of each relation that lead to a paper, newest first."""
        found = {"implements": defaultdict(list), "renews": defaultdict(list)}
        for paper in self._papers.values():
            for relation, children in found.items():
                children[getattr(paper, f"{relation}_id")].append(paper)
        return found

    @cached_property
    def tree(self):
        """The tree as its topmost branch, or None where nothing stands above or below the paper."""
        line = self._upwards("implements")
        if len(line) == 1 and not self.below(self.agreement):
            return None
        branch = self._branch(line[0], {paper.pk for paper in line})
        for paper in line[1:]:
            branch = Branch(paper, own=False, branches=[branch])
        return branch

    @cached_property
    def chain(self):
        """The papers that renew one another, the oldest first; empty where the paper renews none and
        none renews it."""
        line = self._upwards("renews")[::-1]
        seen, waiting = {paper.pk for paper in line}, [self.agreement]
        while waiting:
            for paper in reversed(self._children["renews"][waiting.pop(0).pk]):
                if paper.pk not in seen:
                    seen.add(paper.pk)
                    line.append(paper)
                    waiting.append(paper)
        return line if len(line) > 1 else []

    @cached_property
    def count(self):
        """How many other papers the reader sees here, each once."""
        shown = {paper.pk for paper in self.chain} | set(_papers_of(self.tree))
        return len(shown - {self.agreement.pk})

    def below(self, paper):
        """The papers that implement a paper, one level down."""
        return self._children["implements"][paper.pk]

    def _upwards(self, relation):
        """The paper and those above it (or before it), nearest first."""
        line, paper = [], self._papers.get(self.agreement.pk)
        while paper and paper not in line:
            line.append(paper)
            paper = self._papers.get(getattr(paper, f"{relation}_id"))
        return line

    def _branch(self, paper, seen):
        branches = []
        for child in self.below(paper):
            if child.pk not in seen:
                seen.add(child.pk)
                branches.append(self._branch(child, seen))
        return Branch(paper, paper.pk == self.agreement.pk, branches)


def _papers_of(branch):
    """The ids of the papers of a tree."""
    if branch is None:
        return
    yield branch.paper.pk
    for each in branch.branches:
        yield from _papers_of(each)
