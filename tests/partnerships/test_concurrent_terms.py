"""Terms and addenda, by many at once, on a database that is really committed."""

from collections import Counter
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from partnerships.actions import addenda, terms
from partnerships.actions.addenda import AddendumRecord
from partnerships.actions.guard import StaleVersion
from partnerships.models import Addendum, PartialDate, Term
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import AgreementFactory, TermFactory
from tests.partnerships.test_concurrency import PARTIES, all_at_once

MANY = 8


@pytest.fixture
def clerk(own_database):
    return person(Role.REGISTRAR, "biro-kerja-sama")


@pytest.fixture
def paper(clerk):
    paper = AgreementFactory(with_parties=PARTIES)
    TermFactory(agreement=paper, ends=PartialDate.of(2026, 5, 6))
    return paper


def told(work):
    """What the work gives, or the sentence with which it is refused."""

    def run(index):
        try:
            return work(index)
        except ValidationError as refusal:
            return refusal

    return run


def test_of_many_extensions_of_one_version_one_is_left(paper, clerk):
    def extend(index):
        return terms.extend(
            agreement=paper, ends=PartialDate.of(2030 + index), by=clerk, reason="Surat", version=1
        )

    outcomes = Counter(type(each) for each in all_at_once(MANY, told(extend)))

    assert outcomes == {Term: 1, StaleVersion: MANY - 1}
    assert paper.terms.count() == 2


def test_extensions_that_ask_for_no_version_never_overlap(paper, clerk):
    def extend(index):
        return terms.extend(agreement=paper, ends_open=True, by=clerk, reason="Surat")

    outcomes = Counter(type(each) for each in all_at_once(MANY, told(extend)))

    assert outcomes == {Term: 1, ValidationError: MANY - 1}
    assert [term.position for term in paper.terms.all()] == [1, 2]


def test_a_form_sent_many_times_at_once_is_one_addendum(paper, clerk):
    key = uuid4()
    record = AddendumRecord(subjects=["term"], summary="Diperpanjang", ends=PartialDate.of(2030))

    answers = all_at_once(
        MANY, told(lambda index: addenda.add(agreement=paper, record=record, by=clerk, key=key))
    )

    assert set(answers) == {Addendum.objects.get()}
    assert paper.terms.count() == 2


def test_addenda_recorded_at_once_take_their_numbers_one_after_the_other(paper, clerk):
    record = AddendumRecord(subjects=["scope"], summary="Ruang lingkup ditambah")

    answers = all_at_once(
        MANY, told(lambda index: addenda.add(agreement=paper, record=record, by=clerk, key=uuid4()))
    )

    assert sorted(addendum.position for addendum in answers) == list(range(1, MANY + 1))
