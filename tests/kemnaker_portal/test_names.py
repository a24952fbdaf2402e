import pytest
from django.db import IntegrityError, transaction

from partnerships.models import OrganizationAlias
from tests.factories import OrganizationFactory, PersonFactory, SigningEventFactory, UserFactory

pytestmark = pytest.mark.django_db

UNSEEN = [
    *("\x01", "\t", "\n", "\x7f", "\x85", "\xad", "\u061c", "\u200b", "\u200d", "\u202e"),
    *("\u2066", "\u2028", "\u3164", "\ufe0f", "\ufeff", "\U000e0041"),
]
SEEN = ["Asahan", "Müller & Söhne", "李明", "Pemkab “Asahan” (baru)", "é", "🎓", "PT A\u00a0B"]


@pytest.mark.parametrize("sign", UNSEEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_no_name_holds_what_nobody_sees_whichever_way_it_comes(sign):
    alias = OrganizationAlias.objects.create(organization=OrganizationFactory(), name="Uji")
    for row, columns in [
        (alias.organization, ["name", "short_name"]),
        (alias, ["name"]),
        (PersonFactory(), ["name", "title_before", "title_after"]),
        (SigningEventFactory(), ["name"]),
        (UserFactory(), ["name"]),
    ]:
        for column in columns:
            with pytest.raises(IntegrityError, match="names_are_seen"), transaction.atomic():
                type(row).objects.filter(pk=row.pk).update(**{column: f"Asa{sign}han"})


@pytest.mark.parametrize("name", SEEN)
def test_a_name_that_is_seen_is_taken(name):
    for factory in (OrganizationFactory, PersonFactory, SigningEventFactory, UserFactory):
        row = factory()
        row.name = name
        row.save(update_fields=["name"])
