"""What many do to the same papers, or to their own views, at once."""

from uuid import uuid4

import pytest
from django.test import Client

from partnerships.actions import bulk, saved_views
from partnerships.actions.bulk import Outcome
from partnerships.actions.saved_views import ViewRecord
from partnerships.models import AgreementTheme, BulkRun, BulkVerb, SavedView, Theme
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import AgreementFactory
from tests.partnerships.test_concurrency import all_at_once, sent_by

PAGES = 20
ADD = "/kemitraan/tindakan/tambah-bidang/"


@pytest.fixture
def registrar(own_database):
    return person(Role.REGISTRAR, "biro-kerja-sama")


@pytest.fixture
def papers(own_database):
    return [AgreementFactory(with_parties=["ditjen-binalavotas"]) for _ in range(8)]


def test_a_selection_confirmed_20_times_at_once_is_done_once(papers, registrar):
    first = Client()
    first.force_login(registrar)
    browsers = [Client() for _ in range(PAGES)]
    for browser in browsers:
        browser.cookies = first.cookies
    ask = "&".join(f"ref={paper.ref}" for paper in papers)
    page = first.get(ADD, {"ask": ask, "target": "penempatan"})
    seen = page.context["form"].initial["seen"]
    sent = {"ask": ask, "target": "penempatan", "key": uuid4(), "seen": seen, "reason": ""}

    answers = all_at_once(PAGES, lambda index: sent_by(browsers[index], ADD, sent)[:2])

    assert set(answers) == {(302, BulkRun.objects.get().get_absolute_url())}
    assert AgreementTheme.objects.count() == len(papers)
    for paper in papers:
        paper.refresh_from_db()
        assert paper.version == 2


def test_runs_over_the_same_papers_in_another_order_wait_for_each_other(papers, registrar):
    themes = list(Theme.objects.all()[:6])
    seen = {paper.ref: paper.version for paper in papers}

    def one(index):
        order = papers if index % 2 else papers[::-1]
        return bulk.run(
            verb=BulkVerb.ADD_THEME,
            target=themes[index],
            papers=order,
            seen=seen,
            by=registrar,
            key=uuid4(),
        ).results

    results = all_at_once(len(themes), one)

    # Of each paper one run had the first word; every other found it changed and left it.
    for paper in papers:
        said = sorted(outcome for run in results for ref, outcome, _words in run if ref == paper.ref)
        assert said == ["", *[Outcome.STALE] * (len(themes) - 1)]
        paper.refresh_from_db()
        assert (paper.version, paper.themes.count()) == (2, 1)


def test_of_20_views_that_become_the_default_at_once_one_is(registrar):
    all_at_once(
        PAGES,
        lambda index: (
            saved_views.save(
                name_of_list="agreements",
                query="",
                record=ViewRecord(f"Tampilan {index}", is_default=True),
                by=registrar,
                key=uuid4(),
            ).pk
        ),
    )

    assert SavedView.objects.count() == PAGES
    assert SavedView.objects.filter(is_default=True).count() == 1
