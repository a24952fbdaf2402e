"""The front page, one's own account, and help."""

import pytest
from django.urls import reverse

from partnerships.models import AgreementKind
from partnerships.roles import Role
from tests.factories import AgreementFactory, SigningEventFactory, SourcedFactFactory


def html(client, user, path):
    client.force_login(user)
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_front_page_has_figures_that_lead_to_their_rows(client, registrar):
    agreement = AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"], event=SigningEventFactory())
    SourcedFactFactory(agreement=agreement, in_force=False)
    AgreementFactory(kind=AgreementKind.ACTIVITY)
    page = html(client, registrar, "/")

    for address in ("?class=regional", "?validity=unknown", "?has=conflict"):
        assert f'href="/kemitraan/{address}">1</a>' in page
    assert agreement.get_absolute_url() in page
    assert agreement.event.get_absolute_url() in page


def test_the_front_page_tells_of_the_own_papers_only(
    client, officer_asahan, agreement_of_asahan, agreement_of_batang
):
    page = html(client, officer_asahan, "/")

    assert agreement_of_asahan.ref in page
    assert agreement_of_batang.ref not in page
    assert "Pemerintah Kabupaten Asahan" in page


def test_who_is_posted_nowhere_is_told_whom_to_ask(client, nobody, agreement_of_asahan):
    page = html(client, nobody, "/")

    assert "Biro Kerja Sama" in page
    assert agreement_of_asahan.ref not in page


def test_the_front_page_asks_as_often_for_thirty_papers_as_for_one(
    client, registrar, django_assert_max_num_queries
):
    client.force_login(registrar)

    def paper():
        parties = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]
        AgreementFactory(with_parties=parties, event=SigningEventFactory())

    def cost():
        client.get("/")
        # Within the transaction of a test each request reads the papers for itself (register.index).
        with django_assert_max_num_queries(80) as queries:
            client.get("/")
        return len(queries)

    paper()
    one = cost()
    for _ in range(29):
        paper()

    assert cost() == one


def test_one_s_own_account_tells_name_address_and_postings(client, officer_asahan):
    page = html(client, officer_asahan, reverse("partnerships:own-account"))

    for text in [
        officer_asahan.name,
        officer_asahan.email,
        "Pemerintah Kabupaten Asahan",
        str(Role.REGIONAL_OFFICER.label),
        reverse("account_change_password"),
        reverse("mfa_index"),
    ]:
        assert text in page, text


@pytest.mark.parametrize("role", ["registrar", "nobody", "admin"])
def test_help_tells_roles_classes_and_what_to_do_about_an_error(client, request, role):
    page = html(client, request.getfixturevalue(role), reverse("partnerships:help"))

    for each in Role:
        assert str(each.label) in page
    for part in ("find", "export", "roles", "classes", "validity", "trouble"):
        assert f'id="{part}"' in page


def test_who_has_not_signed_in_is_sent_to_the_door(client, db):
    for path in ("/", "/akun/", "/bantuan/", "/kemitraan/", "/mitra/", "/wilayah/", "/acara/"):
        response = client.get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/masuk/")
