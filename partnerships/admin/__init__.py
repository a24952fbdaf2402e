"""The administration of everything about partnerships, a module for each kind of page.

Reference data is edited freely; records change through the same actions as everywhere else.
"""

from partnerships.admin import (
    accounts,
    agreements,
    audit_trail,
    documents,
    exports,
    life,
    lists,
    needs,
    operation,
    partners,
    progress,
    readings,
    records,
    reference,
)

__all__ = [
    "accounts",
    "agreements",
    "audit_trail",
    "documents",
    "exports",
    "life",
    "lists",
    "needs",
    "operation",
    "partners",
    "progress",
    "readings",
    "records",
    "reference",
]
