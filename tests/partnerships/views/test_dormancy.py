"""Papers that sleep: counted on a page, shown on the paper, decided on a page of its own."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.models import ActionPoint, AgreementKind, DormancyDecision, DormancyLimit, PartialDate
from tests.factories import AgreementFactory
from tests.partnerships.sheets import text_of

LIST = reverse("partnerships:dormant-list")
PARTIES = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]


@pytest.fixture
def paper(db):
    return asleep()


def asleep():
    DormancyLimit.objects.update_or_create(kind=AgreementKind.MOU, defaults={"follow_up": 100})
    return AgreementFactory(with_parties=PARTIES, signed=PartialDate.of(2020, 1, 2))


def page_of(paper):
    return reverse("partnerships:agreement-dormancy", args=[paper.ref])


def decision(client, paper, **more):
    form = client.get(page_of(paper)).context["form"]
    return {
        "key": form["key"].value(),
        "version": str(paper.version),
        "outcome": "revive",
        "reason": "Anggaran 2027 tersedia",
        "text": "Menyusun perjanjian kerja sama",
        "owner": "ditjen-binalavotas",
        "due": (timezone.localdate() + datetime.timedelta(days=30)).isoformat(),
        **more,
    }


def test_a_paper_says_that_it_sleeps_and_what_was_decided(client, registrar, paper):
    client.force_login(registrar)
    shown = text_of(client.get(paper.get_absolute_url()))
    assert "Naskah ini tidur sejak 12 April 2020" in shown
    assert "Putuskan tindak lanjutnya" in shown

    answer = client.post(page_of(paper), decision(client, paper))
    assert answer.status_code == 302

    shown = text_of(client.get(paper.get_absolute_url()))
    assert "dihidupkan kembali" in shown
    assert "Menyusun perjanjian kerja sama" in shown
    assert "Putuskan tindak lanjutnya" not in shown


def test_a_reader_who_may_not_decide_sees_the_state_alone(client, officer_asahan, paper):
    client.force_login(officer_asahan)
    shown = text_of(client.get(paper.get_absolute_url()))
    assert "Naskah ini tidur sejak" in shown
    assert "Putuskan tindak lanjutnya" not in shown


def test_a_decision_that_lacks_something_keeps_what_was_typed(client, registrar, paper):
    client.force_login(registrar)
    answer = client.post(page_of(paper), decision(client, paper, outcome="", due="kemarin"))

    assert answer.status_code == 422
    assert "Anggaran 2027 tersedia" in answer.content.decode()
    assert not DormancyDecision.objects.exists()


def test_a_decision_on_what_somebody_changed_meanwhile_is_shown_anew(client, registrar, paper):
    client.force_login(registrar)
    answer = client.post(page_of(paper), decision(client, paper, version="77"))

    assert answer.status_code == 409
    assert "Anggaran 2027 tersedia" in answer.content.decode()
    assert not ActionPoint.objects.exists()


def test_the_page_counts_what_the_reader_may_see(client, registrar, officer_batang, paper):
    client.force_login(registrar)
    page = client.get(LIST)
    assert [figure.count for _state, figure in page.context["shown"].states] == [1, 0]
    assert paper.ref in page.content.decode()

    client.force_login(officer_batang)
    page = client.get(LIST)
    assert [figure.count for _state, figure in page.context["shown"].states] == [0, 0]
    assert paper.ref not in page.content.decode()


def test_each_figure_leads_to_as_many_papers(client, registrar, paper):
    AgreementFactory(kind=AgreementKind.PKS, implements=asleep(), signed=PartialDate.of(2020, 1, 31))
    client.force_login(registrar)
    shown = client.get(LIST).context["shown"]

    for _state, figure in shown.states:
        assert client.get(figure.url).context["listing"].count == figure.count
    for bar in [*shown.by_kind, *shown.by_class]:
        assert client.get(bar.url).context["listing"].count == bar.total
    follow_up = next(speed for speed in shown.speeds if speed.took.shown)
    assert (follow_up.took.middle, follow_up.took.in_time, follow_up.took.measured) == (29, 1, 2)


def test_the_page_takes_as_many_queries_for_one_paper_as_for_thirty(client, registrar, paper):
    client.force_login(registrar)
    client.get(LIST)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    one = queries()
    for _ in range(29):
        asleep()
    assert queries() == one
