"""What the pages of issue 6 show, by the same names as the statements say it: {(figure, key): number}."""

import datetime
import re
from collections.abc import Callable, Iterable
from typing import Any

Numbers = dict[tuple[str, str], Any]
# What the pages are asked with (questions.PAGES).
THEN, PROVINCE, THEME = datetime.date(2025, 12, 31), "32", "penempatan"
_EPOCH = datetime.date(2000, 1, 1)


def parameters(page: str, user: Any) -> dict[str, Any]:
    """What the statements of a page are asked with."""
    from django.utils import timezone

    from partnerships.models import access_of
    from partnerships.selectors.quarters import quarter_of
    from partnerships.selectors.trend import ends_of_quarters

    today = timezone.localdate()
    period = _PERIODS[page]() if page in _PERIODS else None
    day = THEN if page == "regions_then" else period.day if period else today
    asked = {"day": day, "theme": THEME, "region": next(iter(access_of(user).regions), PROVINCE)}
    # What is in force and asleep today, the figures of today say.
    asked |= {"ends": [each for each in ends_of_quarters(day) if each != today]}
    asked |= {"first": quarter_of(day, -4), "after": quarter_of(day, 5)}
    if period:
        before = period.before
        asked |= {"first": period.first, "last": period.last, "first_before": before.first}
        asked |= {"last_before": before.last, "day_before": before.day}
    return asked


def _half() -> Any:
    from partnerships.selectors.periods import Period

    return Period(2025, 1)


def _year() -> Any:
    from partnerships.selectors.periods import Period

    return Period(2025)


_PERIODS = {"report": _half, "report_year": _year}


def numbers(page: str, user: Any) -> Numbers:
    """What the selectors of a page say; what is nothing is left out."""
    from partnerships.register.index.look import one_look

    with one_look():
        found = SHOWN[page](user) if page not in _PERIODS else _report(user, _PERIODS[page]())
    return {each: number for each, number in found.items() if number}


def _each(figure: str, values: dict[Any, Any], only: Callable[[Any], bool] = bool) -> Numbers:
    return {(figure, str(key)): number for key, number in values.items() if only(key)}


def _is_province(code: str) -> bool:
    return len(code) == len("11")


def _home(user: Any) -> Numbers:
    from partnerships.models import PartnerClass
    from partnerships.selectors.front import FrontPage
    from partnerships.selectors.measures import IN_FORCE

    front = FrontPage(user)
    names = ("ending", "overdue", "unverified", "undecided", "unknown", "conflict")
    labels = {each.label: each.value for each in PartnerClass}
    return {
        ("papers", ""): front.register.count,
        ("represented", ""): front.register.represented,
        **{(name, ""): each.figure.count for name, each in zip(names, front.attention, strict=True)},
        **{("class", labels[each.label]): each.figure.count for each in front.per_class},
        **{("signed", year): count for year, count, _words, _url in front.years},
        **_each("in force", IN_FORCE.values(user, None), _is_province),
        **{("newest", paper.ref): 1 for paper in front.newest},
    }


def _regions(user: Any, **asked: str) -> Numbers:
    from django.http import QueryDict

    from partnerships.selectors.places import RegionList

    query = QueryDict(mutable=True)
    query.update(asked)
    shown = RegionList(user, query)
    found: Numbers = {}
    for line in shown.lines:
        found |= {("papers", line.code): line.papers, ("in force", line.code): line.in_force}
        found[("reached", line.code)] = line.reached
        if asked:
            found[("achieved", line.code)] = line.value
    return found


def _regions_then(user: Any) -> Numbers:
    return _regions(user, on=THEN.isoformat(), measure="achieved")


