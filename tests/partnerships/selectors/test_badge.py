"""The number beside “Tasks” is as new as the last commit, and is not counted again without one."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from kemnaker_portal.readers import ANONYMOUS, reading_as
from partnerships.models import Organization, Posting
from partnerships.roles import Role
from partnerships.selectors import badge
from partnerships.selectors.badge import open_count_of
from partnerships.selectors.inbox import open_count
from tests.conftest import person
from tests.factories import ActionPointFactory, AgreementFactory, MeasurableFactory, ReportFactory

pytestmark = pytest.mark.usefixtures("own_database")
OFFICE = "pemerintah-kabupaten-asahan"


@pytest.fixture
def officer():
    badge._kept.clear()
    return person(Role.REGIONAL_OFFICER, OFFICE)


def office():
    return Organization.objects.get(slug=OFFICE)


def due_last_week(officer):
    day = datetime.date.today() - datetime.timedelta(days=7)
    return MeasurableFactory(agreement=AgreementFactory(with_parties=[OFFICE]), owner=office(), due=day)


def a_draft(officer):
    commitment = due_last_week(officer)
    assert open_count_of(fresh(officer)) == 1
    ReportFactory(commitment=commitment, written_by=officer, period_end=commitment.due)


def a_point(officer):
    ActionPointFactory(agreement=AgreementFactory(with_parties=[OFFICE]), owner=office())


def a_posting_that_ended(officer):
    due_last_week(officer)
    assert open_count_of(fresh(officer)) == 1
    yesterday = datetime.date.today() - datetime.timedelta(days=1)
    Posting.objects.filter(user=officer).update(starts_on=yesterday, ends_on=datetime.date.today())


def fresh(user):
    """The user as the next request loads it."""
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("written", [due_last_week, a_draft, a_point, a_posting_that_ended])
def test_what_was_written_is_counted(written, officer):
    assert open_count_of(fresh(officer)) == 0

    written(officer)

    assert open_count_of(fresh(officer)) == open_count(fresh(officer))


def test_without_a_write_it_takes_one_question_and_the_number_stays(officer):
    due_last_week(officer)
    reader = fresh(officer)
    assert open_count_of(reader) == 1

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert open_count_of(reader) == 1

    assert len(asked) == 1


def test_who_signs_in_is_counted_for_from_the_first_answer_on(officer, client):
    due_last_week(officer)
    officer.set_password("sandi-untuk-uji-coba")
    officer.save()

    client.post("/masuk/", {"login": officer.email, "password": "sandi-untuk-uji-coba"})

    assert "perlu dikerjakan: </span>1<" in client.get("/wilayah/").content.decode()


def test_whoever_the_rows_are_read_for_the_number_is_that_of_its_owner(officer):
    due_last_week(officer)

    with reading_as(ANONYMOUS):
        assert open_count_of(fresh(officer)) == 1
