"""The presentation of the parties (komparisi): who signs for whom, in which post and capacity, by which
letter."""

import re

from partnerships.imports.naskah.anatomy import CALLED, ORDINALS
from partnerships.imports.naskah.heads import as_written
from partnerships.imports.naskah.proposals import NOTHING, PartyProposal, Problem, Proposal

# What follows the post in the sentence.
_AFTER_POST = (
    r"(?:yang\s+)?(?:ber)?kedudukan|yang\s+diangkat|(?:yang\s+)?beralamat|(?:yang\s+)?berkantor|berdasarkan|"
    r"dalam\s+hal\s+ini|bertindak|oleh\s+karena|karenanya|untuk\s+dan\s+atas|dalam\s+jabatan|dalam\s+kedudukan|"
    r"mewakili|(?:untuk\s+)?selanjutnya|suatu\s|dan\s+oleh"
)
# Degrees after a name hold a full stop (S.H., M.Si., Ph.D.) or are one of the few that need none.
_DEGREE = r"(?:[A-Z][A-Za-z]*\.(?:[A-Za-z]+\.?)*(?:\s?\([A-Z][a-z]*\))?|MBA|MM|MSc|PhD|LLM|CA|CPA)"
# Titles before a name end in a full stop and the name goes on: "Dr. H. Nama", "Ir. Nama".
_LABELLED = re.compile(
    r"Nama\s*:\s*(?P<person>.{2,200}?)\s*\n\s*Jabatan\s*:\s*(?P<post>.{2,250}?)\s*\n"
    rf"(?=\s*(?:Alamat|NIP|Instansi|Unit|Dalam|Ber|{_AFTER_POST}))",
    re.IGNORECASE | re.DOTALL,
)
_ORG_FIRST = re.compile(
    r"^(?P<org>.{3,250}?),?\s+(?:suatu\s.{2,250}?|(?:yang\s+)?(?:berkedudukan|berkantor|beralamat)\s.{2,250}?)?,?\s*"
    r"(?:yang\s+)?(?:dalam\s+hal\s+ini\s+)?(?:secara\s+sah\s+)?diwakili\s+oleh\s+(?P<person>.{2,200}?),?\s+"
    r"(?:dalam\s+(?:kapasitas|kedudukan|jabatan)(?:nya)?\s+)?(?:selaku|sebagai)\s+(?P<post>.{2,250}?)(?:,|;|\.$)\s*"
    rf"(?={_AFTER_POST}|$)",
    re.IGNORECASE | re.DOTALL,
)
_PERSON_FIRST = re.compile(
    rf"^(?P<person>[^,:]{{2,150}}?(?:\s*,\s*{_DEGREE}){{0,8}})\s*[,:;]\s*"
    r"(?:(?:dalam\s+(?:kapasitas|kedudukan|jabatan)nya\s+)?(?:selaku|sebagai)\s+|jabatan\s*:?\s*)?"
    rf"(?P<post>.{{2,250}}?),?\s+(?={_AFTER_POST})",
    re.DOTALL,
)
# A presentation is a sentence; what is longer holds something else.
_LONGEST_BLOCK = 2_500
# "II. Nama": a scan loses the full stop and reads I as l; a single "I" without it begins Balinese names.
_NUMBERED = re.compile(
    r"^[\s.;,:]*(?:dan\b|serta\b)?[\s.;,]*(?:\(?(?:[IVXl]{1,3}|\d|[a-c])[.)]\s+|[Il1|]{2,3}\s+)?",
    re.IGNORECASE,
)

