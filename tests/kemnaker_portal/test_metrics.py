"""What a monitor reads of the portal, and that nobody else does."""

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from accounts.models import ErrorReport
from partnerships.models import OutboxMessage
from tests.factories import AgreementFactory, UserFactory

pytestmark = pytest.mark.django_db
TOKEN = "t" * 40


@pytest.fixture
def monitor(client, settings):
    settings.METRICS_TOKEN = TOKEN

    def ask(token=TOKEN):
        return client.get("/metrics", headers={"Authorization": f"Bearer {token}"})

    return ask


def numbers(answer):
    """Each number by its name and its labels."""
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.parametrize("token", ["", "u" * 40, TOKEN[:-1], "é"])
def test_without_the_token_there_is_no_such_page(monitor, token, client, registrar):
    assert monitor(token).status_code == 404
    client.force_login(registrar)
    assert monitor(token).status_code == 404


def test_where_no_token_is_set_nothing_opens_it(client, settings):
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_requests_are_counted_by_the_name_of_their_page(monitor, client, registrar):
    paper = AgreementFactory()
    page = ("view", "partnerships:agreement-detail")
    found = ("portal_requests_total", ("method", "GET"), ("status", "200"), page)
    before = numbers(monitor()).get(found, 0)
    client.force_login(registrar)
    client.get(paper.get_absolute_url())
    answer = monitor()

    # The processes of a run of tests count together.
    assert numbers(answer)[found] > before
    assert numbers(answer)["portal_request_seconds_count", page] >= 1
    assert paper.ref not in answer.content.decode()


def test_a_method_that_somebody_made_up_makes_no_figure_of_its_own(monitor, client):
    client.generic("BREW", "/masuk/")

    assert "BREW" not in monitor().content.decode()


def test_what_waits_and_what_went_wrong_is_told(monitor):
    OutboxMessage.objects.create(kind="invitation", recipient=UserFactory())
    OutboxMessage.objects.create(kind="invitation", recipient=UserFactory(), sent_at=timezone.now())
    ErrorReport.objects.create(request_id="1", method="GET", path="/", kind="KeyError", place="x.py:1 y")
    said = numbers(monitor())

    assert said["portal_mails_waiting",] == 1
    assert said["portal_errors_met",] == 1
    assert said["portal_worker_silent_seconds",] == -1
    assert said["portal_database_bytes",] > 1_000_000
