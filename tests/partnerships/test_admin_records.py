"""Papers, partners, people, events and regions in the administration."""

import datetime

import pytest
from django.urls import reverse

from partnerships.actions import agreements, organizations
from partnerships.actions.organizations import OrganizationRecord
from partnerships.lifecycle import Status
from partnerships.models import (
    Agreement,
    ChildDecision,
    Organization,
    OrganizationKind,
    PartialDate,
    Person,
    SigningEvent,
    StageChange,
)
from regions.models import Region
from tests.factories import (
    AgreementFactory,
    OrganizationFactory,
    PersonFactory,
    SigningEventFactory,
)


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    return client


def page_of(row, name="change"):
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=[row.pk])


def form_of(response):
    """What a browser would send back from a page without typing anything."""
    values = {}
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                values[field.html_name] = value
    return values


# --- papers ---------------------------------------------------------------------------------------


def test_a_paper_is_moved_through_the_action_with_its_reason(as_admin, admin, agreement_of_asahan):
    paper = agreement_of_asahan
    answers = {"to": "terminated", "effective_on": "2026-01-15", "reason": "Diakhiri bersama"}

    as_admin.post(page_of(paper, "move"), answers)

    paper.refresh_from_db()
    assert (paper.status, paper.version) == (Status.TERMINATED, 2)
    change = paper.status_changes.first()
    assert (change.new, change.reason, change.by) == ("terminated", "Diakhiri bersama", admin)
    assert change.effective_on == datetime.date(2026, 1, 15)
    context = paper.events.latest("pgh_id").pgh_context
    assert (context["door"], context["actor"]) == ("admin", admin.pk)


def test_only_moves_of_the_life_of_a_paper_are_taken(as_admin, agreement_of_asahan):
    answer = as_admin.post(page_of(agreement_of_asahan, "move"), {"to": "proposed", "reason": "x"})

    assert "to" in answer.context["form"].errors
    agreement_of_asahan.refresh_from_db()
    assert agreement_of_asahan.status == Status.SIGNED


def test_a_paper_that_is_over_is_offered_no_move(as_admin):
    paper = AgreementFactory(status=Status.TERMINATED)

    html = as_admin.get(page_of(paper)).content.decode()

    assert page_of(paper, "move") not in html
    assert reverse("partnerships:agreement-edit", args=[paper.ref]) in html


def test_a_paper_is_made_public_and_taken_back(as_admin, agreement_of_asahan):
    paper = agreement_of_asahan
    as_admin.post(page_of(paper, "publish"), {"reason": "Boleh diketahui umum"})
    paper.refresh_from_db()
    assert paper.published_at

    as_admin.post(page_of(paper, "unpublish"), {"reason": "Keliru"})
    paper.refresh_from_db()
    assert paper.published_at is None


def test_a_draft_is_not_made_public(as_admin):
    draft = AgreementFactory(status=Status.DRAFTING)

    answer = as_admin.post(page_of(draft, "publish"), {"reason": "Coba"})

    assert answer.context["form"].non_field_errors()
    draft.refresh_from_db()
    assert draft.published_at is None


def test_many_papers_are_made_public_with_one_reason(as_admin, agreement_of_asahan, agreement_of_batang):
    other = AgreementFactory()
    chosen = [agreement_of_asahan.pk, agreement_of_batang.pk]
    press = {"action": "publish_selected", "_selected_action": chosen}
    listing = reverse("admin:partnerships_agreement_changelist")

    as_admin.post(listing, {**press, "reason": " "})
    assert not Agreement.objects.exclude(published_at=None).exists()
    as_admin.post(listing, {**press, "reason": "Rilis pers"})

    assert set(Agreement.objects.exclude(published_at=None)) == {agreement_of_asahan, agreement_of_batang}
    assert agreement_of_asahan.events.latest("pgh_id").pgh_context["reason"] == "Rilis pers"
    assert other.events.count() == 1


def test_of_many_papers_one_draft_stops_all(as_admin, agreement_of_asahan):
    draft = AgreementFactory(status=Status.DRAFTING)
    press = {
        "action": "publish_selected",
        "_selected_action": [agreement_of_asahan.pk, draft.pk],
        "reason": "Rilis pers",
    }

    as_admin.post(reverse("admin:partnerships_agreement_changelist"), press)

    assert not Agreement.objects.exclude(published_at=None).exists()


def test_papers_are_found_by_partner_class_theme_and_words(as_admin, agreement_of_asahan):
    paper = AgreementFactory(
        title="Pemagangan nelayan", with_parties=["biro-kerja-sama"], with_themes=["pemagangan"]
    )
    listing = reverse("admin:partnerships_agreement_changelist")

    def found(query):
        return list(as_admin.get(f"{listing}?{query}").context["cl"].result_list)

    assert found("class=regional") == [agreement_of_asahan]
    assert found("theme=pemagangan") == [paper]
    assert found("q=magang") == [paper]
    assert found("q=asahan") == [agreement_of_asahan]


