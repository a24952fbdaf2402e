"""The web server of the demo: Granian, whose workers are copies of a process that has it all loaded.

Loading the portal costs a processor more than a second, and reading the register of a country some more.
Done once before the workers are forked, it is not paid by each of them, nor by the one that replaces a
killed one, and what was read lies in memory once for all.
"""

import gc
import importlib
import logging

from granian.cli import entrypoint

log = logging.getLogger(__name__)


def read_the_index() -> None:
    from django.db import DatabaseError, connections

    from partnerships.register.index.beforehand import read_beforehand

    try:
        read_beforehand()
    except DatabaseError:
        # The first requests read it, as soon as the database answers.
        log.warning("the register could not be read before the first request", exc_info=True)
    finally:
        # A connection is of one process.
        connections.close_all()


if __name__ == "__main__":
    importlib.import_module("kemnaker_portal.wsgi")
    importlib.import_module("kemnaker_portal.urls")
    read_the_index()
    # What is not looked through for garbage is not copied by a worker that does.
    gc.freeze()
    entrypoint()
