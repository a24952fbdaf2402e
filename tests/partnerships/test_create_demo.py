import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.context import demo
from accounts.demo import ACCOUNTS, PASSWORD
from accounts.models import User
from partnerships.models import access_of


@pytest.fixture
def in_a_demo(settings, db):
    settings.DEMO = True


def create_demo():
    call_command("create_demo", verbosity=0)


def test_without_the_demo_there_are_no_accounts_of_it(settings, db):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=1"):
        create_demo()

    assert not User.objects.exists()
    assert demo(None) == {}


def test_every_account_of_the_demo_signs_in_with_its_rights(in_a_demo, client):
    create_demo()

    access = {user.email.partition("@")[0]: access_of(user) for user in User.objects.all()}
    assert {name: set(found.roles) for name, found in access.items()} == {
        "registrar": {"registrar"},
        "unit": {"unit_officer"},
        "provinsi": {"regional_officer"},
        "kabupaten": {"regional_officer"},
        "pimpinan": {"leadership"},
        "admin": {"admin"},
    }
    assert access["provinsi"].regions == {"32"}
    assert access["kabupaten"].regions == {"12.09"}
    for account in ACCOUNTS:
        assert client.login(email=account.email, password=PASSWORD)


def test_only_the_administrator_of_the_demo_enters_the_administration(in_a_demo, client):
    create_demo()

    answers = {}
    for user in User.objects.all():
        client.force_login(user)
        answers[user.email] = client.get(reverse("admin:index")).status_code

    assert answers.pop("admin@demo.test") == 200
    assert set(answers.values()) == {404}


def test_a_second_run_changes_nothing_and_leaves_passwords_alone(in_a_demo):
    create_demo()
    user = User.objects.get(email="unit@demo.test")
    user.set_password("sandi-milik-sendiri")
    user.save()
    postings = set(user.postings.values_list("pk", flat=True))
    events = user.events.count()

    create_demo()

    user.refresh_from_db()
    assert user.check_password("sandi-milik-sendiri")
    assert set(user.postings.values_list("pk", flat=True)) == postings
    assert user.events.count() == events
    assert User.objects.count() == len(ACCOUNTS)


def test_the_names_are_roles_and_nobodys(in_a_demo):
    create_demo()

    assert all(name.endswith("(demo)") for name in User.objects.values_list("name", flat=True))


def test_the_sign_in_page_of_a_demo_knows_the_accounts(in_a_demo):
    shown = demo(None)

    assert [account.email for account in shown["demo_accounts"]] == [a.email for a in ACCOUNTS]
    assert shown["demo_password"] == PASSWORD
