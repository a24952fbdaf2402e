"""What a page says, as lines of a table: the rows of a document that is no list."""

import json
from dataclasses import dataclass

from partnerships.exports.cells import harmless, plain

_MARK = "\ufeff"


@dataclass(frozen=True)
class Sheet:
    """Lines under columns (code name: heading), each with what stands in every column; ``stem`` names its
    files."""

    stem: str
    name: str
    columns: dict[str, str]
    lines: tuple[tuple[str, ...], ...]

    @property
    def count(self):
        return len(self.lines)

    def as_csv(self):
        """As ``as_csv`` writes a list."""
        return csv_text([self.columns.values(), *self.lines]).encode()

    def as_json(self, as_of, digest):
        """As ``as_json`` writes a list; ``digest`` takes the rows without what stands around them."""
        rows = [dict(zip(self.columns, line, strict=True)) for line in self._texts()]
        said = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
        digest.update(said)
        head = json.dumps({"count": self.count, "as_of": as_of.isoformat(timespec="seconds")})
        return f'{head[:-1]}, "rows": [\n'.encode() + said + b"\n]}\n"

    def _texts(self):
        return [[plain(str(text)) for text in line] for line in self.lines]


def csv_text(rows):
    """Rows of texts and numbers that are not below 0, as a spreadsheet set to Indonesian reads them."""
    texts = ([harmless(plain(str(cell))) for cell in row] for row in rows)
    return _MARK + "".join(";".join(map(_quoted, row)) + "\r\n" for row in texts)


def _quoted(text):
    return '"' + text.replace('"', '""') + '"' if set(text) & set('";\n') else text
