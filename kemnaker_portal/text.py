"""Text as people see it: the one definition for forms, imports, the administration and the database.

Names and whatever else is one line, searched for and compared, are normalised to NFKC: wide letters and
ligatures are other shapes of the same letters. Wording keeps its signs and is only composed (NFC), because
NFKC would change what it says: "10 m²" would become "10 m2", and "5½" would become "51⁄2".
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# What nobody sees, in the syntax that Python and PostgreSQL share: control characters, zero width, direction
# and soft hyphens, ends of lines and paragraphs, letters without a shape, variation selectors, tags.
UNSEEN = (
    r"[\x01-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
_UNSEEN = re.compile(UNSEEN)


def one_line(text, form="NFKC"):
    """The text in one line, every run of spaces one space, without what nobody sees.

    A zero-width sign makes two equal names different, and a direction mark makes a text read other than it is
    stored. Raises ValidationError for control characters, which nobody types.
    """
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\t\n\r" for sign in text):
        raise ValidationError(_("This text holds control characters. Type it anew."), code="control")
    text = "".join(sign for sign in " ".join(text.split()) if unicodedata.category(sign) != "Cf")
    return " ".join(unicodedata.normalize(form, _UNSEEN.sub("", text)).split())


def is_seen(text):
    """Whether people see every sign of it."""
    return not _UNSEEN.search(text)


def lines(text):
    """The same of text of several lines, in its own wording."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(one_line(line, "NFC") for line in text.split("\n")).strip()
