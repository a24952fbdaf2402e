"""Requests that nobody means: none is answered with an error, none that is refused changes a row.

SEED=7 REQUESTS=5000 script/attack -k fuzz asks others, or as many; FIRST=123 REQUESTS=1 asks one again.
"""

import logging
import os
import random
from collections import Counter

import pytest
from django.conf import settings
from django.db import transaction

from tests.attacks.fuzzing.inventing import invented
from tests.attacks.fuzzing.portal import Portal, is_slow
from tests.attacks.fuzzing.served import ServedPortal
from tests.databases import at_work_in
from tests.serving import serving

PARTS = 2 if os.environ.get("ATTACKS") == "full" else 1


@pytest.fixture
def portal(own_database, tmp_path):
    portal = Portal()
    loggers = [logging.getLogger(name) for name in ("", "django")]
    for logger in loggers:
        logger.addHandler(portal.errors)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "PORTAL_DATA", tmp_path)
        yield portal
    for logger in loggers:
        logger.removeHandler(portal.errors)


@pytest.fixture
def served_portal(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), serving("fuzz") as served, at_work_in(served.database):
        with transaction.atomic():
            portal = ServedPortal(served)
        yield portal


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_asked_is_answered(part, portal, rounds):
    ask_much(portal, rounds(sample=300, full=100_000), part, PARTS)

    assert portal.inline() == []


def test_whatever_is_asked_of_the_real_server_is_answered(served_portal, rounds):
    ask_much(served_portal, rounds(sample=60, full=5_000))

    assert served_portal.errors() == []


def ask_much(portal, requests, part=0, parts=1):
    """Ask so many requests of a portal; each must be answered and nothing go wrong."""
    seed, first = int(os.environ.get("SEED", "20251128")), int(os.environ.get("FIRST", "0"))
    requests = int(os.environ.get("REQUESTS") or requests)
    answers, slow, wrong = Counter(), [], []
    for number in range(first + part, first + requests, parts):
        lot = random.Random(f"{seed}-{number}")  # noqa: S311 - inventions, no secrets
        asked = invented(lot, portal.people, portal.addresses, portal.page_of)
        answer = portal.ask(asked)
        answers[answer.status] += 1
        if is_slow(answer):
            slow.append(f"{answer.seconds:.1f} s for {number} {asked}")
        if answer.wrong:
            wrong.append(f"SEED={seed} FIRST={number} REQUESTS=1 {asked}: {'; '.join(answer.wrong)}")
            print(wrong[-1][:1_500])
    print(f"{answers.total()} requests: {dict(sorted(answers.items()))}")
    print("\n".join([f"{len(slow)} took more than 2 s", *slow[:20]]))
    assert wrong == []
