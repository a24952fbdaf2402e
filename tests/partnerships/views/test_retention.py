"""The pages of retention: due, held, proposed, approved by another, destroyed, certified."""

import io

import pikepdf
import pypdfium2
import pytest
from django.urls import reverse

from partnerships.models import Disposal, FileRead, IssuedFile, LegalHold
from tests.conftest import confirm
from tests.factories import DisposalFactory
from tests.partnerships.test_retention import administrator, ended, rule

LIST = "/pemusnahan/"


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    confirm(client, admin)
    return client


def said(client, *papers, reason="Penilaian ND-1/2026"):
    key = client.get(LIST).context["form"]["key"].value()
    return {"papers": [paper.pk for paper in papers], "reason": reason, "key": key}


def test_a_paper_goes_from_due_to_approved_by_two(office, client, admin):
    rule()
    paper = ended(11, title="Pelatihan lama")
    page = office.get(LIST).text
    assert paper.ref in page and "JRA 7/2024" in page

    made = office.post(LIST, said(office, paper), follow=True)

    disposal = Disposal.objects.get()
    assert made.redirect_chain == [(disposal.get_absolute_url(), 302)]
    assert reverse("partnerships:disposal-approve", args=[disposal.pk]) not in made.text
    assert paper.ref in made.text
    office.post(reverse("partnerships:disposal-approve", args=[disposal.pk]))
    disposal.refresh_from_db()
    assert disposal.approved_by is None
    second = administrator()
    client.force_login(second)
    confirm(client, second)
    approval = reverse("partnerships:disposal-approve", args=[disposal.pk])
    assert approval in client.get(disposal.get_absolute_url()).text

    client.post(approval)

    disposal.refresh_from_db()
    assert (disposal.proposed_by, disposal.approved_by) == (admin, second)


def test_an_approval_asks_who_one_is_first(client, admin):
    disposal = DisposalFactory()
    client.force_login(admin)

    asked = client.post(reverse("partnerships:disposal-approve", args=[disposal.pk]))

    assert asked.status_code == 302 and asked.url.startswith(reverse("account_reauthenticate"))
    disposal.refresh_from_db()
    assert disposal.approved_by is None


def test_what_is_held_is_not_offered_until_it_is_let_go(office):
    rule()
    paper = ended(11)
    held = {"hold-ref": paper.ref.lower(), "hold-reason": "Perkara 12/2026"}

    page = office.post(reverse("partnerships:hold-place"), held, follow=True)

    assert "Perkara 12/2026" in page.text and f'value="{paper.pk}"' not in page.text
    again = office.post(reverse("partnerships:hold-place"), held)
    assert again.status_code == 422 and "Perkara 12/2026" in again.text
    assert office.post(LIST, said(office, paper)).status_code == 422
    page = office.post(reverse("partnerships:hold-lift", args=[LegalHold.objects.get().pk]), follow=True)
    assert f'value="{paper.pk}"' in page.text


@pytest.mark.parametrize(
    "wrong", [{"papers": []}, {"papers": ["x"]}, {"papers": ["9" * 30]}, {"reason": ""}, {"key": "x"}]
)
def test_a_wrong_proposal_is_told_and_kept(office, wrong):
    rule()
    paper = ended(11)

    answer = office.post(LIST, {**said(office, paper), **wrong})

    assert answer.status_code == 422
    assert "Penilaian ND-1/2026" in answer.text or wrong == {"reason": ""}
    assert not Disposal.objects.exists()


def test_a_hold_on_no_paper_is_told(office):
    wrong = {"hold-ref": "KS-1999-0001", "hold-reason": "Perkara"}
    assert office.post(reverse("partnerships:hold-place"), wrong).status_code == 422


def test_the_list_asks_as_often_for_thirty_papers_as_for_one(office, django_assert_max_num_queries):
    rule()
    ended(11)
    office.get(LIST)
    with django_assert_max_num_queries(60) as few:
        office.get(LIST)
    for _each in range(29):
        ended(12)

    with django_assert_max_num_queries(len(few)):
        assert office.get(LIST).context["page"].paginator.count == 30


def test_the_certificate_says_what_was_destroyed_and_can_be_checked(office, client):
    disposal = DisposalFactory(reach="done")
    item = disposal.items.get()

    pdf = office.get(reverse("partnerships:disposal-certificate", args=[disposal.pk]))

    content = pdf.getvalue() if pdf.streaming else pdf.content
    issued = IssuedFile.objects.get()
    with pypdfium2.PdfDocument(content) as opened:
        text = opened[0].get_textpage().get_text_range()
    for word in (item.ref, "Pelatihan lama", disposal.proposed_by.name, disposal.approved_by.name):
        assert word in text
    assert issued.shown_code in text
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert {name.rpartition(".")[2] for name in opened.attachments} == {"csv", "json"}
    assert FileRead.objects.get().content == "disposal"
    client.logout()
    page = client.get(issued.get_absolute_url())
    assert page.context["since"] == "same"
    assert item.ref not in page.text and "Pelatihan lama" not in page.text


def test_there_is_no_certificate_before_it_is_done(office):
    disposal = DisposalFactory(reach="approved")
    assert office.get(reverse("partnerships:disposal-certificate", args=[disposal.pk])).status_code == 404
