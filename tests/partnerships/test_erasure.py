"""An erasure reaches every table and the history, through which its chain still holds; and it comes again."""

import pytest
from django.core.management import CommandError
from django.db import DatabaseError, connection, transaction

from partnerships.actions import erasing, sealing, subjects
from partnerships.models import Erasure, Person
from partnerships.models.privacy import ERASED
from partnerships.selectors.chain import check_chain
from partnerships.selectors.personal_data import rows_about, tables
from partnerships.selectors.subjects import find
from tests.databases import at_work_as_owner
from tests.factories import AgreementFactory, PersonFactory, SignatoryFactory, UserFactory
from tests.partnerships import admin_rows
from tests.partnerships.known_people import ADDRESS, NAME, keys_of, run, somebody


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), at_work_as_owner("erasure") as name:
        yield name


@pytest.fixture
def kept(database):
    """What the test does is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def known(kept):
    return somebody()


def plant(cursor):
    """Write the name into one row of every column of text that lets it in: {(table, column): key}."""
    planted = {}
    for table in tables():
        cursor.execute(f'SELECT max("{table.key}"::text) FROM "{table.name}"')
        (key,) = cursor.fetchone()
        if key is None:
            continue
        cursor.execute(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
        for column, kind in table.texts.items():
            said = {"json": f'{{"x": "ada\\n{NAME}"}}', "jsonb": f'{{"x": ["{NAME}"]}}'}.get(kind, NAME)
            said = f"{{{NAME}}}" if kind.endswith("[]") else said
            try:
                with transaction.atomic():
                    cursor.execute(
                        f'UPDATE "{table.name}" SET "{column}" = %s WHERE "{table.key}"::text = %s',
                        [said, key],
                    )
                planted[table.name, column] = key
            except DatabaseError:
                continue  # a rule of the column: a code, a digest, a length
        cursor.execute(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER')
    return planted


@pytest.fixture
def planted(kept):
    """The name in every table of the portal: {(table, column): key}."""
    for label in admin_rows.ROWS:
        if label != "partnerships.HistoryBlock":
            admin_rows.make(label, 1)
    person, user = PersonFactory(name=NAME), UserFactory(name=NAME, email=ADDRESS)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        found = plant(cursor)
    return (f"person:{person.pk}", f"user:{user.pk}"), found


def test_a_copy_finds_what_was_planted_in_every_table(planted):
    who, truth = planted
    found = {(held.table, column) for held in rows_about(find(*who)) for column in held.named}

    assert set(truth) - found == set()
    assert len({table for table, _column in truth}) > 75
    assert len(truth) > 250


def test_after_an_erasure_the_name_stands_nowhere_but_where_it_is_told(planted):
    who, truth = planted
    subject = find(*who)

    _changed, remains = subjects.erase(subject=subject, reason="ND-7/2026")

    still = {(held.table, column) for held in remains for column in held.named}
    told = {
        (table, column)
        for table, column in truth
        if table in erasing.KEPT or column in erasing.KEPT_COLUMNS.get(table, ())
    }
    assert still == told
    assert find(who[0]).names == ()


def test_the_chain_holds_through_an_erasure_and_says_why(database):
    person, user = PersonFactory(name=NAME), UserFactory(name=NAME, email=ADDRESS)
    paper = AgreementFactory(with_parties=["ditjen-binalavotas"])
    SignatoryFactory(agreement=paper, party=paper.parties.first(), person=person)
    Person.objects.filter(pk=person.pk).update(title_after="M.Si.")
    sealing.seal()

    run("person_erase", f"person:{person.pk}", f"user:{user.pk}", "--reason=ND-7/2026")

    verdict = check_chain()
    assert verdict.broken == []
    assert {note for *_rest, note in verdict.restated} == {"person.erase: ND-7/2026"}
    assert set(Person.pgh_event_model.objects.filter(pgh_obj=person).values_list("name", flat=True)) == {
        ERASED
    }
    user.refresh_from_db()
    assert (user.name, user.email, user.is_active) == (ERASED, f"user-{user.pk}@dihapus.invalid", False)
    sealing.seal()
    assert check_chain().broken == []


def test_somebody_whom_a_backup_brings_back_is_erased_again(kept):
    person, other = PersonFactory(name=NAME), PersonFactory(name="Orang Lain")
    line = " ".join(find(f"person:{person.pk}").digests)
    # The backup was made before the erasure, so nothing here says that there was one.
    again = subjects.erase_again(lines=[line, "0" * 64])

    person.refresh_from_db()
    other.refresh_from_db()
    assert (again, person.name, other.name) == (1, ERASED, "Orang Lain")
    assert subjects.erase_again(lines=[line]) == 0


def test_a_reason_that_names_the_person_is_refused(known):
    with pytest.raises(CommandError, match=r"nama|name"):
        run("person_erase", *keys_of(known), f"--reason=Surat {NAME}")
    assert not Erasure.objects.filter(reason__contains=NAME).exists()


def test_what_is_named_by_a_name_that_others_have_is_left_and_told(known):
    namesake = PersonFactory(name=NAME)
    paper = known[2]
    type(paper).objects.filter(pk=paper.pk).update(place=f"Rumah {NAME}")

    out = run("person_erase", *keys_of(known), "--reason=ND-7/2026")

    namesake.refresh_from_db()
    paper.refresh_from_db()
    assert (namesake.name, paper.place) == (NAME, f"Rumah {NAME}")
    assert f"partnerships_agreement {paper.pk} (place)" in out
