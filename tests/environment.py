"""Loaded before Django's settings: gives the tests a database and a folder of their own."""

import atexit
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

os.environ.setdefault("PORTAL_DATA", str(ROOT / ".test-data"))
os.environ.setdefault("SECRET_KEY", "only-the-tests-use-this-key-and-nothing-else-does-0123456789")
os.environ.setdefault("DEMO", "0")

if not os.environ.get("DATABASE_URL"):
    from kemnaker_portal.embedded_postgres import in_use

    _server = in_use(Path(os.environ["PORTAL_DATA"]))
    _server.__enter__()
    atexit.register(_server.__exit__, None, None, None)
