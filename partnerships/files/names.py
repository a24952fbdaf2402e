"""The name that a file is shown and downloaded under. Where it lies has another name: its key."""

import mimetypes
import re
import unicodedata

from django.utils.translation import gettext as _

from partnerships.files.kinds import KINDS

_LONGEST = 120  # characters
_LONGEST_BYTES = 240  # most file systems take 255
_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9]|lpt[0-9])(?=\.|$)", re.IGNORECASE
)
# Control, format (zero width, direction), lone surrogate, private and unassigned characters.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
# Letters, marks and symbols that nobody sees.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_ESCAPED = re.compile(r"%(?=[0-9A-Fa-f]{2})")
_SPACES = re.compile(r"\s+")
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}$")

# Endings that some system runs or shows as a page.
_ACTS = (
    "apk|app|aspx?|bat|bin|cer|cgi|chm|class|cmd|cpl|dll|dmg|docm|dotm|exe|gadget|hta|html?|inf|ini|iso|jar|jse?"
    "|jspx?|lnk|ms[ci]|msix|mht|mhtml|phar|php[3457s]?|pht|phtml|pif|pl|ps1|psm1|py|rb|reg|scf|scr|sct|shb?"
    "|shtml|svgz?|swf|url|vb|vbe|vbs|war|ws|ws[cfh]|xht|xhtml|xlam|xlsm|xml|xslt?"
)
_ENDING_THAT_ACTS = re.compile(rf"\.(?:{_ACTS})")
# Inside a name also those that end the address of a site, as in "tokopedia.com".
_ACTS_INSIDE = re.compile(rf"\.(?=(?:{_ACTS}|com)(?:[.\s]|$))", re.IGNORECASE)
_TAKEN = frozenset(ending for kind in KINDS.values() for ending in kind.endings)
# What Python itself knows, whatever the machine's own tables say. A shorter one may be somebody's
# initial: "Surat Drs. H".
_OTHERS = frozenset(
    ending
    for table in mimetypes.MimeTypes(filenames=()).types_map
    for ending in table
    if len(ending) > len(".ab")
)


def shown_name(name):
    """The name without paths, invisible characters and what a file system or a browser would take for
    something else; never empty, at most 120 characters with its ending kept."""
    name = unicodedata.normalize("NFKC", name)
    name = "".join(
        " " if c.isspace() else c for c in name if c.isspace() or unicodedata.category(c) not in _UNSEEN
    )
    name = _BLANK.sub("", name)
    name = re.split(r"[/\\]", name.rstrip("/\\ "))[-1]
    name = re.sub(r"^[A-Za-z]:", "", name)
    name = _ESCAPED.sub("_", _FORBIDDEN.sub("_", name))
    name = _SPACES.sub(" ", name).strip(" .")
    stem, ending = _parted(name)
    stem = _ACTS_INSIDE.sub("_", stem).strip(" .")
    if _RESERVED.match(stem) or stem.startswith(("-", "~")):
        stem = f"_{stem}"
    return _shortened(stem or _("unnamed file"), ending)


def ending_of(name):
    """The ending by which a shown name says what the file is, in small letters; "" when it says nothing.

    "Laporan 2.1" and "Surat No. 5 a.n. Bupati" end in no kind of file.
    """
    ending = _parted(name)[1].lower()
    return ending if ending in _TAKEN or ending in _OTHERS or _ENDING_THAT_ACTS.fullmatch(ending) else ""


def with_ending(name, ending):
    """A shown name with the ending of what the file is, in place of one that said the same."""
    said = ending_of(name)
    stem = name[: len(name) - len(said)]
    return _shortened(_ACTS_INSIDE.sub("_", stem).strip(" .") or _("unnamed file"), ending)


def _parted(name):
    match = _ENDING.search(name)
    return (name[: match.start()], match[0]) if match else (name, "")


def _shortened(stem, ending):
    stem = stem[: _LONGEST - len(ending)]
    while len((stem + ending).encode()) > _LONGEST_BYTES:
        stem = stem[:-1]
    return stem.rstrip(" .") + ending
