"""People of the tests. Things are made in factories.py."""

import os
import time

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.db import connection
from django.utils import translation

from kemnaker_portal.readers import REGISTER
from partnerships.models import Organization
from partnerships.roles import Role
from tests import databases
from tests.factories import AgreementFactory, PostingFactory, UserFactory

_DATABASE = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'portal')}"


def pytest_configure():
    # A slow hash protects stored passwords; here it would only make every person of a test slow.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Tests make worlds, and look at all of them; what a client asks for is read for who asks.
    settings.READER_UNLESS_NAMED = REGISTER


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    with django_db_blocker.unblock():
        databases.make(_DATABASE)
        yield
        databases.drop(_DATABASE)


@pytest.fixture(autouse=True, scope="module")
def tidied():
    """A database without the remains of the module before."""
    yield
    if connection.settings_dict["NAME"] == _DATABASE:
        databases.tidy()


@pytest.fixture
def own_database(django_db_setup, django_db_blocker):
    """A committed copy of the test database, for threads, processes and the real server."""
    with (
        django_db_blocker.unblock(),
        databases.copy_of_the_test_database(f"test_copy_{os.getpid()}") as name,
        databases.at_work_in(name),
    ):
        yield name


@pytest.fixture(autouse=True)
def indonesian():
    with translation.override("id"):
        yield


def person(role, office, **user):
    """A user posted to an office, given by its slug."""
    organization = Organization.objects.get(slug=office)
    return PostingFactory(user=UserFactory(**user), organization=organization, role=role).user


def confirm(client, user, *kinds):
    """Let the browser have proved a moment ago who its person is: by password, or by these kinds of proof."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password" if kind == "password" else "mfa", "type": kind, "at": time.time()}
        | {"reauthenticated": True}
        for kind in kinds or ("password",)
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


@pytest.fixture
def registrar(db):
    return person(Role.REGISTRAR, "biro-kerja-sama")


@pytest.fixture
def unit_officer(db):
    return person(Role.UNIT_OFFICER, "ditjen-binalavotas")


@pytest.fixture
def officer_asahan(db):
    return person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")


@pytest.fixture
def officer_batang(db):
    return person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-batang")


@pytest.fixture
def officer_north_sumatra(db):
    """An officer of the province that Asahan belongs to."""
    return person(Role.REGIONAL_OFFICER, "pemerintah-provinsi-sumatera-utara")


@pytest.fixture
def leadership(db):
    return person(Role.LEADERSHIP, "kementerian-ketenagakerjaan")


@pytest.fixture
def admin(db):
    return UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def nobody(db):
    """Signed in, but posted to no office."""
    return UserFactory()


@pytest.fixture
def agreement_of_asahan(db):
    return AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])


@pytest.fixture
def agreement_of_batang(db):
    return AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-batang"])
