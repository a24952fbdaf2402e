"""What can be asked for in the background: by its name, what answers the question."""

from partnerships.exports.dossier import DossierExtract
from partnerships.exports.meeting_file import Handout, Slides
from partnerships.exports.of_ledger import LedgerExtract
from partnerships.exports.of_matrix import MatrixExtract, ledger_or_matrix
from partnerships.exports.of_register import RegisterExtract
from partnerships.exports.packet import Packet
from partnerships.models import ExportContent, ExportForm

EXTRACTS = {
    ExportContent.REGISTER: RegisterExtract,
    ExportContent.LEDGER: ledger_or_matrix,
    ExportContent.DOSSIER: DossierExtract,
    ExportContent.PACKET: Packet,
    ExportContent.HANDOUT: Handout,
    ExportContent.SLIDES: Slides,
}
_OF_A_LIST = frozenset(set(ExportForm) - {ExportForm.ZIP})
FORMS_OF = {
    ExportContent.REGISTER: _OF_A_LIST,
    ExportContent.LEDGER: _OF_A_LIST,
    ExportContent.DOSSIER: frozenset({ExportForm.ZIP}),
    ExportContent.PACKET: frozenset({ExportForm.PDF}),
    ExportContent.HANDOUT: frozenset({ExportForm.PDF}),
    ExportContent.SLIDES: frozenset({ExportForm.PDF}),
}
CONTENT_OF = {
    RegisterExtract: ExportContent.REGISTER,
    LedgerExtract: ExportContent.LEDGER,
    MatrixExtract: ExportContent.LEDGER,
}


def extract_of(made_of, user, params):
    """The answer for this reader: it has ``count``, ``filters`` and ``file_name``. Raises Refused."""
    return EXTRACTS[ExportContent(made_of)](user, params)


def question_of(extract):
    """The question of an answer by itself, without a saved view, which may be another one tomorrow."""
    return extract.listing.question if hasattr(extract, "listing") else extract.params
