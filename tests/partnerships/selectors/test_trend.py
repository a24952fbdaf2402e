"""What is said of the end of each quarter is what the register says when it is read as of that day."""

import datetime
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from partnerships.actions import agreements
from partnerships.lifecycle import Status
from partnerships.models import AgreementKind, DormancyLimit, PartialDate, StatusChange
from partnerships.register import agreements_for
from partnerships.register.index import PaperIndex
from partnerships.register.index.look import one_look
from partnerships.selectors import trend
from tests.factories import AgreementFactory, TermFactory
from tests.partnerships.varied_papers import varied_papers


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-06-15")


@pytest.fixture
def papers(db):
    DormancyLimit.objects.update_or_create(kind="mou", defaults={"follow_up": 400, "progress": 700})
    DormancyLimit.objects.update_or_create(kind="pks", defaults={"progress": 30})
    papers = varied_papers(90)
    # Some were over for a while; some had several terms, or a short one.
    for number, paper in enumerate(papers[::3]):
        for status, year in ((Status.TERMINATED, 2024), (Status.SIGNED, 2025 + number % 2)):
            day = datetime.date(year, 1 + number % 12, 10)
            StatusChange.objects.create(agreement=paper, new=status, effective_on=day, by=None)
    for number, paper in enumerate(papers[1::4]):
        paper.terms.all().delete()
        ended = TermFactory(agreement=paper, starts=PartialDate.of(2023), ends=PartialDate.of(2025, 11, 30))
        ended.cut_short(datetime.date(2025, 2 + number % 8, 3), "Uji")
        ended.save()
        TermFactory(agreement=paper, position=2, starts=PartialDate.of(2026, 1 + number % 6), ends=None)
    return papers


def plain(user, url):
    return agreements_for(user, QueryDict(urlsplit(url).query)).rows().count()


@pytest.mark.parametrize("who", ["registrar", "officer_north_sumatra", "leadership"])
def test_each_point_has_as_many_papers_as_plain_sql_finds_behind_its_address(papers, request, who):
    user = request.getfixturevalue(who)
    found = set()
    with one_look():
        for points in (trend.asleep(user), trend.in_force(user), trend.in_force(user, region="12")):
            assert "&on=" not in points[-1][3]
            for _name, number, _words, url in points:
                assert number == plain(user, url), url
                found.add(number)
    assert len(found) > 4


def test_papers_read_anew_are_told_of_as_they_are_now(registrar):
    DormancyLimit.objects.update_or_create(kind="mou", defaults={"follow_up": 10})
    paper = AgreementFactory(kind=AgreementKind.MOU, signed=PartialDate.of(2024, 2, 1))
    other = AgreementFactory(kind=AgreementKind.MOU, signed=PartialDate.of(2024, 2, 1))
    days = trend.ends_of_quarters(datetime.date(2026, 6, 15), 5)
    index = PaperIndex.read()
    assert [len(index.lives_then(day).all_asleep) for day in days] == [2] * 6

    agreements.move(
        agreement=paper,
        to=Status.TERMINATED,
        by=registrar,
        reason="Uji",
        effective_on=datetime.date(2025, 9, 1),
    )
    fresh = index.with_fresh([paper.pk], names_too=False)
    assert [len(fresh.lives_then(day).all_asleep) for day in days] == [2, 2, 1, 1, 1, 1]
    assert fresh.lives_then(days[-1]).longest_asleep(fresh.lives_then(days[-1]).all_asleep, 5) == [other.pk]


def test_the_ends_of_quarters_are_days_that_are_over_and_the_day_itself():
    ends = trend.ends_of_quarters(datetime.date(2026, 3, 31), 2)
    assert ends == [datetime.date(2025, 9, 30), datetime.date(2025, 12, 31), datetime.date(2026, 3, 31)]


def test_a_row_of_days_takes_as_many_questions_as_one(papers, registrar):
    def questions(number):
        with one_look(), CaptureQueriesContext(connection) as captured:
            register = agreements_for(registrar, QueryDict(""))
            for day in trend.ends_of_quarters(datetime.date(2026, 6, 15), number):
                register.asleep_on(day)
        return len(captured)

    questions(1)
    assert questions(1) == questions(12)
