"""What the looking-in may answer: a reason to refuse, or what is known about a good file."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum


class Reason(StrEnum):
    """Why a file is refused; refusals.py has the sentence of each."""

    DAMAGED = "damaged"
    TOO_MUCH = "too_much"  # of time, memory, parts or unpacked bytes
    OTHER_KIND = "other_kind"
    OLD_OFFICE = "old_office"
    SOMETHING_ELSE_INSIDE = "something_else_inside"
    PASSWORD = "password"  # noqa: S105 - the name of a reason
    PDF_ACTIVE = "pdf_active"
    PDF_ATTACHMENT = "pdf_attachment"
    PDF_CHANGING_FORM = "pdf_changing_form"
    PDF_PAGES = "pdf_pages"
    PICTURE_SIZE = "picture_size"
    PICTURE_MOVES = "picture_moves"
    OFFICE_MACRO = "office_macro"
    OFFICE_INSIDE = "office_inside"
    OFFICE_ELSEWHERE = "office_elsewhere"


class Refused(Exception):
    """The file can't be taken, for a Reason."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


@dataclass
class Findings:
    """A good file.

    ``kind`` is "pdf", "jpeg", "png", "docx" or "xlsx". ``pieces`` is empty when the file is to be
    kept as it is; else the kept file is made of them in order: ``[from, to]`` is a range of bytes of
    the original, a text is bytes to put in, in hexadecimal digits.
    """

    kind: str
    pieces: list = field(default_factory=list)
    place_removed: bool = False

    def as_answer(self):
        return asdict(self)
