import datetime

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError

from partnerships.actions import documents, quota
from partnerships.models import StoredFile
from tests.factories import MeasurableFactory, ReportFactory
from tests.partnerships.report_pages import small_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(monkeypatch, tmp_path, agreement_of_asahan, officer_asahan):
    """Attach one more file to a report, as the officer of Asahan."""
    monkeypatch.setattr(settings, "PORTAL_DATA", tmp_path)
    report = ReportFactory(
        commitment=MeasurableFactory(agreement=agreement_of_asahan), written_by=officer_asahan
    )
    return lambda: documents.attach(report=report, upload=small_pdf(), by=officer_asahan)


def test_one_person_brings_so_many_files_a_day(bring, monkeypatch):
    monkeypatch.setattr(quota, "MOST_FILES", 2)
    bring()
    bring()

    with pytest.raises(ValidationError) as refusal:
        bring()
    assert refusal.value.code == "quota"
    assert StoredFile.objects.count() == 2
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)):
        bring()


def test_one_person_brings_so_many_bytes_a_day(bring, monkeypatch, officer_batang):
    bring()
    monkeypatch.setattr(quota, "MOST_BYTES", StoredFile.objects.get().size)

    with pytest.raises(ValidationError) as refusal:
        bring()
    assert refusal.value.code == "quota"
    quota.check_may_bring(officer_batang)
