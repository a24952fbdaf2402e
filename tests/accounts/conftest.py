import pytest
from django.core.cache import cache

from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def nothing_counted(db):
    """Nobody has tried anything yet."""
    cache.clear()


@pytest.fixture
def somebody(db):
    return UserFactory()
