"""From the text of pages to one running text: without what the page adds (numbers, paraphs, repeated lines),
with words whole again, and with what a scan commonly misreads put right. Where each letter stood is kept."""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

_SIGNS = str.maketrans(
    {"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "\u00a0": " ", "\u00ad": "-"}
)

# Lines that a page adds to the paper: "Halaman 2 dari 7", "- 3 -", "2/7", and the box for the paraphs.
_FURNITURE = re.compile(
    r"(?:hal(?:aman)?\.?|page)\s*\d+(?:\s*(?:dari|of|/)\s*\d+)?"
    r"|-?\s*\d{1,3}\s*-?|\d{1,3}\s*/\s*\d{1,3}"
    r"|paraf\b.*|pihak (?:kesatu|pertama)\s*[:_.]*\s*\|?\s*pihak kedua\s*[:_.]*",
    re.IGNORECASE,
)
# Far more than a naskah has; of a longer file the beginning is read.
LONGEST, _LONGEST_REST = 300_000, 20_000  # letters, and of the page on which that is reached
_EDGE = 2  # lines at the top and at the foot of a page that may be repeated on others

# A heading in spaced letters: T E N T A N G. Two or more spaces part its words.
_SPACED = re.compile(r"(?:\w ){3,}\w")

# What scans confuse inside words: one and the letter l, nought and the letter o, a bar and the letter l or i.
_WORD = re.compile(r"[A-Za-z01|]{3,}")
_IN_LETTERS = re.compile(r"(?<=[A-Za-z])[01|](?=[A-Za-z])|^[01|](?=[A-Za-z]{2})|(?<=[a-z]{2})[01|]$")
_CAPITAL_IN_SMALL = re.compile(r"(?<=[a-z])I(?=[a-z])")
_SMALL_IN_CAPITALS = re.compile(r"(?<=[A-Z])l(?=[A-Z])|^l(?=[A-Z]{2})|(?<=[A-Z]{2})l$")


@dataclass(frozen=True)
class Text:
    """The running text of a paper; the page of a number in ``pages`` begins at the offset in ``starts``."""

    text: str
    starts: tuple[int, ...]
    pages: tuple[int, ...]

    def page_at(self, offset):
        """The number of the page on which the letter at an offset stands."""
        return self.pages[max(bisect_right(self.starts, offset) - 1, 0)] if self.pages else None

    def sentence_at(self, start, end):
        """The sentence around a passage, on one line; of a long one what a person reads at a glance."""
        ends = _SENTENCE_END.finditer(self.text, max(start - 600, 0), start)
        first = max((found.end() for found in ends), default=max(start - 600, 0))
        after = _SENTENCE_END.search(self.text, max(end - 1, start), end + 600)
        last = after.end() if after else min(end + 600, len(self.text))
        before = after_it = ""
        if start - first > _AROUND:
            first, before = self.text.rfind(" ", first, start - _AROUND + 20) + 1, "… "
        if last - end > _AROUND:
            last, after_it = self.text.find(" ", end + _AROUND - 20), " …"
        return f"{before}{' '.join(self.text[first:last].split())}{after_it}"


_AROUND = 110  # letters shown before and after a passage of a long sentence
_SENTENCE_END = re.compile(
    r"[.;:]\s*\n|;\s+dan\s+(?=\d|[IV]+\.)|"
    r"\n(?=(?:Pasal|PASAL|NOMOR|Nomor|TENTANG|ANTARA)\b|\(?(?:\d|[IV]{1,3}|[a-h])[.)]\s|Pada hari)"
)


def running_text(pages):
    """The Text of pages, given as (number, text) in their order."""
    lines_of = [(number, _lines(text)) for number, text in pages]
    repeated = _repeated(lines_of)
    lines_read, length, starts, numbers = [""], 0, [], []
    for number, lines in lines_of:
        if length > LONGEST:
            break
        starts.append(length)
        numbers.append(number)
        for index, line in enumerate(lines):
            at_edge = index < _EDGE or index >= len(lines) - _EDGE
            if at_edge and (_FURNITURE.fullmatch(line) or _masked(line) in repeated):
                continue
            length += _add(lines_read, line)
    return Text("".join(lines_read)[: LONGEST + _LONGEST_REST] + "\n", tuple(starts), tuple(numbers))


def _lines(text):
    text = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    lines = (_whole(line) for line in text.splitlines())
    return [line for line in lines if line]


def _whole(line):
    """A line with its words whole and its commonest misreadings put right."""
    parts = re.split(r"\s{2,}", line.strip())
    line = " ".join(part.replace(" ", "") if _SPACED.fullmatch(part) else part for part in parts)
    return " ".join(_put_right(token) for token in line.split())


def _put_right(token):
    # Numbers of papers and addresses of mail mix letters and digits and mean it.
    if any(sign in token for sign in "/@") or re.search(r"[2-9]", token):
        return token
    return _WORD.sub(lambda found: _put_word_right(found[0]), token)


def _put_word_right(word):
    capitals = sum(letter.isupper() for letter in word) > len(word) / 2
    word = _IN_LETTERS.sub(lambda found: _letter_for(found[0], capitals), word)
    word = _CAPITAL_IN_SMALL.sub("l", word)
    return _SMALL_IN_CAPITALS.sub("I", word) if capitals else word


def _letter_for(sign, capitals):
    if sign == "0":
        return "O" if capitals else "o"
    return "I" if capitals else "l"


def _repeated(lines_of):
    """Lines at the edges of pages that come again on another page, such as a running title."""
    edges = Counter()
    for _number, lines in lines_of:
        edges.update({_masked(line) for line in (*lines[:_EDGE], *lines[-_EDGE:])})
    return {line for line, count in edges.items() if count > 1 and not _HEADING.match(line)}


_HEADING = re.compile(r"pasal|bab\b", re.IGNORECASE)


def _masked(line):
    return re.sub(r"\d+", "#", line).casefold()


def _add(lines, line):
    """Put one more line behind others, and return how much longer the text is by it.

    What was broken at a hyphen, or a number at its slash, is whole again.
    """
    last = lines[-1]
    before = last[-2:-1]
    if last.endswith("-") and line[:1].islower() and before.islower():
        lines[-1] = last[:-1]
        lines.append(line)
        return len(line) - 1
    if not (last.endswith(("-", "/")) and before.isalnum()) and len(lines) > 1:
        line = f"\n{line}"
    lines.append(line)
    return len(line)