def _province(user: Any) -> Numbers:
    from django.http import QueryDict

    from partnerships.selectors.measures import ASLEEP
    from partnerships.selectors.places import RegionPage
    from regions.models import Region

    shown = RegionPage(Region.objects.get(code=PROVINCE), user, QueryDict())
    done = shown.promises.figure
    found: Numbers = {
        ("papers", ""): shown.papers.count,
        ("represented", ""): shown.register.represented,
        ("alive", ""): shown.in_force.count,
        ("unknown", ""): shown.unknown_end.count,
        ("activities", ""): shown.activities.count,
        ("commitments", ""): done.commitments,
        ("measurable", ""): done.measurable,
        ("rate", ""): done.rate,
        ("reports", ""): done.waiting,
        ("overdue", ""): done.overdue,
        **_each("organization", {each.pk: each.papers for each in shown.organizations}),
        **_each("asleep of", ASLEEP.values(user, None), lambda code: code[:3] == f"{PROVINCE}."),
    }
    for line in shown.lines:
        found |= {("papers of", line.code): line.papers, ("in force of", line.code): line.in_force}
    for total, _url in shown.promises.totals:
        of = {"number of": total.commitments, "promised of": total.target}
        of |= {"done of": total.achieved, "waiting of": total.waiting}
        found |= {(name, str(total.indicator.pk)): number for name, number in of.items()}
    return found | _quarters(shown)


def _quarters(shown: Any) -> Numbers:
    """The bars of a region by their quarters; a part is of several states, so their sum is told."""
    from django.http import QueryDict

    found: Numbers = {}
    for bar in shown.quarters:
        quarter = QueryDict(bar.url.partition("?")[2])["due_after"]
        for number, tone, _words in bar.parts:
            found["quarter", f"{quarter} {tone}"] = number
    return found


def _coverage(user: Any) -> Numbers:
    from django.http import QueryDict

    from partnerships.selectors.coverage import Coverage

    shown = Coverage(user, QueryDict(f"theme={THEME}"))
    found: Numbers = {("papers", ""): shown.papers.count, ("needs", ""): shown.needs.count}
    for each in shown.provinces:
        found["province", each.region.code] = each.papers
        found["covered", each.region.code] = len(each.covered)
    return found


def _on(points: Iterable[Any], figure: str, ends: list[datetime.date]) -> Numbers:
    return {(figure, day.isoformat()): number for day, (_n, number, *_r) in zip(ends, points, strict=False)}


def _asleep(user: Any) -> Numbers:
    from partnerships.models import AgreementKind, DormantState, PartnerClass, SignOfLife
    from partnerships.selectors.sleep import SleepOverview

    shown = SleepOverview(user)
    found: Numbers = {("signed", ""): shown.signed.count}
    found |= {("state", state.value): figure.count for state, figure in shown.states}
    for name, bars, choices in (
        ("class", shown.by_class, PartnerClass),
        ("kind", shown.by_kind, AgreementKind),
    ):
        codes = {each.label: each.value for each in choices}
        for bar in bars:
            for state, (number, *_said) in zip(DormantState, bar.parts, strict=True):
                found[name, f"{codes[bar.label]} {state.value}"] = number
    found |= {("oldest", paper.ref): 1 for paper in shown.oldest}
    found |= _on(shown.trend, "asleep on", parameters("asleep", user)["ends"])
    kinds = {each.label: each.value for each in AgreementKind}
    signs = {each.label: each.value for each in SignOfLife}
    for speed in shown.speeds:
        key, took = f"{kinds[speed.kind]} {signs[speed.sign]}", speed.took
        found |= {("shown", key): took.shown, ("middle", key): took.middle}
        found |= {("in time", key): took.in_time, ("measured", key): took.measured}
    return found


