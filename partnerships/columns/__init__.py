"""The columns of the lists: one registry each, read by the page, CSV, XLSX, PDF and JSON alike."""

from partnerships.columns.column import Column, in_words
from partnerships.columns.commitments import (
    COMMITMENT_COLUMNS,
    COMMITMENT_TABLES,
    DEFAULT_COMMITMENT_COLUMNS,
    REPAIR_COLUMNS,
)
from partnerships.columns.in_sql import Table
from partnerships.columns.measures import Amount, Rate
from partnerships.columns.papers import COLUMNS, DEFAULT_COLUMNS, OF_SLEEP, PAPER_TABLES

__all__ = [
    "COLUMNS",
    "COMMITMENT_COLUMNS",
    "COMMITMENT_TABLES",
    "DEFAULT_COLUMNS",
    "DEFAULT_COMMITMENT_COLUMNS",
    "OF_SLEEP",
    "PAPER_TABLES",
    "REPAIR_COLUMNS",
    "Amount",
    "Column",
    "Rate",
    "Table",
    "in_words",
]
