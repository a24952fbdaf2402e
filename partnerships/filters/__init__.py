"""What the reader asked for, a filter set per list. Never a permission: the rows handed in are
already the reader's."""

from partnerships.filters.commitments import CommitmentFilter
from partnerships.filters.papers import HAS_OR_LACKS, AgreementFilter

__all__ = ["HAS_OR_LACKS", "AgreementFilter", "CommitmentFilter"]