def test_the_history_of_a_paper_tells_before_and_after(as_admin, admin, agreement_of_asahan):
    agreements.move(agreement=agreement_of_asahan, to=Status.ENDED, by=admin, reason="Selesai dilaksanakan")

    changes = as_admin.get(page_of(agreement_of_asahan, "history")).context["changes"]

    (moved,) = [change for change in changes if change.reason == "Selesai dilaksanakan"]
    assert moved.who == str(admin)
    assert [(str(before), str(after)) for _label, before, after in moved.lines] == [
        (str(Status.SIGNED.label), str(Status.ENDED.label))
    ]
    assert any("Pemerintah Kabupaten Asahan" in change.what for change in changes)


# --- people, partners, events ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "field", "value"),
    [
        (PersonFactory, "name", "Nama yang benar"),
        (OrganizationFactory, "name", "PT Mitra Berubah"),
        (SigningEventFactory, "name", "Acara yang berubah"),
    ],
)
def test_a_change_goes_through_its_action(as_admin, admin, make, field, value):
    row = make()
    sent = {**form_of(as_admin.get(page_of(row))), field: value}

    answer = as_admin.post(page_of(row), sent)

    assert answer.status_code == 302
    row.refresh_from_db()
    assert (getattr(row, field), row.version) == (value, 2)
    context = row.events.latest("pgh_id").pgh_context
    assert context["actor"] == admin.pk
    assert context["action"].split(".")[0] in {"person", "organization", "event"}


@pytest.mark.parametrize("make", [PersonFactory, OrganizationFactory, SigningEventFactory])
def test_of_two_who_save_the_same_version_one_wins_and_the_other_is_told(as_admin, make):
    row = make()
    first = form_of(as_admin.get(page_of(row)))
    as_admin.post(page_of(row), {**first, "name": "Yang pertama"})

    answer = as_admin.post(page_of(row), {**first, "name": "Yang kedua"})

    assert answer.status_code == 200
    assert "Yang pertama" in str(answer.context["adminform"].form.non_field_errors())
    row.refresh_from_db()
    assert (row.name, row.version) == ("Yang pertama", 2)


@pytest.mark.parametrize("make", [PersonFactory, OrganizationFactory, SigningEventFactory])
def test_forged_versions_and_codes_are_ignored(as_admin, make):
    row = make()
    before = type(row).objects.filter(pk=row.pk).values().get()
    sent = {**form_of(as_admin.get(page_of(row))), "version": 99, "slug": "dipalsukan", "id": 12345}

    as_admin.post(page_of(row), sent)

    after = type(row).objects.filter(pk=row.pk).values().get()
    assert after == {**before, "version": 2}


def test_a_new_organisation_gets_an_address_of_its_own(as_admin):
    OrganizationFactory(name="PT Maju", slug="pt-maju")
    page = as_admin.get(reverse("admin:partnerships_organization_add"))

    as_admin.post(
        reverse("admin:partnerships_organization_add"),
        {**form_of(page), "name": "PT  Maju", "kind": "company"},
    )

    made = Organization.objects.latest("pk")
    assert (made.name, made.slug, made.version) == ("PT Maju", "pt-maju-2", 1)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "kota_government", "region": ""},
        {"kind": "kabupaten_government", "region": "12.09"},
    ],
)
def test_what_a_government_must_be_is_said_once_and_in_words(as_admin, change):
    row = OrganizationFactory()
    sent = {**form_of(as_admin.get(page_of(row))), **change}

    answer = as_admin.post(page_of(row), sent)

    (said,) = answer.context["adminform"].form.non_field_errors()
    assert "“" not in said, "a sentence, not the name of a constraint"
    row.refresh_from_db()
    assert row.kind == OrganizationKind.COMPANY


def test_an_organisation_is_not_below_itself(as_admin):
    top = OrganizationFactory()
    below = OrganizationFactory(parent=OrganizationFactory(parent=top))
    sent = {**form_of(as_admin.get(page_of(top))), "parent": below.pk}

    answer = as_admin.post(page_of(top), sent)

    assert answer.context["adminform"].form.non_field_errors()


def test_an_office_keeps_what_its_people_need(admin, registrar):
    bureau = registrar.postings.get().organization
    record = OrganizationRecord(name=bureau.name, kind=OrganizationKind.COMPANY)

    with pytest.raises(Exception, match="Registrar"):
        organizations.change(organization=bureau, record=record, version=bureau.version, by=admin)


def test_other_names_are_kept_with_their_organisation(as_admin):
    row = OrganizationFactory()
    sent = form_of(as_admin.get(page_of(row))) | {
        "aliases-TOTAL_FORMS": 1,
        "aliases-0-name": "Nama lama",
        "aliases-0-used_until": "2020-12-31",
    }

    as_admin.post(page_of(row), sent)
    assert row.aliases.get().name == "Nama lama"

    wrong = form_of(as_admin.get(page_of(row))) | {"aliases-0-used_from": "2021-01-01"}
    answer = as_admin.post(page_of(row), wrong)
    assert answer.status_code == 200
    assert row.aliases.get().used_from is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("20 Maret 2025", PartialDate.of(2025, 3, 20)),
        ("2025-03", PartialDate.of(2025, 3)),
        ("2025", PartialDate.of(2025)),
        ("", None),
    ],
)
def test_the_day_of_an_event_may_be_known_in_part(as_admin, typed, kept):
    event = SigningEventFactory()
    sent = {**form_of(as_admin.get(page_of(event))), "held": typed}

    as_admin.post(page_of(event), sent)

    assert SigningEvent.objects.get(pk=event.pk).held == kept


