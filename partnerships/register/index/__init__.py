"""The papers of the register and the commitments of the ledger in memory: which has which value, so that
counting takes no question to the database. Every process of the portal keeps its own copy and learns of
every write before it answers (docs/architecture.md)."""

from partnerships.register.index.ledger import commitment_index
from partnerships.register.index.look import one_look
from partnerships.register.index.papers import PaperIndex
from partnerships.register.index.shared import index_of

__all__ = ["PaperIndex", "commitment_index", "index_of", "one_look"]
