"""A migration that would lock a table with rows, or break the release before, is refused with its remedy."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader

from kemnaker_portal import repeatable
from script.internals.migrations import faults_in, new_migrations, sql_of

APP = "partnerships"


@pytest.fixture
def state(django_db_setup, django_db_blocker):
    """The models of today; what is not in a transaction may make an index concurrently."""
    with django_db_blocker.unblock():
        yield MigrationLoader(None).project_state()
        connection.close()


def judged(state, *operations, atomic=True):
    migration = migrations.Migration("0999_sample", APP)
    migration.operations, migration.atomic = list(operations), atomic
    return {fault.rule: fault for fault in faults_in(sql_of(migration, state))}


def index():
    return models.Index(fields=["name"], name="sample_index")


REFUSED = {
    "adding-required-field": (
        lambda: migrations.AddField("theme", "weight", models.IntegerField()),
        "null=True",
    ),
    "ban-drop-default": (
        lambda: migrations.AddField("theme", "weight", models.IntegerField(default=3)),
        "db_default",
    ),
    "adding-not-nullable-field": (
        lambda: migrations.AlterField("agreement", "published_at", models.DateTimeField()),
        "NOT VALID",
    ),
    "require-concurrent-index-creation": (
        lambda: migrations.AddIndex("agreement", models.Index(fields=["title"], name="sample_index")),
        "AddIndexConcurrently",
    ),
    "changing-column-type": (
        lambda: migrations.AlterField("theme", "position", models.CharField(max_length=20)),
        "Add a column beside it",
    ),
    "ban-drop-column": (lambda: migrations.RemoveField("theme", "name_en"), "First release code without it"),
    "renaming-column": (lambda: migrations.RenameField("theme", "name_en", "english"), "db_column"),
    "ban-drop-table": (lambda: migrations.DeleteModel("mailpreference"), "First release code without it"),
}


@pytest.mark.parametrize("rule", REFUSED)
def test_what_hurts_a_portal_at_work_is_refused_with_the_remedy(state, rule):
    operation, remedy = REFUSED[rule]
    found = judged(state, operation())

    assert rule in found
    assert remedy in found[rule].remedy
    assert found[rule].statement


def test_what_hurts_nobody_passes(state):
    name = models.CharField(max_length=50)
    table = migrations.CreateModel(
        "Sample",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("name", name),
            ("theme", models.ForeignKey(f"{APP}.theme", models.PROTECT)),
        ],
        options={"indexes": [index()]},
    )

    assert judged(state.clone(), table) == {}
    assert judged(state.clone(), migrations.AddField("theme", "weight", models.IntegerField(null=True))) == {}
    with_default = models.IntegerField(db_default=3)
    assert judged(state.clone(), migrations.AddField("theme", "weight", with_default)) == {}
    above = models.ForeignKey(f"{APP}.theme", models.PROTECT, null=True, db_index=False)
    assert judged(state.clone(), migrations.AddField("theme", "above", above)) == {}
    assert judged(state.clone(), repeatable.AddIndexConcurrently("theme", index()), atomic=False) == {}


def test_what_clears_away_an_ended_run_of_its_own_passes_and_what_takes_a_demand_away_does_not(state):
    demand = models.CheckConstraint(name="theme_has_a_name", condition=~models.Q(name=""))
    dropped = migrations.RunSQL('ALTER TABLE partnerships_theme DROP CONSTRAINT IF EXISTS "theme_has_a_name"')

    added = repeatable.AddConstraintNotValid("theme", demand)
    assert judged(state.clone(), added, atomic=False) == {}
    assert judged(state.clone(), dropped).keys() == {"ban-drop-constraint"}


def test_what_is_new_since_the_release_is_found_out(state, monkeypatch, tmp_path):
    released = tmp_path / "released.toml"
    released.write_text('[released]\npartnerships = "0014_issued_files"\naccounts = "0003_sign_in"\n')
    monkeypatch.setattr("script.internals.migrations._LIST", released)

    names = [migration.name for migration, _state in new_migrations() if migration.app_label == APP]

    assert names[:3] == ["0015_evaluation_meeting", "0016_needs_and_offers", "0017_history_chain"]
