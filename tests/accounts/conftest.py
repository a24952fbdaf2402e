import pytest
from django.core.cache import cache

from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def nothing_counted(request):
    """Nobody has tried anything yet."""
    if "own_database" not in request.fixturenames:
        request.getfixturevalue("db")
        cache.clear()


@pytest.fixture
def somebody(db):
    return UserFactory()
