"""Names hold nothing that nobody sees: what stands is cleaned, then the database keeps it so."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

from kemnaker_portal import repeatable

UNSEEN = (
    r"[\x01-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
NAMES = {
    "organization": ("organization", ["name", "short_name"]),
    "organizationalias": ("alias", ["name"]),
    "signingevent": ("signing_event", ["name"]),
    "person": ("person", ["name", "title_before", "title_after"]),
}


def cleaned(model, column):
    table = f"partnerships_{model}"
    return migrations.RunSQL(
        f"UPDATE {table} SET {column} = btrim(regexp_replace({column}, '{UNSEEN}+', ' ', 'g'))"  # noqa: S608
        f" WHERE {column} ~ '{UNSEEN}'",
        migrations.RunSQL.noop,
    )


def kept(model, name, columns):
    unseen = models.Q()
    for column in columns:
        unseen |= models.Q(**{f"{column}__regex": UNSEEN})
    name = f"{name}_names_are_seen"
    constraint = models.CheckConstraint(
        name=name,
        condition=~unseen,
        violation_error_message="This name holds signs that nobody sees. Type it anew.",
    )
    # Nobody waits while the rows that stand are read.
    yield repeatable.AddConstraintNotValid(model, constraint)
    yield ValidateConstraint(model, name)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("partnerships", "0018_row_level_security")]

    operations = [
        *(cleaned(model, column) for model, (_name, columns) in NAMES.items() for column in columns),
        *(step for model, (name, columns) in NAMES.items() for step in kept(model, name, columns)),
    ]
