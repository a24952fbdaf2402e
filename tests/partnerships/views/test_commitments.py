import datetime
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.lifecycle import Status
from partnerships.models import Commitment, Organization, Recurrence, ReportingDate
from tests.factories import AgreementFactory, CommitmentFactory, MeasurableFactory, ReportFactory
from tests.partnerships.report_pages import change_of, new_commitment
from tests.partnerships.sheets import everything_stored, text_of, value_of


@pytest.fixture
def office(client, officer_asahan):
    """The officer of Kabupaten Asahan at the keyboard."""
    client.force_login(officer_asahan)
    return client


@pytest.fixture
def commitment(agreement_of_asahan):
    return MeasurableFactory(agreement=agreement_of_asahan, text="Melatih 100 peserta las")


def add_page(agreement):
    return reverse("partnerships:commitment-add", args=[agreement.ref])


def page(commitment, name="change"):
    return reverse(f"partnerships:commitment-{name}", args=[commitment.pk])


# --- logged ---


def test_a_commitment_is_logged_with_the_own_office_as_who_answers_for_it(
    office, officer_asahan, agreement_of_asahan
):
    answer = office.post(add_page(agreement_of_asahan), new_commitment(agreement_of_asahan, target="1.250"))

    logged = Commitment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, logged.get_absolute_url())
    assert (logged.target, logged.is_measurable) == (1250, True)
    assert logged.owner == officer_asahan.postings.get().organization
    assert logged.created_by == officer_asahan


def test_the_own_side_is_chosen_already_as_who_owes_it(office, agreement_of_asahan):
    shown = text_of(office.get(add_page(agreement_of_asahan)))

    owing = agreement_of_asahan.parties.get(organization__slug="pemerintah-kabupaten-asahan")
    assert f'<option value="{owing.pk}" selected>' in shown


def test_one_that_cannot_be_measured_is_stored_and_says_what_is_missing(office, agreement_of_asahan):
    sent = new_commitment(agreement_of_asahan, target="", due="", proof_wanted="")

    answer = office.post(add_page(agreement_of_asahan), sent, follow=True)

    assert not Commitment.objects.get().is_measurable
    shown = text_of(answer)
    for missing in ("target number", "due date", "proof wanted"):
        assert _(missing) in shown
    assert _("Not yet measurable: it counts in no rate") in shown
    assert page(Commitment.objects.get()) in shown


def test_a_number_that_can_be_read_in_two_ways_is_refused_and_kept_as_typed(office, agreement_of_asahan):
    answer = office.post(add_page(agreement_of_asahan), new_commitment(agreement_of_asahan, target="1.25"))

    assert answer.status_code == 422
    assert value_of(answer, "target") == "1.25"
    assert not Commitment.objects.exists()


def test_money_asks_for_its_source(office, agreement_of_asahan):
    sent = new_commitment(agreement_of_asahan, indicator="anggaran", target="Rp1.250.000,-")

    refused = office.post(add_page(agreement_of_asahan), sent)
    accepted = office.post(add_page(agreement_of_asahan), {**sent, "funding": "apbd"})

    assert (refused.status_code, accepted.status_code) == (422, 302)
    assert _("Say where the money comes from.") in text_of(refused)
    assert Commitment.objects.get().target == Decimal(1_250_000)


def test_the_same_form_sent_twice_logs_one_commitment(office, agreement_of_asahan):
    sent = new_commitment(agreement_of_asahan)

    answers = [office.post(add_page(agreement_of_asahan), sent) for _each in range(2)]

    assert Commitment.objects.count() == 1
    assert {answer["Location"] for answer in answers} == {Commitment.objects.get().get_absolute_url()}


def test_another_one_starts_with_what_is_the_same(office, agreement_of_asahan):
    sent = new_commitment(agreement_of_asahan, recurrence="quarterly", then="another")

    answer = office.post(add_page(agreement_of_asahan), sent)

    handed_on = parse_qs(urlsplit(answer["Location"]).query)
    assert handed_on == {
        "owed_by": [sent["owed_by"]],
        "due": ["2027-12-31"],
        "recurrence": ["quarterly"],
    }
    again = office.get(answer["Location"])
    assert value_of(again, "due") == "2027-12-31"
    assert '<option value="quarterly" selected>' in text_of(again)


def test_what_an_address_hands_on_wrongly_is_said_and_left_out(office, agreement_of_asahan):
    other = AgreementFactory(with_parties=["itjen"])
    foreign = other.parties.get().pk

    answer = office.get(f"{add_page(agreement_of_asahan)}?owed_by={foreign}&due=kemarin&recurrence=harian")

    assert answer.status_code == 200
    assert len(answer.context["form"].problems) == 3


