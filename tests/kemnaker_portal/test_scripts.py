"""What script/server, script/test and manage.py do around the portal itself."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

import manage
from script.internals import check, environment, processes, serve, system, translations
from script.internals.bootstrap import read_server_arguments
from script.internals.environment import CHECKS, RUN, Environment
from script.internals.steps import Done, StepFailed, fingerprint
from tests.waiting import wait_for

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE = 30


def runs(pid):
    """Alive, and not merely waiting for its parent to notice its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


# The virtual environment


@pytest.fixture
def checkout(tmp_path):
    for name in (RUN, CHECKS):
        (tmp_path / name).write_text("django==5.2\n")
    return Environment(tmp_path)


@pytest.fixture
def pip(checkout, monkeypatch):
    """Stands in for venv and pip; `pip.kill` makes it die in the middle of installing."""

    class Pip:
        kill = False
        installed: list[str] = []

        def __call__(self, command, log):
            if "venv" in command:
                version = f"python{sys.version_info.major}.{sys.version_info.minor}"
                (checkout.folder / "lib" / version / "site-packages").mkdir(parents=True)
                (checkout.folder / "bin").mkdir()
                checkout.python.symlink_to(Path(sys.executable).resolve())
                (checkout.folder / "bin" / "pip").write_text(f"#!{checkout.python}\n")
                return
            assert "--require-hashes" in command
            if self.kill:
                raise KeyboardInterrupt
            self.installed = [*self.installed, Path(command[-1]).name]

    found = Pip()
    monkeypatch.setattr(environment.processes, "run", found)
    return found


def test_filled_environment_serves_until_the_pins_change(checkout, pip, tmp_path):
    assert not checkout.serves(RUN)
    checkout.fill(RUN, tmp_path / "log")
    assert checkout.serves(RUN)
    assert not checkout.serves(CHECKS)

    (tmp_path / RUN).write_text("django==5.3\n")
    assert not checkout.serves(RUN)


def test_environment_of_the_checks_serves_the_portal_too(checkout, pip, tmp_path):
    checkout.fill(CHECKS, tmp_path / "log")
    assert checkout.serves(RUN)
    assert pip.installed == [CHECKS]


def test_environment_killed_while_being_filled_is_made_anew(checkout, pip, tmp_path):
    pip.kill = True
    with pytest.raises(KeyboardInterrupt):
        checkout.fill(RUN, tmp_path / "log")
    torn = checkout.folder / "half-a-package"
    torn.touch()
    assert not checkout.serves(RUN)

    pip.kill = False
    checkout.fill(RUN, tmp_path / "log")
    assert checkout.serves(RUN)
    assert not torn.exists()


def test_environment_killed_after_it_once_served_is_not_trusted(checkout, pip, tmp_path):
    checkout.fill(RUN, tmp_path / "log")
    stamp = checkout._stamp(RUN).read_text()
    pip.kill = True
    with pytest.raises(KeyboardInterrupt):
        checkout.fill(RUN, tmp_path / "log")
    assert checkout._stamp(RUN).read_text() == stamp
    assert not checkout.serves(RUN)


def test_environment_of_a_copied_checkout_is_made_anew(checkout, pip, tmp_path):
    checkout.fill(RUN, tmp_path / "log")
    copied = Environment(tmp_path / "copy")
    shutil.copytree(checkout.folder, copied.folder, symlinks=True)
    for name in (RUN, CHECKS):
        shutil.copy(tmp_path / name, copied.root)
    assert not copied.serves(RUN)


def test_environment_of_a_python_that_is_gone_is_made_anew(checkout, pip, tmp_path):
    checkout.fill(RUN, tmp_path / "log")
    checkout.python.unlink()
    checkout.python.symlink_to("/usr/bin/python3.9-that-is-gone")
    assert not checkout.serves(RUN)
    checkout.fill(RUN, tmp_path / "log")
    assert checkout.serves(RUN)


# System packages


def test_missing_packages_are_named_by_what_they_bring(monkeypatch):
    monkeypatch.setattr(system, "LIBRARIES", {"libnothing.so.9": "libnothing9"})
    monkeypatch.setattr(system, "PROGRAMS_OF_THE_CHECKS", {"no-such-program": "nosuch-utils"})
    assert system.missing(for_checks=False, for_an_environment=False) == ["libnothing9"]
    assert system.missing(for_checks=True, for_an_environment=False) == [
        "libnothing9",
        "nosuch-utils",
    ]


