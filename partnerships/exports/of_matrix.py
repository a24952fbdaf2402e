"""The matrix of one paper that a meeting goes through: what was promised, what was done, what stands in
the way, what comes next, who and until when (matriks tindak lanjut)."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.exports.of_ledger import LedgerExtract

_COLUMNS = "ref,text,target,achieved,rate,obstacle,next_step,office,due"


class MatrixExtract(LedgerExtract):
    """The commitments of one paper (``ref``), in the columns of the matrix."""

    sheet = _("Follow-up matrix")
    upright = False

    def __init__(self, user, params, *, ref):
        asked = params.copy()
        for name, value in {"agreement": ref, "columns": _COLUMNS, "sort": "due"}.items():
            asked[name] = value
        super().__init__(user, asked)
        self.title = gettext("Follow-up matrix %(ref)s") % {"ref": ref}
        self.file_stem = f"matriks-{ref}"
