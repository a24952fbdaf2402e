"""Whether what is new in the schema can be brought in while the portal works: script/internals/migrations.py.

Each migration since the last release (released.toml) is written out as SQL and judged by Squawk: what locks a
table with rows for long, and what the release before, which goes on working meanwhile, can't live with.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LIST = Path(__file__).with_name("released.toml")
# The oldest PostgreSQL that the portal works with.
_POSTGRESQL = "15"
# Matters of taste; and how long to wait for a lock is seen to by manage.py migrate.
_NOT_ASKED = (
    *("prefer-bigint-over-int", "prefer-bigint-over-smallint", "prefer-identity", "prefer-robust-stmts"),
    *("prefer-text-field", "prefer-timestamp-tz"),
    *("require-lock-timeout", "require-statement-timeout"),
)
_FIRST_WITHOUT = (
    "First release code without it (SeparateDatabaseAndState, state_operations); drop it from the"
)
_REPEATABLE = "(kemnaker_portal.repeatable)"
_OF_POSTGRES = "(django.contrib.postgres.operations)"
_REMEDIES = {
    "adding-required-field": "Give the field null=True or a db_default; demand it in a later release.",
    "ban-drop-default": "Use db_default for default: the release before writes rows without the field.",
    "adding-not-nullable-field": "Add a check NOT VALID, fill the rows, validate it; demand it later.",
    "changing-column-type": "Add a column beside it, fill it, and take the old one away in a later release.",
    "ban-drop-column": f"{_FIRST_WITHOUT} database in the release after, and say so in released.toml.",
    "ban-drop-table": f"{_FIRST_WITHOUT} database in the release after, and say so in released.toml.",
    "renaming-column": "Keep its name (db_column), or add a column beside it and fill it.",
    "renaming-table": "Keep its name (db_table).",
    "require-concurrent-index-creation": f"Use AddIndexConcurrently {_REPEATABLE}, with atomic = False.",
    "require-concurrent-index-deletion": f"Use RemoveIndexConcurrently {_OF_POSTGRES}, with atomic = False.",
    "constraint-missing-not-valid": (
        f"Use AddConstraintNotValid {_REPEATABLE}, then ValidateConstraint {_OF_POSTGRES}."
    ),
    "disallowed-unique-constraint": "Make its index concurrently, then the constraint from that (RunSQL).",
    "adding-foreign-key-constraint": "Add it NOT VALID, and validate it in a migration after it (RunSQL).",
}


@dataclass(frozen=True)
class Fault:
    """What a migration does that would hurt a portal at work, by which rule, and what to do instead."""

    rule: str
    said: str
    statement: str
    remedy: str


def main() -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kemnaker_portal.settings")
    os.environ.setdefault("PORTAL_DB_ROLE", "owner")
    django.setup()
    excused = tomllib.loads(_LIST.read_text())["excused"]
    judged = refused = 0
    for migration, state in new_migrations():
        judged += 1
        name = f"{migration.app_label}.{migration.name}"
        for fault in faults_in(sql_of(migration, state)):
            if fault.rule in excused.get(name, {}):
                continue
            refused += 1
            print(f"{name}: {fault.said} [{fault.rule}]\n    {fault.statement}\n    {fault.remedy}")
    print(f"{judged} new migrations, {refused} faults.")
    return 1 if refused else 0


def new_migrations() -> Iterator[tuple[Any, Any]]:
    """(migration, the models before it) of each that no release has brought yet, in their order."""
    from django.db.migrations.loader import MigrationLoader

    released = tomllib.loads(_LIST.read_text())["released"]
    loader = MigrationLoader(None)
    old = {
        key
        for app, name in released.items()
        if (app, name) in loader.graph.nodes
        for key in loader.graph.forwards_plan((app, name))
    }
    plan = [key for leaf in sorted(loader.graph.leaf_nodes()) for key in loader.graph.forwards_plan(leaf)]
    for key in dict.fromkeys(plan):
        migration = loader.graph.nodes[key]
        if key[0] in released and key not in old:
            yield migration, loader.project_state(key, at_end=False)


def sql_of(migration: Any, state: Any) -> str:
    """What a migration carries out, as SQL."""
    from django.db import connection

    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        migration.apply(state, editor, collect_sql=True)
    statements = "\n".join(editor.collected_sql)
    return f"BEGIN;\n{statements}\nCOMMIT;\n" if migration.atomic else statements


def faults_in(sql: str) -> list[Fault]:
    """What Squawk refuses of it."""
    squawk = Path(sys.executable).with_name("squawk")
    excluded = [f"--exclude={rule}" for rule in _NOT_ASKED]
    done = subprocess.run(
        [str(squawk), f"--pg-version={_POSTGRESQL}", "--reporter=json", *excluded],
        input=sql,
        capture_output=True,
        text=True,
    )
    try:
        found = json.loads(done.stdout)
    except ValueError:
        raise RuntimeError(f"squawk says what makes no sense: {done.stderr.strip()[-500:]}") from None
    lines = [*sql.splitlines(), ""]
    return [
        Fault(
            each["rule_name"],
            each["message"].replace("\n", " "),
            lines[each["line"]].strip()[:200],
            _REMEDIES.get(each["rule_name"], each.get("help") or "See https://squawkhq.com/docs/rules."),
        )
        for each in found
        if not (_is_of_a_new_column(each, lines) or _is_begun_again(each, lines))
    ]


def _is_of_a_new_column(found: dict[str, Any], lines: list[str]) -> bool:
    """Whether it is the foreign key of a column that is added with it: there are no values to look up."""
    return found["rule_name"] == "adding-foreign-key-constraint" and "ADD COLUMN" in lines[found["line"]]


def _is_begun_again(found: dict[str, Any], lines: list[str]) -> bool:
    """Whether it drops only what an earlier, ended run of it had added (kemnaker_portal/repeatable.py)."""
    _, drops, name = lines[found["line"]].rpartition("DROP CONSTRAINT IF EXISTS ")
    adds = f"ADD CONSTRAINT {name.rstrip(';')} "
    return bool(drops) and any(adds in line and "NOT VALID" in line for line in lines[found["line"] :])


if __name__ == "__main__":
    sys.exit(main())
