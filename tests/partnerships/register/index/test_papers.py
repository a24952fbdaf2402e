"""The index says of the papers what plain questions to the database say."""

import datetime
import random

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils import timezone

from partnerships.columns import COLUMNS
from partnerships.lifecycle import Status
from partnerships.models import Agreement, Organization, PartialDate
from partnerships.register import agreements_for, answer
from partnerships.register.index import PaperIndex
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import AgreementFactory, PostingFactory
from tests.partnerships.register.questions import chance_question
from tests.partnerships.varied_papers import varied_papers

ROLES = ["registrar", "unit_officer", "officer_asahan", "officer_north_sumatra", "leadership"]


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-06-15")


@pytest.mark.parametrize("role", ROLES)
def test_a_question_by_chance_has_the_rows_count_and_order_of_plain_sql(role, request, db):
    user = request.getfixturevalue(role)
    varied_papers(60)
    chance = random.Random(role)  # noqa: S311 - the same questions in every run

    found = set()
    for _question in range(40):
        register = agreements_for(user, chance_question(chance, most=4))
        plain = list(register.rows().values_list("pk", flat=True))

        assert register.selection().ids().tolist() == plain, register.params.urlencode()
        assert register.count == len(plain)
        found.add(len(plain))
    assert len(found) > 5


@pytest.mark.parametrize("few", [0, 5_000])
def test_in_any_order_a_page_has_the_papers_that_plain_sql_puts_there(few, unit_officer, monkeypatch):
    monkeypatch.setattr(answer, "_FEW", few)
    varied_papers(60)
    sortable = [code for code, column in COLUMNS.items() if column.order]

    for sort in [*sortable, *(f"-{code}" for code in sortable)]:
        register = agreements_for(unit_officer, QueryDict(f"sort={sort}&lacks=scan"))
        plain = list(register.rows().values_list("pk", flat=True))

        assert len(plain) > 12
        assert register.ids_between(0, 100) == plain, sort
        assert register.ids_between(5, 12) == plain[5:12], sort


def everyone(request):
    several = person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")
    unit = Organization.objects.get(slug="bbpvp-makassar")
    PostingFactory(user=several, organization=unit, role=Role.UNIT_OFFICER)
    return [*(request.getfixturevalue(role) for role in ROLES), several, AnonymousUser()]


def test_each_reader_sees_the_papers_that_the_database_lets_the_reader_see(request, db):
    varied_papers(80)
    published = AgreementFactory(status=Status.SIGNED)
    Agreement.objects.filter(pk=published.pk).update(published_at=timezone.now())
    index = PaperIndex.read()

    seen_by_each = []
    for user in everyone(request):
        seen = set(Agreement.objects.visible_to(user).values_list("pk", flat=True))
        assert set(index.seen_by(user).ids().tolist()) == seen
        seen_by_each.append(seen)
    assert seen_by_each[-1] == {published.pk}
    assert len({frozenset(seen) for seen in seen_by_each}) >= 5


def test_papers_read_anew_take_their_new_place_and_leave_the_old_one(registrar):
    papers = varied_papers(30)
    index = PaperIndex.read()
    chance = random.Random(3)  # noqa: S311 - the same papers in every run
    moved = chance.sample(papers, 8)
    for paper in moved:
        Agreement.objects.filter(pk=paper.pk).update(
            signed_earliest="2025-03-20", signed_latest="2025-03-20", signed_precision="day", kind="nda"
        )
    new = [AgreementFactory(), *varied_papers(5, seed=9)]

    fresh = index.with_fresh([paper.pk for paper in [*moved, *new]], names_too=False)

    whole = PaperIndex.read()
    assert fresh.everything.ids().tolist() == whole.everything.ids().tolist()
    for name in whole.base.groupings:
        assert fresh.everything.counts(name) == whole.everything.counts(name), name
    assert fresh.everything.represented == whole.everything.represented
    for day in (datetime.date(2024, 7, 1), datetime.date(2025, 4, 1)):
        one, another = fresh.then(day), whole.then(day)
        assert one.everything.ids().tolist() == another.everything.ids().tolist()
        for name in ("validity", "status_then"):
            assert one.everything.counts(name) == another.everything.counts(name), (day, name)


def test_a_paper_that_was_not_there_on_a_day_is_not_counted_on_it(registrar):
    paper, other = AgreementFactory(), AgreementFactory(signed=PartialDate.of(2020, 1, 2))
    day = datetime.date(2024, 5, 6)
    index = PaperIndex.read()

    for found in (index, index.with_fresh([paper.pk], names_too=False)):
        assert found.then(day).everything.ids().tolist() == [other.pk]
        assert found.then(day).seen_by(registrar).ids().tolist() == [other.pk]
    assert set(index.everything.ids().tolist()) == {paper.pk, other.pk}


def test_a_register_without_a_paper_counts_nothing(registrar):
    register = agreements_for(registrar, QueryDict("region=12&has=pks&q=apa"))

    assert register.count == 0
    assert register.knows_none
    assert all(not option.count for facet in register.facets for option in facet.options)