def test_without_root_the_packages_are_named_in_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(system, "_as_root", lambda: None)
    with pytest.raises(StepFailed, match="run 'sudo apt-get install libnothing9'"):
        system.install(["libnothing9"], tmp_path / "log")


def test_interrupted_apt_is_repaired_and_asked_again(monkeypatch, tmp_path):
    calls = tmp_path / "calls"
    apt = tmp_path / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "apt $1" >> {calls}\ngrep -q dpkg {calls}\n')
    dpkg = tmp_path / "dpkg"
    dpkg.write_text(f'#!/bin/sh\necho "dpkg $1" >> {calls}\n')
    for program in (apt, dpkg):
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(system, "_as_root", list)
    system.install(["libnothing9"], tmp_path / "log")
    assert calls.read_text().splitlines() == [
        "apt install",
        "dpkg --configure",
        "apt update",
        "apt install",
    ]


def test_a_program_whose_package_would_start_it_is_unpacked_and_not_installed(monkeypatch, tmp_path):
    calls, folder = tmp_path / "calls", tmp_path / "programs"
    apt = tmp_path / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "apt $1" >> {calls}\ngrep -q update {calls} && touch nosuch_1.deb\n')
    dpkg = tmp_path / "dpkg-deb"
    dpkg.write_text('#!/bin/sh\nmkdir -p "$3/usr/sbin" && cp "$0" "$3/usr/sbin/no-such-program"\n')
    for program in (apt, dpkg):
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(system, "_as_root", list)
    monkeypatch.setattr(system, "UNPACKED_FOR_THE_CHECKS", {"no-such-program": "nosuch"})
    assert system.missing_to_unpack(folder) == ["nosuch"]

    system.unpack("nosuch", folder, tmp_path / "log")

    assert calls.read_text().splitlines() == ["apt download", "apt update", "apt download"]
    assert system.missing_to_unpack(folder) == []
    assert [each.name for each in folder.iterdir()] == ["nosuch"]


# What need not be done twice


def test_done_steps_are_known_to_the_next_start(tmp_path):
    Done(tmp_path / "setup.json").remember("tables", "abc")
    assert Done(tmp_path / "setup.json").has("tables", "abc")
    assert not Done(tmp_path / "setup.json").has("tables", "abd")


def test_torn_list_of_done_steps_means_nothing_is_done(tmp_path):
    (tmp_path / "setup.json").write_text('{"tables": "a')
    assert not Done(tmp_path / "setup.json").has("tables", "a")


def test_fingerprint_sees_contents_and_names_but_no_caches(tmp_path):
    (tmp_path / "a.py").write_text("1")
    before = fingerprint([tmp_path])
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("x")
    assert fingerprint([tmp_path]) == before
    (tmp_path / "a.py").write_text("2")
    changed = fingerprint([tmp_path])
    assert changed != before
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert fingerprint([tmp_path]) != changed


def test_translations_are_compiled_when_missing_or_older(tmp_path):
    po = tmp_path / "id" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text('msgid ""\nmsgstr "Language: id\\n"\n\nmsgid "Agreement"\nmsgstr "Naskah"\n')
    assert translations.stale(tmp_path) == [po]

    translations.compile_translations([po])
    assert translations.stale(tmp_path) == []
    assert b"Naskah" in po.with_suffix(".mo").read_bytes()

    os.utime(po, (time.time() + 5, time.time() + 5))
    assert translations.stale(tmp_path) == [po]


def test_secret_key_is_made_once_and_only_for_its_owner(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    serve.ensure_secret_key(tmp_path / "secret_key")
    first = (tmp_path / "secret_key").read_text()
    serve.ensure_secret_key(tmp_path / "secret_key")
    assert (tmp_path / "secret_key").read_text() == first
    assert len(first.strip()) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_secret_key_of_the_environment_needs_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "given")
    serve.ensure_secret_key(tmp_path / "secret_key")
    assert list(tmp_path.iterdir()) == []


