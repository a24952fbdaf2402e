"""The matrix of one paper that a meeting goes through: what was promised, what was done, what stands in
the way, what comes next, who and until when (matriks tindak lanjut)."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.exports.of_ledger import LedgerExtract
from partnerships.models import IssuedKind

_COLUMNS = "ref,text,target,achieved,rate,obstacle,next_step,office,due"
_AS_SET = frozenset(_COLUMNS.split(","))


class MatrixExtract(LedgerExtract):
    """The commitments of one paper (``ref``), in the columns of the matrix."""

    issued_as = IssuedKind.MATRIX
    sheet = _("Follow-up matrix")
    upright = False

    def __init__(self, user, params, *, ref):
        asked = params.copy()
        for name, value in {"agreement": ref, "columns": _COLUMNS, "sort": "due"}.items():
            asked[name] = value
        super().__init__(user, asked)
        self.title = gettext("Follow-up matrix %(ref)s") % {"ref": ref}
        self.file_stem = f"matriks-{ref}"


def ledger_or_matrix(user, params):
    """What answers a question of the ledger: a matrix, where it asks for that of one paper."""
    refs, columns = params.getlist("agreement"), params.get("columns", "")
    is_matrix = len(refs) == 1 and params.get("sort") == "due" and set(columns.split(",")) == _AS_SET
    return MatrixExtract(user, params, ref=refs[0]) if is_matrix else LedgerExtract(user, params)
