import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.actions import agreements
from partnerships.lifecycle import Status
from partnerships.models import Agreement, Organization
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    OrganizationFactory,
    SignatoryFactory,
)
from tests.partnerships.sheets import change_of, move_of, new_paper, page_of, text_of, value_of

ADD = reverse("partnerships:agreement-add")
EVENT = "penandatanganan-29-naskah-2025"


@pytest.fixture
def office(client, registrar):
    """The registrar at the keyboard."""
    client.force_login(registrar)
    return client


# --- a new paper ---


def test_a_paper_is_registered_and_shown(office):
    answer = office.post(ADD, new_paper(title="Sinergi pelatihan", signed="20 Maret 2025"))

    paper = Agreement.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, paper.get_absolute_url())
    assert (paper.ref, paper.title, paper.status) == ("KS-2025-0001", "Sinergi pelatihan", Status.SIGNED)
    context = paper.events.get(pgh_label="insert").pgh_context
    assert (context["door"], context["path"]) == ("page", ADD)


def test_one_more_paper_of_the_same_morning_starts_with_what_is_the_same(office):
    sent = new_paper(signed="20 Maret 2025", place="Ruang Tridharma", event=EVENT, then="another")

    answer = office.post(ADD, sent)

    assert urlsplit(answer["Location"]).path == ADD
    handed_on = parse_qs(urlsplit(answer["Location"]).query)
    assert handed_on == {
        "event": [EVENT],
        "signed": ["2025-03-20"],
        "place": ["Ruang Tridharma"],
        "status": ["signed"],
        "party": ["ditjen-binalavotas"],
    }
    page = office.get(answer["Location"])
    assert value_of(page, "signed") == "20 Maret 2025"
    assert value_of(page, "place") == "Ruang Tridharma"
    assert (
        value_of(page, "parties-0-organization") == Organization.objects.get(slug="ditjen-binalavotas").name
    )
    assert f'<option value="{EVENT}" selected>' in text_of(page)


def test_what_an_address_hands_on_wrongly_is_said_and_left_out(office):
    page = office.get(f"{ADD}?signed=kemarin&event=tidak-ada&party=tidak-ada&place={'x' * 300}&status=ended")

    assert page.status_code == 200
    assert len(page.context["sheet"].problems) == 5
    assert value_of(page, "signed") == value_of(page, "place") == ""


def test_everything_typed_is_kept_when_something_is_wrong(office):
    sent = new_paper(
        title="Judul “panjang” & <b>",
        signed="31 Februari 2025",
        place="Jakarta",
        work_regions="Kab. Batang",
        implements="KS-1999-0001",
        themes=["k3"],
        reason="Siaran pers",
        parties=[
            {
                "organization": "Pemkab Asahn",
                "number": "3/NK",
                "contact": "Nama Orang",
                "contact_details": "0812",
            }
        ],
        signatories=[{"person": "Rianto", "post": "Wakil Bupati", "letter": "SK 12", "capacity": "deputy"}],
        terms=[{"starts": "2025", "duration_months": "36", "closed_because": "diganti"}],
    )

    answer = office.post(ADD, sent)

    assert answer.status_code == 422
    shown = text_of(answer)
    for name, value in sent.items():
        if name in {"themes", "kind", "certainty", "key", "represents", "work_regions"} or "FORMS" in name:
            continue
        if (name.endswith(("presence", "reason", "capacity", "status")) and "-" in name) or name == "status":
            continue
        typed = value_of(answer, name).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
        assert typed == value, name
    assert "Kab. Batang</textarea>" in shown
    assert re.search(r'value="k3"[^>]*checked', shown)
    assert '<option value="deputy" selected>' in shown
    assert not Agreement.objects.exists()


