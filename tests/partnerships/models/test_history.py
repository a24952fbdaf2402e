"""The history that triggers write: nothing escapes it, and nobody changes it through the portal."""

import pghistory
import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from partnerships.models import Agreement, Party, Term
from tests.factories import AgreementFactory, OrganizationFactory, PartyFactory, TermFactory
from tests.partnerships.models.raw_sql import execute

EVENT_MODELS = [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]


def titles(agreement):
    return list(agreement.events.order_by("pgh_id").values_list("pgh_label", "title"))


def test_a_bulk_update_is_in_the_history(db):
    agreement = AgreementFactory(title="Awal")

    Agreement.objects.filter(pk=agreement.pk).update(title="Massal")

    assert titles(agreement) == [("insert", "Awal"), ("update", "Massal")]


def test_raw_sql_is_in_the_history(db):
    agreement = AgreementFactory(title="Awal")

    execute("UPDATE partnerships_agreement SET title = 'SQL' WHERE id = %s", [agreement.pk])

    assert titles(agreement) == [("insert", "Awal"), ("update", "SQL")]


def test_rows_made_and_deleted_in_bulk_are_in_the_history(db):
    agreement = AgreementFactory()
    Party.objects.bulk_create(
        [Party(agreement=agreement, organization=OrganizationFactory(), position=n) for n in (1, 2)]
    )
    Party.objects.filter(agreement=agreement).delete()

    events = Party._meta.get_field("events").related_model.objects.filter(agreement_id=agreement.pk)
    assert sorted(events.values_list("pgh_label", flat=True)) == ["delete", "delete", "insert", "insert"]


def test_an_update_that_changes_nothing_leaves_no_row(db):
    agreement = AgreementFactory(title="Awal")

    Agreement.objects.filter(pk=agreement.pk).update(title="Awal")

    assert titles(agreement) == [("insert", "Awal")]


def test_who_why_and_through_which_door_stand_in_the_row_itself(db, registrar):
    agreement = AgreementFactory()

    with pghistory.context(actor=registrar.pk, door="page", reason="Ejaan"):
        Agreement.objects.filter(pk=agreement.pk).update(title="Baru")

    assert agreement.events.latest("pgh_id").pgh_context == {
        "actor": registrar.pk,
        "door": "page",
        "reason": "Ejaan",
    }


@pytest.mark.parametrize("model", EVENT_MODELS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("statement", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_web_role_can_not_change_the_history(db, model, statement):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        execute(statement.format(model._meta.db_table))


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE partnerships_agreement DISABLE TRIGGER ALL",
        "DROP TABLE partnerships_agreementevent",
        "DROP TRIGGER pgtrigger_never_deleted_00000 ON partnerships_agreement",
        "SET session_replication_role = replica",
    ],
)
def test_the_web_role_can_not_take_the_triggers_away(db, statement):
    with pytest.raises(DatabaseError), transaction.atomic():
        execute(statement)


def test_the_history_of_a_part_stays_when_the_part_goes(db):
    term = TermFactory()
    Term.objects.filter(pk=term.pk).delete()

    events = Term._meta.get_field("events").related_model.objects.filter(agreement_id=term.agreement_id)
    assert [event.pgh_label for event in events.order_by("pgh_id")] == ["insert", "delete"]


def test_a_change_that_is_rolled_back_leaves_no_history(db):
    party = PartyFactory(number="1")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Party.objects.filter(pk=party.pk).update(number="2")
        raise ZeroDivisionError

    events = Party._meta.get_field("events").related_model.objects.filter(pgh_obj_id=party.pk)
    assert [event.pgh_label for event in events] == ["insert"]