def test_what_an_office_elsewhere_owes_is_not_logged_by_a_regional_officer(office, agreement_of_asahan):
    unit = agreement_of_asahan.parties.get(organization__slug="ditjen-binalavotas")

    answer = office.post(
        add_page(agreement_of_asahan), new_commitment(agreement_of_asahan, owed_by=str(unit.pk))
    )

    assert answer.status_code == 422
    assert _("You log what an office of your own region owes. Choose it as who owes.") in text_of(answer)


def test_a_contact_is_entered_with_the_commitment(office, agreement_of_asahan):
    sent = new_commitment(agreement_of_asahan, contact="Dr. Nama Orang, S.H.")

    office.post(add_page(agreement_of_asahan), sent)

    assert str(Commitment.objects.get().contact) == "Dr. Nama Orang, S.H."


@pytest.mark.parametrize("source", ["javascript:alert(1)", "ftp://example.test/x", "data:text/html,x"])
def test_a_source_is_an_address_of_the_web(source, office, agreement_of_asahan):
    sent = new_commitment(agreement_of_asahan, source=source)

    assert office.post(add_page(agreement_of_asahan), sent).status_code == 422


def test_nothing_but_the_questions_of_the_page_is_written(office, officer_batang, agreement_of_asahan):
    sent = {
        "demonstration": "on",
        "withdrawn_on": "2025-01-01",
        "version": "7",
        "created_by": str(officer_batang.pk),
        "position": "9",
        "agreement": str(AgreementFactory().pk),
        "id": "4711",
    }

    office.post(add_page(agreement_of_asahan), {**new_commitment(agreement_of_asahan), **sent})

    logged = Commitment.objects.get()
    assert (logged.demonstration, logged.withdrawn_on, logged.version, logged.position) == (False, None, 1, 1)
    assert (logged.agreement, logged.created_by.pk != officer_batang.pk) == (agreement_of_asahan, True)


@pytest.mark.parametrize("field", ["owed_by", "owed_to", "owner"])
def test_rows_of_other_papers_and_offices_can_not_be_named(field, office, agreement_of_asahan):
    other = AgreementFactory(with_parties=["itjen", "pemerintah-kabupaten-batang"])
    foreign = {
        "owed_by": other.parties.first().pk,
        "owed_to": other.parties.last().pk,
        "owner": Organization.objects.get(slug="pemerintah-kabupaten-batang").pk,
    }[field]
    before = everything_stored()

    answer = office.post(
        add_page(agreement_of_asahan), new_commitment(agreement_of_asahan, **{field: str(foreign)})
    )

    assert answer.status_code == 422
    assert everything_stored() == before


# --- changed ---


def test_a_commitment_is_changed_and_its_history_says_so(office, commitment):
    answer = office.post(
        page(commitment), change_of(commitment, target="1.500", reason="Sesuai adendum"), follow=True
    )

    commitment.refresh_from_db()
    assert (commitment.target, commitment.version) == (1500, 2)
    assert "Sesuai adendum" in text_of(answer)


def test_a_change_over_a_newer_version_is_shown_beside_it(client, registrar, commitment):
    client.force_login(registrar)
    stale = change_of(commitment, text="Melatih 150 peserta las", target="150")
    client.post(page(commitment), change_of(commitment, text="Melatih 90 peserta las", target="90"))

    answer = client.post(page(commitment), stale)

    shown = text_of(answer)
    assert answer.status_code == 409
    assert "<mark>Melatih 150 peserta las</mark>" in shown
    assert "<mark>Melatih 90 peserta las</mark>" in shown
    assert value_of(answer, "target") == "150"
    assert value_of(answer, "version") == "2"
    commitment.refresh_from_db()
    assert commitment.target == 90
    # Pressed again, what was typed goes over the newer version.
    assert client.post(page(commitment), {**stale, "version": "2"}).status_code == 302


def test_what_reports_count_stays(client, registrar, commitment):
    ReportFactory(commitment=commitment, reach="submitted")
    client.force_login(registrar)

    answer = client.post(page(commitment), change_of(commitment, cumulative="no"))

    assert answer.status_code == 422
    assert "Laporan atas komitmen ini sudah dikirim" in text_of(answer)


