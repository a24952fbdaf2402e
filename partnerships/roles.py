"""The roles an office can be posted to, and the two that no posting gives."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    REGISTRAR = "registrar", _("Registrar (Cooperation Bureau)")
    UNIT_OFFICER = "unit_officer", _("Unit officer")
    REGIONAL_OFFICER = "regional_officer", _("Regional officer")
    LEADERSHIP = "leadership", _("Leadership")


# Not given by a posting: the operator of the portal, and everybody who has not signed in.
ADMIN = "admin"
ANONYMOUS = "anonymous"

EVERY_ROLE = [*Role.values, ADMIN, ANONYMOUS]

# Who verifies, decides about papers or hands out rights proves more than a password: so many days after the
# posting began (for an administrator: after the account was made).
SECOND_FACTOR_WITHIN_DAYS = {Role.REGISTRAR: 7, Role.UNIT_OFFICER: 7, ADMIN: 7}