def _brief(user: Any) -> Numbers:
    from django.urls import resolve

    from partnerships.register import agreements_for, commitments_for
    from partnerships.selectors import achievement, tally
    from partnerships.selectors.brief import Brief
    from partnerships.selectors.coverage import Coverage
    from partnerships.selectors.measures import IN_FORCE

    shown = Brief(user)
    names = ("alive", "covered", "commitments", "", "asleep", "ending", "overdue", "unverified")
    headlines = dict(zip(names, shown.headlines, strict=True))
    found: Numbers = {
        (name, ""): int(re.sub(r"\D", "", each.said)) for name, each in headlines.items() if name
    }
    # Of rates the page says whole percents.
    done = achievement.of_ledger(commitments_for(user, tally.asking()))
    best = commitments_for(user, tally.asking(measurable="yes")).measured.best_papers(
        agreements_for(user, tally.in_force()).selection(), len(shown.best) or 1
    )
    found |= {("measurable", ""): done.measurable, ("rate", ""): done.rate}
    found |= {
        ("best", f"{each.paper.ref} {number}"): rate
        for each, (_paper, rate, number) in zip(shown.best, best, strict=True)
    }
    figures = Coverage(user, tally.asking()).figures
    found["provinces", ""] = figures["provinces_covered"]
    found |= _each("in force", IN_FORCE.values(user, None), _is_province)
    ends = parameters("brief", user)["ends"]
    found |= _on(shown.in_force, "in force on", ends) | _on(shown.asleep, "asleep on", ends)
    found |= {("dead", each.paper.ref): 1 for each in shown.dead}
    for each in shown.decisions:
        name = next(name for part, name in _DECISIONS.items() if part in each.figure.url)
        found[name, ""] = each.figure.count
        if name == "unverified":
            reports = (resolve(row.url).kwargs.values() for row in each.rows)
            found |= {("to verify", " ".join(map(str, report))): 1 for report in reports}
    return found


# What the addresses of the decisions asked are told by.
_DECISIONS = {"dormant=": "undecided", "lacks=renewal": "to_renew", "unverified=": "unverified"}


def _report(user: Any, period: Any) -> Numbers:
    from partnerships.selectors.period_measures import ACHIEVED, OF_COMMITMENTS, OF_PAPERS
    from partnerships.selectors.period_report import PeriodReport
    from partnerships.selectors.trend import ends_of_quarters

    shown = PeriodReport(user, period)
    measures = {False: OF_PAPERS, True: (*OF_COMMITMENTS, ACHIEVED)}
    found: Numbers = {}

    def put(line: Any, of_commitments: bool, key: str) -> None:
        for measure, cell in zip(measures[of_commitments], line.cells, strict=True):
            found[f"{measure.code} now", key] = cell.now
            found[f"{measure.code} before", key] = cell.before

    dimensions = ("class", "theme", "unit", "region")
    for dimension, (_heading, *tables) in zip(dimensions, shown.divided, strict=True):
        for of_commitments, table in zip((False, True), tables, strict=True):
            put(table.total, of_commitments, "all")
            for line in table.lines:
                put(line, of_commitments, f"{dimension} {line.key}")
    ends = ends_of_quarters(period.day)
    return found | _on(shown.in_force, "in force on", ends) | _on(shown.asleep, "asleep on", ends)


def _funnel(user: Any) -> Numbers:
    from django.http import QueryDict

    from partnerships.selectors.funnel import Funnel
    from regions.models import Region

    shown = Funnel(user, QueryDict("by=region"))
    codes = dict(Region.objects.provinces().values_list("name", "code"))
    found: Numbers = {("all", ""): shown.commitments.count, ("unmeasurable", ""): shown.unmeasurable.count}
    of_all = [("all", step) for step in shown.steps]
    for key, step in [*of_all, *((codes[line.label], step) for line in shown.lines for step in line.steps)]:
        for name, number in vars(step.reached).items():
            found[f"{name} {step.stage.value}", key] = number
    for step, name in zip(shown.followed, ("trained", "certified", "placed"), strict=False):
        found[name, ""] = step.value
    return found


def _regions_side(user: Any) -> Numbers:
    from django.http import QueryDict

    from partnerships.selectors.matrix import Matrix

    shown = Matrix(user, QueryDict(f"theme={THEME}"))
    found: Numbers = {("commitments", ""): shown.commitments.count}
    # Of many regions the page shows provinces, of which it knows the cells also when it shows others.
    for (code, indicator), (number, step, last, offices) in shown._cells.items():
        if _is_province(code):
            of = {"number": number, "step": step, "offices": len(offices)}
            of["last"] = last and last - _EPOCH.toordinal()
            found |= {(name, f"{code} {indicator}"): value for name, value in of.items()}
    return found


SHOWN: dict[str, Callable[[Any], Numbers]] = {
    "home": _home,
    "home_officer": _home,
    "regions": _regions,
    "regions_then": _regions_then,
    "province": _province,
    "asleep": _asleep,
    "coverage": _coverage,
    "brief": _brief,
    "funnel": _funnel,
    "regions_side": _regions_side,
}
