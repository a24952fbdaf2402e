"""Triggers of the tables that are written at once, off for a transaction."""

from contextlib import contextmanager


@contextmanager
def off(cursor, tables):
    """Within the block no trigger of ours runs on these tables; keys and checks hold all the same.

    Nobody else can write to the tables meanwhile, and a transaction that ends early has changed nothing.
    """
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    yield
    for table in tables:
        cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
