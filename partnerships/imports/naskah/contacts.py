"""Whom to write to at each party: unit, address, telephone, mail."""

import re

from partnerships.imports.naskah.anatomy import ORDINALS, PARTY
from partnerships.imports.naskah.proposals import Proposal

_HEADINGS = (
    r"korespondensi|surat[\s-]*menyurat|pemberitahuan|komunikasi|nara\s?hubung|penghubung|kontak|alamat"
)
_MAIL = re.compile(r"[\w.+-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_PHONE_LABEL = (
    r"(?:(?:no\.?|nomor)\s*)?(?:telepon|telp\.?|tlp\.?|tel\.|hp|handphone|whatsapp|wa)(?:\s*/\s*\w+\.?)*"
)
_PHONE = re.compile(
    rf"\b{_PHONE_LABEL}\s*[.:]?\s*:?\s*(?P<phone>[+(]?[\dOl][\d\s()./OlI-]{{5,22}}\d)", re.IGNORECASE
)
_MAIL_LABEL = r"(?:e-?\s?mail|surel|pos-?el|surat\s+elektronik)"
_LABEL_AFTER = rf"(?=\s*[,;]?\s*(?:\b{_PHONE_LABEL}\s*[.:]?|\b{_MAIL_LABEL}\b|faks|fax|u\.\s?p\.|$))"
_ADDRESS = re.compile(
    rf"(?:\b(?:dengan\s+)?alamat\s*:?\s+(?P<labelled>.{{4,300}}?)|(?P<street>\b(?:Jalan|Jl\.|Kampus|Gedung|Kawasan|Komplek)\s.{{2,300}}?)){_LABEL_AFTER}",
    re.IGNORECASE | re.DOTALL,
)
_NAME = re.compile(
    r"\b(?:nama(?:\s+\w+)?|unit(?:\s+kerja)?|satuan\s+kerja|jabatan|instansi|kepada|penghubung)\s*:\s*(?P<name>.+?)\s*(?:\n|$)",
    re.IGNORECASE,
)
_PARTY = re.compile(PARTY, re.IGNORECASE)
_BEFORE_NAME = re.compile(r"^[\s:;,.\"')-]+")
_LONGEST, _LONGEST_BLOCK = 200, 1_500


def read_contacts(anatomy, parties):
    """Fill in the contacts of parties that stand in the article on correspondence."""
    for article in anatomy.headed(_HEADINGS):
        found = _blocks(anatomy.text.text, article)
        for ordinal, start, end in found:
            if ordinal < len(parties):
                _read_block(anatomy.text, start, end, parties[ordinal])
        if any(party.contact_email or party.contact_phone or party.contact_name for party in parties):
            return


def _blocks(plain, article):
    """(which party, from, to) of each passage that begins with a party and holds a way to reach it."""
    marks = list(_PARTY.finditer(plain, article.start, article.end))
    blocks, seen = [], set()
    for index, mark in enumerate(marks):
        end = marks[index + 1].start() if index + 1 < len(marks) else article.end
        ordinal = ORDINALS["".join(mark["ordinal"].upper().split())]
        block = plain[mark.end() : min(end, mark.end() + _LONGEST_BLOCK)]
        if ordinal not in seen and (_MAIL.search(block) or _PHONE.search(block) or _ADDRESS.search(block)):
            seen.add(ordinal)
            blocks.append((ordinal, mark.end(), end))
    return blocks


def _read_block(text, start, end, party):
    block = text.text[start : min(end, start + _LONGEST_BLOCK)]

    def quoted(value, sure, span):
        first = start + span[0]
        value = " ".join(value.split()).strip(" ,;")
        return Proposal(value[:_LONGEST], text.sentence_at(first, start + span[1]), text.page_at(first), sure)

    if mail := _MAIL.search(block):
        party.contact_email = quoted("".join(mail[0].split()), 0.95, mail.span())
    if phone := _PHONE.search(block):
        party.contact_phone = quoted(_digits(phone["phone"]), 0.93, phone.span("phone"))
    address = _ADDRESS.search(block)
    if address:
        group = "labelled" if address["labelled"] else "street"
        party.contact_address = quoted(
            address[group], 0.9 if group == "labelled" else 0.85, address.span(group)
        )
    name = _NAME.search(block)
    if name:
        party.contact_name = quoted(name["name"], 0.92, name.span("name"))
    elif address or phone:
        _read_bare_name(block, (address or phone).start(), party, quoted)


def _read_bare_name(block, end, party, quoted):
    """What stands between the party and the first of its details is whom to write to."""
    said = _BEFORE_NAME.sub("", block[:end])
    start = end - len(said)
    said = re.split(r",\s*u\.\s?p\.|,\s*dengan\b", said)[0].strip(" ,;\n")
    if said and len(said) <= 150:
        party.contact_name = quoted(said, 0.85, (start, start + len(said)))


def _digits(phone):
    return phone.translate(str.maketrans("OlI", "011"))