def test_names_near_to_a_misspelt_one_are_offered_and_taken_without_saving(office):
    sent = new_paper(title="Kerja sama", parties=["Itjen", "Pemkab Asahn"])

    answer = office.post(ADD, sent)
    assert 'name="pick" value="parties-1=Pemerintah Kabupaten Asahan"' in text_of(answer)

    answer = office.post(ADD, {**sent, "pick": "parties-1=Pemerintah Kabupaten Asahan"})
    assert answer.status_code == 200
    assert value_of(answer, "parties-1-organization") == "Pemerintah Kabupaten Asahan"
    assert value_of(answer, "title") == "Kerja sama"
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("part", ["parties", "signatories", "terms"])
def test_a_row_is_added_without_a_script(part, office):
    answer = office.post(ADD, new_paper(title="Kerja sama", signed="salah", add=part))

    assert answer.status_code == 200
    before = 2 if part == "parties" else 0
    assert value_of(answer, f"{part}-TOTAL_FORMS") == str(before + 1)
    assert f'name="{part}-{before}-id"' in text_of(answer)
    assert value_of(answer, "title") == "Kerja sama"
    assert value_of(answer, "signed") == "salah"
    assert "error-summary" not in text_of(answer)
    assert not Agreement.objects.exists()


def test_a_row_for_a_page_with_scripts(office):
    address = reverse("partnerships:agreement-line")

    row = text_of(office.get(address, {"part": "terms", "index": "3"}))

    assert 'name="terms-3-starts"' in row
    assert "<html" not in row
    for wrong in (
        {"part": "commitments"},
        {"index": "60"},
        {"index": "-1"},
        {"index": "1e3"},
        {"index": "٣"},
    ):
        assert office.get(address, wrong).status_code == 404


def test_an_organisation_that_is_missing_is_registered_with_the_paper(office):
    row = {"organization": "PT Pendatang Baru", "new": "on", "new_kind": "company"}

    office.post(ADD, new_paper(parties=["Itjen", row], reason="Mitra baru"))

    partner = Organization.objects.get(name="PT Pendatang Baru")
    assert partner.kind == "company"
    assert Agreement.objects.get().counterparts[0].organization == partner
    assert partner.events.get().pgh_context["action"] == "organization.enter"


def test_a_likely_duplicate_is_shown_and_only_warns(office, agreement_of_asahan):
    sent = new_paper(signed="7 Mei 2024")

    answer = office.post(ADD, sent)
    assert answer.status_code == 422
    assert agreement_of_asahan.get_absolute_url() in text_of(answer)
    assert Agreement.objects.count() == 1

    answer = office.post(ADD, {**sent, "another": "on"})
    assert answer.status_code == 302
    assert Agreement.objects.count() == 2


def test_a_draft_of_others_is_no_duplicate_to_show(client, unit_officer):
    AgreementFactory(status=Status.PROPOSED, with_parties=["itjen", "pemerintah-kabupaten-asahan"])
    client.force_login(unit_officer)

    assert client.post(ADD, new_paper(signed="7 Mei 2024")).status_code == 302


def test_two_papers_of_the_ministry_s_unit_on_one_day_are_no_duplicates(office, agreement_of_batang):
    assert office.post(ADD, new_paper(signed="7 Mei 2024")).status_code == 302


def test_the_same_form_sent_again_is_one_paper(office):
    sent = new_paper(signed="20 Maret 2025")

    first, again = office.post(ADD, sent), office.post(ADD, sent)

    assert first["Location"] == again["Location"]
    assert Agreement.objects.count() == 1


def test_a_page_without_its_key_can_still_be_sent(office):
    answer = office.post(ADD, new_paper(key="bukan-kunci", title=""))

    assert answer.status_code == 302


# --- a change ---


def test_the_page_of_a_change_shows_what_stands(office, agreement_of_asahan):
    party = agreement_of_asahan.parties.last()
    SignatoryFactory(agreement=agreement_of_asahan, party=party, post="Wakil Bupati")

    page = office.get(page_of(agreement_of_asahan))

    assert value_of(page, "signed") == "7 Mei 2024"
    assert value_of(page, "parties-1-organization") == "Pemerintah Kabupaten Asahan"
    assert value_of(page, "signatories-0-post") == "Wakil Bupati"
    assert '<option value="1" selected>2. Pemerintah Kabupaten Asahan</option>' in text_of(page)
    assert party.organization.get_kind_display() in text_of(page)


