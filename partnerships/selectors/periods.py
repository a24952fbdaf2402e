"""The half years and years that are reported on."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

# No paper of the register is older than the republic.
FIRST_YEAR = 1945


@dataclass(frozen=True)
class Period:
    """A calendar year, or its first or second ``half``."""

    year: int
    half: int | None = None

    @property
    def first(self):
        return datetime.date(self.year, 7 if self.half == 2 else 1, 1)

    @property
    def last(self):
        return datetime.date(self.year, 6, 30) if self.half == 1 else datetime.date(self.year, 12, 31)

    @property
    def day(self):
        """The day as of which the period is told: its last, or today while it goes on."""
        return min(self.last, timezone.localdate())

    @property
    def on(self):
        """The same day as the register is asked for it: None for today."""
        return None if self.day == timezone.localdate() else self.day

    @property
    def is_going_on(self):
        return self.last >= timezone.localdate()

    @property
    def has_begun(self):
        return self.first <= timezone.localdate()

    @property
    def before(self):
        """The period of the same length before this one."""
        if self.half == 2:
            return Period(self.year, 1)
        return Period(self.year - 1, 2 if self.half else None)

    @property
    def after(self):
        if self.half == 1:
            return Period(self.year, 2)
        return Period(self.year + 1, 1 if self.half else None)

    @property
    def code(self):
        """As it stands in an address and in the name of a file: 2025, 2025-s1."""
        return f"{self.year}-s{self.half}" if self.half else str(self.year)

    def __str__(self):
        if not self.half:
            return gettext("year %(year)s") % {"year": self.year}
        return gettext("semester %(half)s %(year)s") % {"half": "I" * self.half, "year": self.year}

    def url(self, name="period-report"):
        half = {"half": self.half} if self.half else {}
        return reverse(f"partnerships:{name}", kwargs={"year": self.year, **half})


def latest_over():
    """The last half year that is over."""
    today = timezone.localdate()
    return Period(today.year, 1 if today.month <= 6 else 2).before
