"""The head of a naskah: what kind it is, whom it is between, what it is about, its numbers."""

import re
from dataclasses import dataclass, field

from partnerships.imports.naskah.proposals import NOTHING, Proposal

# What papers call themselves, the more special before the more general: a Rencana Kerja names the
# Nota Kesepakatan it carries out, and an addendum the paper it changes.
_KINDS = (
    ("addendum", r"AD{1,2}END?UM"),
    ("rencana_aksi", r"RENCANA\s+(?:KERJA|AKSI)"),
    ("komitmen_bersama", r"KOMITMEN\s+BERSAMA"),
    ("nda", r"PERJANJIAN\s+KERAHASIAAN"),
    ("pks", r"PERJANJIAN\s+KERJA\s?SAMA"),
    ("nota_kesepakatan", r"NOTA\s+KESEPAKATAN|KESEPAKATAN\s+BERSAMA"),
    ("mou", r"NOTA\s+KESEPAHAMAN|KESEPAHAMAN\s+BERSAMA|MEMORANDUM\s+SALING\s+PENGERTIAN"),
    ("moc", r"MEMORANDUM\s+OF\s+CO-?OPERATION"),
    ("mou", r"MEMORANDUM\s+OF\s+UNDERSTANDING"),
)
# Words that part the head stand on lines of their own; in two languages beside each other.
_BETWEEN = re.compile(r"^(?:between\s*/\s*)?antara(?:\s*/\s*between)?$", re.IGNORECASE)
_AND = re.compile(r"^(?:,\s*)?(?:and\s*/\s*)?(?:dan|dengan)(?:\s*/\s*and)?$", re.IGNORECASE)
_ABOUT = re.compile(
    r"^(?:(?:concerning|on)\s*/\s*)?tentang(?:\s*/\s*(?:on|concerning))?\s*:?$", re.IGNORECASE
)
# "NOMOR : 2/NK/2025" and "Nomor Pemerintah Provinsi Bali : 075/15"; dots stand for what nobody has filled in.
_NUMBER = re.compile(
    r"^(?:nomor|no\.)(?P<whose>[^:]*?)\s*:\s*(?P<number>.*)$|^nomor\s+(?P<bare>\S*\d\S*)$", re.IGNORECASE
)
_EMPTY_NUMBER = re.compile(r"[\s._…/-]*")

_SMALL_WORDS = re.compile(
    r"(?:dan|di|dari|untuk|bagi|dengan|pada|ke|oleh|dalam|melalui|serta|atau|yang|of|the|and|for|in)",
    re.IGNORECASE,
)
# Written in capitals in running text too.
_ACRONYMS = re.compile(
    r"(?:PT|CV|UI|BLK|BPJS|BB?PVP|K3|SDM|UMKM|BUMN|BUMD|TNI|LKS|LSP|KM|RI|BKK|UPTD?|IT|TI|I{2,3}|IV)"
)
_LONGEST_TITLE, _MOST_PARTIES, _MOST_LINES = 400, 10, 60


@dataclass
class Head:
    """What the head says. ``names`` are the parties in order; ``numbers`` are pairs of whose ("" when that
    is not said) and number."""

    kind: Proposal = NOTHING
    title: Proposal = NOTHING
    names: list[Proposal] = field(default_factory=list)
    numbers: list[tuple[str, Proposal]] = field(default_factory=list)


def read_head(anatomy):
    text = anatomy.text
    head = Head(kind=_kind(anatomy))
    zone, words, starts = "", {"names": [], "title": []}, {}
    offset = 0
    for line in anatomy.head.split("\n")[:_MOST_LINES]:
        start, offset = offset, offset + len(line) + 1
        if not line:
            continue
        number = _NUMBER.match(line)
        if number:
            zone = ""
            _take_number(head, text, number, start)
        elif _BETWEEN.match(line):
            zone = "names"
        elif _ABOUT.match(line):
            zone = "title"
        elif _AND.match(line) and zone != "title":
            zone = "names"
            words["names"].append((None, start))
        elif zone:
            words[zone].append((line, start))
        elif _is_first_name(line, head, words):
            # Some heads name the parties right below the kind, without "antara".
            zone = "names"
            words["names"].append((line, start))
        starts.setdefault(zone, start)
    head.names = _names(words["names"], text)[:_MOST_PARTIES]
    head.title = _title(words["title"], text)
    return head


