"""The page of a new paper that renews an older one."""

import re

import pytest
from django.urls import reverse

from partnerships.lifecycle import Status
from partnerships.models import Agreement, AgreementKind, AgreementTheme, Organization, Theme, WorkLocation
from regions.models import Region
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    MeasurableFactory,
    OrganizationFactory,
    PartyFactory,
)
from tests.partnerships.sheets import GOVERNMENT, UNIT, new_paper, text_of, value_of

ADD = reverse("partnerships:agreement-add")
PARTIES = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]


@pytest.fixture
def office(client, registrar):
    client.force_login(registrar)
    return client


@pytest.fixture
def old(db):
    old = AgreementFactory(
        kind=AgreementKind.PKS,
        title="Pelatihan vokasi di Asahan",
        status=Status.ENDED,
        with_parties=PARTIES,
        with_themes=["k3"],
    )
    old.parties.update(number="1/LAMA")
    WorkLocation.objects.create(agreement=old, region=Region.objects.get(code="33.25"))
    return old


def page(client, ref):
    return client.get(f"{ADD}?renews={ref}")


def test_it_begins_as_a_copy_whose_commitments_can_be_left(office, old):
    open_one = MeasurableFactory(agreement=old, text="Melatih seratus peserta")

    answer = page(office, old.ref)

    shown = text_of(answer)
    assert value_of(answer, "title") == old.title
    assert value_of(answer, "renews") == old.ref
    assert '<option value="pks" selected>' in shown
    assert re.search(r'value="k3"[^>]*checked', shown)
    assert "Kabupaten Batang</textarea>" in shown
    names = [party.organization.name for party in old.parties.all()]
    assert [value_of(answer, f"parties-{index}-organization") for index in (0, 1)] == names
    assert value_of(answer, "parties-0-number") == value_of(answer, "signed") == ""
    assert re.search(rf'name="carried" value="{open_one.pk}"[^>]*checked', shown)
    assert "Melatih seratus peserta" in shown
    assert Agreement.objects.get() == old


def test_what_is_ticked_is_taken_along_and_nothing_else(office, old):
    chosen, left = (MeasurableFactory(agreement=old) for _ in range(2))
    data = new_paper(title=old.title, signed="20 Maret 2025", renews=old.ref, carried=[chosen.pk])

    answer = office.post(ADD, data)

    paper = Agreement.objects.exclude(pk=old.pk).get()
    assert answer["Location"] == paper.get_absolute_url()
    assert paper.renews == old
    assert [each.text for each in paper.commitments.all()] == [chosen.text]
    assert "belum terukur" in text_of(office.get(paper.get_absolute_url())).casefold()
    assert left.text not in text_of(office.get(paper.get_absolute_url()))


def test_what_was_ticked_is_kept_when_something_is_wrong(office, old):
    chosen, left = (MeasurableFactory(agreement=old) for _ in range(2))
    sent = new_paper(signed="salah", renews=old.ref, carried=[chosen.pk])

    for data, code in ((sent, 422), ({**sent, "add": "parties"}, 200)):
        answer = office.post(ADD, data)

        assert answer.status_code == code
        assert re.search(rf'value="{chosen.pk}"[^>]*checked', text_of(answer))
        assert not re.search(rf'value="{left.pk}"[^>]*checked', text_of(answer))
        assert re.search(rf'value="{left.pk}"', text_of(answer))


def test_a_commitment_of_another_paper_is_refused(office, old):
    elsewhere = MeasurableFactory()
    for renews, chosen in ((old.ref, elsewhere.pk), (old.ref, "x"), ("", elsewhere.pk)):
        answer = office.post(ADD, new_paper(title="Baru", renews=renews, carried=[chosen]))

        assert answer.status_code == 422, renews
        assert "bukan komitmen yang masih berjalan" in text_of(answer)
    assert not Agreement.objects.filter(title="Baru").exists()


@pytest.mark.parametrize("ref", ["KS-1999-0001", "bukan nomor", "<b>"])
def test_a_paper_that_is_not_there_is_said_and_left_out(office, ref):
    answer = page(office, ref)

    assert answer.status_code == 200
    assert len(answer.context["sheet"].problems) == 1
    assert value_of(answer, "renews") == value_of(answer, "title") == ""


def test_a_paper_out_of_sight_is_as_one_that_is_not_there(client, unit_officer, old):
    draft = AgreementFactory(status=Status.PROPOSED, title="Rahasia", with_parties=PARTIES[1:])
    client.force_login(unit_officer)

    hidden, none = page(client, draft.ref), page(client, "KS-1999-0001")

    assert "Rahasia" not in text_of(hidden)
    told = [
        answer.context["sheet"].problems[0].replace(draft.ref, "KS-1999-0001") for answer in (hidden, none)
    ]
    assert told[0] == told[1]
    assert value_of(page(client, old.ref), "title") == old.title


def test_a_paper_that_was_never_signed_is_not_renewed(office):
    draft = AgreementFactory(status=Status.DRAFTING, title="Konsep", with_parties=PARTIES)

    assert "Konsep" not in text_of(page(office, draft.ref))
    assert f"?renews={draft.ref}" not in text_of(office.get(draft.get_absolute_url()))


def test_the_record_offers_a_renewal_to_who_may_enter_papers(client, registrar, leadership, old):
    for who, offered in ((registrar, True), (leadership, False)):
        client.force_login(who)
        assert (f"?renews={old.ref}" in text_of(client.get(old.get_absolute_url()))) is offered


def test_a_party_whose_name_several_share_is_found_again(office, old):
    for _ in range(2):
        twin = OrganizationFactory(name="PT Kembar")
    PartyFactory(agreement=old, organization=twin, position=3)

    typed = value_of(page(office, old.ref), "parties-2-organization")
    data = new_paper(title="Baru", signed="2025", parties=[UNIT, GOVERNMENT, typed], renews=old.ref)
    assert office.post(ADD, data).status_code == 302
    paper = Agreement.objects.get(title="Baru")
    assert Organization.objects.filter(parties__agreement=paper, pk=twin.pk).exists()


def test_thirty_commitments_are_asked_for_as_often_as_one(office, django_assert_max_num_queries):
    costs = []
    for number in (1, 30):
        old = AgreementFactory(with_parties=PARTIES)
        AgreementTheme.objects.create(agreement=old, theme=Theme.objects.first())
        CommitmentFactory.create_batch(number, agreement=old, owed_by=old.parties.first())
        page(office, old.ref)
        with django_assert_max_num_queries(70) as queries:
            page(office, old.ref)
        costs.append(len(queries))

    assert costs[0] == costs[1]
