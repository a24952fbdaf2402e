"""What a person sets for the own work with the portal."""

from django.db import transaction

from accounts.models import User
from partnerships.actions import guard


@transaction.atomic
def choose_shortcuts(*, on, by):
    """Say whether single keys do something in lists."""
    with guard.history(by, "account.shortcuts"):
        User.objects.filter(pk=by.pk).update(shortcuts=on)
