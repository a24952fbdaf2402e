"""The one way from a request to rows: scope, filter, search, order, facets.

The page, its counts, every export and every link to "exactly these rows" ask here.
"""

from partnerships.register.answer import DEFAULT_SORT, PAGE_SIZES, Chip, Register, agreements_for
from partnerships.register.facets import Facet, Option, papers_per_region, papers_per_unit
from partnerships.register.guidance import WayOut

__all__ = [
    "DEFAULT_SORT",
    "PAGE_SIZES",
    "Chip",
    "Facet",
    "Option",
    "Register",
    "WayOut",
    "agreements_for",
    "papers_per_region",
    "papers_per_unit",
]