# How the capacity is written before or around the post.
_CAPACITIES = (
    ("plt", r"^(?:Pelaksana\s+Tugas\s*(?:\(Plt\.?\))?|Plt\.?)\s+"),
    ("plh", r"^(?:Pelaksana\s+Harian\s*(?:\(Plh\.?\))?|Plh\.?)\s+"),
    ("pj", r"^(?:Penjabat(?:\s+Sementara)?\s*(?:\(Pjs?\.?\))?|Pjs?\.?)\s+"),
    ("an", r"^(?:a\.?\s?n\.?|atas\s+nama)\s+"),
)
_ON_BEHALF = re.compile(
    r"(?:bertindak\s+)?(?:untuk\s+dan\s+)?atas\s+nama\s+(?:serta\s+sah\s+mewakili\s+)?(?P<whom>.{2,250}?)\s*(?:,|;|\.\s|\.$|\s+(?=berkedudukan|"
    r"berdasarkan|(?:untuk\s+)?selanjutnya|yang\s|mewakili\s|pada\s|dan\s+oleh))",
    re.IGNORECASE | re.DOTALL,
)
# A letter that lets somebody sign for another. What appoints somebody (Keputusan, Akta) is none.
_LETTER = re.compile(
    r"Surat\s+(?:Kuasa|Perintah|Tugas|Penunjukan|Mandat|Pelimpahan)\b(?:\s+(?!Nomor|No\.)[A-Z][\w.]*){0,8}\s+"
    r"(?:Nomor|No\.?)\s*:?\s*\S+(?:\s+\S+){0,3}?\s+tanggal\s+\d{1,2}\s+[A-Za-z]+\s+\d{4}",
    re.DOTALL,
)
_PROXY = re.compile(r"Surat\s+Kuasa|selaku\s+kuasa", re.IGNORECASE)
_DEPUTY = re.compile(
    r"^Wakil\s+(?=Gubernur|Bupati|Wali|Menteri|Presiden|Rektor|Ketua|Direktur|Kepala)", re.IGNORECASE
)
# Who is named after "atas nama" by a post is a person's office; anything else is an institution.
_POST = re.compile(
    r"(?:Menteri|Gubernur|Bupati|Wali\s?kota|Wali\s+Kota|Rektor|Direktur|Sekretaris|Kepala\s+(?!Kepolisian\s)|Ketua|Presiden|"
    r"Panglima|Dekan|Deputi)\b",
    re.IGNORECASE,
)


def read_parties(anatomy, head):
    """The parties in the order in which the paper presents them; without a komparisi, those of the head."""
    blocks = _blocks(anatomy)
    parties = []
    for index in range(max(len(blocks), len(head.names))):
        name = head.names[index] if index < len(head.names) else NOTHING
        if index < len(blocks):
            party = _read_block(anatomy.text, *blocks[index], name)
            # Names in the head and blocks that don't agree in number can't be laid side by side.
            if len(head.names) != len(blocks) and head.names and not _said_in_head(party, head):
                party.organization = _less_sure(party.organization, 0.6)
        else:
            party = PartyProposal(organization=_less_sure(name, 0.6))
        parties.append(party)
    _give_numbers(parties, head)
    return parties


def _said_in_head(party, head):
    return any(_same(party.organization.value, name.value) for name in head.names)


def _less_sure(proposal, most):
    return Proposal(
        proposal.value, proposal.sentence, proposal.page, min(proposal.sure, most), proposal.problems
    )


def _blocks(anatomy):
    """(start, end) of each party's passage: from the end of the one before to "disebut PIHAK ..."."""
    plain = anatomy.text.text
    start = anatomy.presentation
    blocks, seen = [], set()
    for called in CALLED.finditer(plain, start, max(anatomy.body, start)):
        ordinal = ORDINALS["".join(called["ordinal"].upper().split())]
        if ordinal not in seen:
            seen.add(ordinal)
            blocks.append((start, called.start()))
        start = called.end()
    return blocks


