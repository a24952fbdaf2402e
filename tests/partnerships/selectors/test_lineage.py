"""The tree of papers above and below, and the chain of those before and after."""

from partnerships.models import Agreement, AgreementKind, PartialDate
from partnerships.selectors.lineage import Lineage
from tests.factories import AgreementFactory

PARTIES = ["pemerintah-kabupaten-asahan"]


def seen(paper, user):
    return Lineage(Agreement.objects.with_validity().get(pk=paper.pk), user)


def shape(branch):
    """A tree as (paper, whether it is the own one, its branches)."""
    return branch and (branch.paper, branch.own, [shape(each) for each in branch.branches])


def test_the_tree_goes_all_the_way_up_and_down(registrar):
    mou = AgreementFactory()
    pks = AgreementFactory(kind=AgreementKind.PKS, implements=mou)
    newer, older = (AgreementFactory(implements=pks, signed=PartialDate.of(year)) for year in (2025, 2023))
    AgreementFactory(implements=mou)  # beside it, neither above nor below

    lineage = seen(pks, registrar)

    assert shape(lineage.tree) == (mou, False, [(pks, True, [(newer, False, []), (older, False, [])])])
    assert (lineage.chain, lineage.count) == ([], 3)
    assert shape(seen(older, registrar).tree) == (mou, False, [(pks, False, [(older, True, [])])])


def test_the_chain_is_in_order_with_every_renewal(registrar):
    first = AgreementFactory(signed=PartialDate.of(2019))
    second = AgreementFactory(signed=PartialDate.of(2022), renews=first)
    third = AgreementFactory(signed=PartialDate.of(2025), renews=second)
    also = AgreementFactory(signed=PartialDate.of(2026), renews=second)

    assert seen(second, registrar).chain == [first, second, third, also]
    assert seen(third, registrar).chain == [first, second, third]
    assert (seen(first, registrar).tree, seen(first, registrar).count) == (None, 3)


def test_a_paper_alone_has_neither(registrar, django_assert_num_queries):
    lineage = seen(AgreementFactory(), registrar)

    with django_assert_num_queries(1):
        assert (lineage.tree, lineage.chain, lineage.count) == (None, [], 0)


def test_what_is_out_of_sight_ends_the_line(officer_asahan, registrar):
    top = AgreementFactory(with_parties=PARTIES)
    hidden = AgreementFactory(implements=top, renews=top)
    own = AgreementFactory(with_parties=PARTIES, implements=hidden, renews=hidden)
    below = AgreementFactory(with_parties=PARTIES, implements=own)

    assert shape(seen(own, officer_asahan).tree) == (own, True, [(below, False, [])])
    assert seen(own, officer_asahan).chain == []
    assert seen(own, registrar).count == 3
    assert seen(own, registrar).chain == [top, hidden, own]


def test_a_circle_in_old_data_does_not_turn_for_ever(registrar):
    one = AgreementFactory()
    two = AgreementFactory(implements=one, renews=one)
    Agreement.objects.filter(pk=one.pk).update(implements=two, renews=two)

    lineage = seen(one, registrar)

    assert lineage.count == 1
    assert {paper.pk for paper in lineage.chain} == {one.pk, two.pk}


def queries_for(number, registrar, django_assert_max_num_queries):
    own = AgreementFactory(implements=AgreementFactory(), renews=AgreementFactory())
    for paper in AgreementFactory.create_batch(number, implements=own):
        AgreementFactory(implements=paper, renews=own)
    lineage = seen(own, registrar)
    with django_assert_max_num_queries(8) as queries:
        assert lineage.count == 2 * number + 2
    return len(queries)


def test_thirty_papers_are_asked_for_as_often_as_one(registrar, django_assert_max_num_queries):
    queries_for(1, registrar, django_assert_max_num_queries)  # what is asked once for the reader
    one = queries_for(1, registrar, django_assert_max_num_queries)

    assert queries_for(30, registrar, django_assert_max_num_queries) == one
