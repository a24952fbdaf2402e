"""The page on which the papers of a ceremony are entered, the one that marks them signed, their files."""

import datetime
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.translation import gettext

from partnerships.lifecycle import Status
from partnerships.models import Agreement, Organization, PartialDate
from tests.factories import AgreementFactory, SigningEventFactory

ASAHAN, BATANG = "pemerintah-kabupaten-asahan", "pemerintah-kabupaten-batang"


@pytest.fixture
def event(db):
    return SigningEventFactory(place="Ruang Tridharma", held=PartialDate.of(2025, 3, 20))


@pytest.fixture
def as_registrar(client, registrar):
    client.force_login(registrar)
    return client


def entry(event):
    return reverse("partnerships:event-papers", args=[event.slug])


def sent(*rows, do="save", **shared):
    """The page as a browser sends it, with these rows."""
    form = {
        "do": do,
        "key": str(uuid4()),
        "kind": "",
        "status": "signed",
        "signed": "20 Maret 2025",
        "place": "Ruang Tridharma",
        "unit": "Ditjen Binalavotas",
        "person": "Nama Uji 100",
        "post": "Menteri",
        "rows-TOTAL_FORMS": str(max(len(rows), 10)),
        "rows-INITIAL_FORMS": "10",
        **shared,
    }
    for index, row in enumerate(rows):
        form |= {f"rows-{index}-{name}": value for name, value in row.items()}
    return form


def row(partner, **said):
    return {"organization": partner, "title": f"Kerja sama {partner}", **said}


def sheet(answer):
    return answer.context["sheet"]


# --- what is shown first --------------------------------------------------------------------------


def test_the_page_begins_with_what_the_event_says_and_ten_rows(as_registrar, event):
    html = as_registrar.get(entry(event)).content.decode()

    assert 'value="20 Maret 2025"' in html
    assert 'value="Ruang Tridharma"' in html
    assert html.count('id="row-') == 10


def test_an_event_to_come_begins_with_scheduled_papers(as_registrar):
    event = SigningEventFactory(held=PartialDate.of(2090, 1, 2))

    assert sheet(as_registrar.get(entry(event))).form["status"].value() == Status.SCHEDULED


def test_more_rows_are_added_without_judging_what_is_typed(as_registrar, event):
    answer = as_registrar.post(entry(event), sent(row("Tidak Ada"), do="more", unit=""))

    assert answer.status_code == 200
    assert len(sheet(answer).rows.forms) == 20
    assert "error-summary" not in answer.content.decode()
    assert 'value="Tidak Ada"' in answer.content.decode()


# --- entering -------------------------------------------------------------------------------------


def test_good_rows_are_entered_each_as_its_partner_class_proposes(as_registrar, event):
    answer = as_registrar.post(
        entry(event), sent(row("Kab. Asahan", number="1/P", ministry_number="2/K"), row("Kab. Batang"))
    )

    assert answer.url == event.get_absolute_url()
    papers = Agreement.objects.filter(event=event).order_by("ref")
    assert [paper.kind for paper in papers] == ["nota_kesepakatan", "nota_kesepakatan"]
    assert [party.number for party in papers[0].parties.all()] == ["2/K", "1/P"]
    assert all(paper.status == Status.SIGNED for paper in papers)


def test_a_fixed_kind_is_the_kind_of_all(as_registrar, event):
    as_registrar.post(entry(event), sent(row("Kab. Asahan"), kind="komitmen_bersama"))

    assert Agreement.objects.get(event=event).kind == "komitmen_bersama"


def test_one_bad_row_keeps_every_good_one_and_says_its_sentence(as_registrar, event):
    answer = as_registrar.post(
        entry(event), sent(row("Kab. Asahan"), row("Kab. Asahann"), row("Kab. Batang", capacity="xyz"))
    )

    assert answer.status_code == 422
    assert [each.state for each in sheet(answer).rows][:4] == ["good", "bad", "bad", ""]
    html = answer.content.decode()
    assert "“Kab. Asahann” tidak ada dalam daftar lembaga." in html
    assert gettext("“%(value)s” is not a capacity. Choose one.") % {"value": "xyz"} in html
    assert 'value="Kerja sama Kab. Batang"' in html
    assert not Agreement.objects.filter(event=event).exists()


def test_a_bad_row_that_is_left_out_holds_nothing_up(as_registrar, event):
    as_registrar.post(entry(event), sent(row("Kab. Asahan"), row("Tidak Ada", remove="on")))

    assert Agreement.objects.get(event=event).counterparts[0].organization.slug == ASAHAN


