import numpy as np
import pytest

from partnerships.register.index.grouping import Grouping


@pytest.mark.parametrize("size", [1, 7, 64, 65, 200])
@pytest.mark.parametrize("number", [1, 3, 150])
def test_values_are_counted_among_any_of_the_papers(size, number):
    drawn = np.random.default_rng(size * number)
    positions, values = drawn.integers(size, size=3 * size), drawn.integers(number, size=3 * size).tolist()
    grouping = Grouping(size, positions, values)
    pairs = set(zip(positions.tolist(), values, strict=True))
    for mask in (np.zeros(size, bool), np.ones(size, bool), drawn.random(size) < 0.4):
        expected = {value: sum(mask[place] for place, each in pairs if each == value) for value in values}
        assert grouping.counts(mask) == {value: n for value, n in expected.items() if n}


def test_papers_count_as_often_as_they_stand_for_others():
    grouping = Grouping(3, [0, 1, 2], ["mou", "mou", "pks"])

    assert grouping.counts(np.array([1, 75, 0], np.int32)) == {"mou": 76}


def test_without_papers_no_value_is_counted():
    assert Grouping(0, [], []).counts(np.zeros(0, bool)) == {}
