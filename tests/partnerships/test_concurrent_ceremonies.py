"""The page of a ceremony sent many times in the same moment."""

from uuid import uuid4

from partnerships.actions import ceremonies
from partnerships.actions.ceremonies import CeremonyRow, Shared
from partnerships.actions.record import SignatoryLine
from partnerships.models import Agreement, Organization, Person
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import SigningEventFactory
from tests.partnerships.test_concurrency import all_at_once

AT_ONCE = 8


def test_one_page_sent_many_times_at_once_makes_one_set(own_database):
    clerk = person(Role.REGISTRAR, "biro-kerja-sama")
    event, key = SigningEventFactory(), uuid4()
    unit = Organization.objects.get(slug="ditjen-binalavotas")
    governments = list(Organization.objects.filter(region__parent="12").order_by("slug")[:5])

    def send(_index):
        shared = Shared(unit=unit, signatory=SignatoryLine(person=Person(name="Nama Uji Satu")))
        rows = [CeremonyRow(kind="mou", partner=each) for each in governments]
        papers = ceremonies.enter_papers(event=event, shared=shared, rows=rows, by=clerk, key=key)
        return [paper.pk for paper in papers]

    answers = all_at_once(AT_ONCE, send)

    assert len(set(map(tuple, answers))) == 1
    assert Agreement.objects.filter(event=event).count() == len(governments)
    assert Person.objects.filter(name="Nama Uji Satu").count() == 1
