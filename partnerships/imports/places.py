"""Which region a text means. A name that two regions share is refused, a misspelt one as well."""

import functools
import re

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from partnerships.imports.cells import NotUnderstood
from partnerships.imports.vocabulary import name_key
from regions.models import Region, RegionKind

_CODE = re.compile(r"\d\d(\.\d\d)?")
_KINDS_SAID = [
    (re.compile(r"(?:provinsi|propinsi|prov) (.+)"), "province"),
    (re.compile(r"(?:kabupaten|kab)(?: administrasi| adm)? (.+)"), "kabupaten"),
    (re.compile(r"(?:kota|kotamadya|kodya)(?: administrasi| adm)? (.+)"), "kota"),
]
_NEAR_ENOUGH = 80


def _kind_of(region):
    return {
        RegionKind.PROVINCE: "province",
        RegionKind.KABUPATEN: "kabupaten",
        RegionKind.KABUPATEN_ADMINISTRATIVE: "kabupaten",
        RegionKind.KOTA: "kota",
        RegionKind.KOTA_ADMINISTRATIVE: "kota",
    }[region.kind]


def _bare_key(text):
    """ "Kep. Seribu", "Kepulauan Seribu"; "Pare-Pare", "Parepare"."""
    return re.sub(r"\bkep\b", "kepulauan", name_key(text)).replace(" ", "")


@functools.lru_cache(maxsize=20_000)
def _split(text):
    """("kabupaten", key of the bare name) of "Kab. Asahan"; (None, key) when no kind is said."""
    key = name_key(text)
    for said, kind in _KINDS_SAID:
        if match := said.fullmatch(key):
            return kind, _bare_key(match.group(1))
    return None, _bare_key(key)


class Regions:
    """The regions of the portal, found by the names that people write."""

    def __init__(self):
        self.by_code = Region.objects.in_bulk()
        self._by_kind_and_name, self._by_name = {}, {}
        for region in self.by_code.values():
            for name in [region.name, region.bare_name, region.short_name, *region.aliases]:
                kind, bare = _split(name)
                self._put(self._by_kind_and_name, (_kind_of(region), bare), region)
                if kind is None:
                    self._put(self._by_name, bare, region)

    @staticmethod
    def _put(index, key, region):
        index.setdefault(key, {})[region.code] = region

    def find(self, text, said=""):
        """Raises NotUnderstood, which repeats what was ``said`` and names the regions it may mean."""
        said = said or text
        if _CODE.fullmatch(text) and text in self.by_code:
            return self.by_code[text]
        kind, bare = _split(text)
        found = list((self._by_kind_and_name.get((kind, bare)) if kind else self._by_name.get(bare)) or {})
        if len(found) == 1:
            return self.by_code[found[0]]
        if found:
            raise NotUnderstood(
                _("“%(text)s” may be %(regions)s. Write which.")
                % {"text": said, "regions": self._alternatives(found)}
            )
        near = self._near(kind, bare)
        if near:
            raise NotUnderstood(
                _("“%(text)s” is no region. Did you mean %(regions)s?")
                % {"text": said, "regions": self._alternatives(near)}
            )
        raise NotUnderstood(
            _("“%(text)s” is not a province, kabupaten or kota of the Kemendagri list.") % {"text": said}
        )

    def _alternatives(self, codes):
        names = [f"{self.by_code[code].name} ({code})" for code in sorted(codes)]
        if len(names) == 1:
            return names[0]
        return _("%(others)s or %(last)s") % {"others": ", ".join(names[:-1]), "last": names[-1]}

    def _near(self, kind, bare):
        """Codes of the regions whose name is nearest; of another kind only when none of this kind is."""
        keys = list(self._by_kind_and_name)
        for candidates in ([key for key in keys if key[0] == kind], keys):
            hits = process.extract(
                bare,
                {key: key[1] for key in candidates},
                scorer=fuzz.ratio,
                score_cutoff=_NEAR_ENOUGH,
                limit=3,
            )
            if hits:
                best = hits[0][1]
                keys_hit = [key for _name, score, key in hits if score >= best - 2]
                return sorted({code for key in keys_hit for code in self._by_kind_and_name[key]})
        return []
