import datetime


class ReferenceConverter:
    """KS-2025-0001: year and serial; the serial grows past four digits."""

    regex = r"KS-[0-9]{4}-[0-9]{4,9}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class RegionCodeConverter(ReferenceConverter):
    """A Kemendagri code: 12 or 12.09."""

    regex = r"[0-9]{2}(?:\.[0-9]{2})?"


class YearConverter:
    """A year of four digits: 2025."""

    regex = r"[12][0-9]{3}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)


class HalfConverter:
    """A half of a year: s1, s2."""

    regex = r"s[12]"

    def to_python(self, value):
        return int(value[1])

    def to_url(self, value):
        return f"s{value}"


class DayConverter:
    """A calendar day: 2025-03-31."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value):
        # A day that no calendar has, such as 2025-02-30, is a ValueError: an address of nothing.
        return datetime.date.fromisoformat(value)

    def to_url(self, value):
        return value.isoformat()