# Starting the server


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "80 80"])
def test_port_that_is_none_is_refused(port, capsys):
    with pytest.raises(SystemExit):
        read_server_arguments([f"--port={port}"])
    assert "is not a port" in capsys.readouterr().err


def test_port_in_use_is_said_with_another_one():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StepFailed, match=f"Port {port} is in use.*--port {port + 1}"):
            serve.refuse_a_port_in_use(port)


def test_second_server_on_a_data_folder_is_told_where_the_first_is(tmp_path):
    with (
        serve.only_server_of(tmp_path, 8123),
        pytest.raises(StepFailed, match=rf"http://127\.0\.0\.1:8123, process {os.getpid()}"),
        serve.only_server_of(tmp_path, 8124),
    ):
        pass
    with serve.only_server_of(tmp_path, 8124):
        pass


# Side by side

HARNESS = """
    import sys, time
    from script.internals.supervisor import SideBySide, listen_for_stop
    from script.internals.steps import StepFailed, StopAsked
    listen_for_stop()
    try:
        with SideBySide({"PORTAL_SERVER_RUN": sys.argv[1]}) as programs:
            programs.start("web server", ["sh", "-c", sys.argv[2]])
            programs.start("background worker", ["sh", "-c", sys.argv[3]], replaced=True)
            print(*[p.pid for p in programs.running.values()], flush=True)
            programs.watch(lambda: None)
    except StopAsked:
        print("stopped")
    except StepFailed as error:
        sys.exit(str(error))
"""
STAYS = "exec sleep 600"


@pytest.fixture
def side_by_side(tmp_path):
    """Starts two programs side by side; gives the script and the two process numbers."""
    started = []

    def start(one, two):
        script = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(HARNESS), str(tmp_path), one, two],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(script)
        return script, [int(pid) for pid in script.stdout.readline().split()]

    yield start
    for script in started:
        script.kill()
    processes.end_leftovers(str(tmp_path), seconds=0)
    for script in started:
        script.communicate()


def test_stop_ends_both(side_by_side):
    script, pids = side_by_side(STAYS, STAYS)
    assert all(map(runs, pids))
    script.send_signal(signal.SIGTERM)
    said, _ = script.communicate(timeout=PATIENCE)
    assert (said, script.returncode) == ("stopped\n", 0)
    assert not any(map(runs, pids))


@pytest.mark.parametrize(
    ("one", "two", "culprit"),
    [("sleep 0.3; exit 3", STAYS, "web server"), (STAYS, "exit 0", "background worker")],
)
def test_when_one_ends_the_other_is_stopped_and_it_counts_as_a_failure(side_by_side, one, two, culprit):
    script, pids = side_by_side(one, two)
    _, complaint = script.communicate(timeout=PATIENCE)
    assert f"The {culprit} ended by itself" in complaint
    assert script.returncode == 1
    assert not any(map(runs, pids))


def test_a_worker_that_is_killed_is_replaced_and_the_rest_goes_on(side_by_side):
    script, (web, worker) = side_by_side(STAYS, STAYS)
    os.kill(worker, signal.SIGKILL)
    assert "background worker was killed (9)" in script.stdout.readline()
    assert runs(web)
    script.send_signal(signal.SIGTERM)
    said, _ = script.communicate(timeout=PATIENCE)
    assert (said, script.returncode) == ("stopped\n", 0)


def test_a_web_server_that_is_killed_ends_everything(side_by_side):
    script, (web, worker) = side_by_side(STAYS, STAYS)
    os.kill(web, signal.SIGKILL)
    _, complaint = script.communicate(timeout=PATIENCE)
    assert "The web server ended by itself (-9)" in complaint
    assert not runs(worker)


def test_children_of_an_ended_program_end_with_it(side_by_side, tmp_path):
    child = tmp_path / "child"
    script, _ = side_by_side(f"sleep 600 & echo $! > {child}; sleep 0.5", STAYS)
    script.communicate(timeout=PATIENCE)
    assert not runs(int(child.read_text()))


def test_killed_script_takes_both_with_it(side_by_side):
    script, pids = side_by_side(STAYS, STAYS)
    script.kill()
    wait_for(lambda: not any(map(runs, pids)))