def test_checking_saves_nothing(as_registrar, event):
    answer = as_registrar.post(entry(event), sent(row("Kab. Asahan"), do="check"))

    assert (answer.status_code, sheet(answer).good_count) == (200, 1)
    assert not Agreement.objects.filter(event=event).exists()


def test_a_near_name_is_picked_by_its_button(as_registrar, event):
    form = sent(row("Kab. Asahann"), do="", pick="rows-0=Pemerintah Kabupaten Asahan")

    answer = as_registrar.post(entry(event), form)

    assert sheet(answer).good_count == 1


def test_a_new_partner_is_registered_once_for_all_its_rows(as_registrar, event):
    new = {"new": "on", "new_kind": "company"}

    as_registrar.post(
        entry(event), sent(row("PT Baru Sekali", **new), row("PT Baru Sekali", **new) | {"title": "Lain"})
    )

    partner = Organization.objects.get(name="PT Baru Sekali")
    assert partner.parties.filter(agreement__event=event).count() == 2


def test_sent_twice_makes_one_set(as_registrar, event):
    form = sent(row("Kab. Asahan"), row("Kab. Batang"))

    as_registrar.post(entry(event), form)
    answer = as_registrar.post(entry(event), form)

    assert Agreement.objects.filter(event=event).count() == 2
    assert answer.status_code == 302


def test_rows_added_to_a_page_that_was_saved_are_not_lost(as_registrar, event):
    form = sent(row("Kab. Asahan"))
    as_registrar.post(entry(event), form)
    more = sent(row("Kab. Asahan"), row("Kab. Batang"), key=form["key"])

    answer = as_registrar.post(entry(event), more)
    assert answer.status_code == 422
    again = more | {"key": sheet(answer).form["key"].value(), "rows-0-remove": "on"}
    as_registrar.post(entry(event), again)

    partners = Agreement.objects.filter(event=event).values_list("parties__organization__slug", flat=True)
    assert set(partners) == {"ditjen-binalavotas", ASAHAN, BATANG}
    assert Agreement.objects.filter(event=event).count() == 2


def test_a_signed_paper_is_not_dated_ahead_and_a_row_is_needed(as_registrar, event):
    ahead = as_registrar.post(entry(event), sent(row("Kab. Asahan"), signed="2090-01-02"))
    empty = as_registrar.post(entry(event), sent())

    assert list(sheet(ahead).form.errors) == ["signed"]
    assert list(sheet(empty).form.errors) == ["__all__"]


def test_broken_pages_are_answered_with_a_sentence(as_registrar, event):
    for broken in (
        {"rows-TOTAL_FORMS": "x"},
        {"rows-TOTAL_FORMS": "99999"},
        {"key": "no uuid"},
        {"do": "", "pick": "rows-x=PT"},
    ):
        assert as_registrar.post(entry(event), sent(**broken)).status_code == 422


# --- likely duplicates ----------------------------------------------------------------------------


def test_a_paper_that_may_be_in_the_register_warns_until_it_is_said_to_be_another(as_registrar, event):
    known = AgreementFactory(title="Kerja sama Kab. Asahan", with_parties=["ditjen-binalavotas", ASAHAN])

    answer = as_registrar.post(entry(event), sent(row("Kab. Asahan")))
    assert answer.status_code == 422
    assert known.ref in answer.content.decode()

    as_registrar.post(entry(event), sent(row("Kab. Asahan", another="on")))
    assert Agreement.objects.filter(event=event).count() == 1


def test_another_paper_of_the_partner_at_the_same_event_warns_whatever_its_kind(as_registrar, event):
    known = AgreementFactory(event=event, kind="pks", with_parties=["ditjen-binalavotas", ASAHAN])
    AgreementFactory(kind="pks", with_parties=["ditjen-binalavotas", BATANG])

    answer = as_registrar.post(entry(event), sent(row("Kab. Asahan"), row("Kab. Batang")))

    assert [each.duplicates for each in sheet(answer).rows][:2] == [[known], []]


def test_two_rows_of_one_partner_and_title_warn(as_registrar, event):
    twins = [row("Kab. Asahan"), row("Pemerintah Kabupaten Asahan") | {"title": "KERJA SAMA  kab. asahan"}]

    answer = as_registrar.post(entry(event), sent(*twins))

    assert [each.state for each in sheet(answer).rows][:2] == ["good", "bad"]


# --- pasting --------------------------------------------------------------------------------------


