"""The index says of the commitments what plain questions to the database say."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils import timezone

from partnerships.lifecycle import Status
from partnerships.models import Agreement, Commitment, CommitmentStanding, Organization, Theme
from partnerships.models.standing import state_on
from partnerships.register import commitments_for, ledger
from partnerships.register.index import PaperIndex
from partnerships.register.index.commitments import CommitmentIndex
from partnerships.register.index.standings import STATES, Standings
from partnerships.roles import Role
from partnerships.selectors import achievement
from tests.conftest import person
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    MeasurableFactory,
    PostingFactory,
    ReportFactory,
)
from tests.partnerships.register.commitment_questions import chance_question
from tests.partnerships.varied_commitments import varied_commitments

TODAY = date(2026, 3, 2)
ROLES = ["registrar", "unit_officer", "officer_asahan", "officer_north_sumatra", "leadership"]


@pytest.fixture(autouse=True)
def the_second_of_march(time_machine):
    time_machine.move_to("2026-03-02T05:00:00Z", tick=False)


@pytest.mark.parametrize("role", ROLES)
def test_a_question_by_chance_has_the_rows_order_and_figures_of_plain_sql(role, request, db):
    user = request.getfixturevalue(role)
    varied_commitments(70)
    chance = random.Random(role)  # noqa: S311 - the same questions in every run

    found = set()
    for _question in range(50):
        asked = commitments_for(user, chance_question(chance, most=4))
        plain = list(asked.rows().values_list("pk", flat=True))

        assert asked.selection().ids().tolist() == plain, asked.params.urlencode()
        if asked.on:
            assert achievement.of_ledger(asked) == nearly(achievement.of(asked.standings(), asked.on))
            continue
        sums = asked.standings().figures(asked.day)
        for name in ("shown", "commitments", "overdue", "measurable_ones", "reports_waiting", "rates"):
            assert getattr(asked.figures, name) == getattr(sums, name), (asked.params.urlencode(), name)
        found.add(len(plain))
    assert len(found) > 5


def nearly(plain):
    """A plain achievement as the index tells it: of a rate the database keeps more digits."""
    rate = None if plain.rate is None else pytest.approx(plain.rate, abs=Decimal("1e-12"))
    return replace(plain, rate=rate)


DAYS = [date(2024, 12, 31), date(2025, 6, 30), date(2025, 10, 1), date(2026, 3, 1), TODAY, date(2026, 9, 9)]


@pytest.mark.parametrize("role", ROLES)
def test_on_any_day_what_was_achieved_is_what_plain_sql_says(role, request, db):
    user = request.getfixturevalue(role)
    for commitment in varied_commitments(70)[::5]:
        Commitment.objects.filter(pk=commitment.pk).update(withdrawn_on=date(2025, 11, 1))

    rates = set()
    for day in DAYS:
        asked = commitments_for(user, QueryDict(f"on={day}"))
        found = achievement.of_ledger(asked)
        assert found == nearly(achievement.of(asked.standings(), day)), day
        rates.add(found.rate)
        of_each = {total.indicator: total for total in achievement.totals(asked.standings(), day)}
        told = asked.measured.by_indicator()
        assert told == {
            total.indicator.pk: (total.commitments, total.target, total.achieved, total.waiting)
            for total in of_each.values()
        }
        for name, codes in {"region": ["12", "12.09"], "class": ["regional"], "theme": ["k3"]}.items():
            means = asked.measured.by(name)
            for code in codes:
                narrower = commitments_for(user, QueryDict(f"on={day}&{name}={code}"))
                plain = achievement.of(narrower.standings(), day).rate
                told = means.get(Theme.objects.get(slug=code).pk if name == "theme" else code)
                assert (told and float(told)) == (plain and pytest.approx(float(plain))), (day, code)
    assert len(rates) >= 2


@pytest.mark.parametrize("role", ROLES)
def test_the_number_beside_a_filter_is_what_plain_sql_counts(role, request, db):
    user = request.getfixturevalue(role)
    varied_commitments(50)
    chance = random.Random(role)  # noqa: S311 - the same questions in every run

    counted = 0
    for _question in range(12):
        question = chance_question(chance, most=2)
        asked = commitments_for(user, question)
        for facet in [*asked.facets, *asked.marks]:
            for option in chance.sample(facet.options, min(2, len(facet.options))):
                query = question.copy()
                query.setlist(facet.name, [option.value])
                rows = commitments_for(user, query).rows().order_by()
                assert rows.count() == option.count, (query.urlencode(), option)
                counted += bool(option.count)
    assert counted > 20


@pytest.mark.parametrize("few", [0, 5_000])
def test_in_any_order_a_page_has_the_commitments_that_plain_sql_puts_there(few, unit_officer, monkeypatch):
    monkeypatch.setattr(ledger, "_FEW", few)
    varied_commitments(50)
    sortable = [code for code, column in ledger.COMMITMENT_COLUMNS.items() if column.order]

    for sort in [*sortable, *(f"-{code}" for code in sortable)]:
        for day in ("", "&on=2025-10-01"):
            asked = commitments_for(unit_officer, QueryDict(f"sort={sort}&funding=apbn&funding=phln{day}"))
            plain = list(asked.rows().values_list("pk", flat=True))

            assert len(plain) > 12
            assert asked.ids_between(0, 100) == plain, sort
            assert asked.ids_between(5, 12) == plain[5:12], sort


@pytest.fixture
def everyone(request, db):
    """A reader of each role, one with two, and one without an account."""
    several = person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")
    unit = Organization.objects.get(slug="bbpvp-makassar")
    PostingFactory(user=several, organization=unit, role=Role.UNIT_OFFICER)
    return [*(request.getfixturevalue(role) for role in ROLES), several, AnonymousUser()]


def as_read():
    return CommitmentIndex(PaperIndex.read(), Standings.read())


def test_each_reader_sees_the_commitments_of_the_papers_that_the_reader_sees(everyone):
    varied_commitments(60)
    published = MeasurableFactory()
    Agreement.objects.filter(pk=published.agreement_id).update(published_at=timezone.now())
    index = as_read()

    seen_by_each = []
    for user in everyone:
        seen = set(CommitmentStanding.objects.visible_to(user).values_list("pk", flat=True))
        assert set(index.selection(index.seen_by(user), TODAY).ids().tolist()) == seen
        seen_by_each.append(seen)
    assert seen_by_each[-1] == {published.pk}
    assert len({frozenset(seen) for seen in seen_by_each}) >= 5


def test_the_offices_on_the_panel_are_those_that_the_reader_may_know_of(everyone):
    varied_commitments(40)
    hidden = Organization.objects.create(name="PT Tersembunyi", slug="pt-tersembunyi", kind="company")
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    CommitmentFactory(agreement=paper, owner=hidden)

    for user in everyone[:-1]:
        [facet] = [each for each in commitments_for(user, QueryDict()).facets if each.name == "owner"]
        rows = CommitmentStanding.objects.visible_to(user).filter(withdrawn_on=None)
        named = {pk for pair in rows.values_list("owner", "owing") for pk in pair}
        known = Organization.objects.visible_to(user).filter(pk__in=named)
        assert {option.value for option in facet.options} == set(known.values_list("slug", flat=True))
    bureau, _unit, asahan = everyone[:3]
    assert hidden.slug in offered(bureau)
    assert commitments_for(asahan, QueryDict()).count
    assert hidden.slug not in offered(asahan)


def offered(user):
    [facet] = [each for each in commitments_for(user, QueryDict()).facets if each.name == "owner"]
    return {option.value for option in facet.options}


def test_on_every_day_the_state_is_the_one_of_the_database(registrar):
    varied_commitments(60)
    ReportFactory(commitment=MeasurableFactory(due="2025-12-31"), reach="submitted")
    for due in ("2026-03-01", "2026-03-02", "2026-03-16", "2026-03-17"):
        MeasurableFactory(due=due)
    standings = Standings.read()

    found = set()
    for day in (date(2025, 1, 1), date(2025, 10, 1), TODAY, date(2026, 3, 20), date(2030, 1, 1)):
        rows = CommitmentStanding.objects.annotate(state=state_on(day)).values_list("pk", "state")
        states = [STATES[code] for code in standings.states(day)]
        assert dict(zip(standings.ids.tolist(), states, strict=True)) == dict(rows)
        found |= set(states)
    assert found == set(STATES)


def test_commitments_read_anew_take_their_new_place_and_leave_the_old_one(registrar):
    commitments, gone = varied_commitments(40), MeasurableFactory()
    before = Standings.read().with_reported()
    chance = random.Random(3)  # noqa: S311 - the same commitments in every run
    moved = chance.sample(commitments, 8)
    for commitment in moved[:6]:
        Commitment.objects.filter(pk=commitment.pk).update(due="2026-05-05", funding="phln", target=7)
    gone_id, _counted = gone.pk, gone.delete()
    ReportFactory(commitment=MeasurableFactory(target=3), value=1, reach="verified")
    varied_commitments(8, seed=5)
    new = CommitmentStanding.objects.exclude(pk__in=before.ids.tolist()).values_list("pk", flat=True)

    fresh = before.with_fresh([gone_id, *(each.pk for each in moved), *new])

    whole = Standings.read()
    assert fresh.ids.tolist() == whole.ids.tolist()
    for name in ("next_due", "withdrawn_on", "due", "waiting", "position"):
        assert getattr(fresh, name).tolist() == getattr(whole, name).tolist(), name
    for name in ("paper", "alike", "offices", "rate"):
        one, another = getattr(fresh, name), getattr(whole, name)
        assert one.values[one.codes].tolist() == another.values[another.codes].tolist(), name
    for day in DAYS:
        assert fresh.achieved_by(day).tolist() == whole.achieved_by(day).tolist(), day
    assert fresh.achieved_by(TODAY).tolist() != before.achieved_by(TODAY).tolist()
    papers = PaperIndex.read()
    counted = [
        CommitmentIndex(papers, each).selection(each.withdrawn_by(date.max) | True, TODAY)
        for each in (fresh, whole)
    ]
    for name in ("state", "indicator", "region", "office", "unit", "class", "funding"):
        assert counted[0].counts(name) == counted[1].counts(name), name
    assert counted[0].figures == counted[1].figures


def test_rates_are_added_up_as_exactly_as_the_database_does(registrar):
    for target, value in ((3, 1), (7, 2), (11, 12), (9_999_999_999, 1), (100, 0)):
        ReportFactory(commitment=MeasurableFactory(target=target), value=value, reach="verified")

    asked = commitments_for(registrar, QueryDict())

    assert asked.figures.rates == asked.standings().figures(TODAY).rates
    assert asked.figures.rates > Decimal("1.619")


def test_a_ledger_without_a_commitment_counts_nothing(registrar):
    AgreementFactory(status=Status.SIGNED)
    asked = commitments_for(registrar, QueryDict("region=12&class=regional&q=apa"))

    assert asked.count == 0
    assert asked.knows_none
    assert asked.figures.rates == 0
    assert all(not option.count for facet in [*asked.facets, *asked.marks] for option in facet.options)
