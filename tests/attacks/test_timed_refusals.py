"""What belongs to another region is answered like what does not exist, and as quickly (T03)."""

import logging
import re
import time
from statistics import median

import pytest
from django.urls import reverse

from tests.factories import MeasurableFactory, ReportFactory
from tests.partnerships.filed_documents import read_document

NOBODYS = 987_654_321


def paper(agreement):
    return "agreement-detail", [agreement.ref], ["KS-2099-9999"]


def commitment(agreement):
    return "commitment-detail", [MeasurableFactory(agreement=agreement).pk], [NOBODYS]


def report(agreement):
    promised = MeasurableFactory(agreement=agreement)
    day = ReportFactory(commitment=promised).period_end
    return "progress-report", [promised.pk, day], [NOBODYS, day]


def document(agreement):
    return "document-detail", [read_document(agreement, "Halaman").pk], [NOBODYS]


def file(agreement):
    return "document-file", [read_document(agreement, "Halaman").pk, 1], [NOBODYS, 1]


@pytest.mark.parametrize("kind", [paper, commitment, report, document, file])
def test_what_is_another_regions_is_answered_like_what_is_not_there(
    kind, client, officer_asahan, agreement_of_batang, rounds, caplog
):
    caplog.set_level(logging.ERROR, logger="django.request")
    name, hidden, missing = kind(agreement_of_batang)
    addresses = [reverse(f"partnerships:{name}", args=values) for values in (hidden, missing)]
    client.force_login(officer_asahan)
    told, took = {address: set() for address in addresses}, {address: [] for address in addresses}

    for number in range(rounds(sample=50, full=1000)):
        # Neither is always the one that comes after the other.
        for address in addresses if number % 2 else reversed(addresses):
            began = time.perf_counter()
            answer = client.get(address)
            took[address].append(time.perf_counter() - began)
            told[address].add((answer.status_code, _without_what_differs(answer, address)))

    theirs, nobodys = (1000 * median(took[address]) for address in addresses)
    print(
        f"\n{kind.__name__}: {theirs:.2f} ms where it is another region's, {nobodys:.2f} ms where there is"
        f" none, {abs(theirs - nobodys):.2f} ms apart ({len(took[addresses[0]])} of each)"
    )
    ((status, body),) = told[addresses[0]]
    assert status == 404
    assert told[addresses[1]] == {(status, body)}


def _without_what_differs(answer, address):
    """The page without its number, its token, its minute, and the address that was asked for."""
    text = answer.content.decode().replace(answer["X-Request-Id"], "").replace(address, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|\d\d\.\d\d WIB', "", text)
