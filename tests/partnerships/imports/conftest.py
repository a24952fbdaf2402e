import pytest
from django.utils import translation

from partnerships.imports.run import apply_plan, plan_import
from tests.partnerships.imports.files import as_csv


@pytest.fixture(autouse=True)
def english(indonesian):
    """Reasons are compared by the words of the code, so that a better translation breaks nothing."""
    with translation.override("en"):
        yield


@pytest.fixture
def plan(registrar):
    """Plan an import of these rows."""

    def planned(lines, **options):
        return plan_import(as_csv(lines), by=registrar, **options)

    return planned


@pytest.fixture
def imported(registrar, plan):
    """Import these rows."""

    def applied(lines, *, overwrite=False, **options):
        return apply_plan(plan(lines, **options), by=registrar, overwrite=overwrite)

    return applied
