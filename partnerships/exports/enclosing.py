"""The rows that a PDF is made of, as the CSV and the JSON that travel inside it."""

import hashlib
import zlib
from dataclasses import dataclass

from partnerships.exports import as_csv, as_json
from partnerships.exports.piece import Enclosure
from partnerships.exports.sheet import Sheet

# As a PDF of many rows is made, a processor is free for this, and time is short.
_QUICKLY = 3
_MEDIA_TYPES = {"csv": "text/csv", "json": "application/json"}


@dataclass(frozen=True)
class Enclosed:
    """The files of some rows, how many rows they are, and the SHA-256 of these as JSON."""

    files: tuple[Enclosure, ...] = ()
    rows: int = 0
    rows_sha256: str = ""


def enclose(sources, as_of, progress=None):
    """The rows of Extracts, within their snapshot, and of Sheets as Enclosed.

    ``progress`` is told how many rows of each file are made; what it raises leaves.
    """
    digest = hashlib.sha256()
    files = []
    for source in sources:
        if isinstance(source, Sheet):
            stem, name = source.stem, source.name
            made = {"csv": [source.as_csv()], "json": [source.as_json(as_of, digest)]}
        else:
            stem, name = source.file_stem, source.sheet
            made = {"csv": as_csv.parts(source, progress), "json": as_json.parts(source, progress, digest)}
        files += [_packed(f"{stem}.{form}", f"{name} ({form.upper()})", form, made[form]) for form in made]
    return Enclosed(tuple(files), sum(source.count for source in sources), digest.hexdigest())


def digest_of(sources, as_of):
    """The SHA-256 of the rows of Extracts and Sheets, as ``enclose`` gives it."""
    digest = hashlib.sha256()
    for source in sources:
        if isinstance(source, Sheet):
            source.as_json(as_of, digest)
        else:
            for _part in as_json.parts(source, digest=digest):
                pass
    return digest.hexdigest()


def _packed(name, description, form, parts):
    packer, checked, size, packed = zlib.compressobj(_QUICKLY), hashlib.md5(usedforsecurity=False), 0, []
    for part in parts:
        checked.update(part)
        size += len(part)
        packed.append(packer.compress(part))
    packed.append(packer.flush())
    return Enclosure(name, _MEDIA_TYPES[form], description, size, checked.hexdigest(), b"".join(packed))
