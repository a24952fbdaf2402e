"""The pages of the stages of a foreign paper, and of a move that asks about papers below."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.lifecycle import ForeignStage, Status
from partnerships.models import Agreement, ChildDecision, StageChange
from tests.factories import AgreementFactory
from tests.partnerships.sheets import page_of, text_of, value_of

UNIT = ["ditjen-binalavotas"]


@pytest.fixture
def office(client, registrar):
    client.force_login(registrar)
    return client


@pytest.fixture
def foreign(db):
    return AgreementFactory(kind="moc", status=Status.DRAFTING, signed=None, with_parties=UNIT)


def step_of(agreement, **fields):
    return {
        "stage": "exploration",
        "since": "2026-03-02",
        "note": "Nota diplomatik",
        "version": str(agreement.version),
        **fields,
    }


def states(answer):
    return [each.state for each in answer.context["way"].stages]


def test_a_stage_is_recorded_and_the_record_shows_it(office, foreign):
    answer = office.post(page_of(foreign, "stages"), step_of(foreign))

    assert answer["Location"] == foreign.get_absolute_url()
    html = text_of(office.get(foreign.get_absolute_url()))
    assert "Nota diplomatik" in html
    assert "2 Maret 2026" in html
    assert page_of(foreign, "stages") in html


def test_the_page_tells_done_now_and_to_come(office, foreign, registrar):
    for old, new in (("", "exploration"), ("exploration", "request"), ("request", "writing")):
        StageChange.objects.create(agreement=foreign, old=old, new=new, by=registrar)

    answer = office.get(page_of(foreign, "stages"))

    assert states(answer) == ["done", "done", "now", *["to_come"] * 4]
    assert text_of(answer).count('aria-current="step"') == 1
    assert [value for value, _label in answer.context["form"].fields["stage"].choices] == [
        "request",
        "negotiation",
    ]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"stage": ""}, "stage"),
        ({"stage": "signed"}, "stage"),
        ({"since": "besok"}, "since"),
        ({"since": "2099-01-01"}, "since"),
        ({"note": "x" * 1001}, "note"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_stays(fields, wrong, office, foreign):
    answer = office.post(page_of(foreign, "stages"), step_of(foreign, **fields))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [wrong]
    assert "Nota diplomatik" in text_of(answer) or wrong == "note"
    assert not foreign.stage_changes.exists()


def test_a_stage_that_does_not_follow_is_refused_on_the_page(office, foreign, registrar):
    StageChange.objects.create(agreement=foreign, new="exploration", by=registrar)

    for stage in set(ForeignStage) - {ForeignStage.REQUEST}:
        answer = office.post(page_of(foreign, "stages"), step_of(foreign, stage=stage.value))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["stage"])
    assert foreign.stage_changes.count() == 1


def test_a_stage_recorded_meanwhile_is_shown_first(office, foreign):
    office.post(page_of(foreign, "stages"), step_of(foreign))

    answer = office.post(page_of(foreign, "stages"), step_of(foreign, stage="request"))

    assert answer.status_code == 409
    assert value_of(answer, "version") == "2"
    assert foreign.stage_changes.count() == 1


def test_a_paper_that_is_not_foreign_has_no_stages(office, agreement_of_asahan):
    html = text_of(office.get(agreement_of_asahan.get_absolute_url()))
    answer = office.get(page_of(agreement_of_asahan, "stages"))

    assert 'id="stages"' not in html
    assert answer.context["form"].fields["stage"].choices == []
    assert 'class="stages"' not in text_of(answer)


def test_a_reader_sees_the_stages_and_cannot_record_one(client, leadership, foreign, registrar):
    StageChange.objects.create(agreement=foreign, new="acceptance", by=registrar)
    Agreement.objects.filter(pk=foreign.pk).update(status=Status.SCHEDULED)
    client.force_login(leadership)

    html = text_of(client.get(foreign.get_absolute_url()))

    assert 'id="stages"' in html
    assert page_of(foreign, "stages") not in html
    assert client.get(page_of(foreign, "stages")).status_code == 403


def test_the_history_of_the_paper_tells_each_stage(office, foreign):
    office.post(page_of(foreign, "stages"), step_of(foreign))
    office.post(page_of(foreign, "stages"), step_of(foreign, stage="request", version="2", note=""))

    entries = list(office.get(foreign.get_absolute_url()).context["history"])

    assert [entry.stage and entry.stage.new for entry in entries][:2] == ["request", "exploration"]
    assert [entry.is_empty for entry in entries][:2] == [False, False]
    assert entries[1].reason == "Nota diplomatik"


# --- papers below ---------------------------------------------------------------------------------


@pytest.fixture
def above(db):
    return AgreementFactory(with_parties=UNIT)


def under(paper, **fields):
    return AgreementFactory(**{"kind": "pks", "implements": paper, "with_parties": UNIT, **fields})


def ending(agreement, **fields):
    day = timezone.localdate() - datetime.timedelta(days=1)
    return {
        "to": "terminated",
        "effective_on": day.isoformat(),
        "version": str(agreement.version),
        "reason": "Berita acara",
        **fields,
    }


def asked(answer):
    return [question.name for question in answer.context["form"].questions]


def test_the_page_asks_about_each_paper_below_that_goes_on(office, above):
    first, second = under(above), under(above, status=Status.DRAFTING, signed=None)
    under(above, status=Status.ENDED)

    answer = office.get(page_of(above, "move"))

    assert set(asked(answer)) == {f"below-{first.ref}", f"below-{second.ref}"}
    assert "checked" not in text_of(answer)


def test_a_missing_answer_is_a_sentence_and_the_others_stay(office, above):
    first, second = under(above), under(above)

    sent = ending(above) | {f"below-{first.ref}": "stays"}
    answer = office.post(page_of(above, "move"), sent)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [f"below-{second.ref}"]
    chosen = re.search(rf'<input[^>]*name="below-{first.ref}"[^>]*value="stays"[^>]*>', text_of(answer))
    assert "checked" in chosen.group()
    assert not ChildDecision.objects.exists()


def test_the_answers_are_taken_and_both_records_show_them(office, above):
    other = AgreementFactory(with_parties=UNIT)
    stays, ends, moves = under(above), under(above), under(above)
    answers = {
        f"below-{stays.ref}": "stays",
        f"below-{ends.ref}": "ends",
        f"below-{moves.ref}": "moves",
        f"below-{moves.ref}-other": other.ref.lower(),
        f"below-{stays.ref}-other": other.ref,
    }

    assert office.post(page_of(above, "move"), ending(above, **answers)).status_code == 302

    assert list(ChildDecision.objects.order_by("child").values_list("child", "outcome", "moved_to")) == [
        (stays.pk, "stays", None),
        (ends.pk, "ends", None),
        (moves.pk, "moves", other.pk),
    ]
    answer = office.get(above.get_absolute_url())
    shown = text_of(answer)
    for child in (stays, ends, moves):
        assert f'<p class="timeline__what"><a href="{child.get_absolute_url()}">' in shown
        own = text_of(office.get(child.get_absolute_url()))
        assert f'<p class="timeline__what"><a href="{child.get_absolute_url()}">{child.ref}</a>' in own
        assert f"{above.ref}: " in own
    told = [entry for entry in answer.context["history"] if entry.decisions]
    assert [len(entry.decisions) for entry in told] == [3]


@pytest.mark.parametrize("other", ["", "KS-2020-0001", "x", "above", "ended", "itself"])
def test_where_a_paper_cannot_go_is_said_at_its_field(other, office, above):
    child = under(above)
    named = {"above": above, "ended": AgreementFactory(status=Status.ENDED), "itself": child}
    reference = named[other].ref if other in named else other
    answers = {f"below-{child.ref}": "moves", f"below-{child.ref}-other": reference}

    answer = office.post(page_of(above, "move"), ending(above, **answers))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [f"below-{child.ref}-other"]
    assert value_of(answer, f"below-{child.ref}-other") == reference
    assert not ChildDecision.objects.exists()


def test_a_paper_with_papers_below_it_is_linked_and_cannot_end_here(office, above):
    child = under(above)
    under(child)

    answer = office.get(page_of(above, "move"))
    assert page_of(child, "move") in text_of(answer)
    offered = answer.context["form"].fields[f"below-{child.ref}"].choices
    assert [value for value, _label in offered] == ["stays", "moves"]

    refused = office.post(page_of(above, "move"), ending(above, **{f"below-{child.ref}": "ends"}))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, [f"below-{child.ref}"])


def test_what_the_writer_may_not_change_only_goes_on_and_what_is_out_of_sight_is_not_named(
    client, unit_officer, above
):
    anothers = under(above, with_parties=["itjen"])
    hidden = under(above, with_parties=["itjen"], status=Status.PROPOSED, signed=None)
    client.force_login(unit_officer)

    answer = client.get(page_of(above, "move"))

    (question,) = answer.context["form"].questions
    assert (question.paper, question.is_settled) == (anothers, True)
    assert hidden.ref not in text_of(answer)
    forged = ending(above, **{f"below-{anothers.ref}": "ends"})
    assert client.post(page_of(above, "move"), forged).status_code == 422
    sent = ending(above, **{f"below-{anothers.ref}": "stays"})
    assert client.post(page_of(above, "move"), sent).status_code == 302
    assert ChildDecision.objects.filter(child=hidden, outcome="stays").exists()
    assert hidden.ref not in text_of(client.get(above.get_absolute_url()))


def test_a_paper_entered_below_meanwhile_is_asked_about(office, above):
    sent = ending(above)
    child = under(above)

    answer = office.post(page_of(above, "move"), sent)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [f"below-{child.ref}"]


def test_a_signing_before_the_last_stage_is_refused_at_the_status(office, registrar):
    paper = AgreementFactory(kind="moc", status=Status.SCHEDULED, signed=None, with_parties=UNIT)
    StageChange.objects.create(agreement=paper, new="negotiation", by=registrar)

    answer = office.post(page_of(paper, "move"), ending(paper, to="signed"))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["to"])
    paper.refresh_from_db()
    assert paper.status == Status.SCHEDULED


@pytest.mark.parametrize("name", ["move", "stages"])
def test_as_many_questions_for_thirty_rows_as_for_one(
    name, office, above, foreign, registrar, django_assert_num_queries
):
    paper = above if name == "move" else foreign

    def grow(times):
        for _ in range(times):
            if name == "move":
                under(above)
                continue
            last = foreign.stage
            following = "request" if last and last.new == "exploration" else "exploration"
            StageChange.objects.create(
                agreement=foreign, old=last.new if last else "", new=following, by=registrar
            )

    grow(1)
    office.get(page_of(paper, name))
    with CaptureQueriesContext(connection) as few:
        office.get(page_of(paper, name))
    grow(29)
    with django_assert_num_queries(len(few)):
        office.get(page_of(paper, name))
