"""Requests that nobody means: none is answered with an error, none that is refused changes a row.

SEED=7 REQUESTS=5000 script/attack -k fuzz asks others, or as many; FIRST=123 REQUESTS=1 asks one again.
"""

import logging
import os
import random
from collections import Counter

import pytest
from django.conf import settings

from tests.attacks.fuzzing.inventing import invented
from tests.attacks.fuzzing.portal import Portal, is_slow

PARTS = 2 if os.environ.get("ATTACKS") == "full" else 1


@pytest.fixture
def portal(own_database, monkeypatch, tmp_path):
    portal = Portal()
    monkeypatch.setattr(settings, "PORTAL_DATA", tmp_path)
    loggers = [logging.getLogger(name) for name in ("", "django")]
    for logger in loggers:
        logger.addHandler(portal.errors)
    yield portal
    for logger in loggers:
        logger.removeHandler(portal.errors)


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_asked_is_answered(part, portal, rounds):
    seed, first = int(os.environ.get("SEED", "20251128")), int(os.environ.get("FIRST", "0"))
    requests = int(os.environ.get("REQUESTS") or rounds(sample=300, full=100_000))
    answers, slow, wrong = Counter(), [], []
    for number in range(first + part, first + requests, PARTS):
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
