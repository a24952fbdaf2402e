from io import StringIO

import pytest
from django.core.management import call_command

from partnerships.models import (
    Indicator,
    InstrumentRule,
    Organization,
    OrganizationAlias,
    OrganizationKind,
    SigningEvent,
    Theme,
)

pytestmark = pytest.mark.django_db


def load():
    said = StringIO()
    call_command("load_reference", stdout=said)
    return said.getvalue()


def test_the_vocabularies_are_complete():
    assert Theme.objects.count() == 24
    assert Indicator.objects.count() == 16
    assert InstrumentRule.objects.count() == 4


def test_units_are_part_of_the_ministry_and_have_their_old_names():
    ministry = Organization.objects.get(slug="kementerian-ketenagakerjaan")
    below = Organization.objects.subtree_ids([ministry.pk])
    alias = OrganizationAlias.objects.get(name="Ditjen Binalattas")

    assert set(Organization.objects.units().values_list("pk", flat=True)) == below
    assert alias.organization.slug == "ditjen-binalavotas"
    assert alias.used_until.isoformat() == "2020-09-23"


def test_a_training_centre_has_a_seat_and_acts_for_no_region():
    makassar = Organization.objects.get(slug="bbpvp-makassar")

    assert (makassar.seat_region.name, makassar.region) == ("Kota Makassar", None)


def test_known_partners_have_a_kind():
    assert not Organization.objects.filter(kind=OrganizationKind.UNKNOWN).exists()


def test_the_signing_of_march_2025_expects_29_papers():
    event = SigningEvent.objects.get(slug="penandatanganan-29-naskah-2025")

    assert dict(event.expectations.values_list("partner_class", "papers")) == {
        "ministry": 3,
        "regional": 9,
        "development": 17,
    }


def test_a_second_load_adds_nothing():
    assert " 0 baru" in load() or " 0 new" in load()
    assert Theme.objects.count() == 24
    assert OrganizationAlias.objects.filter(name="JICA").count() == 0


def test_what_an_admin_has_changed_stays_and_is_said():
    Theme.objects.filter(slug="k3").update(name="K3 dan lingkungan")
    OrganizationAlias.objects.get(name="BBPLK Bandung").delete()

    said = load()

    assert Theme.objects.get(slug="k3").name == "K3 dan lingkungan"
    assert not OrganizationAlias.objects.filter(name="BBPLK Bandung").exists()
    assert "K3 dan lingkungan" in said


def test_a_row_that_an_admin_gave_another_code_is_not_made_twice():
    Organization.objects.filter(slug="bbpvp-bandung").update(slug="balai-bandung")
    Theme.objects.filter(slug="k3").update(slug="keselamatan")

    load()

    assert not Organization.objects.filter(slug="bbpvp-bandung").exists()
    assert not Theme.objects.filter(slug="k3").exists()


def test_a_row_that_is_missing_is_added():
    Theme.objects.get(slug="green-jobs").delete()

    load()

    assert Theme.objects.filter(slug="green-jobs").exists()
