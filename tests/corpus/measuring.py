"""Precision and recall of the reader, field by field, over papers of the corpus.

A value counts as right when it is the truth but for case and spaces. Precision: right of those proposed.
Recall: right of those that the paper holds. Where the paper holds nothing, proposing anything is wrong.
"""

from collections import Counter
from dataclasses import dataclass, field

from partnerships.imports.naskah import LIKELY, SURE

PAPER_FIELDS = ("kind", "title", "signed", "place", "duration_months", "starts", "ends", "renewal")
PARTY_FIELDS = ("organization", "number", "person", "post", "capacity", "on_behalf_of", "letter")
CONTACT_FIELDS = ("name", "address", "phone", "email")
FIELDS = (
    *PAPER_FIELDS,
    "weekday_problem",
    *PARTY_FIELDS,
    *(f"contact_{name}" for name in CONTACT_FIELDS),
    "scope",
)


@dataclass
class Score:
    """How many values were right, proposed, and there to be found."""

    right: int = 0
    proposed: int = 0
    there: int = 0

    @property
    def precision(self):
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self):
        return self.right / self.there if self.there else 1.0


@dataclass
class Measure:
    """Scores by field; ``misses`` say what went wrong; ``steps`` count right and proposed by how sure."""

    fields: dict = field(default_factory=lambda: {name: Score() for name in FIELDS})
    misses: list = field(default_factory=list)
    steps: dict = field(default_factory=lambda: {"sure": Counter(), "likely": Counter(), "unsure": Counter()})

    @property
    def total(self):
        return Score(
            *(
                sum(getattr(each, name) for each in self.fields.values())
                for name in ("right", "proposed", "there")
            )
        )

    def add(self, naskah, proposals):
        """Count one paper."""
        truth = naskah.truth
        for name in PAPER_FIELDS:
            self._count(naskah, name, getattr(proposals, name), truth[name])
        said = {problem.code for problem in proposals.signed.problems}
        self._tally(naskah, "weekday_problem", "weekday" in said or None, truth["weekday_problem"] or None)
        for index in range(max(len(truth["parties"]), len(proposals.parties))):
            self._add_party(naskah, index, proposals)
        self._add_scope(naskah, proposals)

    def _add_party(self, naskah, index, proposals):
        there = dict(enumerate(naskah.truth["parties"])).get(index, {})
        found = dict(enumerate(proposals.parties)).get(index)
        for name in PARTY_FIELDS:
            self._count(naskah, name, getattr(found, name, None), there.get(name))
        for name in CONTACT_FIELDS:
            self._count(
                naskah,
                f"contact_{name}",
                getattr(found, f"contact_{name}", None),
                there.get("contact", {}).get(name),
            )

    def _add_scope(self, naskah, proposals):
        there = [_plain(item) for item in naskah.truth["scope"]]
        found = [_plain(item.value) for item in proposals.scope]
        right = sum((Counter(there) & Counter(found)).values())
        score = self.fields["scope"]
        score.right, score.proposed, score.there = (
            score.right + right,
            score.proposed + len(found),
            score.there + len(there),
        )
        if right < max(len(there), len(found)):
            self.misses.append((naskah.name, "scope", found, there))

    def _count(self, naskah, name, proposal, there):
        value = proposal.value if proposal else None
        right = self._tally(naskah, name, value, there)
        if value is not None:
            step = "sure" if proposal.sure >= SURE else "likely" if proposal.sure >= LIKELY else "unsure"
            self.steps[step].update(proposed=1, right=int(right))

    def _tally(self, naskah, name, value, there):
        there = None if there == "" else there
        score = self.fields[name]
        right = value is not None and there is not None and _plain(value) == _plain(there)
        score.right += right
        score.proposed += value is not None
        score.there += there is not None
        if not right and (value, there) != (None, None):
            self.misses.append((naskah.name, name, value, there))
        return right


def _plain(value):
    return " ".join(value.split()).casefold() if isinstance(value, str) else value
