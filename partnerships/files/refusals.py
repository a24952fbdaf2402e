"""What the person reads who chose a file that can't be taken: what is wrong with it, and what to do."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.files.inspection.verdict import Reason


class FileRefused(Exception):
    """The file can't be taken; nothing of it is kept. ``sentence`` says why and what to do."""

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


class NotNow(FileRefused):
    """The portal is to blame, not the file: no room, or the looking-in can't be started."""


class FileDamaged(Exception):
    """The bytes under a key are gone, or are not those that were taken in."""


class FileMissing(FileDamaged):
    """There is nothing under a key."""


class CannotRead(Exception):
    """The pages of a file that is whole can't be read or drawn: no program can, or it takes too much."""


_SENTENCES = {
    Reason.DAMAGED: gettext_lazy(
        "The file is damaged or incomplete. Open it, save it again and choose the new file."
    ),
    Reason.TOO_MUCH: gettext_lazy(
        "Opening the file takes far more time or memory than a document needs. "
        "Save it again, for example by printing it to a new PDF."
    ),
    Reason.OLD_OFFICE: gettext_lazy(
        "This is an old or password-protected Word or Excel file. "
        "Save it without a password in one of these kinds: %(kinds)s."
    ),
    Reason.OTHER_KIND: gettext_lazy("This kind of file is not accepted. Accepted are: %(kinds)s."),
    Reason.SOMETHING_ELSE_INSIDE: gettext_lazy(
        "Something else is hidden in the file. Open it, save it again and choose the new file."
    ),
    Reason.PASSWORD: gettext_lazy("The file is protected by a password. Save it without one."),
    Reason.PDF_ACTIVE: gettext_lazy(
        "The PDF holds scripts, actions or media. Print it to a new PDF and choose that."
    ),
    Reason.PDF_ATTACHMENT: gettext_lazy(
        "Other files are attached inside the PDF. Print it to a new PDF and choose the others one by one."
    ),
    Reason.PDF_CHANGING_FORM: gettext_lazy(
        "The PDF is a form that changes while it is filled in. Print it to a new PDF and choose that."
    ),
    Reason.PDF_PAGES: gettext_lazy("A PDF must have between 1 and 5,000 pages. Split it."),
    Reason.PICTURE_SIZE: gettext_lazy("The picture has more than 50 megapixels. Make it smaller."),
    Reason.PICTURE_MOVES: gettext_lazy("Moving pictures are not accepted. Choose a single picture."),
    Reason.OFFICE_MACRO: gettext_lazy(
        "The document holds macros, controls or commands. Save it without them, or as a PDF."
    ),
    Reason.OFFICE_INSIDE: gettext_lazy(
        "Another file is embedded in the document, such as the workbook of a chart. "
        "Paste it as a picture, or save the document as a PDF."
    ),
    Reason.OFFICE_ELSEWHERE: gettext_lazy(
        "The document fetches something from elsewhere, such as a template, a linked picture or data. "
        "Break the links, or save it as a PDF."
    ),
}


def refused_for(reason, limit):
    """FileRefused with the sentence of a Reason."""
    sentence = str(_SENTENCES[reason])
    return FileRefused(sentence % {"kinds": listed(limit)} if "%(" in sentence else sentence)


def heic_refused():
    return FileRefused(_("This is a HEIC photo. Save or share it as JPG and choose that."))


def empty():
    return FileRefused(_("The file is empty. Choose it again."))


def too_large(limit):
    return FileRefused(
        _("The file is larger than %(size)d MB. Make it smaller, or split it.")
        % {"size": limit.max_bytes // 2**20}
    )


def other_than_its_name(ending, kind):
    """The name ends in the ending of another kind than the content is."""
    return FileRefused(
        _("The name ends in “%(ending)s”, but the content is %(kind)s. Save the file again as what it is.")
        % {"ending": ending, "kind": kind.label}
    )


def no_room():
    return NotNow(_("The portal has no room for files just now. Nothing was kept; try again later."))


def cannot_look():
    return NotNow(_("The portal can't check files just now. Nothing was kept; try again later."))


def cannot_scan():
    return NotNow(_("The portal can't scan files for viruses just now. Nothing was kept; try again later."))


def infected(virus):
    """``virus`` is the name that the scanner has for it."""
    return FileRefused(
        _(
            "A virus was found in the file (%(virus)s). Nothing of it was kept. Have the computer that it"
            " comes from checked, and choose a clean file."
        )
        % {"virus": virus}
    )


def listed(limit):
    """The kinds that are taken: "PDF, JPG, PNG"."""
    return ", ".join(kind.label for kind in limit.kinds)