def test_pasted_rows_fill_the_free_rows_and_are_checked(as_registrar, event):
    pasted = "Kab. Batang\tJudul A\nTidak Ada\tJudul B"

    answer = as_registrar.post(entry(event), sent(row("Kab. Asahan"), do="paste", pasted=pasted))

    assert answer.status_code == 422
    assert [each.typed("organization") for each in sheet(answer).rows][:4] == [
        "Kab. Asahan",
        "Kab. Batang",
        "Tidak Ada",
        "",
    ]
    assert (sheet(answer).good_count, sheet(answer).bad_count) == (2, 1)
    assert sheet(answer).form["pasted"].value() == ""


def test_what_was_pasted_and_not_looked_at_is_not_saved(as_registrar, event):
    answer = as_registrar.post(entry(event), sent(row("Kab. Asahan"), pasted="Kab. Batang\tJudul"))

    assert (answer.status_code, sheet(answer).good_count) == (200, 2)
    assert not Agreement.objects.filter(event=event).exists()


def test_too_much_is_refused_and_stays_where_it_was(as_registrar, event):
    pasted = "\n".join(f"PT {n}\tJudul" for n in range(60))

    answer = as_registrar.post(entry(event), sent(row("Kab. Asahan"), do="paste", pasted=pasted))

    assert answer.status_code == 422
    assert sheet(answer).form["pasted"].value() == pasted
    assert sheet(answer).rows.forms[0].typed("organization") == "Kab. Asahan"


def test_sixty_papers_are_entered_in_one_sending(as_registrar, event):
    governments = Organization.objects.filter(kind="kabupaten_government").order_by("name")[:60]

    answer = as_registrar.post(entry(event), sent(*[row(each.name) for each in governments]))

    assert answer.status_code == 302
    assert Agreement.objects.filter(event=event).count() == 60


def test_an_officer_of_a_unit_enters_papers_of_the_own_unit(client, unit_officer, event):
    client.force_login(unit_officer)

    assert client.post(entry(event), sent(row("Kab. Asahan"))).status_code == 302
    refused = client.post(entry(event), sent(row("Kab. Batang"), unit="Itjen"))

    assert list(sheet(refused).form.errors) == ["unit"]
    assert Agreement.objects.filter(event=event).count() == 1


# --- signed together ------------------------------------------------------------------------------


def waiting(event):
    return AgreementFactory(event=event, status=Status.SCHEDULED, with_parties=["ditjen-binalavotas", ASAHAN])


def test_scheduled_papers_are_marked_by_one_confirmation_on_the_day_of_the_event(as_registrar, event):
    papers = [waiting(event), waiting(event)]
    address = reverse("partnerships:event-sign", args=[event.slug])
    form = as_registrar.get(address).context["form"]
    read, day = form["papers"].value(), form["effective_on"].value()

    answer = as_registrar.post(address, {"papers": read, "effective_on": day.isoformat()})

    assert answer.url == event.get_absolute_url()
    for paper in papers:
        paper.refresh_from_db()
        assert paper.status == Status.SIGNED
        assert paper.status_changes.first().effective_on == datetime.date(2025, 3, 20)


def test_what_could_not_be_marked_is_named_with_its_reason(as_registrar, event):
    fine, stale = waiting(event), waiting(event)
    address = reverse("partnerships:event-sign", args=[event.slug])

    answer = as_registrar.post(
        address, {"papers": [f"{fine.pk}:1", f"{stale.pk}:9"], "effective_on": "2025-03-20"}
    )

    assert answer.status_code == 200
    assert [each.paper for each in answer.context["skipped"]] == [stale]
    assert stale.ref in answer.content.decode()


def test_papers_of_another_event_can_not_be_marked_here(as_registrar, event):
    other = waiting(SigningEventFactory())
    address = reverse("partnerships:event-sign", args=[event.slug])

    answer = as_registrar.post(address, {"papers": [f"{other.pk}:1"], "effective_on": "2025-03-20"})

    assert answer.status_code == 422
    other.refresh_from_db()
    assert other.status == Status.SCHEDULED


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "file"), [("event-packet", "paket"), ("event-door", "lembar")])
def test_the_files_are_pdfs_that_nobody_keeps(as_registrar, event, name, file):
    waiting(event)

    answer = as_registrar.get(reverse(f"partnerships:{name}", args=[event.slug]))

    assert answer.content.startswith(b"%PDF-")
    assert f"{file}-{event.slug}.pdf" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]


def test_a_file_of_too_many_papers_is_refused_with_a_page(as_registrar, event, monkeypatch):
    monkeypatch.setattr("partnerships.views.ceremonies.MOST_PAPERS", 1)
    waiting(event)
    waiting(event)

    assert as_registrar.get(reverse("partnerships:event-packet", args=[event.slug])).status_code == 400