def _kind(anatomy):
    """The kind that the first lines call the paper, or else the one that its sentences do."""
    text = anatomy.text
    found = [
        (match.start(), order, code, match)
        for order, (code, pattern) in enumerate(_KINDS)
        if (match := re.search(pattern, anatomy.head, re.IGNORECASE))
    ]
    if found:
        start, _order, code, match = min(found, key=lambda each: each[:2])
        # A paper in two languages: the Indonesian name tells more than "memorandum".
        named = {each[2] for each in found if each[0] < start + 120}
        code = "mou" if named == {"mou"} else code
        sure = 0.98 if start < 200 else 0.8
        return Proposal(code, text.sentence_at(start, match.end()), text.page_at(start), sure)
    for code, pattern in _KINDS:
        if match := re.search(rf"(?:{pattern})\s+ini\b", text.text, re.IGNORECASE):
            sentence = text.sentence_at(match.start(), match.end())
            return Proposal(code, sentence, text.page_at(match.start()), 0.7)
    return NOTHING


def _take_number(head, text, found, start):
    number = (found["number"] if found["bare"] is None else found["bare"]).strip()
    whose = " ".join((found["whose"] or "").split())
    if _EMPTY_NUMBER.fullmatch(number):
        head.numbers.append((whose, NOTHING))
        return
    # Papers of the ministry put spaces around slashes; a number is one word.
    number = re.sub(r"\s*/\s*", "/", number)[:120]
    sure = 0.95 if len(number.split()) == 1 else 0.7
    head.numbers.append((whose, Proposal(number, found[0], text.page_at(start), sure)))


def _is_first_name(line, head, words):
    is_kind = any(re.search(pattern, line, re.IGNORECASE) for _code, pattern in _KINDS)
    return (
        not words["names"]
        and not words["title"]
        and not is_kind
        and line.upper() == line
        and len(line) > 5
        and bool(head.kind)
    )


def _names(lines, text):
    """One name for each stretch between the words that part them; a comma ends a name in a list of three."""
    names, parts, first = [], [], None

    def close():
        if parts:
            written = _indonesian(" ".join(parts)).strip(" ,")
            names.append(Proposal(as_written(written, text), " ".join(parts), text.page_at(first), 0.9))
        parts.clear()

    for line, start in lines:
        if line is None:
            close()
            continue
        if not parts:
            first = start
        parts.append(line)
        if line.endswith(","):
            close()
    close()
    return names


def _title(lines, text):
    if not lines:
        return NOTHING
    said = []
    for line, _start in lines:
        if line.startswith("(") and said:
            break  # the same in English
        said.append(line)
    written = _indonesian(" ".join(said)).strip(" ,.")
    if not written:
        return NOTHING
    return Proposal(
        in_words_case(written)[:_LONGEST_TITLE],
        f"TENTANG {' '.join(said)}",
        text.page_at(lines[0][1]),
        0.93 if len(written) < 250 else 0.6,
    )


def _indonesian(written):
    """Of a text in two languages beside each other, the Indonesian half: the last one."""
    return written.rpartition(" / ")[2] if " / " in written else written


def as_written(name, text):
    """A name in capitals as the sentences of the paper write it, or else in the case of names."""
    if name.upper() != name:
        return name
    pattern = r"\s+".join(map(re.escape, name.split()))
    for found in re.finditer(pattern, text.text, re.IGNORECASE):
        if found[0].upper() != found[0]:
            return " ".join(found[0].split())
    return in_words_case(name)


def in_words_case(written):
    """PELATIHAN VOKASI DAN K3 as Pelatihan Vokasi dan K3; what is not in capitals stays as it is."""
    if written.upper() != written:
        return written
    return " ".join(
        word.lower()
        if _SMALL_WORDS.fullmatch(word) and place
        else word
        if _ACRONYMS.fullmatch(word)
        else _capital(word)
        for place, word in enumerate(written.split())
    )


def _capital(word):
    return re.sub(r"[^\W\d_]+", lambda found: found[0].capitalize(), word)
