"""The wording of each clause on a day, and what an addendum brought."""

import datetime

from partnerships.models import Document, PartialDate
from partnerships.selectors.addenda import Addenda
from tests.factories import AddendumFactory, AgreementFactory, ClauseTextFactory, TermFactory

ON = datetime.date(2026, 6, 15)


def test_of_the_texts_of_a_clause_the_newest_that_has_begun_is_in_force(db):
    paper = AgreementFactory()
    original = ClauseTextFactory(agreement=paper)
    later, sooner, unknown, coming = (
        ClauseTextFactory(agreement=paper, addendum=AddendumFactory(agreement=paper, **when))
        for when in (
            {"effective_on": datetime.date(2026, 1, 1), "signed": PartialDate.of(2025, 3, 1)},
            {"signed": PartialDate.of(2025, 6, 1)},
            {},
            {"effective_on": datetime.date(2026, 6, 16)},
        )
    )

    (clause,) = Addenda(paper, [], on=ON).clauses
    assert (clause.in_force, clause.coming) == (later, [coming])
    assert clause.earlier == [sooner, unknown, original]

    (clause,) = Addenda(paper, [], on=datetime.date(2026, 6, 16)).clauses
    assert (clause.in_force, clause.coming) == (coming, [])
    (clause,) = Addenda(paper, [], on=datetime.date(2025, 7, 1)).clauses
    assert (clause.in_force, clause.coming) == (sooner, [later, coming])


def test_an_addendum_signed_in_a_year_has_begun_only_when_it_surely_has(db):
    paper = AgreementFactory()
    text = ClauseTextFactory(
        agreement=paper, addendum=AddendumFactory(agreement=paper, signed=PartialDate.of(2026))
    )

    (clause,) = Addenda(paper, [], on=ON).clauses
    assert (clause.in_force, clause.coming) == (None, [text])


def test_each_addendum_comes_with_its_scans_terms_and_clauses(db, django_assert_num_queries):
    paper = AgreementFactory()
    one, two = AddendumFactory(agreement=paper), AddendumFactory(agreement=paper)
    term = TermFactory(agreement=paper, addendum=two, reason="addendum")
    ClauseTextFactory(agreement=paper, addendum=two)
    scans = [
        Document.objects.create(agreement=paper, purpose="addendum", title="Pindaian", addendum=addendum)
        for addendum in (one, None)
    ]

    with django_assert_num_queries(3):
        first, second = Addenda(paper, scans, on=ON).shown

    assert (first.addendum, first.documents, first.terms, first.clauses) == (one, scans[:1], [], [])
    assert (second.addendum, second.documents, second.terms) == (two, [], [term])
    assert second.clauses == ["Pasal 3"]
