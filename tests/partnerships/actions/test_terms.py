"""How long a paper holds, after it was signed: extended, or ended early."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerships.actions import agreements, terms
from partnerships.actions.guard import StaleVersion
from partnerships.actions.record import AgreementRecord, PartyLine, TermLine
from partnerships.lifecycle import Status
from partnerships.models import Agreement, PartialDate, TermReason
from tests.factories import AddendumFactory, AgreementFactory, TermFactory, UserFactory

WHY = "Berita acara 12"
PARTIES = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]


def day(*parts):
    return PartialDate.of(*parts)


@pytest.fixture
def paper(db):
    """Signed on 7 May 2024, until 6 May 2026."""
    paper = AgreementFactory(with_parties=PARTIES)
    TermFactory(agreement=paper, ends=day(2026, 5, 6))
    return paper


def refused(call, code):
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        call()
    assert refusal.value.code == code
    return " ".join(refusal.value.messages)


# --- extending ------------------------------------------------------------------------------------


def test_an_extension_begins_the_day_after_the_last_term_ends(paper, registrar):
    term = terms.extend(agreement=paper, ends=day(2028), by=registrar, reason=WHY, version=1)

    term.refresh_from_db()
    assert (term.position, term.reason, term.addendum) == (2, TermReason.EXTENSION, None)
    assert (term.starts, term.ends, term.ends_open) == (day(2026, 5, 7), day(2028), False)
    paper.refresh_from_db()
    assert paper.version == 2
    context = term.events.get().pgh_context
    assert (context["action"], context["reason"], context["actor"]) == ("term.extend", WHY, registrar.pk)


def test_an_extension_may_have_no_agreed_end_and_then_nothing_follows_it(paper, registrar):
    assert terms.extend(agreement=paper, ends_open=True, by=registrar, reason=WHY).ends_open

    refused(lambda: terms.extend(agreement=paper, ends=day(2030), by=registrar, reason=WHY), "open")


def test_an_extension_by_an_addendum_names_it_and_only_one_of_the_same_paper(paper, registrar):
    elsewhere = AddendumFactory()
    refused(
        lambda: terms.extend(agreement=paper, ends=day(2028), by=registrar, reason=WHY, addendum=elsewhere),
        "addendum",
    )
    own = AddendumFactory(agreement=paper)

    term = terms.extend(agreement=paper, ends=day(2028), by=registrar, reason=WHY, addendum=own)

    assert (term.reason, term.addendum) == (TermReason.ADDENDUM, own)


@pytest.mark.parametrize("last", [None, {"ends": None}, {"starts": None, "ends": None}])
def test_where_the_last_end_is_not_known_the_first_day_must_be_said(db, registrar, last):
    paper = AgreementFactory()
    if last is not None:
        TermFactory(agreement=paper, **last)

    def extend(**said):
        return terms.extend(agreement=paper, ends=day(2028), by=registrar, reason=WHY, **said)

    refused(extend, "starts")
    refused(lambda: extend(starts=day(2024, 5, 7)), "starts")
    assert extend(starts=day(2026, 5)).starts == day(2026, 5)


def test_an_end_known_to_the_year_lets_the_next_day_be_said(db, registrar):
    paper = AgreementFactory()
    TermFactory(agreement=paper, ends=day(2026))

    refused(
        lambda: terms.extend(agreement=paper, starts=day(2025), ends=day(2028), by=registrar, reason=WHY),
        "starts",
    )
    term = terms.extend(agreement=paper, starts=day(2026, 7), ends=day(2028), by=registrar, reason=WHY)
    assert term.starts == day(2026, 7)
    assert terms.extend(agreement=paper, ends=day(2030), by=registrar, reason=WHY).starts == day(2029, 1, 1)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "ends"),
        ({"ends": day(2028), "ends_open": True}, "ends"),
        ({"ends": day(2025)}, "ends"),
        ({"ends": day(2028), "reason": "  "}, "reason"),
        ({"ends": day(2028), "reason": "x" * 301}, "reason"),
        ({"ends": day(2028), "starts": day(2026, 5, 6)}, "starts"),
    ],
)
def test_what_can_not_be_an_extension_is_refused_with_a_sentence(paper, registrar, said, code):
    refused(lambda: terms.extend(agreement=paper, by=registrar, **{"reason": WHY, **said}), code)

    assert paper.terms.count() == 1


def test_a_term_until_the_last_day_of_all_is_not_extended(db, registrar):
    paper = AgreementFactory()
    TermFactory(agreement=paper, ends=day(2100))

    refused(lambda: terms.extend(agreement=paper, ends_open=True, by=registrar, reason=WHY), "ends")


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.SIGNED}))
def test_only_a_signed_paper_is_extended_or_ended_early(db, admin, status):
    paper = AgreementFactory(status=status)
    TermFactory(agreement=paper, ends=day(2026, 5, 6))

    refused(lambda: terms.extend(agreement=paper, ends=day(2028), by=admin, reason=WHY), "status")
    refused(
        lambda: terms.end_early(agreement=paper, on=datetime.date(2025, 1, 1), by=admin, reason=WHY), "status"
    )


def test_an_earlier_row_that_lies_later_is_not_overlapped(paper, registrar):
    TermFactory(agreement=paper, position=0, starts=day(2027, 1, 1), ends=day(2027, 12, 31))

    refused(
        lambda: terms.extend(agreement=paper, ends=day(2028), by=registrar, reason=WHY),
        "term_periods_do_not_overlap",
    )


# --- ending early ---------------------------------------------------------------------------------


def test_an_early_end_keeps_what_had_been_agreed_and_the_paper_stays_signed(paper, registrar):
    term = terms.end_early(
        agreement=paper, on=datetime.date(2025, 6, 30), by=registrar, reason=f" {WHY} ", version=1
    )

    term.refresh_from_db()
    paper.refresh_from_db()
    assert (term.ends, term.agreed, term.ended_early) == (day(2025, 6, 30), day(2026, 5, 6), True)
    assert (term.closed_because, paper.status, paper.version) == (WHY, Status.SIGNED, 2)
    assert term.events.last().pgh_context["action"] == "term.end_early"

    term = terms.end_early(agreement=paper, on=datetime.date(2025, 3, 31), by=registrar, reason="Lagi")
    assert (term.ends, term.agreed) == (day(2025, 3, 31), day(2026, 5, 6))


def test_a_term_without_an_agreed_end_can_end_early(db, registrar):
    paper = AgreementFactory()
    TermFactory(agreement=paper, ends_open=True)

    term = terms.end_early(agreement=paper, on=datetime.date(2025, 6, 30), by=registrar, reason=WHY)

    assert (term.ends, term.agreed, term.ends_open) == (day(2025, 6, 30), None, False)


@pytest.mark.parametrize(
    ("on", "code"),
    [
        ((2024, 5, 6), "on"),
        ((2026, 5, 6), "on"),
        ((2027, 1, 1), "on"),
        ((1944, 1, 1), "on"),
        ((2101, 1, 1), "on"),
    ],
)
def test_a_day_outside_of_the_term_is_no_early_end(paper, registrar, on, code):
    refused(lambda: terms.end_early(agreement=paper, on=datetime.date(*on), by=registrar, reason=WHY), code)


def test_a_paper_without_a_term_has_nothing_to_end_early(db, registrar):
    refused(
        lambda: terms.end_early(
            agreement=AgreementFactory(), on=datetime.date(2025, 1, 1), by=registrar, reason=WHY
        ),
        "none",
    )


# --- who, and at once -----------------------------------------------------------------------------


def test_who_may_not_change_the_paper_may_not_change_its_terms(paper, leadership, officer_asahan):
    for person in (leadership, officer_asahan, UserFactory()):
        with pytest.raises(PermissionDenied):
            terms.extend(agreement=paper, ends=day(2028), by=person, reason=WHY)
        with pytest.raises(PermissionDenied):
            terms.end_early(agreement=paper, on=datetime.date(2025, 1, 1), by=person, reason=WHY)


def test_an_older_version_changes_nothing(paper, registrar):
    terms.extend(agreement=paper, ends=day(2028), by=registrar, reason=WHY, version=1)

    with pytest.raises(StaleVersion):
        terms.extend(agreement=paper, ends=day(2030), by=registrar, reason=WHY, version=1)
    assert paper.terms.count() == 2


# --- beside the page of the paper -----------------------------------------------------------------


def standing(paper, *lines):
    return AgreementRecord(
        kind=paper.kind,
        title=paper.title,
        signed=paper.signed,
        parties=[PartyLine(row.organization, pk=row.pk) for row in paper.parties.all()],
        terms=list(lines),
    )


def revise(paper, registrar, *lines):
    paper.refresh_from_db()
    agreements.revise(
        agreement=paper, record=standing(paper, *lines), version=paper.version, by=registrar, reason=WHY
    )
    return list(paper.terms.all())


def test_editing_the_paper_keeps_what_the_row_of_a_term_knows_besides(paper, registrar):
    addendum = AddendumFactory(agreement=paper)
    extended = terms.extend(agreement=paper, ends=day(2028), by=registrar, reason=WHY, addendum=addendum)
    early = terms.end_early(agreement=paper, on=datetime.date(2027, 1, 31), by=registrar, reason=WHY)
    first = paper.terms.first()

    first, second = revise(
        paper,
        registrar,
        TermLine(first.starts, day(2026, 4, 30), pk=first.pk),
        TermLine(
            day(2026, 5, 1), early.ends, reason=TermReason.ADDENDUM, closed_because="Rapat", pk=extended.pk
        ),
    )

    assert (second.ended_early, second.agreed, second.addendum) == (True, day(2028), addendum)
    assert (second.closed_because, first.ends) == ("Rapat", day(2026, 4, 30))


@pytest.mark.parametrize("line", [{"closed_because": WHY}, {"ends": day(2025, 6, 1)}])
def test_an_early_end_without_its_day_or_its_reason_is_a_sentence(paper, registrar, line):
    early = terms.end_early(agreement=paper, on=datetime.date(2025, 6, 30), by=registrar, reason=WHY)

    refused(
        lambda: revise(paper, registrar, TermLine(early.starts, pk=early.pk, **line)),
        "term_ended_early_says_when_and_why",
    )


@pytest.mark.parametrize("line", [{"ends": day(2026, 5, 6)}, {"ends": day(2027)}, {"ends_open": True}])
def test_back_to_what_had_been_agreed_undoes_an_early_end(paper, registrar, line):
    early = terms.end_early(agreement=paper, on=datetime.date(2025, 6, 30), by=registrar, reason=WHY)

    (term,) = revise(paper, registrar, TermLine(early.starts, pk=early.pk, **line))

    assert (term.ended_early, term.agreed) == (False, None)


# --- any sequence ---------------------------------------------------------------------------------

YEARS = st.integers(1945, 2100)
PARTIAL = st.builds(
    lambda year, month, known: PartialDate.of(year, *([month] if known else [])),
    YEARS,
    st.integers(1, 12),
    st.booleans(),
) | st.dates(datetime.date(1945, 1, 1), datetime.date(2100, 12, 31)).map(
    lambda found: PartialDate.of(found.year, found.month, found.day)
)
EXTEND = st.fixed_dictionaries(
    {"ends": st.none() | PARTIAL, "ends_open": st.booleans(), "starts": st.none() | PARTIAL}
)
END_EARLY = st.dates(datetime.date(1940, 1, 1), datetime.date(2105, 1, 1))


def overlap(one, other):
    """Whether two periods surely share a day."""
    begins = max(one.starts.latest, other.starts.latest)
    ends = min(
        datetime.date.max if each.ends_open else each.ends.earliest if each.ends else datetime.date.min
        for each in (one, other)
    )
    return begins <= ends


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(EXTEND | END_EARLY, max_size=8), first=st.none() | EXTEND)
def test_no_sequence_of_steps_leaves_an_overlap_or_breaks_a_rule_without_a_sentence(registrar, steps, first):
    paper = AgreementFactory(signed=day(1990))
    done = 0
    for step in ([first] if first else []) + steps:
        try:
            with transaction.atomic():
                if isinstance(step, dict):
                    terms.extend(agreement=paper, by=registrar, reason=WHY, **step)
                else:
                    terms.end_early(agreement=paper, on=step, by=registrar, reason=WHY)
            done += 1
        except ValidationError as refusal:
            assert all(refusal.messages)

    rows = list(paper.terms.all())
    assert Agreement.objects.get(pk=paper.pk).version == 1 + done
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    for index, row in enumerate(rows):
        assert not any(overlap(row, other) for other in rows[index + 1 :])
        assert index == 0 or rows[index - 1].starts.earliest < row.starts.latest
        assert row.closed_because == (WHY if row.ended_early else "")
