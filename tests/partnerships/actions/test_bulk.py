"""One thing done to many papers, each as if it were done alone."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.actions import agreements, bulk
from partnerships.actions.bulk import Outcome
from partnerships.actions.standing import record_of
from partnerships.lifecycle import Status
from partnerships.models import (
    Agreement,
    BulkRun,
    BulkVerb,
    MailPreference,
    Organization,
    OutboxMessage,
    SentReminder,
    Theme,
)
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory, SigningEventFactory

DITJEN, ASAHAN, BATANG = "ditjen-binalavotas", "pemerintah-kabupaten-asahan", "pemerintah-kabupaten-batang"


@pytest.fixture
def theme(db):
    return Theme.objects.get(slug="integrasi-data")


def run(verb, target, papers, by, key=None, seen=None, **more):
    seen = {paper.ref: paper.version for paper in papers} if seen is None else seen
    return bulk.run(verb=verb, target=target, papers=papers, seen=seen, by=by, key=key or uuid4(), **more)


def outcomes(run):
    return {ref: outcome for ref, outcome, _words in run.results}


def units_of(paper):
    return [party.organization.slug for party in paper.parties.order_by("position")]


def test_a_theme_is_added_to_each_with_history_version_and_reason(registrar, theme):
    papers = [AgreementFactory(with_parties=[DITJEN, ASAHAN]) for _ in range(2)]
    has_it = AgreementFactory(with_parties=[DITJEN], with_themes=[theme.slug, "penempatan"])

    done = run(BulkVerb.ADD_THEME, theme, [*papers, has_it], registrar, reason="Rapat bidang")

    assert outcomes(done) == {papers[0].ref: "", papers[1].ref: "", has_it.ref: Outcome.ALREADY}
    assert (done.done, done.by, done.target, done.reason) == (2, registrar, str(theme), "Rapat bidang")
    for paper in papers:
        paper.refresh_from_db()
        assert list(paper.themes.all()) == [theme]
        assert paper.version == 2
        context = paper.events.latest("pgh_id").pgh_context
        assert (context["actor"], context["reason"]) == (registrar.pk, "Rapat bidang")
    has_it.refresh_from_db()
    assert has_it.version == 1


def test_a_theme_is_removed_and_the_others_stay(registrar, theme):
    paper = AgreementFactory(with_parties=[DITJEN], with_themes=[theme.slug, "penempatan"])
    without = AgreementFactory(with_parties=[DITJEN])

    done = run(BulkVerb.REMOVE_THEME, theme, [paper, without], registrar)

    assert outcomes(done) == {paper.ref: "", without.ref: Outcome.ALREADY}
    assert [each.slug for each in paper.themes.all()] == ["penempatan"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([DITJEN, ASAHAN], ["itjen", DITJEN, ASAHAN]),
        ([ASAHAN, DITJEN], [ASAHAN, "itjen", DITJEN]),
        ([ASAHAN, DITJEN, "itjen"], [ASAHAN, "itjen", DITJEN]),
        ([ASAHAN], ["itjen", ASAHAN]),
    ],
)
def test_the_responsible_unit_is_the_first_of_the_ministrys(before, after, registrar):
    paper = AgreementFactory(with_parties=before)
    itjen = Organization.objects.get(slug="itjen")

    done = run(BulkVerb.SET_UNIT, itjen, [paper], registrar)

    assert outcomes(done) == {paper.ref: ""}
    assert units_of(paper) == after
    assert Agreement.objects.with_lead().get(pk=paper.pk).unit_slug == "itjen"
    again = run(BulkVerb.SET_UNIT, itjen, [Agreement.objects.get(pk=paper.pk)], registrar)
    assert outcomes(again) == {paper.ref: Outcome.ALREADY}


def test_the_number_and_the_commitments_of_the_units_before_stay(registrar):
    paper = AgreementFactory(with_parties=[DITJEN, ASAHAN])
    party = paper.parties.first()
    party.number = "B-1/2025"
    party.save()
    commitment = MeasurableFactory(agreement=paper, owed_by=party)

    run(BulkVerb.SET_UNIT, Organization.objects.get(slug="itjen"), [paper], registrar)

    party.refresh_from_db()
    commitment.refresh_from_db()
    assert (party.number, commitment.owed_by) == ("B-1/2025", party)


def test_the_event_of_each_is_set(registrar):
    event, paper = SigningEventFactory(), AgreementFactory(with_parties=[DITJEN])
    there = AgreementFactory(event=event)

    done = run(BulkVerb.SET_EVENT, event, [paper, there], registrar)

    assert outcomes(done) == {paper.ref: "", there.ref: Outcome.ALREADY}
    paper.refresh_from_db()
    assert paper.event == event


def test_papers_beyond_the_right_stay_and_say_so(unit_officer, theme):
    own = AgreementFactory(with_parties=[DITJEN, ASAHAN])
    of_another = AgreementFactory(with_parties=["itjen", ASAHAN])
    over = AgreementFactory(with_parties=[DITJEN], status=Status.ENDED)

    done = run(BulkVerb.ADD_THEME, theme, [own, of_another, over], unit_officer)

    assert outcomes(done) == {own.ref: "", of_another.ref: Outcome.RIGHT, over.ref: Outcome.RIGHT}
    assert list(of_another.themes.all()) == list(over.themes.all()) == []


def test_what_somebody_has_changed_meanwhile_stays_as_they_left_it(registrar, unit_officer, theme):
    changed, other = (AgreementFactory(with_parties=[DITJEN]) for _ in range(2))
    seen = {changed.ref: 1, other.ref: 1}
    record = record_of(changed)
    record.title = "Judul baru"
    agreements.revise(agreement=changed, record=record, version=1, by=unit_officer)

    done = run(BulkVerb.ADD_THEME, theme, [Agreement.objects.get(pk=changed.pk), other], registrar, seen=seen)

    assert outcomes(done) == {changed.ref: Outcome.STALE, other.ref: ""}
    changed.refresh_from_db()
    assert (changed.title, changed.version, changed.themes.count()) == ("Judul baru", 2, 0)


def test_one_that_is_refused_takes_no_other_with_it(registrar, theme):
    first, broken, above, last = (AgreementFactory(with_parties=[DITJEN]) for _ in range(4))
    # Each stands below the other, as only SQL can leave them: a writing of either is refused.
    Agreement.objects.filter(pk=broken.pk).update(implements=above)
    Agreement.objects.filter(pk=above.pk).update(implements=broken)
    broken.refresh_from_db()

    done = run(BulkVerb.ADD_THEME, theme, [first, broken, last], registrar)

    assert outcomes(done) == {first.ref: "", broken.ref: Outcome.REFUSED, last.ref: ""}
    assert above.ref in next(words for ref, _outcome, words in done.results if ref == broken.ref)
    assert (first.themes.count(), broken.themes.count(), last.themes.count()) == (1, 0, 1)


def test_the_same_page_sent_twice_is_done_once(registrar, theme):
    paper, key = AgreementFactory(with_parties=[DITJEN]), uuid4()

    first = run(BulkVerb.ADD_THEME, theme, [paper], registrar, key=key)
    second = run(BulkVerb.ADD_THEME, theme, [paper], registrar, key=key)

    assert first == second
    assert BulkRun.objects.count() == 1
    paper.refresh_from_db()
    assert paper.version == 2


def test_who_may_do_it_to_no_paper_is_refused_before_anything(leadership, officer_asahan, theme):
    paper = AgreementFactory(with_parties=[DITJEN, ASAHAN])
    for user in (leadership, officer_asahan):
        for verb, target in ((BulkVerb.ADD_THEME, theme), (BulkVerb.REMIND, None)):
            with pytest.raises(PermissionDenied):
                run(verb, target, [paper], user)
    assert not BulkRun.objects.exists()


def test_nothing_and_too_much_are_refused(registrar, theme, monkeypatch):
    papers = [AgreementFactory(with_parties=[DITJEN]) for _ in range(3)]
    monkeypatch.setattr(bulk, "MOST_PAPERS", 2)

    for selected in ([], papers):
        with pytest.raises(ValidationError):
            run(BulkVerb.ADD_THEME, theme, selected, registrar)
    assert not any(paper.themes.exists() for paper in papers)


@pytest.mark.parametrize("verb", [BulkVerb.ADD_THEME, BulkVerb.REMOVE_THEME, BulkVerb.SET_UNIT])
def test_what_will_happen_is_judged_with_as_many_queries_for_thirty_as_for_one(verb, registrar, theme):
    papers = [AgreementFactory(with_parties=[DITJEN]) for _ in range(30)]
    target = Organization.objects.get(slug="itjen") if verb == BulkVerb.SET_UNIT else theme
    asked = []
    # The reader's own access is asked for once, whatever is judged.
    assert bulk.may(registrar, verb)
    for some in (papers[:1], papers):
        with CaptureQueriesContext(connection) as queries:
            verdicts = bulk.judged(verb=verb, target=target, papers=some, by=registrar)
        assert [each.paper for each in verdicts] == some
        asked.append(len(queries))
    assert asked[0] == asked[1]


# --- reminders ------------------------------------------------------------------------------------


@pytest.fixture
def overdue(officer_asahan):
    """A paper of Asahan with a report that is overdue."""
    paper = AgreementFactory(with_parties=[DITJEN, ASAHAN])
    owes = paper.parties.get(organization__slug=ASAHAN)
    MeasurableFactory(agreement=paper, owed_by=owes, due=timezone.localdate() - timezone.timedelta(days=9))
    return paper


def test_who_owes_an_overdue_report_gets_one_mail_for_all_papers(registrar, officer_asahan, overdue):
    owes = overdue.parties.get(organization__slug=ASAHAN)
    second = AgreementFactory(with_parties=[DITJEN, ASAHAN])
    MeasurableFactory(
        agreement=second,
        owed_by=second.parties.get(organization=owes.organization),
        due=timezone.localdate() - timezone.timedelta(days=40),
    )
    nothing_late = AgreementFactory(with_parties=[DITJEN, ASAHAN])

    done = run(BulkVerb.REMIND, None, [overdue, second, nothing_late], registrar)

    assert outcomes(done) == {overdue.ref: "", second.ref: "", nothing_late.ref: Outcome.NOTHING}
    message = OutboxMessage.objects.get(kind="digest")
    assert message.recipient == officer_asahan
    assert len(message.about["entries"]) == 2
    assert SentReminder.objects.filter(recipient=officer_asahan).count() == 2


def test_at_most_one_mail_a_day_goes_to_a_reader(registrar, officer_asahan, overdue):
    run(BulkVerb.REMIND, None, [overdue], registrar)

    again = run(BulkVerb.REMIND, None, [overdue], registrar)

    assert outcomes(again) == {overdue.ref: Outcome.TOLD}
    assert OutboxMessage.objects.filter(kind="digest").count() == 1


def test_a_step_that_was_told_last_week_is_told_again_when_somebody_asks(registrar, officer_asahan, overdue):
    run(BulkVerb.REMIND, None, [overdue], registrar)
    SentReminder.objects.update(given_on=timezone.localdate() - timezone.timedelta(days=3))

    again = run(BulkVerb.REMIND, None, [overdue], registrar)

    assert outcomes(again) == {overdue.ref: ""}
    assert SentReminder.objects.get().given_on == timezone.localdate()
    assert OutboxMessage.objects.filter(kind="digest").count() == 2


def test_who_wants_no_reminders_gets_none(registrar, officer_asahan, overdue):
    MailPreference.objects.create(user=officer_asahan, reminders=False)

    done = run(BulkVerb.REMIND, None, [overdue], registrar)

    assert outcomes(done) == {overdue.ref: Outcome.TOLD}
    assert not OutboxMessage.objects.filter(kind="digest").exists()


def test_a_report_that_was_handed_in_is_not_asked_for(registrar, overdue):
    commitment = overdue.commitments.get()
    ReportFactory(commitment=commitment, reach="submitted")

    done = run(BulkVerb.REMIND, None, [overdue], registrar)

    assert outcomes(done) == {overdue.ref: Outcome.NOTHING}
