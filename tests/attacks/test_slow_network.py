"""The network between web server and PostgreSQL becomes slow, loses every packet, or has no names any more:
people are told to wait, and the portal goes on by itself (T58)."""

import os
import socket
import subprocess
import time
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, connections

from kemnaker_portal.database import base
from kemnaker_portal.embedded_postgres import database_settings
from partnerships.roles import Role
from tests.attacks.relay import Relay
from tests.attacks.test_stopped_database import Readers
from tests.conftest import person
from tests.databases import address
from tests.serving import Served
from tests.waiting import wait_for

NAME = "basisdata.kemitraan.example"
SILENT = "127.0.0.77"
# Lets a command see other names than the machine does.
OF_ITS_OWN = """
mount --bind "$1" /etc/hosts && mount --bind "$2" /etc/resolv.conf && shift 2 && exec "$@"
"""


@pytest.fixture
def relay(own_server):
    with Relay(own_server.socket_folder / ".s.PGSQL.5432") as relay:
        yield relay


@contextmanager
def portal_behind(relay, server, folder, host, within=()):
    """A portal whose web server asks the database through the relay, under that name."""
    straight = {"DATABASE_JOBS_URL": "jobs", "DATABASE_OWNER_URL": "owner"}
    where = {name: address(database_settings(server.data_dir, role)) for name, role in straight.items()}
    where["DATABASE_URL"] = f"postgresql://portal_web@{host}:{relay.port}/portal"
    served = Served("portal", str(folder / "data"), where)
    served.within = within
    served.start()
    try:
        yield served
    finally:
        served.stop()


@pytest.fixture
def served(own_server, relay, tmp_path):
    with portal_behind(relay, own_server, tmp_path, "127.0.0.1") as served:
        yield served


@contextmanager
def slow(relay):
    """Every answer of the database comes two seconds later."""
    relay.delay = 2
    yield
    relay.delay = 0


@contextmanager
def lossy(relay):
    """No packet arrives; somebody is in the middle of a page when that begins."""
    relay.delay = 0.3
    time.sleep(1)
    with relay.losing_everything():
        yield
        relay.delay = 0


@pytest.mark.parametrize("fault", [slow, lossy])
def test_over_a_network_that_fails_people_are_told_to_wait(served, relay, fault, rounds):
    with Readers(served, person(Role.REGISTRAR, "biro-kerja-sama")) as readers:
        _look_at(readers, fault.__name__, lambda: fault(relay), seconds=rounds(sample=12, full=40))


class Names:
    """Names as one command finds them; where they are ``gone``, who is asked for one says nothing."""

    def __init__(self, folder):
        self._hosts, servers = folder / "hosts", folder / "resolv.conf"
        self._hosts.write_text(f"127.0.0.1 {NAME}\n")
        servers.write_text(f"nameserver {SILENT}\n")
        self.within = ("unshare", "--mount", "sh", "-c", OF_ITS_OWN, "sh", str(self._hosts), str(servers))

    @contextmanager
    def gone(self):
        self._hosts.write_text("")
        with socket.socket(type=socket.SOCK_DGRAM) as silent:
            silent.bind((SILENT, 53))
            yield
            self._hosts.write_text(f"127.0.0.1 {NAME}\n")


@pytest.fixture
def names(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root may give a command names of its own")
    names = Names(tmp_path)
    if subprocess.run([*names.within, "true"], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    return names


def test_when_the_name_of_the_database_is_not_found_people_are_told_to_wait(
    names, own_server, relay, tmp_path, rounds
):
    with (
        portal_behind(relay, own_server, tmp_path, NAME, names.within) as served,
        Readers(served, person(Role.REGISTRAR, "biro-kerja-sama")) as readers,
    ):
        _look_at(readers, "no names", names.gone, seconds=rounds(sample=6, full=40))


def _look_at(readers, what, fault, seconds):
    """What people and monitors are answered while the fault lasts, and after it."""
    wait_for(lambda: readers.statuses()[200] >= 8)
    assert set(readers.statuses()) == {200}
    assert readers.healthy("?ready=1")[0] == 200

    with fault():
        began, longest = time.monotonic(), 0.0
        while time.monotonic() < began + seconds:
            asked = time.monotonic()
            assert readers.healthy() == (200, "ok")
            longest = max(longest, time.monotonic() - asked)
            assert readers.healthy("?ready=1") == (503, "not ready")
            time.sleep(0.2)
        assert readers.statuses(since=began)[503]

    back = time.monotonic()
    wait_for(lambda: readers.statuses(since=back)[200] >= 8)
    recovered = min(at for at, status, _wait in readers.answers if at >= back and status == 200)
    wait_for(lambda: readers.healthy("?ready=1")[0] == 200)

    told = {(status, wait) for _at, status, wait in readers.answers if status != 200}
    print(
        f"\n{what} for {back - began:.0f} s: {dict(readers.statuses(since=began))}, is alive said after"
        f" {longest:.1f} s at most; pages again {recovered - back:.1f} s after it"
    )
    assert told == {(503, "5")}


def test_a_server_that_was_called_in_vain_is_left_alone_for_a_moment():
    """A thread that waits answers nobody: not every request may wait for what does not answer."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        there = {
            "HOST": "127.0.0.1",
            "PORT": str(silent.getsockname()[1]),
            "OPTIONS": {"connect_timeout": "2"},
        }
        connections.settings["silent"] = {**connection.settings_dict, **there}
        try:
            called = connections["silent"]
            with pytest.raises(OperationalError, match="timeout expired"):
                called.ensure_connection()
            with pytest.raises(OperationalError, match="did not answer a moment ago"):
                called.ensure_connection()

            time.sleep(base._SECONDS_LEFT_ALONE)
            with pytest.raises(OperationalError, match="timeout expired"):
                called.ensure_connection()
        finally:
            del connections["silent"], connections.settings["silent"]
            del base._left_alone["silent"]


def test_a_server_that_turns_a_call_down_is_called_again_at_once():
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = str(nobody.getsockname()[1])
    connections.settings["closed"] = {**connection.settings_dict, "HOST": "127.0.0.1", "PORT": port}
    try:
        for _time in range(2):
            with pytest.raises(OperationalError, match="refused"):
                connections["closed"].ensure_connection()
    finally:
        del connections["closed"], connections.settings["closed"]
