"""A PDF that is only to be read: whole, open, of a sensible size, and with nothing that acts.

Every object is looked at, not only those that a page leads to: what is reachable is a matter of
opinion between programs. An object is first written out and searched, which is quick; only where a
name of the lists below stands in it is it walked through.
"""

import re
from collections import Counter

import pikepdf
from pikepdf import settings

from . import edges, pdf_streams
from .verdict import Findings, Reason, Refused

_MOST_PAGES = 5_000
_MOST_OBJECTS = 250_000
_DEEPEST, _WIDEST = 100, 200_000  # arrays and dictionaries
# A page that names no resources is one; programs of some years ago wrote thousands of them.
_MOST_WARNINGS = 20_000

_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?[\x00\t\n\f\r ]{0,16}%PDF-[12]\.\d")
_END = b"%%EOF"
_SPACE = b"\x00\t\n\f\r "

_REASON_OF_KEY = {
    "/JS": Reason.PDF_ACTIVE,
    "/JavaScript": Reason.PDF_ACTIVE,
    "/AA": Reason.PDF_ACTIVE,
    "/RichMediaContent": Reason.PDF_ACTIVE,
    "/RichMediaSettings": Reason.PDF_ACTIVE,
    "/EF": Reason.PDF_ATTACHMENT,
    "/EmbeddedFiles": Reason.PDF_ATTACHMENT,
    "/Collection": Reason.PDF_ATTACHMENT,
    "/XFA": Reason.PDF_CHANGING_FORM,
    "/NeedsRendering": Reason.PDF_CHANGING_FORM,
}
# Values of Type, Subtype and S (the kind of an action).
_REASON_OF_KIND = {
    "/JavaScript": Reason.PDF_ACTIVE,
    "/Launch": Reason.PDF_ACTIVE,
    "/GoToR": Reason.PDF_ACTIVE,
    "/GoToE": Reason.PDF_ACTIVE,
    "/SubmitForm": Reason.PDF_ACTIVE,
    "/ImportData": Reason.PDF_ACTIVE,
    "/Rendition": Reason.PDF_ACTIVE,
    "/Movie": Reason.PDF_ACTIVE,
    "/Sound": Reason.PDF_ACTIVE,
    "/Screen": Reason.PDF_ACTIVE,
    "/RichMedia": Reason.PDF_ACTIVE,
    "/RichMediaExecute": Reason.PDF_ACTIVE,
    "/3D": Reason.PDF_ACTIVE,
    "/EmbeddedFile": Reason.PDF_ATTACHMENT,
    "/FileAttachment": Reason.PDF_ATTACHMENT,
}
_KINDS_STAND_IN = {"/Type", "/Subtype", "/S"}
_ADDRESS_THAT_ACTS = re.compile(rb"(?:javascript|vbscript|data|file|search-ms|ms-[a-z-]+):", re.IGNORECASE)
_UNSEEN_IN_ADDRESS = re.compile(rb"^\xfe\xff|[\x00- ]")

_WORTH_A_LOOK = re.compile(
    rb"/(?:%s)(?![^\x00\t\n\f\r ()<>\[\]{}/%%])"
    % b"|".join(
        re.escape(name[1:].encode()) for name in sorted({*_REASON_OF_KEY, *_REASON_OF_KIND, "/OpenAction"})
    )
)
# Most links are of these schemes. The name before the key is the kind of the action.
_ADDRESS_WORTH_A_LOOK = re.compile(rb"/URI\s*+(?!/|\((?:https?|mailto|tel|ftp):)", re.IGNORECASE)
_LEADS_ON = re.compile(rb"/(?:Kids|First|Next|Form|Parent)\b")


def examine(file):
    """The Findings of a PDF open for reading. Raises Refused, or what pikepdf raises."""
    _check_edges(file)
    settings.set_qpdf_limits(
        flate_max_memory=pdf_streams.LARGEST_STRUCTURE,
        run_length_max_memory=pdf_streams.LARGEST_STRUCTURE,
        png_max_memory=pdf_streams.LARGEST_STRUCTURE,
        tiff_max_memory=pdf_streams.LARGEST_STRUCTURE,
        parser_max_nesting=_DEEPEST,
        parser_max_container_size=_WIDEST,
        max_stream_filters=4,
        doc_max_warnings=_MOST_WARNINGS,
    )
    try:
        with pikepdf.open(file, attempt_recovery=False, access_mode=pikepdf.AccessMode.stream) as pdf:
            _check(pdf)
    except pikepdf.PasswordError as error:
        raise Refused(Reason.PASSWORD) from error
    except pikepdf.QpdfRuntimeError as error:
        # To read a protected file, even one without a password, the library wants random numbers
        # from a device, which nobody can open any more.
        raise Refused(Reason.PASSWORD if "random numbers" in str(error) else Reason.DAMAGED) from error
    except pikepdf.PdfError as error:
        # A file that runs into a limit of the library is reported as if it were damaged.
        raise Refused(Reason.TOO_MUCH if settings.qpdf_limit_errors() else Reason.DAMAGED) from error
    return Findings("pdf")


