"""What is found wrong or missing about the signatures of papers."""

import datetime

import pytest
from django.http import QueryDict
from django.utils import timezone

from partnerships.lifecycle import Status
from partnerships.models import Capacity, Document, OfficeHolder, Organization, PartialDate
from partnerships.models.party import BY_LETTER
from partnerships.register import agreements_for
from partnerships.selectors.signatures import FindingKind, findings_of
from tests.factories import AgreementFactory, PersonFactory, SignatoryFactory

pytestmark = pytest.mark.django_db
ASAHAN = "pemerintah-kabupaten-asahan"
POST = "Bupati Asahan"


@pytest.fixture
def paper():
    return AgreementFactory(signed=PartialDate.of(2025, 3, 20), with_parties=["ditjen-binalavotas", ASAHAN])


def signs(paper, **said):
    """A signatory of the paper's partner."""
    party = paper.parties.get(organization__slug=ASAHAN)
    return SignatoryFactory(agreement=paper, party=party, post=POST, **said)


def holds(person=None, starts=None, ends=None, post=POST, capacity=""):
    return OfficeHolder.objects.create(
        organization=Organization.objects.get(slug=ASAHAN),
        person=person or PersonFactory(),
        post=post,
        capacity=capacity,
        starts_on=starts,
        ends_on=ends,
    )


def kinds_of(paper, *, but=FindingKind.NOBODY_SIGNED):
    return [each.kind for each in findings_of([paper])[paper.pk] if each.kind != but]


def letter_of(signatory, **said):
    return Document.objects.create(
        agreement=signatory.agreement, purpose="authority", title="Surat kuasa", signatory=signatory, **said
    )


# --- letters of authority -------------------------------------------------------------------------


@pytest.mark.parametrize("capacity", Capacity.values)
def test_a_letter_is_wanted_of_who_stands_in_for_another(paper, capacity):
    signs(paper, capacity=capacity)

    assert kinds_of(paper) == ([FindingKind.NO_LETTER] if capacity in BY_LETTER else [])


def test_a_letter_that_is_named_and_not_on_file_is_told_apart_from_none(paper):
    signs(paper, capacity="plt", letter="Surat perintah 18 Maret 2025")

    [found] = [each for each in findings_of([paper])[paper.pk] if each.signatory]

    assert found.kind == FindingKind.LETTER_NOT_FILED
    assert "Surat perintah 18 Maret 2025" in found.sentence


@pytest.mark.parametrize(
    ("filed", "kinds"),
    [
        ({}, []),
        ({"withdrawn_at": timezone.now()}, [FindingKind.NO_LETTER]),
    ],
)
def test_a_letter_on_file_is_enough_until_it_is_withdrawn(paper, filed, kinds):
    letter_of(signs(paper, capacity="an"), **filed)

    assert kinds_of(paper) == kinds


def test_a_letter_of_one_signatory_is_not_the_other_ones(paper):
    letter_of(signs(paper, capacity="an"))
    other = signs(paper, capacity="proxy")

    assert [each.signatory for each in findings_of([paper])[paper.pk] if each.signatory] == [other.pk]


@pytest.mark.parametrize("presence", ["witnessed", "present"])
def test_who_signed_nothing_needs_no_letter(paper, presence):
    signs(paper, capacity="plt", presence=presence)

    assert kinds_of(paper) == []


def test_the_register_finds_the_papers_that_lack_a_letter(paper, registrar):
    signs(paper, capacity="plh")
    complete = AgreementFactory(with_parties=["ditjen-binalavotas", ASAHAN])
    letter_of(signs(complete, capacity="plh"))

    def found(query):
        return set(agreements_for(registrar, QueryDict(query)).rows().values_list("pk", flat=True))

    assert found("lacks=letters") == {paper.pk}
    assert found("has=letters") == {complete.pk}


# --- who held the post ----------------------------------------------------------------------------


def test_nothing_is_said_of_a_post_whose_holders_are_not_known(paper):
    holds(post="Wakil Bupati Asahan")
    signs(paper)

    assert kinds_of(paper) == []


def test_who_held_the_post_on_that_day_is_no_finding(paper):
    person = PersonFactory()
    holds(person, starts=datetime.date(2025, 3, 20))
    signs(paper, person=person)

    assert kinds_of(paper) == []


def test_another_holder_on_that_day_is_named(paper):
    holder = holds(starts=datetime.date(2025, 2, 20))
    signs(paper)

    [found] = [each for each in findings_of([paper])[paper.pk] if each.signatory]

    assert found.kind == FindingKind.POST_NOT_HELD
    assert str(holder.person) in found.sentence
    assert "20 Maret 2025" in found.sentence


@pytest.mark.parametrize(
    ("ends", "kinds"),
    [(datetime.date(2025, 3, 20), [FindingKind.POST_NOT_HELD]), (datetime.date(2025, 3, 21), [])],
)
def test_who_left_the_post_by_the_day_of_signing_is_found(paper, ends, kinds):
    person = PersonFactory()
    holds(person, ends=ends)
    signs(paper, person=person)

    assert kinds_of(paper) == kinds


@pytest.mark.parametrize(
    ("signed", "kinds"),
    [
        (PartialDate.of(2025), []),
        (PartialDate.of(2025, 3), []),
        (PartialDate.of(2025, 4), [FindingKind.POST_NOT_HELD]),
        (None, []),
    ],
)
def test_a_date_known_in_part_matches_by_overlap(signed, kinds):
    paper = AgreementFactory(signed=signed, with_parties=["ditjen-binalavotas", ASAHAN])
    person = PersonFactory()
    holds(person, ends=datetime.date(2025, 3, 15))
    signs(paper, person=person)

    assert kinds_of(paper) == kinds


def test_who_acts_is_compared_with_who_acted_not_with_the_holder(paper):
    holds()
    acting = signs(paper, capacity="plt")
    letter_of(acting)
    assert kinds_of(paper) == []

    holds(capacity="plt")
    assert kinds_of(paper) == [FindingKind.POST_NOT_HELD]


def test_holders_of_another_organisation_say_nothing(paper):
    holder = holds()
    holder.organization = Organization.objects.get(slug="pemerintah-kabupaten-batang")
    holder.save()
    signs(paper)

    assert kinds_of(paper) == []


# --- parties for which nobody signed --------------------------------------------------------------


def test_a_party_of_a_signed_paper_for_which_nobody_signed_is_found(paper):
    signs(paper)
    SignatoryFactory(agreement=paper, party=paper.parties.first(), presence="witnessed")

    found = findings_of([paper])[paper.pk]

    assert [(each.kind, each.party) for each in found] == [
        (FindingKind.NOBODY_SIGNED, paper.parties.first().pk)
    ]


def test_a_paper_that_is_not_signed_yet_lacks_no_signature():
    paper = AgreementFactory(status=Status.SCHEDULED, with_parties=["ditjen-binalavotas", ASAHAN])

    assert findings_of([paper]) == {paper.pk: []}


def test_thirty_papers_are_asked_of_at_once(django_assert_num_queries):
    def made(n):
        papers = [AgreementFactory(with_parties=["ditjen-binalavotas", ASAHAN]) for _ in range(n)]
        for paper in papers:
            signs(paper, capacity="plt")
        return papers

    for papers in (made(1), made(30)):
        with django_assert_num_queries(4):
            assert len(findings_of(papers)) == len(papers)
