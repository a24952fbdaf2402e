"""Numbers with a meaning of their own in a cell: an amount in its unit, and a rate."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Amount:
    """A number in the unit of its indicator: 1.250 orang, Rp1.250.000.000."""

    number: Decimal
    unit: str = ""
    money: bool = False

    @classmethod
    def of(cls, number, indicator):
        """None for a number that there is not."""
        if number is None:
            return None
        return cls(number, indicator.unit, indicator.is_money) if indicator else cls(number)

    def __str__(self):
        said = number_format(_short(self.number), force_grouping=True)
        if self.money:
            return f"Rp{said}"
        return f"{said} {self.unit}" if self.unit else said

    @property
    def plain(self):
        """The number alone, without needless decimals."""
        return _short(self.number)


@dataclass(frozen=True)
class Rate:
    """A part of a target, with the reports that wait for verification and may still raise it."""

    fraction: Decimal
    waiting: int = 0

    def __str__(self):
        if not self.waiting:
            return self.percent
        said = ngettext("%(rate)s, %(n)s waiting", "%(rate)s, %(n)s waiting", self.waiting)
        return said % {"rate": self.percent, "n": self.waiting}

    @property
    def percent(self):
        return f"{number_format(self.plain, force_grouping=True)}%"

    @property
    def plain(self):
        """Percent with one decimal, cut and not rounded: 100 is said only when it is reached."""
        return _short((self.fraction * 100).quantize(Decimal("0.1"), rounding=ROUND_DOWN))


def _short(number):
    """The number with at most two decimals, and with none that say nothing."""
    # Half of a hundredth goes up, as the database rounds.
    number = Decimal(number).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
