"""Every step between two statuses, by twelve kinds of people: through the action, on the page, in plain SQL.

What is expected comes from lifecycle.MOVES, permissions.RIGHTS and who sees which paper.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partnerships.actions import agreements
from partnerships.lifecycle import MOVES, Status
from partnerships.models import Agreement
from partnerships.permissions import Action, can
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import AgreementFactory
from tests.partnerships.models.raw_sql import execute

PARTIES = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]


@pytest.fixture
def everyone(
    registrar,
    unit_officer,
    officer_asahan,
    officer_batang,
    officer_north_sumatra,
    leadership,
    admin,
    nobody,
):
    former = person(Role.REGISTRAR, "biro-kerja-sama")
    former.postings.update(ends_on=timezone.localdate(), starts_on=timezone.localdate() - timedelta(days=9))
    return {
        "anonymous": None,
        "nobody": nobody,
        "registrar": registrar,
        "unit": unit_officer,
        "other unit": person(Role.UNIT_OFFICER, "itjen"),
        "asahan": officer_asahan,
        "batang": officer_batang,
        "north sumatra": officer_north_sumatra,
        "leadership": leadership,
        "admin": admin,
        "former": former,
        "deactivated": person(Role.REGISTRAR, "biro-kerja-sama", is_active=False),
    }


def paper_in(status):
    return AgreementFactory(status=status, with_parties=PARTIES)


def state_of(paper):
    paper.refresh_from_db()
    return paper.status, paper.version, paper.status_changes.count()


def sent(paper, to):
    day = timezone.localdate().isoformat()
    return {"to": to, "effective_on": day, "version": paper.version, "reason": "Uji"}


@pytest.mark.parametrize("old", Status)
def test_the_action_takes_the_arrows_of_the_table_for_who_has_the_right(old, everyone):
    people = {name: user for name, user in everyone.items() if user and user.is_active}
    for name, user in people.items():
        for new in Status:
            paper = paper_in(old)
            allowed = can(user, Action.MOVE_AGREEMENT, paper)
            try:
                agreements.move(agreement=paper, to=new, by=user, reason="Uji")
                outcome = "moved"
            except PermissionDenied:
                outcome = "forbidden"
            except ValidationError as refusal:
                outcome = "refused"
                assert str(Status(old).label) in " ".join(refusal.messages)

            expected = ("moved" if new in MOVES[old] else "refused") if allowed else "forbidden"
            assert outcome == expected, (name, old, new)
            assert state_of(paper) == ((new, 2, 2) if outcome == "moved" else (old, 1, 1)), (name, old, new)


@pytest.mark.parametrize("old", Status)
def test_a_post_to_the_page_takes_the_same_arrows_and_refuses_the_others_with_a_sentence(
    old, everyone, client
):
    standing = paper_in(old)
    for name, user in everyone.items():
        client.logout()
        if user:
            client.force_login(user)
        for new in Status:
            code = _expected_code(user, standing, new)
            paper = paper_in(old) if new in MOVES[old] else standing
            answer = client.post(
                reverse("partnerships:agreement-move", args=[paper.ref]), sent(paper, new.value)
            )
            moved = code == 302 and user is not None and user.is_active

            assert answer.status_code == code, (name, old, new)
            assert state_of(paper) == ((new, 2, 2) if moved else (old, 1, 1)), (name, old, new)
            if code == 422:
                assert answer.context["form"].errors["to"], (name, old, new)


def _expected_code(user, paper, new):
    if user is None or not user.is_active:
        return 302
    if paper not in Agreement.objects.visible_to(user):
        return 404
    if not can(user, Action.MOVE_AGREEMENT, paper):
        return 403
    return 302 if new in MOVES[Status(paper.status)] else 422


def test_plain_sql_of_the_web_role_takes_the_same_arrows(db):
    for old in Status:
        for new in Status:
            paper = paper_in(old)
            statement = "UPDATE partnerships_agreement SET status = %s WHERE id = %s"
            if new in MOVES[old] or new == old:
                execute(statement, [new.value, paper.pk])
                continue
            with pytest.raises(IntegrityError, match="no move from"), transaction.atomic():
                execute(statement, [new.value, paper.pk])
            assert state_of(paper) == (old, 1, 1), (old, new)
