"""Where the parts of a naskah stand: head, opening, presentation of the parties (komparisi), articles, close.

The anatomy is that of official papers (Peraturan ANRI Nomor 5 Tahun 2021 tentang Pedoman Umum Tata Naskah
Dinas): kepala with kind, parties, numbers and subject; batang tubuh with date, parties and articles; kaki
with names and signatures. Papers vary in the order of the head and of the articles.
"""

import re
from dataclasses import dataclass
from itertools import islice

from partnerships.imports.naskah.tokens import Text

# What the paper calls a party. A scan reads PIHAK as PlHAK or P1HAK; tokens puts most of that right.
ORDINALS = {
    "KESATU": 0,
    "PERTAMA": 0,
    "I": 0,
    "KEDUA": 1,
    "II": 1,
    "KETIGA": 2,
    "III": 2,
    "KEEMPAT": 3,
    "KELIMA": 4,
}
PARTY = r"PIHAK\s+(?P<ordinal>KE\s?SATU|PERTAMA|KE\s?DUA|KE\s?TIGA|KE\s?EMPAT|KE\s?LIMA|III|II|I)\b"
# "selanjutnya disebut (sebagai) PIHAK KESATU", with quotation marks or brackets or without.
CALLED = re.compile(
    rf"(?:di\s?sebut|dinamakan)(?:\s+juga)?(?:\s+sebagai)?\s*[-:]?\s*[\"'(]*\s*{PARTY}[\"')]*", re.IGNORECASE
)

# The head ends where the paper begins to speak in sentences.
_BEGINS = re.compile(
    r"(?:pada\s+hari\s+ini|pada\s+tanggal|(?:kami\s+)?yang\s+bertanda\s*tangan|"
    r"\bini\b[^\n]{0,60}\s+dibuat|on\s+this\s+day|bahwa\s+pada|dengan\s+rahmat)",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"secara\s+bersama-?\s?sama|PARA\s+PIHAK(?:\s+terlebih|\s+dengan\s+ini|\s+menerangkan)|PASAL\s+1\b",
    re.IGNORECASE,
)
_CLOSE = re.compile(
    r"^(?:demikian(?:lah)?\b|ditandatangani\s+di\b|dibuat\s+di\s*:)", re.IGNORECASE | re.MULTILINE
)
# "Pasal 3", alone on its line or beside its English: "Article 3 / Pasal 3". A scan reads 1 as l or I.
_ARTICLE = re.compile(
    r"^(?:article\s+\w+\s*/\s*)?pasal\s+(?P<number>[\dlIO]{1,2})\b\s*(?:/\s*article\s+\w+)?(?:\s*[-:.]\s*)?\n",
    re.IGNORECASE | re.MULTILINE,
)
_CHAPTER = re.compile(r"^BAB\s+[IVXl]+\b.*$", re.MULTILINE)
_COLON = re.compile(r":\s*\n")
_LIST_BEGINS = re.compile(r":\s*\n(?=\s*(?:\(?(?:I|l|1)[.)]|Nama\s*:))")
_AYAT = re.compile(r"\(?\d+[.)]")
_LONGEST_HEADING, _MOST_ARTICLES = 110, 200


@dataclass(frozen=True)
class Article:
    """A pasal: its heading, and from where to where its text goes in the running text."""

    heading: str
    start: int
    end: int


@dataclass(frozen=True)
class Anatomy:
    """The zones of a paper as offsets: the head ends at ``opening``, the opening words where the
    ``presentation`` of the parties begins, and that at ``body``."""

    text: Text
    opening: int
    presentation: int
    body: int
    close: int
    articles: tuple[Article, ...]

    @property
    def head(self):
        return self.text.text[: self.opening]

    def headed(self, pattern):
        """The articles whose heading fits a pattern, in their order."""
        return [article for article in self.articles if re.search(pattern, article.heading, re.IGNORECASE)]


def anatomy_of(text):
    """Find the parts of a paper; a part that is missing is empty."""
    plain = text.text
    begins = _BEGINS.search(plain)
    calls = [called.end() for called in CALLED.finditer(plain)]
    opening = begins.start() if begins else min(calls[0] if calls else 0, len(plain))
    line = plain.rfind("\n", 0, opening) + 1
    opening = line if opening - line < 200 else opening
    articles = _articles(plain)
    together = _TOGETHER.search(plain, calls[0] if calls else opening)
    body = together.start() if together else (articles[0].start if articles else len(plain))
    closes = list(_CLOSE.finditer(plain, articles[-1].start if articles else body))
    close = closes[0].start() if closes else len(plain)
    if articles and articles[-1].end > close:
        articles[-1] = Article(articles[-1].heading, articles[-1].start, close)
    called = CALLED.search(plain, opening)
    presentation = _presentation(plain, opening, called.start() if called else body)
    return Anatomy(text, opening, presentation, body, close, tuple(articles))


def _presentation(plain, opening, end):
    """Where the first party is presented: at the first number of a list, or behind the opening's colon."""
    if listed := list(_LIST_BEGINS.finditer(plain, opening, end)):
        return listed[-1].end()
    colon = _COLON.search(plain, opening, end)
    return colon.end() if colon else opening


def _articles(plain):
    found = list(islice(_ARTICLE.finditer(plain), _MOST_ARTICLES))
    articles = []
    for index, match in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(plain)
        chapter = _chapter_before(plain, found[index - 1].end() if index else 0, match.start())
        heading, start = _heading(plain, match.end(), end)
        articles.append(Article(heading or chapter, start, end))
    return articles


def _chapter_before(plain, start, end):
    """The heading of the chapter that begins right before an article: some papers name only chapters."""
    chapters = list(_CHAPTER.finditer(plain, start, end))
    return " ".join(plain[chapters[-1].start() : end].split()) if chapters else ""


def _heading(plain, start, end):
    """The heading under "Pasal 3" and where the text after it starts.

    It has no full stop and is in capitals, or is a short line; a second line in capitals goes on with it.
    """
    words = []
    while start < end:
        line_end = plain.find("\n", start, end)
        line = plain[start : line_end if line_end >= 0 else end]
        capitals = line.upper() == line and any(letter.isalpha() for letter in line)
        short = len(line) <= 60 and not re.search(r"[.:;,]$|\bini\b", line) and line[:1].isupper()
        if _AYAT.match(line) or not (capitals or (short and not words)) or len(line) > _LONGEST_HEADING:
            break
        words.append(line)
        start += len(line) + 1
        if len(words) == 3:
            break
    return " ".join(words), start
