"""Names that people tell apart by looking at them, kept so by the database."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.text import UNSEEN


def names_are_seen(table, *columns):
    """The constraint that nothing unseen stands in these columns, whichever way a name comes in.

    Two names that look the same and are not would be two organisations, or two people.
    """
    unseen = Q()
    for column in columns:
        unseen |= Q(**{f"{column}__regex": UNSEEN})
    return models.CheckConstraint(
        name=f"{table}_names_are_seen",
        condition=~unseen,
        violation_error_message=_("This name holds signs that nobody sees. Type it anew."),
    )