def test_a_withdrawn_commitment_stays_in_the_ledger_and_in_its_paper(office, commitment):
    refused = office.post(page(commitment, "withdraw"), {"version": "1", "reason": " "})
    answer = office.post(page(commitment, "withdraw"), {"version": "1", "reason": "Dibatalkan bersama"})

    assert (refused.status_code, answer.status_code) == (422, 302)
    commitment.refresh_from_db()
    assert commitment.withdrawn_on == datetime.date.today()
    shown = text_of(office.get(commitment.agreement.get_absolute_url()))
    assert "withdrawn-commitments" in shown
    assert commitment.text in shown


def test_a_stale_withdrawal_is_not_taken(office, commitment):
    answer = office.post(page(commitment, "withdraw"), {"version": "0", "reason": "Dibatalkan"})

    assert answer.status_code == 409
    commitment.refresh_from_db()
    assert commitment.withdrawn_on is None


# --- read ---


def test_the_page_shows_the_figures_that_were_verified_and_says_what_waits(office, commitment):
    ReportFactory(commitment=commitment, value=40, reach="verified", period_end=datetime.date(2025, 6, 30))
    ReportFactory(commitment=commitment, value=90, reach="submitted")

    shown = office.get(commitment.get_absolute_url())

    assert shown.context["commitment"].achieved == 40
    assert "40 orang" in text_of(shown)
    assert ">40%<" in text_of(shown)
    assert shown.context["commitment"].waiting == 1


def test_every_period_leads_to_its_report(office, commitment):
    commitment.recurrence = Recurrence.QUARTERLY
    commitment.save()

    shown = text_of(office.get(commitment.get_absolute_url()))

    for end in ("2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31"):
        assert (
            reverse("partnerships:progress-report", args=[commitment.pk, datetime.date.fromisoformat(end)])
            in shown
        )


def test_the_draft_of_others_is_not_told_to_who_may_not_read_it(client, leadership, commitment):
    ReportFactory(commitment=commitment, value=7788)
    client.force_login(leadership)

    shown = client.get(commitment.get_absolute_url())

    assert [period.state for period in shown.context["dossier"].periods] == ["overdue"]
    assert "7.788" not in text_of(shown)


def test_buttons_stand_only_for_who_may_press_them(client, leadership, officer_asahan, commitment):
    client.force_login(officer_asahan)
    assert page(commitment) in text_of(client.get(commitment.get_absolute_url()))

    client.force_login(leadership)
    shown = text_of(client.get(commitment.get_absolute_url()))
    assert page(commitment) not in shown
    assert page(commitment, "ask") not in shown


def test_a_report_at_another_date_is_asked_for_and_its_form_opens(office, commitment):
    answer = office.post(page(commitment, "ask"), {"due_on": "2025-05-02"}, follow=True)

    assert ReportingDate.objects.get().due_on == datetime.date(2025, 5, 2)
    assert answer.status_code == 200
    assert "sheet" in answer.context


@pytest.mark.parametrize("day", ["", "kemarin", "2024-01-01", "2025", "2200-01-01"])
def test_a_day_on_which_no_report_can_be_due_is_refused_with_a_sentence(day, office, commitment):
    answer = office.post(page(commitment, "ask"), {"due_on": day})

    assert answer.status_code == 422
    assert "field__error" in text_of(answer)
    assert not ReportingDate.objects.exists()


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_page_asks_as_often_with_30_reports_as_with_one(office, agreement_of_asahan):
    few, many = (
        MeasurableFactory(
            agreement=agreement_of_asahan,
            recurrence=Recurrence.MONTHLY,
            starts_on=datetime.date(2023, 1, 1),
            due=datetime.date(2025, 12, 31),
        )
        for _each in range(2)
    )
    ReportFactory(commitment=few, reach="verified")
    for number in range(30):
        ReportFactory(
            commitment=many,
            reach="verified",
            period_end=datetime.date(2023 + number // 12, number % 12 + 1, 28),
        )
    queries(office, few.get_absolute_url())

    assert queries(office, few.get_absolute_url()) == queries(office, many.get_absolute_url())


def test_a_paper_with_30_commitments_is_asked_as_often_as_one_with_a_single(office):
    papers = [AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"]) for _each in range(2)]
    for paper, number in zip(papers, (1, 30), strict=True):
        for _each in range(number):
            CommitmentFactory(agreement=paper)
    queries(office, papers[0].get_absolute_url())

    few, many = (queries(office, paper.get_absolute_url()) for paper in papers)

    assert few == many


def test_a_paper_that_is_over_takes_no_new_commitment(office):
    over = AgreementFactory(
        status=Status.TERMINATED, with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]
    )

    assert office.get(add_page(over)).status_code == 403
    assert add_page(over) not in text_of(office.get(over.get_absolute_url()))
