"""Has a file looked into by a process of its own, and reads that process's answer with mistrust."""

import json
import logging

from partnerships.files import refusals
from partnerships.files.inspection.verdict import Findings, Reason
from partnerships.files.kinds import KINDS
from partnerships.files.limited import answer_of, library_folder

WALL_SECONDS = 6
_LONGEST_ANSWER = 2**18  # bytes; every piece of a picture of 2,000 segments fits
_LONGEST_INSERTION = 200
# The modules are found through these folders alone: neither the portal nor Django is among them.
_BEGIN = "import sys; sys.path += sys.argv[1:3]; from inspection.child import main; main()"
_LIBRARIES = {"pdf": "pikepdf", "jpeg": "PIL", "png": "PIL", "office": ""}

log = logging.getLogger(__name__)


def examine(path, family, limit):
    """The Findings of a good file. Raises FileRefused, NotNow when the portal can't look."""
    size = path.stat().st_size
    library = _library_folder(family)
    try:
        with path.open("rb") as file:
            answer, exit_code = answer_of(
                _BEGIN, library, family, file=file, wall_seconds=WALL_SECONDS, longest=_LONGEST_ANSWER
            )
    except OSError as error:
        log.exception("the process that looks into files could not start")
        raise refusals.cannot_look() from error
    if answer is None and exit_code > 0:
        log.error("the process that looks into files could not start (exit code %d)", exit_code)
        raise refusals.cannot_look()
    return _understood(answer, family, size, limit)


def _library_folder(family):
    """Where the one library lies that this family needs."""
    library = _LIBRARIES[family]
    folder = library_folder(library) if library else ""
    if folder is None:
        log.error("the package %s, which looks into files, is not installed", library)
        raise refusals.cannot_look()
    return folder


def _understood(answer, family, size, limit):
    """The Findings of an answer. What a process says that read a hostile file is not believed blindly."""
    if answer is None:
        raise refusals.refused_for(Reason.TOO_MUCH, limit)
    try:
        said = json.loads(answer)
        if "refused" in said:
            raise refusals.refused_for(Reason(said["refused"]), limit)
        findings = Findings(**said)
        believable = (
            KINDS[findings.kind].family == family
            and isinstance(findings.place_removed, bool)
            and _are_pieces(findings.pieces, size)
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        believable = False
    if not believable:
        raise refusals.refused_for(Reason.DAMAGED, limit)
    return findings


def _are_pieces(pieces, size):
    position = 0
    for piece in pieces:
        if isinstance(piece, str):
            if len(bytes.fromhex(piece)) > _LONGEST_INSERTION:
                return False
            continue
        start, end = piece
        if not (type(start) is type(end) is int and position <= start < end <= size):
            return False
        position = end
    return isinstance(pieces, list)
