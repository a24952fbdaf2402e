"""What a process keeps, read before anybody asks."""

from partnerships.register.index.kept_texts import read_texts
from partnerships.register.index.ledger import commitment_index


def read_beforehand():
    """Read the papers, their commitments and their texts, for the first request to find them there."""
    commitment_index()
    read_texts()
