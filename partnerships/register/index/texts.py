"""What is searched of papers, in memory: their searchable texts (AgreementSearch), and the pages of their
documents (PageText)."""

import bisect
import re
from array import array
from collections import defaultdict
from functools import lru_cache
from itertools import accumulate

import numpy as np
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, TextField

from kemnaker_portal.replicas import reading
from partnerships.models import AgreementSearch, PageText, ProgressReport
from partnerships.models.agreement_parts import LEAST_SIGNS

_AT_A_TIME = 10_000
# A word as a search asks for it: by itself, or with everything that begins so.
_WANTED = re.compile(r"'([^'\\]+)'(:\*)?")
# No text of the database holds it.
_BETWEEN = b"\0"

_IN_ORDER = Func(F("words"), function="tsvector_to_array", output_field=ArrayField(TextField()))
_UNDERSTOOD = """
    SELECT to_tsquery('simple', word || ':*')::text, plainto_tsquery('indonesian', word)::text
    FROM unnest(%s::text[]) WITH ORDINALITY AS asked (word, place) ORDER BY place
"""


class Words:
    """The words of a number of texts: of each word the texts that have it, by their places."""

    def __init__(self, texts):
        """From the words of each text, every one once."""
        sizes, codes = array("i"), array("i")
        code_of = defaultdict[str, int]()
        code_of.default_factory = code_of.__len__
        for words in texts:
            sizes.append(len(words))
            codes.extend(map(code_of.__getitem__, words))
        self._words = sorted(code_of)
        self._size, number = len(sizes), len(code_of)
        # Of each word its place in their order, in which what begins alike stands side by side.
        places = np.empty(number, np.int32)
        in_order = np.fromiter(map(code_of.__getitem__, self._words), np.int32, number)
        places[in_order] = np.arange(number, dtype=np.int32)
        coded = places[np.array(codes, np.int32)]
        having = np.repeat(np.arange(self._size, dtype=np.int32), np.array(sizes, np.int32))
        self._having = having[np.argsort(coded, kind="stable")]
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(coded, minlength=number))])

    def having(self, words):
        """The mask of the texts that have every one of the words (as ``understood``); none without a word."""
        found = np.full(self._size, bool(words))
        for ways in words:
            found &= self._having_one(ways)
        return found

    def _having_one(self, ways):
        found = np.zeros(self._size, bool)
        for word, is_beginning in ways:
            first = bisect.bisect_left(self._words, word)
            if is_beginning:
                size = len(word)
                last = bisect.bisect_right(self._words, word, first, key=lambda each: each[:size])
            else:
                last = first + (self._words[first : first + 1] == [word])
            found[self._having[self._starts[first] : self._starts[last]]] = True
        return found


class Texts:
    """The searchable texts of papers: their words, and they themselves side by side."""

    def __init__(self, papers=None):
        """Of the papers (ids), or of every one there is."""
        rows = AgreementSearch.objects.order_by("agreement").annotate(said=_IN_ORDER)
        if papers is not None:
            rows = rows.filter(pk__in=papers)
        ids, texts = array("q"), []

        def words():
            read = rows.values_list("agreement", "text", "said").iterator(chunk_size=_AT_A_TIME)
            for paper, text, said in read:
                ids.append(paper)
                texts.append(text.encode())
                yield said

        self._words = Words(words())
        self._ids = np.array(ids, np.int64)
        self._text = _BETWEEN.join(texts)
        self._ends = list(accumulate(len(text) + len(_BETWEEN) for text in texts))

    def matching(self, words, part):
        """The ids of the papers that have all the words, or of whose text the part is one."""
        return self._ids[self._words.having(words) | self._containing(part)]

    def _containing(self, part):
        found = np.zeros(len(self._ids), bool)
        if len(part) < LEAST_SIGNS:
            return found
        part, text, ends, paper = part.encode(), self._text, self._ends, 0
        at = text.find(part)
        while at >= 0:
            paper = bisect.bisect_right(ends, at, paper)
            found[paper] = True
            at = text.find(part, ends[paper])
        return found


class Pages:
    """The words of the pages of documents in force."""

    def __init__(self, papers=None):
        """Of the papers (ids), or of every one there is."""
        rows = PageText.objects.in_force().order_by()
        if papers is not None:
            rows = rows.filter(file__document__agreement__in=papers)
        of, reports = array("q"), array("q")

        def words():
            columns = ("file__document__agreement", "file__document__report", _IN_ORDER)
            for paper, report, said in rows.values_list(*columns).iterator(chunk_size=_AT_A_TIME):
                of.append(paper)
                reports.append(report or 0)
                yield said

        self._words = Words(words())
        self._papers = np.array(of, np.int64)
        self._reports = np.array(reports, np.int64)

    def saying(self, words, user, without=()):
        """The ids of the papers with a page that has all the words, as far as it is the reader's as soon as
        the paper is (``open_with_their_paper_to`` of documents); those of ``without`` are left out."""
        found = self._words.having(words)
        if len(without):
            found &= ~np.isin(self._papers, without)
        reports = np.unique(self._reports[found])
        if evidence := reports[reports > 0].tolist():
            open_ones = ProgressReport.objects.visible_to(user).filter(pk__in=evidence)
            open_ones = [0, *open_ones.order_by().values_list("pk", flat=True)]
            found &= np.isin(self._reports, open_ones)
        return np.unique(self._papers[found])


# The database understands the same words always in the same way.
@lru_cache(maxsize=1024)
def understood(words):
    """Of each of the words (a tuple) the ways in which it is looked for, as the database understands it:
    (word, whether it is a beginning); what says nothing is left out. None for what only the database can ask.
    """
    with reading().cursor() as cursor:
        cursor.execute(_UNDERSTOOD, [list(words)])
        asked = [[said for said in ways if said] for ways in cursor.fetchall()]
    found = [[_WANTED.fullmatch(said) for said in ways] for ways in asked if ways]
    if not all(all(ways) for ways in found):
        return None
    return [[(way[1], bool(way[2])) for way in ways] for ways in found]