def test_a_change_is_saved_with_its_reason(office, agreement_of_asahan):
    answer = office.post(page_of(agreement_of_asahan), change_of(agreement_of_asahan, title="Judul benar"))

    assert (answer.status_code, answer["Location"]) == (302, agreement_of_asahan.get_absolute_url())
    agreement_of_asahan.refresh_from_db()
    assert (agreement_of_asahan.title, agreement_of_asahan.version) == ("Judul benar", 2)
    context = agreement_of_asahan.events.latest("pgh_id").pgh_context
    assert (context["door"], context["reason"]) == ("page", "Disesuaikan dengan naskah")


def test_of_two_writers_the_second_sees_both_and_loses_nothing(office, agreement_of_asahan, admin):
    sent = change_of(agreement_of_asahan, title="Judul saya", place="Medan")
    theirs = change_of(agreement_of_asahan, title="Judul mereka", signed="8 Mei 2024")
    other = Client()
    other.force_login(admin)
    assert other.post(page_of(agreement_of_asahan), theirs).status_code == 302

    answer = office.post(page_of(agreement_of_asahan), sent)

    assert answer.status_code == 409
    conflict = answer.context["conflict"]
    differing = [_("Title"), _("Date of signing"), _("Place of signing")]
    assert [difference.label for difference in conflict["differences"]] == differing
    assert conflict["who"] == admin.name
    assert value_of(answer, "title") == "Judul saya"
    assert value_of(answer, "place") == "Medan"
    assert "Judul mereka" in text_of(answer)
    agreement_of_asahan.refresh_from_db()
    assert (agreement_of_asahan.title, agreement_of_asahan.version) == ("Judul mereka", 2)

    over = {**sent, "version": value_of(answer, "version")}
    assert office.post(page_of(agreement_of_asahan), over).status_code == 302
    agreement_of_asahan.refresh_from_db()
    assert (agreement_of_asahan.title, agreement_of_asahan.version) == ("Judul saya", 3)


def test_a_row_that_somebody_took_out_comes_back_as_a_new_one(office, registrar, agreement_of_asahan):
    signatory = SignatoryFactory(agreement=agreement_of_asahan, post="Bupati")
    sent = change_of(agreement_of_asahan, signatories=[{"id": str(signatory.pk), "post": "Bupati"}])
    office.post(page_of(agreement_of_asahan), change_of(agreement_of_asahan))
    assert not agreement_of_asahan.signatories.exists()

    answer = office.post(page_of(agreement_of_asahan), sent)
    assert answer.status_code == 409
    assert value_of(answer, "signatories-0-id") == ""

    sent |= {"version": value_of(answer, "version"), "signatories-0-id": ""}
    assert office.post(page_of(agreement_of_asahan), sent).status_code == 302
    assert agreement_of_asahan.signatories.get().pk != signatory.pk


def test_a_move_meanwhile_is_told_even_when_no_field_differs(office, registrar, agreement_of_asahan):
    sent = change_of(agreement_of_asahan)
    agreements.move(agreement=agreement_of_asahan, to=Status.ENDED, by=registrar, reason="Selesai")

    answer = office.post(page_of(agreement_of_asahan), sent)

    assert answer.status_code == 409
    assert answer.context["conflict"]["differences"] == []


def test_a_party_with_a_commitment_is_not_removed(office, agreement_of_asahan):
    owing = agreement_of_asahan.parties.last()
    CommitmentFactory(agreement=agreement_of_asahan, owed_by=owing)
    sent = change_of(agreement_of_asahan) | {"parties-1-remove": "on"}

    answer = office.post(page_of(agreement_of_asahan), sent)

    assert answer.status_code == 422
    assert "Pemerintah Kabupaten Asahan" in str(answer.context["sheet"].form.non_field_errors())
    assert agreement_of_asahan.parties.count() == 2


def test_who_may_see_but_not_change_gets_403_and_who_may_not_see_404(
    client, officer_asahan, officer_batang, leadership, agreement_of_asahan
):
    for user, code in ((officer_asahan, 403), (leadership, 403), (officer_batang, 404)):
        client.force_login(user)
        for name in ("edit", "move", "publish"):
            assert client.get(page_of(agreement_of_asahan, name)).status_code == code
            assert client.post(page_of(agreement_of_asahan, name), {}).status_code == code


