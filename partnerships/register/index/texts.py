"""The searchable texts of papers in memory (AgreementSearch), and what a search finds in them."""

import bisect
import re
from array import array
from collections import defaultdict
from itertools import accumulate

import numpy as np
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import F, Func, TextField

from partnerships.models import AgreementSearch
from partnerships.models.agreement_parts import LEAST_SIGNS
from partnerships.models.agreement_queryset import words_in

_AT_A_TIME = 10_000
# A word as a search asks for it: by itself, or with everything that begins so.
_WANTED = re.compile(r"'([^'\\]+)'(:\*)?")
# No text of the database holds it.
_BETWEEN = b"\0"

_IN_ORDER = Func(F("words"), function="tsvector_to_array", output_field=ArrayField(TextField()))
_UNDERSTOOD = """
    SELECT to_tsquery('simple', word || ':*')::text, plainto_tsquery('indonesian', word)::text
    FROM unnest(%s) WITH ORDINALITY AS asked (word, place) ORDER BY place
"""


class Texts:
    """The words of papers, each with the papers that have it, and their texts side by side."""

    def __init__(self, papers=None):
        """Read the texts of the papers (ids), or every one there is."""
        rows = AgreementSearch.objects.order_by("agreement")
        if papers is not None:
            rows = rows.filter(pk__in=papers)
        ids, sizes, texts, codes = array("q"), array("i"), [], array("i")
        code_of = defaultdict[str, int]()
        code_of.default_factory = code_of.__len__
        rows = rows.values_list("agreement", "text", _IN_ORDER)
        for paper, text, words in rows.iterator(chunk_size=_AT_A_TIME):
            ids.append(paper)
            texts.append(text.encode())
            sizes.append(len(words))
            codes.extend(map(code_of.__getitem__, words))
        self.ids = np.array(ids, np.int64)
        self._text = _BETWEEN.join(texts)
        self._ends = list(accumulate(len(text) + len(_BETWEEN) for text in texts))
        self._keep(code_of, np.array(codes, np.int32), np.array(sizes, np.int32))

    def _keep(self, code_of, codes, sizes):
        self._words = sorted(code_of)
        # Of each word its place among them in their order: what begins alike stands side by side.
        places = np.empty(len(code_of), np.int32)
        places[np.fromiter(map(code_of.__getitem__, self._words), np.int32, len(code_of))] = np.arange(
            len(code_of), dtype=np.int32
        )
        codes = places[codes]
        papers = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        self._having = papers[np.argsort(codes, kind="stable")]
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=len(code_of)))])

    def matching(self, words, part):
        """The ids of the papers that have every one of the words (as ``understood``), or of whose text the
        part is one."""
        found = self._containing(part)
        if words:
            every = np.ones(len(self.ids), bool)
            for ways in words:
                every &= self._having_one(ways)
            found |= every
        return self.ids[found]

    def _having_one(self, ways):
        found = np.zeros(len(self.ids), bool)
        for word, is_beginning in ways:
            first = bisect.bisect_left(self._words, word)
            if is_beginning:
                size = len(word)
                last = bisect.bisect_right(self._words, word, first, key=lambda each: each[:size])
            else:
                last = first + (self._words[first : first + 1] == [word])
            found[self._having[self._starts[first] : self._starts[last]]] = True
        return found

    def _containing(self, part):
        found = np.zeros(len(self.ids), bool)
        if len(part) < LEAST_SIGNS:
            return found
        part, text, ends, paper = part.encode(), self._text, self._ends, 0
        at = text.find(part)
        while at >= 0:
            paper = bisect.bisect_right(ends, at, paper)
            found[paper] = True
            at = text.find(part, ends[paper])
        return found


def understood(text):
    """Of each word of a text the ways in which it is looked for, as the database understands it: (word,
    whether it is a beginning); words that say nothing are left out. None for what has to be asked of the
    database itself."""
    with connection.cursor() as cursor:
        cursor.execute(_UNDERSTOOD, [words_in(text)])
        asked = [[said for said in ways if said] for ways in cursor.fetchall()]
    found = [[_WANTED.fullmatch(said) for said in ways] for ways in asked if ways]
    if not all(all(ways) for ways in found):
        return None
    return [[(way[1], bool(way[2])) for way in ways] for ways in found]
