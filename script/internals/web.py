"""The web server of the demo: Granian, whose workers are copies of a process that has it all loaded.

Loading the portal costs a processor more than a second. Done once before the workers are forked,
it is not paid by each of them, nor by the one that replaces a killed one.
"""

import importlib

from granian.cli import entrypoint

if __name__ == "__main__":
    importlib.import_module("kemnaker_portal.wsgi")
    importlib.import_module("kemnaker_portal.urls")
    entrypoint()
