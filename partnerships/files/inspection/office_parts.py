"""The XML inside an Office file: what kind of file it makes, and where it would lead its reader."""

import posixpath
import re
from xml.parsers import expat

from .verdict import Reason, Refused

_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
_TYPES, _ROOT_RELATIONS = "[Content_Types].xml", "_rels/.rels"
_MACRO_TYPE = re.compile(r"macro|vbaproject|activex|webextension|toolbar", re.IGNORECASE)
_OBJECT_TYPE = re.compile(r"oleobject|package\.ole", re.IGNORECASE)
_MAIN_DOCUMENT, _HYPERLINK = "/officedocument", "/hyperlink"
_RELATION_INSIDE = re.compile(r"/(?:oleobject|package|afchunk|subdocument|control|activexcontrol\w*)$")
_RELATION_ELSEWHERE = re.compile(r"/(?:attachedtemplate|externallink\w*|frame|connections)$")
_ADDRESS = re.compile(
    r"(?:(?:https?|mailto|tel|ftp):|file:///(?![/\\\\])|(?![a-z][a-z0-9+.-]*:|\\\\|//))", re.IGNORECASE
)

_DEEPEST = 256
_ENCODINGS = {"utf-8", "utf-16", "us-ascii", "iso-8859-1"}
# Rows of a large sheet are too many to be told of each element; without these two signs there is
# no formula among them that could ask another program.
_ROWS = re.compile(r"xl/worksheets/[^/]+\.xml")
_TEXTS_OF_ROWS = "xl/sharedstrings.xml"
_SIGNS_OF_DDE = (b"|", b"&#")
_FORMULAS = {
    "f",
    "definedName",
    "formula",
    "formula1",
    "formula2",
    "oldFormula",
    "calculatedColumnFormula",
    "totalsRowFormula",
}
_BETWEEN = "\x00"  # in no XML text
_DDE_FORMULA = re.compile(r"\|[^!]*!")
_STRING = re.compile(r'"[^"]*"')
_FIELD_CODES = {"instrText", "delInstrText"}
_DDE_FIELD = re.compile(r"^\s*DDE(?:AUTO)?\b", re.IGNORECASE | re.MULTILINE)


class Parts:
    """Reads part after part; ``kind`` is known when all were read."""

    def __init__(self, names):
        self._names = names
        self._main_parts = {}
        self._documents = []

    def kind(self):
        """ "docx" or "xlsx". Raises Refused for every other thing that is packed like them."""
        if _TYPES not in self._names or _ROOT_RELATIONS not in self._names:
            raise Refused(Reason.OTHER_KIND)
        if len(self._documents) != 1 or len(self._main_parts) != 1:
            raise Refused(Reason.OTHER_KIND)
        kind = self._main_parts.get(self._documents[0])
        if kind is None or self._documents[0] not in self._names:
            raise Refused(Reason.OTHER_KIND)
        return kind

    def read(self, name, content):
        """Raises Refused, or expat.ExpatError when the part is no XML."""
        lower = name.lower()
        if name == _TYPES:
            _Walk(self._see_type).read(content)
        elif lower.endswith(".rels"):
            _Walk(self._see_root_relation if name == _ROOT_RELATIONS else self._see_relation).read(content)
        elif lower.endswith(".vml"):
            _check_old_drawing(content)
        elif lower == _TEXTS_OF_ROWS or (_ROWS.fullmatch(lower) and not _has_sign_of_dde(content)):
            _new_parser().Parse(content, True)
        elif lower.startswith("xl/"):
            _check_formulas(content)
        elif lower.startswith("word/"):
            _check_fields(content)
        else:
            _Walk().read(content)

    def _see_type(self, _tag, attributes):
        type_ = attributes.get("ContentType", "")
        if _MACRO_TYPE.search(type_):
            raise Refused(Reason.OFFICE_MACRO)
        if _OBJECT_TYPE.search(type_):
            raise Refused(Reason.OFFICE_INSIDE)
        if type_ in _MAIN:
            self._main_parts[attributes.get("PartName", "").lstrip("/")] = _MAIN[type_]

    def _see_root_relation(self, tag, attributes):
        self._see_relation(tag, attributes)
        if attributes.get("Type", "").lower().endswith(_MAIN_DOCUMENT):
            self._documents.append(posixpath.normpath(attributes.get("Target", "").lstrip("/")))

    def _see_relation(self, _tag, attributes):
        type_ = attributes.get("Type", "").lower()
        target = attributes.get("Target", "")
        if _RELATION_INSIDE.search(type_):
            raise Refused(Reason.OFFICE_INSIDE)
        if attributes.get("TargetMode", "").strip().lower() == "external":
            if not type_.endswith(_HYPERLINK) or not _ADDRESS.match(target.strip()):
                raise Refused(Reason.OFFICE_ELSEWHERE)
        elif _RELATION_ELSEWHERE.search(type_) or "://" in target:
            raise Refused(Reason.OFFICE_ELSEWHERE)


def _has_sign_of_dde(content):
    return any(sign in content for sign in _SIGNS_OF_DDE)


def _new_parser():
    parser = expat.ParserCreate()
    # No document needs definitions; they are how a small text grows or reads what it should not.
    parser.StartDoctypeDeclHandler = _refuse_definitions
    parser.EntityDeclHandler = _refuse_definitions
    parser.XmlDeclHandler = _check_declaration
    return parser


def _refuse_definitions(*_definition):
    raise Refused(Reason.SOMETHING_ELSE_INSIDE)


def _check_declaration(_version, encoding, _standalone):
    if encoding and encoding.lower() not in _ENCODINGS:
        raise Refused(Reason.DAMAGED)


def _check_old_drawing(content):
    """Raises Refused for definitions; Excel itself writes these drawings not always as good XML."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00" in content:
        raise Refused(Reason.SOMETHING_ELSE_INSIDE)


class _Walk:
    """Goes through one part and shows each element and, of some, the text in them."""

    def __init__(self, see=None, see_text=None, texts_of=frozenset()):
        self._see = see
        self._see_text = see_text
        self._texts_of = texts_of
        self._depth = 0
        self._parser = _new_parser()

    def read(self, content):
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.Parse(content, True)

    def _begin(self, tag, attributes):
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Refused(Reason.TOO_MUCH)
        name = tag.rpartition(":")[2]
        if self._see:
            self._see(name, {key.rpartition(":")[2]: value for key, value in attributes.items()})
        self._parser.CharacterDataHandler = self._see_text if name in self._texts_of else None

    def _end(self, _tag):
        self._depth -= 1
        self._parser.CharacterDataHandler = None


def _check_fields(content):
    """Raises Refused for a Word field that starts another program. Its text may come in pieces."""
    codes = []

    def see(name, attributes):
        if name == "fldChar":
            codes.append("\n")
        if name == "fldSimple":
            codes.append(f"\n{attributes.get('instr', '')}\n")

    _Walk(see, codes.append, _FIELD_CODES).read(content)
    if _DDE_FIELD.search("".join(codes)):
        raise Refused(Reason.OFFICE_MACRO)


def _check_formulas(content):
    """Raises Refused for a formula that asks another program, as in ``=cmd|' /c calc'!A1``."""
    formulas = []

    def see(name, _attributes):
        if name in _FORMULAS:
            formulas.append(_BETWEEN)

    _Walk(see, formulas.append, _FORMULAS).read(content)
    if any(_DDE_FORMULA.search(_STRING.sub("", each)) for each in "".join(formulas).split(_BETWEEN)):
        raise Refused(Reason.OFFICE_MACRO)
