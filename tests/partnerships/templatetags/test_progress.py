import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from partnerships.models import Indicator, PeriodState
from partnerships.templatetags import progress


def between(begins, ends):
    first, last = (day and datetime.date.fromisoformat(day) for day in (begins, ends))
    return SimpleNamespace(begins=first, ends=last)


@pytest.mark.parametrize(
    ("begins", "ends", "called"),
    [
        ("2025-03-01", "2025-03-31", "Maret 2025"),
        ("2024-02-01", "2024-02-29", "Februari 2024"),
        ("2025-02-01", "2025-02-27", "1 Feb – 27 Feb 2025"),
        ("2025-01-01", "2025-03-31", "I 2025"),
        ("2025-10-01", "2025-12-31", "IV 2025"),
        ("2025-02-01", "2025-04-30", "1 Feb – 30 Apr 2025"),
        ("2025-07-01", "2025-12-31", "II 2025"),
        ("2025-01-01", "2025-12-31", "2025"),
        ("2024-11-05", "2025-12-31", "5 Nov 2024 – 31 Des 2025"),
        (None, "2025-12-31", "31 Desember 2025"),
    ],
)
def test_a_period_is_called_as_people_call_it(begins, ends, called):
    said = progress.period(between(begins, ends))

    assert said.endswith(called)
    assert (said == called) == (called not in {"I 2025", "II 2025", "IV 2025", "31 Desember 2025"})


@pytest.mark.parametrize(
    ("rate", "percent", "bar"),
    [
        (None, "", 0),
        (Decimal(0), "0%", 0),
        (Decimal("0.625"), "62,5%", 62),
        (Decimal("0.9999"), "99,9%", 99),
        (Decimal(1), "100%", 100),
        (Decimal("12.5"), "1.250%", 100),
    ],
)
def test_a_rate_is_cut_and_its_bar_ends_at_a_hundred(rate, percent, bar):
    assert (progress.percent(rate), progress.bar(rate)) == (percent, bar)


@pytest.mark.parametrize(
    ("slug", "value", "said"),
    [
        ("peserta-dilatih", Decimal("1250.00"), "1.250 orang"),
        ("anggaran", Decimal("1250000.50"), "Rp1.250.000,5"),
        ("lahan", Decimal("2.25"), "2,25 ha"),
        ("lahan", None, ""),
    ],
)
def test_an_amount_carries_its_unit(slug, value, said, db):
    assert progress.amount(value, Indicator.objects.get(slug=slug)) == said


def test_every_state_is_a_word_an_icon_and_a_tone():
    badges = [progress.period_badge(state) for state in PeriodState]

    assert len({badge["text"] for badge in badges}) == len(badges)
    assert all(badge["icon"] and badge["tone"] for badge in badges)