# --- status and publication ---


def test_a_step_is_taken(office, agreement_of_asahan):
    answer = office.post(page_of(agreement_of_asahan, "move"), move_of(agreement_of_asahan, to="terminated"))

    assert answer["Location"] == agreement_of_asahan.get_absolute_url()
    change = agreement_of_asahan.status_changes.first()
    assert (change.new, str(change.effective_on), change.reason) == (
        "terminated",
        "2025-01-31",
        "Berita acara",
    )


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"to": "proposed"}, "to"),
        ({"to": ""}, "to"),
        ({"effective_on": "2024-05-06"}, "effective_on"),
        ({"effective_on": "besok"}, "effective_on"),
        ({"effective_on": "2101-01-01"}, "effective_on"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_step_that_can_not_be_is_answered_at_its_field(fields, wrong, office, agreement_of_asahan):
    sent = move_of(agreement_of_asahan, **fields)

    answer = office.post(page_of(agreement_of_asahan, "move"), sent)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [wrong]
    agreement_of_asahan.refresh_from_db()
    assert agreement_of_asahan.status == Status.SIGNED


def test_a_step_from_a_status_that_is_no_longer_is_not_taken(office, registrar):
    paper = AgreementFactory(status=Status.PROPOSED, with_parties=["itjen"])
    sent = move_of(paper, to="cancelled")
    agreements.move(agreement=paper, to=Status.DRAFTING, by=registrar)

    answer = office.post(page_of(paper, "move"), sent)

    assert answer.status_code == 409
    paper.refresh_from_db()
    assert paper.status == Status.DRAFTING


def test_papers_below_are_named_before_the_one_above_ends(office, agreement_of_asahan):
    below = AgreementFactory(implements=agreement_of_asahan, with_parties=["itjen"])

    page = office.get(page_of(agreement_of_asahan, "move"))

    assert below.get_absolute_url() in text_of(page)


def test_a_paper_becomes_public_and_internal_again(office, agreement_of_asahan):
    address = page_of(agreement_of_asahan, "publish")

    office.post(address, {"public": "yes", "version": "1"})
    agreement_of_asahan.refresh_from_db()
    assert agreement_of_asahan.published_at

    office.post(address, {"public": "no", "version": "2", "reason": "Keliru"})
    agreement_of_asahan.refresh_from_db()
    assert agreement_of_asahan.published_at is None


def test_what_was_changed_meanwhile_is_not_published_unseen(office, agreement_of_asahan):
    answer = office.post(page_of(agreement_of_asahan, "publish"), {"public": "yes", "version": "0"})

    assert answer.status_code == 409
    agreement_of_asahan.refresh_from_db()
    assert agreement_of_asahan.published_at is None


def test_a_draft_is_not_published(office):
    draft = AgreementFactory(status=Status.DRAFTING, with_parties=["itjen"])

    answer = office.post(page_of(draft, "publish"), {"public": "yes", "version": "1"})

    assert answer.status_code == 422
    assert office.get(page_of(draft, "publish")).status_code == 200


# --- names while typing ---


def test_organisations_are_proposed_while_typing_within_sight(client, unit_officer):
    OrganizationFactory(name="PT Asahan Rahasia")
    client.force_login(unit_officer)

    options = text_of(client.get(reverse("partnerships:organization-choices"), {"q": "asahan"}))

    assert '<option value="Pemerintah Kabupaten Asahan"' in options
    assert 'data-proposes="nota_kesepakatan"' in options
    assert "Rahasia" not in options


@pytest.mark.parametrize("asked", ["", " ", "x" * 5000, "%", "_", "'", "\\", "<script>", "٣" * 40])
def test_no_question_breaks_the_proposals(asked, office):
    answer = office.get(reverse("partnerships:organization-choices"), {"q": asked})

    assert answer.status_code == 200
    assert text_of(answer).count("<option") <= 20
    assert "<script>" not in text_of(answer)
