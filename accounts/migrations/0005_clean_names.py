"""Names of accounts hold nothing that nobody sees: what stands is cleaned, then the database keeps it so."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

from kemnaker_portal import repeatable

UNSEEN = (
    r"[\x01-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
NAME = "user_names_are_seen"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("accounts", "0004_sealed_second_factors")]

    operations = [
        migrations.RunSQL(
            f"UPDATE accounts_user SET name = btrim(regexp_replace(name, '{UNSEEN}+', ' ', 'g'))"  # noqa: S608
            f" WHERE name ~ '{UNSEEN}'",
            migrations.RunSQL.noop,
        ),
        # Nobody waits while the rows that stand are read.
        repeatable.AddConstraintNotValid(
            "user",
            models.CheckConstraint(
                name=NAME,
                condition=~models.Q(name__regex=UNSEEN),
                violation_error_message="This name holds signs that nobody sees. Type it anew.",
            ),
        ),
        ValidateConstraint("user", NAME),
    ]