def test_what_outlives_a_killed_script_is_ended_by_the_next_start(side_by_side, tmp_path):
    stubborn = "trap '' TERM; while true; do sleep 0.2; done"
    script, (web, worker) = side_by_side(stubborn, STAYS)
    script.kill()
    wait_for(lambda: not runs(worker))
    assert runs(web)
    assert processes.end_leftovers(f"{tmp_path}-other", seconds=0) == 0
    assert runs(web)
    processes.end_leftovers(str(tmp_path), seconds=0.2)
    assert not runs(web)


def test_failed_command_shows_its_last_words(tmp_path):
    command = ["sh", "-c", "echo all is lost >&2; exit 4"]
    with pytest.raises(StepFailed, match=r"failed \(4\)[\s\S]*all is lost"):
        processes.run(command, tmp_path / "log")


# The checks


def test_every_check_runs_and_the_failed_ones_are_named(monkeypatch, capsys):
    monkeypatch.setattr(check, "CHECKS", {"first": ["false"], "second": ["true"], "third": ["false"]})
    assert check.run_all() == 1
    assert capsys.readouterr().out.endswith("\nFailed: first, third.\n")


def test_all_green_is_said(monkeypatch, capsys):
    monkeypatch.setattr(check, "CHECKS", {"first": ["true"]})
    assert check.run_all() == 0
    assert capsys.readouterr().out.endswith("\nAll checks passed.\n")


@pytest.mark.parametrize("name", [RUN, CHECKS])
def test_pins_name_no_index_and_every_one_has_a_hash(name):
    lines = (REPOSITORY / name).read_text().splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("-")]
    pins = [number for number, line in enumerate(lines) if "==" in line and line[0].isalnum()]
    assert len(pins) > 20
    assert all("--hash=sha256:" in lines[number + 1] for number in pins)


def test_every_setting_is_explained_in_the_example():
    read = set()
    for name in ("settings.py", "embedded_postgres.py"):
        source = (REPOSITORY / "kemnaker_portal" / name).read_text()
        read |= set(re.findall(r'(?:environ\.get\(|environ\[|_flag\(|_listed\()\s*"([A-Z_]+)"', source))
    example = (REPOSITORY / ".env.example").read_text()
    assert read
    assert {name for name in read if f"\n#{name}=" not in example} == set()


# manage.py


@pytest.fixture
def command(monkeypatch):
    """Runs manage.py with a command; gives the role it works as and whether the server ran."""
    environ = {k: v for k, v in os.environ.items() if k not in {"PORTAL_DB_ROLE", "DATABASE_URL"}}
    monkeypatch.setattr(os, "environ", environ)
    monkeypatch.setattr(manage.signal, "signal", lambda *_: None)
    seen = {}

    class Server:
        def __init__(self, data_dir):
            seen["data_dir"] = data_dir

        def __enter__(self):
            seen["running"] = True

        def __exit__(self, *_):
            seen["running"] = False

    monkeypatch.setattr(manage, "in_use", Server)

    def execute(arguments):
        seen["found"] = (environ.get("PORTAL_DB_ROLE", "web"), seen.get("running", False))

    monkeypatch.setattr(manage, "execute_from_command_line", execute)

    def run(*arguments, **changes):
        environ.update(changes)
        manage.main(["manage.py", *arguments])
        assert not seen.get("running")
        return seen["found"]

    return run


@pytest.mark.parametrize("name", ["migrate", "makemigrations", "sqlmigrate", "flush"])
def test_commands_on_tables_run_as_their_owner(command, name):
    assert command(name) == ("owner", True)


def test_other_commands_are_background_work(command):
    assert command("load_regions") == ("jobs", True)


def test_pages_are_served_as_the_web_role(command):
    assert command("runserver") == ("web", True)


def test_role_of_the_environment_wins(command):
    assert command("migrate", PORTAL_DB_ROLE="web") == ("web", True)


@pytest.mark.parametrize(
    "arguments", [(), ("help", "migrate"), ("--version",), ("makemessages",), ("migrate", "--help")]
)
def test_commands_without_data_start_no_server(command, arguments):
    assert command(*arguments)[1] is False


def test_with_a_database_of_ones_own_nothing_is_started(command):
    assert command("migrate", DATABASE_URL="postgresql://u@h/n") == ("owner", False)
