"""The one way from a request to rows: scope, filter, search, order, facets.

The page, its counts, every export and every link to "exactly these rows" ask here.
"""

from partnerships.register.answer import DEFAULT_SORT, Register, agreements_for
from partnerships.register.facets import Facet, Option
from partnerships.register.guidance import WayOut
from partnerships.register.ledger import Ledger, commitments_for
from partnerships.register.listing import Chip, Listing
from partnerships.register.shape import PAGE_SIZES

__all__ = [
    "DEFAULT_SORT",
    "PAGE_SIZES",
    "Chip",
    "Facet",
    "Ledger",
    "Listing",
    "Option",
    "Register",
    "WayOut",
    "agreements_for",
    "commitments_for",
]
