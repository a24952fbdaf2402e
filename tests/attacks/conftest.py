"""Attacks and faults that take long: a sample with the other tests, all of it by script/attack."""

import os

import pytest


@pytest.fixture(scope="session")
def rounds():
    """How often a fault is tried, given how often the sample tries it."""

    def of(sample, full):
        return full if os.environ.get("ATTACKS") == "full" else sample

    return of