@pytest.mark.parametrize("typed", ["31 Februari 2025", "besok", "1800", "2025-13"])
def test_what_is_no_day_is_refused(as_admin, typed):
    event = SigningEventFactory()
    sent = {**form_of(as_admin.get(page_of(event))), "held": typed}

    answer = as_admin.post(page_of(event), sent)

    assert "held" in answer.context["adminform"].form.errors


def test_a_person_without_a_name_is_none(as_admin):
    person = PersonFactory()
    sent = {**form_of(as_admin.get(page_of(person))), "name": "   "}

    assert as_admin.post(page_of(person), sent).status_code == 200
    assert Person.objects.get(pk=person.pk).name == person.name


# --- regions --------------------------------------------------------------------------------------


def test_a_region_is_only_closed(as_admin, db):
    region = Region.objects.get(code="12.09")
    before = Region.objects.filter(pk="12.09").values().get()
    forged = {
        "code": "99.99",
        "name": "Diubah",
        "kind": "kota",
        "aliases": "x",
        "parent": "32",
        "time_zone": "Asia/Jayapura",
        "closed_on": "2026-01-01",
        "succeeded_by": "12.71",
    }

    as_admin.post(page_of(region), forged)

    after = Region.objects.filter(pk="12.09").values().get()
    assert after == {
        **before,
        "closed_on": datetime.date(2026, 1, 1),
        "succeeded_by_id": "12.71",
    }
    assert as_admin.get(reverse("admin:regions_region_add")).status_code == 403


@pytest.mark.parametrize(
    "sent",
    [
        {"succeeded_by": "12.71"},
        {"closed_on": "2026-01-01", "succeeded_by": "12.09"},
        {"closed_on": "kemarin"},
    ],
)
def test_a_closing_that_makes_no_sense_is_refused(as_admin, db, sent):
    region = Region.objects.get(code="12.09")

    answer = as_admin.post(page_of(region), sent)

    errors = answer.context["adminform"].form.errors
    assert len(errors) == 1
    region.refresh_from_db()
    assert region.closed_on is None


def test_a_region_is_found_by_its_other_spellings(as_admin, db):
    found = as_admin.get("/admin/regions/region/?q=Kab. Asahan").context["cl"].result_list

    assert [region.code for region in found] == ["12.09"]


# --- the life of a paper --------------------------------------------------------------------------


def test_the_move_asks_what_becomes_of_papers_below(as_admin, admin, agreement_of_asahan):
    child = AgreementFactory(kind="pks", implements=agreement_of_asahan)
    answers = {"to": "terminated", "effective_on": "2026-01-15", "reason": "Diakhiri bersama"}
    page = page_of(agreement_of_asahan, "move")

    refused = as_admin.post(page, answers)
    assert list(refused.context["form"].errors) == [f"below-{child.ref}"]
    nowhere = as_admin.post(page, answers | {f"below-{child.ref}": "moves"})
    assert list(nowhere.context["form"].errors) == [f"below-{child.ref}-other"]
    agreement_of_asahan.refresh_from_db()
    assert agreement_of_asahan.status == Status.SIGNED

    as_admin.post(page, answers | {f"below-{child.ref}": "ends"})
    child.refresh_from_db()
    assert child.status == Status.TERMINATED
    decision = ChildDecision.objects.get()
    assert (decision.child, decision.change.agreement) == (child, agreement_of_asahan)
    assert child.ref in as_admin.get("/admin/partnerships/childdecision/").content.decode()


def test_a_foreign_paper_is_not_signed_before_its_last_stage(as_admin, admin):
    paper = AgreementFactory(kind="moc", status=Status.SCHEDULED, signed=None)
    StageChange.objects.create(agreement=paper, new="negotiation", by=admin, note="Perundingan kedua")

    answer = as_admin.post(page_of(paper, "move"), {"to": "signed", "reason": "x"})

    assert list(answer.context["form"].errors) == ["to"]
    paper.refresh_from_db()
    assert paper.status == Status.SCHEDULED
    found = as_admin.get("/admin/partnerships/stagechange/", {"q": "Perundingan"}).content.decode()
    assert paper.ref in found


@pytest.mark.parametrize("day", ["2099-01-01", "2024-05-06"])
def test_a_move_on_a_day_that_cannot_be_is_said_at_the_day(day, as_admin, agreement_of_asahan):
    answers = {"to": "ended", "effective_on": day, "reason": "x"}

    answer = as_admin.post(page_of(agreement_of_asahan, "move"), answers)

    assert list(answer.context["form"].errors) == ["effective_on"]
