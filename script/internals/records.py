"""Tables and records: migrated and loaded when what they come from has changed."""

import os
import sys
from pathlib import Path

import psycopg2
from psycopg2 import errors

from kemnaker_portal.embedded_postgres import database_from_url, database_settings
from script.internals import processes
from script.internals.steps import ROOT, Done, fingerprint, is_demo, step

# Whatever can change the tables, and whatever can change what is loaded into them.
_SCHEMA = ["requirements.txt", "accounts", "regions", "partnerships/migrations"]
_SCHEMA += ["partnerships/management/commands/migrate.py"]
_LOADING = ["partnerships/data", "partnerships/imports", "partnerships/management"]
_PUBLIC_RECORDS = "partnerships/data/public-records.csv"


def bring_in_records(data_dir: Path, embedded: bool) -> None:
    """Migrate, load the official regions and reference data, the public records, the demo."""
    done = Done(data_dir / "setup.json")
    if not done.has("database", _identity(data_dir, embedded)):
        done.forget()
    log = data_dir / "setup.log"
    schema = fingerprint(ROOT / path for path in _SCHEMA)
    loading = fingerprint([schema, *(ROOT / path for path in _LOADING)])
    steps = [
        ("tables", schema, ["migrate"]),
        ("regions", loading, ["load_regions"]),
        ("reference data", loading, ["load_reference"]),
        ("public records", loading, ["import_agreements", _PUBLIC_RECORDS, "--apply", "--brief"]),
    ]
    if is_demo():
        steps.append(("demo accounts", loading, ["create_demo"]))
    for title, inputs, command in steps:
        with step(title):
            if not done.has(title, inputs):
                processes.run([sys.executable, "manage.py", *command], log)
                done.remember("database", _identity(data_dir, embedded))
                done.remember(title, inputs)


def _identity(data_dir: Path, embedded: bool) -> str:
    """Which database this is and how far it is migrated: changes when it was replaced."""
    settings = (
        database_settings(data_dir, "web") if embedded else database_from_url(os.environ["DATABASE_URL"])
    )
    connection = psycopg2.connect(
        host=settings["HOST"],
        port=settings["PORT"],
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings.get("PASSWORD") or None,
        **settings.get("OPTIONS", {}),
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT system_identifier FROM pg_control_system()")
            cluster = cursor.fetchone()[0]
            try:
                cursor.execute("SELECT count(*), max(id) FROM django_migrations")
            except (errors.UndefinedTable, errors.InsufficientPrivilege):
                # Not migrated yet, or killed before the web role was granted its rights.
                return f"{cluster} being made"
            return " ".join(map(str, (cluster, settings["NAME"], *cursor.fetchone())))
    finally:
        connection.close()
