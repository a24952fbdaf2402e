"""The words that files of records use, and what the portal understands by them.

Words are compared by ``name_key``, so case, spacing and punctuation do not matter.
"""

import functools
import re
import unicodedata

from partnerships.lifecycle import Status
from partnerships.models import AgreementKind, Capacity, Certainty, OrganizationKind
from partnerships.models.kinds import GOVERNMENT_KINDS

COLUMNS = (
    "id",
    "date_signed",
    "instrument_kind",
    "title",
    "number_kemnaker",
    "number_partner",
    "partner_name",
    "partner_type",
    "region_name",
    "kemnaker_unit",
    "signatory_kemnaker",
    "signatory_kemnaker_position",
    "signatory_partner",
    "signatory_partner_position",
    "place",
    "themes",
    "duration_years",
    "end_date",
    "commitments",
    "event",
    "certainty",
    "conflict_note",
    "sources",
    "renews",
    "implements",
)
REQUIRED_COLUMNS = ("id", "partner_name", "instrument_kind")


@functools.lru_cache(maxsize=20_000)
def name_key(text):
    """A name as it is compared: "Ditjen  PHI & Jamsos" and "ditjen phi dan jamsos" are the same."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("&", " dan "))
    text = re.sub(r"[’'`\u0300-\u036f]", "", text)
    return " ".join(re.findall(r"\w+", text))


def _by_key(words):
    return {name_key(word): meaning for meaning, listed in words.items() for word in listed}


_KIND_WORDS = {
    AgreementKind.MOU: [
        "Nota Kesepahaman",
        "Kesepahaman Bersama",
        "Nota Kesepahaman Bersama",
        "Nota Kesepahaman (MoU)",
        "Memorandum Saling Pengertian",
        "Memorandum of Understanding",
        "MoU",
        "NK",
    ],
    AgreementKind.NOTA_KESEPAKATAN: ["Nota Kesepakatan", "Nota Kesepakatan Bersama", "Kesepakatan Bersama"],
    AgreementKind.PKS: [
        "Perjanjian Kerja Sama",
        "Perjanjian Kerjasama",
        "Perjanjian Kerja Sama (PKS)",
        "PKS",
    ],
    AgreementKind.RENCANA_AKSI: [
        "Rencana Aksi",
        "Rencana Kerja",
        "Rencana Aksi/Kerja",
        "Rencana Kerja Tahunan",
    ],
    AgreementKind.KOMITMEN_BERSAMA: ["Komitmen Bersama", "Pernyataan Komitmen Bersama"],
    AgreementKind.NDA: [
        "NDA",
        "Perjanjian Kerahasiaan",
        "Non-Disclosure Agreement",
        "Perjanjian Kerahasiaan (NDA)",
    ],
    AgreementKind.GRANT: [
        "Perjanjian hibah/serah terima lahan",
        "Perjanjian Hibah",
        "Hibah",
        "Hibah/serah terima",
        "Naskah Perjanjian Hibah Daerah",
        "NPHD",
        "Serah Terima",
        "Berita Acara Serah Terima",
        "BAST",
    ],
    AgreementKind.INTERNATIONAL: ["MoU internasional", "Nota Kesepahaman internasional", "International MoU"],
    AgreementKind.MOC: ["Memorandum of Cooperation", "Memorandum of Cooperation (MoC)", "MoC"],
    AgreementKind.TECHNICAL: [
        "Kerja sama teknis",
        "Kerjasama teknis",
        "Program kerja sama",
        "Technical Cooperation",
        "Record of Discussions",
    ],
    AgreementKind.LOAN_GRANT: [
        "Pinjaman/hibah luar negeri (PHLN)",
        "Pinjaman/hibah luar negeri",
        "Hibah luar negeri",
        "Pinjaman luar negeri",
        "PHLN",
    ],
    AgreementKind.CIRCULAR: ["Surat Edaran Bersama", "SEB"],
    AgreementKind.ADDENDUM: ["Addendum", "Adendum", "Amandemen"],
    AgreementKind.ACTIVITY: [
        "Kegiatan kerja sama (bukan penandatanganan)",
        "Kegiatan (bukan penandatanganan)",
        "Kegiatan kerja sama",
        "Kegiatan tanpa naskah",
        "Kegiatan",
    ],
    AgreementKind.UNKNOWN: [
        "Kerja sama (instrumen tidak disebut)",
        "Instrumen tidak disebut",
        "Tidak diketahui",
    ],
}
# Talks about a paper that nobody has signed yet: the kind of paper is still open.
_EXPLORATION_WORDS = [
    "Penjajakan (belum ditandatangani)",
    "Penjajakan",
    "Rencana kerja sama (belum ditandatangani)",
]

PAPERS = {
    **{name_key(kind): (AgreementKind(kind), Status.SIGNED) for kind in AgreementKind.values},
    **{key: (kind, Status.SIGNED) for key, kind in _by_key(_KIND_WORDS).items()},
    **{name_key(word): (AgreementKind.UNKNOWN, Status.PROPOSED) for word in _EXPLORATION_WORDS},
}
PAPER_WORDS = [listed[0] for listed in _KIND_WORDS.values()] + _EXPLORATION_WORDS[:1]

_PARTNER_WORDS = {
    (OrganizationKind.MINISTRY,): [
        "Kementerian/Lembaga",
        "Kementerian",
        "K/L",
        "Lembaga pemerintah nonkementerian",
    ],
    (OrganizationKind.STATE_BODY,): [
        "Lembaga nonstruktural/badan publik",
        "Lembaga nonstruktural",
        "Badan publik",
    ],
    (OrganizationKind.PROVINCE_GOVERNMENT,): ["Pemerintah provinsi", "Pemprov"],
    (OrganizationKind.KABUPATEN_GOVERNMENT,): ["Pemerintah kabupaten", "Pemkab"],
    (OrganizationKind.KOTA_GOVERNMENT,): ["Pemerintah kota", "Pemkot"],
    GOVERNMENT_KINDS: ["Pemerintah daerah", "Pemda", "Pemerintah kabupaten/kota"],
    (OrganizationKind.REGIONAL_OFFICE,): ["Perangkat daerah", "Dinas", "OPD"],
    (OrganizationKind.UNIVERSITY,): ["Perguruan tinggi", "Universitas", "Politeknik"],
    (OrganizationKind.COMPANY,): ["Perusahaan swasta", "Perusahaan", "Swasta"],
    (OrganizationKind.STATE_COMPANY,): ["BUMN", "BUMD", "BUMN/BUMD", "Badan usaha milik negara"],
    (OrganizationKind.ASSOCIATION,): ["Asosiasi/organisasi profesi", "Asosiasi", "Organisasi profesi"],
    (OrganizationKind.NGO,): ["Ormas/NGO/yayasan", "Ormas", "NGO", "LSM", "Yayasan"],
    (OrganizationKind.INTERNATIONAL_AGENCY,): ["Lembaga internasional", "Organisasi internasional"],
    (OrganizationKind.FOREIGN_GOVERNMENT,): [
        "Negara/pemerintah asing",
        "Pemerintah asing",
        "Negara asing",
    ],
    (OrganizationKind.UNKNOWN,): ["Tidak diketahui"],
}
PARTNER_TYPES = {
    **{name_key(kind): (OrganizationKind(kind),) for kind in OrganizationKind.values if kind != "unit"},
    **_by_key(_PARTNER_WORDS),
}
PARTNER_TYPE_WORDS = [listed[0] for listed in _PARTNER_WORDS.values()]

CERTAINTIES = _by_key(
    {
        Certainty.HIGH: ["high", "tinggi", "pasti"],
        Certainty.MEDIUM: ["medium", "sedang", "cukup pasti"],
        Certainty.LOW: ["low", "rendah", "tidak pasti"],
    }
)
CERTAINTY_WORDS = [certainty.value for certainty in Certainty]

# "Menteri" among the units: the ministry itself is the party.
MINISTER_KEYS = {name_key(word) for word in ["Menteri", "Menteri Ketenagakerjaan", "Menaker"]}
MINISTRY_SLUG = "kementerian-ketenagakerjaan"

PARTNER_NOT_NAMED = re.compile(
    r"\(?\s*(?:nama )?(?:mitra|pihak|partner)?\s*(?:tidak|belum) (?:dirinci|disebut(?:kan)?|diketahui)\s*\)?",
    re.IGNORECASE,
)
# "75 lembaga penerima ... (agregat)": a source that counts partners without naming them.
_COUNTED = (
    "lembaga perusahaan pengusaha pelaku BLK pesantren yayasan mitra sekolah SMK perguruan universitas "
    "asosiasi UMKM koperasi kelompok industri pemda daerah instansi"
)
AGGREGATE = re.compile(
    rf"(?P<number>\d[\d.]*) (?:(?:{'|'.join(_COUNTED.split())})\b.*|.*\(agregat\))", re.IGNORECASE
)
SEVERAL_UNNAMED = re.compile(r"(?:sejumlah|beberapa|berbagai|para) .+", re.IGNORECASE)
MOST_PAPERS_IN_ONE_RECORD = 100_000

OPEN_END_KEYS = {
    name_key(word)
    for word in [
        "tidak terbatas",
        "tanpa batas waktu",
        "seterusnya",
        "sampai dicabut",
        "tidak ada batas waktu",
    ]
}
UNKNOWN_END_KEYS = {name_key(word) for word in ["tidak diketahui", "tidak disebut", "belum diketahui"]}
# What people type into a cell to say that there is nothing to say.
EMPTY_MARKS = {"-", "–", "—", "n/a", "N/A"}

# The first that fits the text of a post decides in what capacity its holder signs.
CAPACITIES = [
    (re.compile(r"\b(?:a\.\s*n\.|an\.|atas nama)\s*(?P<behalf>.*)", re.IGNORECASE), Capacity.AN),
    (re.compile(r"\bkuasa\b", re.IGNORECASE), Capacity.PROXY),
    (re.compile(r"\b(?:plt\b\.?|pelaksana tugas\b)", re.IGNORECASE), Capacity.PLT),
    (re.compile(r"\b(?:plh\b\.?|pelaksana harian\b)", re.IGNORECASE), Capacity.PLH),
    (re.compile(r"\b(?:pjs?\b\.?|penjabat\b)", re.IGNORECASE), Capacity.PJ),
    (re.compile(r"^wakil\b", re.IGNORECASE), Capacity.DEPUTY),
]
