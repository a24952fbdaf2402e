"""A release to come: this one with a column, an index, a demand and a table more, which its pages ask for."""

import os
import shutil
import subprocess
import sys

from tests.serving import ROOT

# Every page of it bears this.
MARK = 'data-release="next"'
_NOT_TAKEN = shutil.ignore_patterns(
    *(".git", ".venv", ".test-data", ".bench-data", ".*_cache", "__pycache__", "tests", "docs")
)
_POSITION = '    position = models.PositiveSmallIntegerField(_("order"), default=1)\n'
_URGENCY = "    urgency = models.PositiveSmallIntegerField(default=0, db_default=0)\n"


def make_next_release(folder):
    """Put it there, with its migrations as this portal's makemigrations and a careful hand write them."""
    shutil.copytree(ROOT, folder, ignore=_NOT_TAKEN, symlinks=True)
    _replace(folder / "templates" / "base.html", "<html lang", f"<html {MARK} lang")
    _replace(folder / "partnerships" / "models" / "commitment.py", _POSITION, _POSITION + _URGENCY)
    with (folder / "static" / "css" / "base.css").open("a") as css:
        css.write("\n.next { color: inherit; }\n")
    subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "partnerships", "--name", "column"],
        cwd=folder,
        env={**os.environ, "PORTAL_DB_ROLE": "owner"},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    migrations = folder / "partnerships" / "migrations"
    (made,) = migrations.glob("*_column.py")
    made.rename(migrations / "9001_column.py")
    for name, text in (("9002_index", _INDEX), ("9003_demand", _DEMAND), ("9004_valid", _VALID)):
        (migrations / f"{name}.py").write_text(text)


def _replace(path, old, new):
    text = path.read_text()
    assert text.count(old) == 1, f"{path.name} has {text.count(old)} times {old!r}"
    path.write_text(text.replace(old, new))


_INDEX = """
from django.db import migrations, models

from kemnaker_portal import repeatable


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("partnerships", "9001_column")]

    operations = [
        repeatable.AddIndexConcurrently(
            "commitment", models.Index(fields=["text", "due"], name="commitment_of_the_next")
        ),
    ]
"""
_DEMAND = """
from django.db import migrations, models

from kemnaker_portal import repeatable


class Migration(migrations.Migration):
    dependencies = [("partnerships", "9002_index")]

    operations = [
        repeatable.AddConstraintNotValid(
            "commitment",
            models.CheckConstraint(name="urgency_is_positive", condition=models.Q(urgency__gte=0)),
        ),
        migrations.CreateModel(
            "Next",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("paper", models.ForeignKey("partnerships.agreement", models.PROTECT)),
            ],
        ),
    ]
"""
_VALID = """
from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partnerships", "9003_demand")]

    operations = [ValidateConstraint("commitment", "urgency_is_positive")]
"""
