"""Questions to a list that somebody keeps under a name."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from partnerships.actions import saved_views
from partnerships.actions.guard import StaleVersion
from partnerships.actions.saved_views import MOST_VIEWS, ViewRecord
from partnerships.models import ListName, SavedView
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import SavedViewFactory

PAPERS = ListName.AGREEMENTS


def save(by, name="Pemda", query="class=regional", of=PAPERS, key=None, **record):
    record = ViewRecord(name, **record)
    return saved_views.save(name_of_list=of, query=query, record=record, by=by, key=key)


def test_a_question_is_kept_under_a_name_with_who_kept_it(officer_asahan):
    view = save(officer_asahan, name="  Pemda   tanpa PKS ")

    view.refresh_from_db()
    assert (view.owner, view.list, view.name) == (officer_asahan, "agreements", "Pemda tanpa PKS")
    assert (view.query, view.shared_with, view.is_default, view.version) == ("class=regional", "", False, 1)
    event = view.events.get()
    assert event.pgh_context["actor"] == officer_asahan.pk
    assert event.pgh_context["action"] == "view.save"


def test_the_same_form_sent_twice_makes_one_view(registrar):
    key = uuid4()

    assert save(registrar, key=key) == save(registrar, key=key)
    assert SavedView.objects.count() == 1


def test_the_key_of_another_person_gives_nothing_of_theirs(registrar, unit_officer):
    key = uuid4()
    save(registrar, key=key)

    with pytest.raises(IntegrityError), transaction.atomic():
        save(unit_officer, key=key)
    assert not SavedView.objects.filter(owner=unit_officer).exists()


def test_a_name_is_one_view_of_a_list_whatever_the_case(registrar, unit_officer):
    save(registrar, name="Pemda")

    with pytest.raises(ValidationError) as refusal:
        save(registrar, name="pemda")
    assert refusal.value.code == "saved_view_once_by_name"

    save(registrar, name="pemda", of=ListName.COMMITMENTS)
    save(unit_officer, name="Pemda")
    assert SavedView.objects.count() == 3


@pytest.mark.parametrize("wrong", [{"name": "  "}, {"query": "q=" + "a" * 4_000}])
def test_a_view_without_name_or_with_an_endless_question_is_refused(wrong, registrar):
    with pytest.raises(ValidationError):
        save(registrar, **wrong)
    assert not SavedView.objects.exists()


def test_a_person_keeps_so_many_of_a_list_and_no_more(registrar):
    SavedViewFactory.create_batch(MOST_VIEWS, owner=registrar)

    with pytest.raises(ValidationError, match=str(MOST_VIEWS)):
        save(registrar)
    save(registrar, of=ListName.COMMITMENTS)


def test_only_one_view_of_a_list_opens_with_it(registrar, unit_officer):
    first = save(registrar, name="Satu", is_default=True)
    of_another = save(unit_officer, is_default=True)
    of_the_ledger = save(registrar, of=ListName.COMMITMENTS, is_default=True)

    second = save(registrar, name="Dua", is_default=True)

    default = set(SavedView.objects.filter(is_default=True))
    assert default == {second, of_another, of_the_ledger}
    first.refresh_from_db()
    assert (first.is_default, first.version) == (False, 2)


def test_the_database_knows_one_default_too(registrar):
    SavedViewFactory(owner=registrar, is_default=True)

    with pytest.raises(IntegrityError, match="saved_view_one_default"), transaction.atomic():
        SavedViewFactory(owner=registrar, is_default=True)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("registrar", True),
        ("admin", True),
        ("unit_officer", False),
        ("officer_asahan", False),
        ("leadership", False),
    ],
)
def test_a_registrar_and_an_admin_share_with_a_role(who, may, request):
    user = request.getfixturevalue(who)
    if may:
        assert save(user, shared_with=Role.UNIT_OFFICER).shared_with == "unit_officer"
        return
    with pytest.raises(PermissionDenied):
        save(user, shared_with=Role.UNIT_OFFICER)
    view = save(user)
    with pytest.raises(PermissionDenied):
        saved_views.change(view=view, record=ViewRecord("Pemda", Role.LEADERSHIP), version=1, by=user)


def test_who_may_no_longer_share_can_still_rename_and_stop_sharing(registrar):
    view = save(registrar, shared_with=Role.LEADERSHIP)
    registrar.postings.all().delete()
    registrar = type(registrar).objects.get(pk=registrar.pk)

    view = saved_views.change(view=view, record=ViewRecord("Baru", Role.LEADERSHIP), version=1, by=registrar)
    assert view.name == "Baru"
    with pytest.raises(PermissionDenied):
        saved_views.change(view=view, record=ViewRecord("Baru", Role.UNIT_OFFICER), version=2, by=registrar)
    assert saved_views.change(view=view, record=ViewRecord("Baru"), version=2, by=registrar).shared_with == ""


def test_the_second_of_two_changes_is_told(registrar):
    view = save(registrar)
    saved_views.change(view=view, record=ViewRecord("Baru"), version=1, by=registrar)

    for late in (
        lambda: saved_views.change(view=view, record=ViewRecord("Lain"), version=1, by=registrar),
        lambda: saved_views.ask_anew(view=view, query="", version=1, by=registrar),
        lambda: saved_views.delete(view=view, version=1, by=registrar),
    ):
        with pytest.raises(StaleVersion):
            late()
    view.refresh_from_db()
    assert (view.name, view.query) == ("Baru", "class=regional")


def test_a_view_takes_another_question(registrar):
    view = saved_views.ask_anew(view=save(registrar), query="lacks=pks", version=1, by=registrar)

    assert (view.query, view.version) == ("lacks=pks", 2)


def test_a_deleted_view_leaves_its_history(registrar):
    view = save(registrar)
    events = view.events.model.objects

    saved_views.delete(view=view, version=1, by=registrar)

    assert not SavedView.objects.exists()
    assert list(events.order_by("pgh_id").values_list("pgh_label", flat=True)) == ["insert", "delete"]


def test_nobody_changes_the_view_of_another(registrar):
    view = save(registrar, shared_with=Role.REGISTRAR)
    colleague = person(Role.REGISTRAR, "biro-kerja-sama")

    for act in (
        lambda: saved_views.change(view=view, record=ViewRecord("X"), version=1, by=colleague),
        lambda: saved_views.ask_anew(view=view, query="", version=1, by=colleague),
        lambda: saved_views.delete(view=view, version=1, by=colleague),
    ):
        with pytest.raises(SavedView.DoesNotExist):
            act()
    view.refresh_from_db()
    assert view.name == "Pemda"


def test_a_shared_view_is_seen_by_its_role_as_long_as_its_owner_is_here(registrar, unit_officer, leadership):
    view = save(registrar, shared_with=Role.UNIT_OFFICER)

    assert list(SavedView.objects.visible_to(unit_officer)) == [view]
    assert not SavedView.objects.visible_to(leadership).exists()
    type(registrar).objects.filter(pk=registrar.pk).update(is_active=False)
    assert not SavedView.objects.visible_to(unit_officer).exists()
