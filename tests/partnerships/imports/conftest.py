import pytest
from django.utils import translation

from partnerships.actions import agreements
from partnerships.imports.compare import standing_records
from partnerships.imports.run import apply_plan, plan_import
from partnerships.models import Agreement
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


@pytest.fixture
def revised(registrar):
    """Change the one imported paper on its page."""

    def changed(**values):
        agreement = Agreement.objects.get()
        standing = standing_records(agreement.external_source, [agreement.external_id])
        record = standing[agreement.external_id].record
        for name, value in values.items():
            setattr(record, name, value)
        agreements.revise(agreement=agreement, record=record, version=agreement.version, by=registrar)

    return changed