def _read_block(text, start, end, name):
    block = text.text[start : min(end, start + _LONGEST_BLOCK)]
    bare = _NUMBERED.sub("", block, count=1)
    start += len(block) - len(bare)
    found = _LABELLED.search(bare) or _ORG_FIRST.match(bare) or _PERSON_FIRST.match(bare)
    whom, whom_span = _whom(bare)
    party = PartyProposal()
    said = {key: _line(value) for key, value in found.groupdict().items()} if found else {}

    def quoted(value, sure, span, problems=()):
        return Proposal(
            value,
            text.sentence_at(start + span[0], start + span[1]),
            text.page_at(start + span[0]),
            sure,
            tuple(problems),
        )

    party.organization = _organization(name, said.get("org", ""), whom, text, quoted, whom_span)
    if not found:
        return party
    post, capacity = _post_and_capacity(said["post"])
    letter = _LETTER.search(bare)
    behalf = "" if _is_itself(whom, party.organization.value) else whom
    if capacity == "definitive" and (_PROXY.search(bare)):
        capacity = "proxy"
    elif capacity == "definitive" and behalf and _DEPUTY.match(post):
        capacity = "deputy"
    person = _person(said["person"])
    plausible = len(person.split()) <= 8 and len(post) <= 150
    sure = 0.93 if plausible else 0.5
    party.person = quoted(person[:150], sure, found.span("person"))
    party.post = quoted(post[:200], sure, found.span("post"))
    missing = capacity in ("plt", "plh", "proxy") and not letter
    problems = [Problem("no_letter", {"capacity": capacity})] if missing else []
    party.capacity = quoted(capacity, 0.92 if plausible else 0.6, found.span("post"), problems)
    if behalf:
        party.on_behalf_of = quoted(behalf[:200], 0.9 if _POST.match(behalf) else 0.75, whom_span)
    if letter:
        party.letter = quoted(_line(letter[0])[:200], 0.93, letter.span())
    return party


def _line(value):
    return " ".join((value or "").split()).strip(" ,;:")


def _whom(block):
    """For whom the signatory acts, as the block says it, and where."""
    for found in _ON_BEHALF.finditer(block):
        whom = _line(found["whom"])
        # "a.n." before a post is a capacity, not a sentence.
        if whom and len(whom) < 200:
            return whom, found.span("whom")
    return "", (0, 0)


def _organization(name, org, whom, text, quoted, span):
    """The party: as the head names it, which two places agree on when the block says the same."""
    here = org or ("" if _POST.match(whom) else whom)
    if name:
        agrees = here and _same(here, name.value)
        problems = [] if agrees or not org else [Problem("named_otherwise", {"other": here})]
        return Proposal(
            here if agrees else name.value,
            name.sentence,
            name.page,
            0.97 if agrees else 0.85,
            tuple(problems),
        )
    if here:
        return quoted(as_written(here, text)[:200], 0.8, span)
    return NOTHING


def _same(one, other):
    return bool(one and other) and "".join(one.split()).casefold() == "".join(other.split()).casefold()


def _is_itself(whom, organization):
    """Whether "atas nama" names only the party itself."""
    if not whom:
        return True
    if not organization:
        return not _POST.match(whom)
    return _same(whom, organization) or _same(
        whom.replace(" Republik Indonesia", ""), organization.replace(" Republik Indonesia", "")
    )


def _post_and_capacity(post):
    post = re.sub(r"^(?:selaku|sebagai|jabatan\s*:?)\s+", "", post, flags=re.IGNORECASE)
    for code, pattern in _CAPACITIES:
        bare = re.sub(pattern, "", post, flags=re.IGNORECASE)
        if bare != post:
            return bare, code
    return post, "definitive"


def _person(written):
    """A name as names are written; titles and degrees keep their own letters."""
    written = re.sub(r"^(?:Sdr\.?|Saudara|Bapak|Ibu|Nama\s*:)\s+", "", written)
    if written.upper() != written or "." in written:
        return written
    return " ".join(word.capitalize() for word in written.split())


def _give_numbers(parties, head):
    """Numbers that name their party go to it; the others to the parties in their order."""
    left = []
    for whose, number in head.numbers:
        owner = next((each for each in parties if whose and _same(whose, each.organization.value)), None)
        if owner is not None:
            owner.number = number
        else:
            left.append(number)
    free = [party for party in parties if not party.number]
    for party, number in zip(free, left, strict=False):
        # More or fewer numbers than parties: which is whose can't be told.
        party.number = number if len(left) == len(free) or not number else _less_sure(number, 0.5)
