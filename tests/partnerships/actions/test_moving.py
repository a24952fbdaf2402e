"""What becomes of the papers below when one is over, and of its terms."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from partnerships.actions import agreements, moving, refusals
from partnerships.actions.moving import Below
from partnerships.actions.record import AgreementRecord, PartyLine, TermLine
from partnerships.lifecycle import Status
from partnerships.models import ChildDecision, ChildOutcome, PartialDate, StatusChange
from tests.factories import AgreementFactory, TermFactory
from tests.partnerships.models.raw_sql import execute

UNIT = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]
DAY = datetime.date(2026, 2, 1)
STAYS, ENDS, MOVES = ChildOutcome.STAYS, ChildOutcome.ENDS, ChildOutcome.MOVES


@pytest.fixture
def above(db):
    return AgreementFactory(with_parties=UNIT)


def under(paper, **fields):
    return AgreementFactory(**{"kind": "pks", "implements": paper, "with_parties": UNIT, **fields})


def end(paper, by, *below, **fields):
    return agreements.move(
        agreement=paper,
        **{"to": Status.TERMINATED, "by": by, "effective_on": DAY, "reason": "Dicabut", **fields},
        below=below,
    )


def refused(paper, by, *below):
    """The code of the refusal, after which nothing has changed."""
    with pytest.raises(ValidationError) as refusal:
        end(paper, by, *below)
    assert all(sentence.endswith(".") for sentence in refusal.value.messages)
    for each in [paper, *(one.child for one in below)]:
        before = each.status
        each.refresh_from_db()
        assert each.status == before
    assert not ChildDecision.objects.exists()
    return refusal.value.code


def test_every_paper_below_that_goes_on_needs_a_decision(above, registrar):
    first, second = under(above), under(above, status=Status.DRAFTING, signed=None)
    under(above, status=Status.ENDED)
    under(above, status=Status.CANCELLED)

    assert refused(above, registrar) == "below_undecided"
    assert refused(above, registrar, Below(first, STAYS)) == "below_undecided"

    end(above, registrar, Below(first, STAYS), Below(second, STAYS))
    decisions = above.status_changes.first().decisions.all()
    assert {(each.child, each.outcome) for each in decisions} == {(first, "stays"), (second, "stays")}
    first.refresh_from_db()
    assert (first.status, first.implements, first.version) == (Status.SIGNED, above, 1)


def test_a_paper_below_is_over_in_the_same_way_and_a_draft_is_cancelled(above, registrar):
    signed, draft = under(above), under(above, status=Status.DRAFTING, signed=None)

    end(above, registrar, Below(signed, ENDS), Below(draft, ENDS))

    for paper, status in ((signed, Status.TERMINATED), (draft, Status.CANCELLED)):
        paper.refresh_from_db()
        change = paper.status_changes.first()
        assert (paper.status, change.new, change.reason) == (status, status, "Dicabut")
        assert (change.effective_on, change.by) == (DAY, registrar)
        assert paper.events.latest("pgh_id").pgh_context["action"] == "agreement.move"


def test_a_paper_below_is_hung_below_another_one_and_its_history_says_so(above, registrar):
    child, other = under(above), AgreementFactory(with_parties=UNIT)

    end(above, registrar, Below(child, MOVES, other))

    child.refresh_from_db()
    assert (child.implements, child.version, child.status) == (other, 2, Status.SIGNED)
    context = child.events.latest("pgh_id").pgh_context
    assert (context["action"], context["reason"]) == ("agreement.hang_below", "Dicabut")
    assert ChildDecision.objects.get().moved_to == other


def test_a_paper_is_hung_only_where_it_may_be(above, registrar):
    child = under(above)
    grandchild = under(child)
    over = AgreementFactory(status=Status.ENDED)

    assert refused(above, registrar, Below(child, MOVES, None)) == "below_where"
    assert refused(above, registrar, Below(child, MOVES, over)) == "below_over"
    assert refused(above, registrar, Below(child, MOVES, above)) == "below_over"
    assert refused(above, registrar, Below(child, MOVES, child)) == "below_circle"
    assert refused(above, registrar, Below(child, MOVES, grandchild)) == "below_circle"
    activity = AgreementFactory(kind="activity")
    assert refused(above, registrar, Below(child, MOVES, activity)) == "below_where"


def test_nothing_is_hung_below_what_ends_in_the_same_step(above, registrar):
    ending, moving = under(above), under(above)

    assert refused(above, registrar, Below(moving, MOVES, ending), Below(ending, ENDS)) == "below_over"


def test_a_paper_with_papers_of_its_own_below_is_decided_on_its_own_page(above, registrar):
    child = under(above)
    under(child)

    assert refused(above, registrar, Below(child, ENDS)) == "below_has_more"
    end(above, registrar, Below(child, STAYS))


def test_a_paper_below_that_was_signed_later_is_not_over_before(above, registrar):
    late = under(above, signed=PartialDate.of(2026, 2, 2))

    with pytest.raises(ValidationError, match=late.ref) as refusal:
        end(above, registrar, Below(late, ENDS))
    assert refusal.value.params["child"] == late.pk


def test_a_paper_that_is_no_longer_below_is_not_decided_about(above, registrar):
    child = under(None)

    assert refused(above, registrar, Below(child, STAYS)) == "not_below"


def test_what_cannot_be_seen_goes_on_and_is_not_told(above, unit_officer, registrar):
    hidden = under(above, status=Status.PROPOSED, signed=None, with_parties=["itjen"])

    end(above, unit_officer)

    assert ChildDecision.objects.get().child == hidden
    assert ChildDecision.objects.get().outcome == STAYS


@pytest.mark.parametrize("outcome", [ENDS, MOVES])
def test_a_paper_below_is_changed_only_by_who_has_the_right_to_it(outcome, above, unit_officer):
    anothers = under(above, with_parties=["itjen", "pemerintah-kabupaten-asahan"])
    other = AgreementFactory(with_parties=UNIT)

    with pytest.raises(PermissionDenied):
        end(above, unit_officer, Below(anothers, outcome, other if outcome == MOVES else None))
    above.refresh_from_db()
    assert above.status == Status.SIGNED

    end(above, unit_officer, Below(anothers, STAYS))


def test_plain_sql_ends_no_paper_with_an_undecided_one_below(above, registrar):
    child = under(above)

    with pytest.raises(IntegrityError, match="is not decided"), transaction.atomic():
        execute("UPDATE partnerships_agreement SET status = 'ended' WHERE id = %s", [above.pk])
        execute(
            """INSERT INTO partnerships_statuschange
               (agreement_id, old, new, effective_on, recorded_at, by_id, reason)
               VALUES (%s, 'signed', 'ended', '2026-02-01', now(), %s, 'x')""",
            [above.pk, registrar.pk],
        )
        execute("SET CONSTRAINTS ALL IMMEDIATE")
    above.refresh_from_db()
    assert above.status == Status.SIGNED
    end(above, registrar, Below(child, STAYS))


def test_the_refusal_of_the_database_is_a_sentence(above, registrar):
    under(above)

    with pytest.raises(ValidationError) as refusal, refusals.in_words(moving.REFUSALS), transaction.atomic():
        StatusChange.objects.create(agreement=above, old="signed", new="ended", by=registrar)
        moving.check_all_decided()

    assert refusal.value.code == "agreement_papers_below_are_decided"


def test_what_follows_in_the_same_transaction_is_asked_at_its_end_again(above, registrar):
    end(above, registrar)
    other = AgreementFactory()
    under(other)

    with pytest.raises(IntegrityError, match="is not decided"), transaction.atomic():
        # Not refused at once, because its decisions may still come.
        StatusChange.objects.create(agreement=other, old="signed", new="ended", by=registrar)
        connection.check_constraints()


def test_a_step_is_not_recorded_ahead(above, registrar):
    with pytest.raises(ValidationError) as refusal:
        end(above, registrar, effective_on=timezone.localdate() + datetime.timedelta(days=1))
    assert refusal.value.code == "not_yet"


# --- terms ----------------------------------------------------------------------------------------


def test_the_term_in_force_is_closed_early_and_keeps_what_had_been_agreed(above, registrar):
    term = TermFactory(agreement=above, ends=PartialDate.of(2027, 5, 6))

    end(above, registrar, reason="Dicabut " * 60)

    term.refresh_from_db()
    assert (term.ended_early, str(term.ends.isoformat()), term.agreed.isoformat()) == (
        True,
        "2026-02-01",
        "2027-05-06",
    )
    assert len(term.closed_because) == 300
    assert term.events.latest("pgh_id").pgh_context["action"] == "agreement.move"


def test_a_term_ended_early_before_keeps_what_was_first_agreed_when_the_paper_is_over(above, registrar):
    TermFactory(
        agreement=above,
        starts=PartialDate.of(2024, 5, 7),
        ends=PartialDate.of(2026, 6, 30),
        agreed=PartialDate.of(2029, 5, 6),
        ended_early=True,
        closed_because="Berita acara",
    )

    end(above, registrar)

    term = above.terms.get()
    assert term.agreed == PartialDate.of(2029, 5, 6)
    assert term.ends == PartialDate.of(2026, 2, 1)


def test_a_term_without_an_agreed_end_is_closed_early_too(above, registrar):
    term = TermFactory(agreement=above, ends_open=True)

    end(above, registrar)

    term.refresh_from_db()
    assert (term.ended_early, term.ends_open, term.agreed) == (True, False, None)
    assert term.ends.isoformat() == "2026-02-01"


@pytest.mark.parametrize("ends", [None, (2026, 2, 1), (2026, 2), (2026,), (2025, 5, 6)])
def test_a_term_whose_end_is_not_known_to_be_later_stays_as_it_is(ends, above, registrar):
    TermFactory(agreement=above, ends=PartialDate.of(*ends) if ends else None)

    end(above, registrar)

    term = above.terms.get()
    assert (term.ended_early, term.agreed, term.closed_because) == (False, None, "")
    assert term.ends == (PartialDate.of(*ends) if ends else None)


def test_a_term_that_never_began_is_closed_with_its_days(above, registrar):
    TermFactory(agreement=above, ends=PartialDate.of(2026, 12, 31))
    later = TermFactory(
        agreement=above, position=2, starts=PartialDate.of(2027, 1, 1), ends=PartialDate.of(2029, 1, 1)
    )

    end(above, registrar)

    later.refresh_from_db()
    assert (later.ended_early, later.closed_because) == (False, "Dicabut")
    assert later.ends == PartialDate.of(2029, 1, 1)


def test_an_early_end_is_not_written_away(above, registrar):
    term = TermFactory(agreement=above, ends=PartialDate.of(2027, 5, 6))
    end(above, registrar)
    parties = [PartyLine(organization=row.organization, pk=row.pk) for row in above.parties.all()]
    unsaid = [TermLine(starts=term.starts, pk=term.pk)]

    with pytest.raises(ValidationError) as refusal:
        agreements.revise(
            agreement=above,
            record=AgreementRecord(kind="mou", signed=above.signed, parties=parties, terms=unsaid),
            version=2,
            by=registrar,
        )

    assert refusal.value.code == "term_ended_early_says_when_and_why"