def _check_edges(file):
    content = file.read()
    if not _HEADER.match(content):
        raise Refused(Reason.DAMAGED)
    end = content.rfind(_END)
    if end < 0:
        raise Refused(Reason.DAMAGED)
    if content[end + len(_END) :].strip(_SPACE):
        raise Refused(Reason.SOMETHING_ELSE_INSIDE)
    edges.check_beginning(content)
    edges.check_not_a_zip(content)
    file.seek(0)


def _check(pdf):
    if pdf.is_encrypted:
        raise Refused(Reason.PASSWORD)
    if pdf.trailer.get("/Size", 0) > _MOST_OBJECTS:
        raise Refused(Reason.TOO_MUCH)
    objects = pdf.objects
    if len(objects) > _MOST_OBJECTS:
        raise Refused(Reason.TOO_MUCH)

    down, up = {}, {}
    budget = pdf_streams.Budget()
    for each in (pdf.trailer, *objects):
        if isinstance(each, pikepdf.Stream):
            pdf_streams.check(each, budget)
            held = each.stream_dict
        elif isinstance(each, (pikepdf.Dictionary, pikepdf.Array)):
            held = each
        else:
            # The kind of an action may stand in an object of its own.
            _check_entry("/S", each)
            continue
        text = held.unparse(resolved=True)
        if _WORTH_A_LOOK.search(text) or _ADDRESS_WORTH_A_LOOK.search(text):
            _check_closely(held)
        if _LEADS_ON.search(text) and isinstance(held, pikepdf.Dictionary):
            down[each.objgen] = _numbers(_below(held))
            up[each.objgen] = _numbers([held.get("/Parent")])
    if _go_in_circles(down) or _go_in_circles(up):
        raise Refused(Reason.DAMAGED)
    if settings.qpdf_limit_errors():
        raise Refused(Reason.TOO_MUCH)
    _check_warnings(pdf)
    if not 1 <= len(pdf.pages) <= _MOST_PAGES:
        raise Refused(Reason.PDF_PAGES)


def _check_warnings(pdf):
    for warning in map(str, pdf.get_warnings()):
        if "duplicated key" in warning:
            # One program takes the first of the two, the other the last.
            raise Refused(Reason.SOMETHING_ELSE_INSIDE)
        if "loop detected" in warning or "expected endobj" in warning:
            raise Refused(Reason.DAMAGED)


def _check_closely(holder):
    """Raises Refused when the object, or one that is written inside of it, acts or brings a file."""
    waiting = [holder]
    while waiting:
        held = waiting.pop()
        if isinstance(held, pikepdf.Array):
            parts = list(held)
        else:
            parts = []
            for key, value in held.items():
                _check_entry(key, value)
                parts.append(value)
        waiting += [
            part
            for part in parts
            if isinstance(part, (pikepdf.Dictionary, pikepdf.Array)) and not part.is_indirect
        ]


def _check_entry(key, value):
    reason = _REASON_OF_KEY.get(key)
    if key in _KINDS_STAND_IN and isinstance(value, pikepdf.Name):
        reason = _REASON_OF_KIND.get(str(value))
    if key == "/OpenAction" and isinstance(value, pikepdf.Dictionary) and value.get("/S") != "/GoTo":
        reason = Reason.PDF_ACTIVE
    if key == "/URI" and isinstance(value, pikepdf.String):
        address = _UNSEEN_IN_ADDRESS.sub(b"", bytes(value))
        reason = Reason.PDF_ACTIVE if _ADDRESS_THAT_ACTS.match(address) else None
    if reason:
        raise Refused(reason)


def _below(held):
    """What a page tree, an outline or a drawing goes on to."""
    yield held.get("/First")
    yield held.get("/Next")
    kids = held.get("/Kids")
    if isinstance(kids, pikepdf.Array):
        yield from kids
    if held.get("/Subtype") == "/Form":
        yield from held.get("/Resources", {}).get("/XObject", {}).values()


def _numbers(found):
    return [each.objgen for each in found if isinstance(each, pikepdf.Object) and each.is_indirect]


def _go_in_circles(leads):
    """Whether somebody who follows the leads comes back to where he was."""
    arrivals = Counter(target for targets in leads.values() for target in targets)
    free = [source for source in leads if not arrivals[source]]
    while free:
        for target in leads.pop(free.pop(), ()):
            arrivals[target] -= 1
            if not arrivals[target] and target in leads:
                free.append(target)
    return bool(leads)
