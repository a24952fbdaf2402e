"""The administration of everything about partnerships, a module for each kind of page.

Reference data is edited freely; records change through the same actions as everywhere else.
"""

from partnerships.admin import (
    accounts,
    agreements,
    audit_trail,
    chain,
    documents,
    exports,
    life,
    lists,
    meetings,
    needs,
    operation,
    partners,
    privacy,
    progress,
    readings,
    records,
    reference,
    retention,
)

__all__ = [
    "accounts",
    "agreements",
    "audit_trail",
    "chain",
    "documents",
    "exports",
    "life",
    "lists",
    "meetings",
    "needs",
    "operation",
    "partners",
    "privacy",
    "progress",
    "readings",
    "records",
    "reference",
    "retention",
]
