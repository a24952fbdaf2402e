import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partnerships.files import EVIDENCE, FileRefused, NotNow, examiner, take_in
from partnerships.files.inspection.verdict import Reason
from partnerships.files.refusals import refused_for
from tests.partnerships.files import pdf_files

FOLDER = Path(examiner.__file__).parent
CONFINED = (
    "import os, sys; sys.path.append(sys.argv[1]); from inspection import child; child.limit_resources(); "
)
WITHOUT_RIGHTS = CONFINED + "import socket, subprocess; child.give_up_rights(); "


def ended(program, **options):
    """How a process ends that is limited as the one that looks into files."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", program, str(FOLDER)],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def sentence_when_the_process_is(program, monkeypatch):
    monkeypatch.setattr(examiner, "_BEGIN", program)
    with pytest.raises(FileRefused) as refusal:
        take_in(SimpleUploadedFile("laporan.pdf", pdf_files.good()), limit=EVIDENCE)
    return refusal.value.sentence


TOO_MUCH = refused_for(Reason.TOO_MUCH, EVIDENCE).sentence
DAMAGED = refused_for(Reason.DAMAGED, EVIDENCE).sentence


def test_a_process_that_takes_too_much_memory_does_not_get_it():
    assert "MemoryError" in ended(CONFINED + "bytearray(256 * 2**20)").stderr


def test_a_process_that_computes_for_more_than_five_seconds_is_ended():
    long_lived = CONFINED.replace("child.limit", "child._LONGEST_LIFE = 120; child.limit")

    assert ended(long_lived + "\nwhile True: pass").returncode in (-signal.SIGXCPU, -signal.SIGKILL)


def test_a_process_whose_parent_is_gone_ends_by_itself():
    soon = CONFINED.replace("child.limit", "child._LONGEST_LIFE = 1; child.limit")

    assert ended(soon + "import signal; signal.pause()").returncode == -signal.SIGALRM


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("socket.socket()", "Too many open files"),
        ("open('/etc/passwd')", "Too many open files"),
        ("open('/tmp/a', 'w')", "Too many open files"),
        ("os.fork()", "unavailable"),
        ("os.kill(os.getppid(), 15)", "not permitted"),
    ],
)
def test_a_process_that_looks_into_files_can_do_nothing_else(what, error):
    assert error in ended(WITHOUT_RIGHTS + what).stderr


def test_a_process_that_looks_into_files_is_nobody_and_has_no_network():
    said = ended(WITHOUT_RIGHTS + "os.close(0); print(os.geteuid()); print(open('/proc/net/dev').read())")

    user, _head, _titles, *devices = said.stdout.strip().split("\n")
    assert user == "65534"
    assert [line.split(":")[0].strip() for line in devices] == ["lo"]


def test_a_process_that_writes_a_file_is_ended(tmp_path):
    program = CONFINED + "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL); os.write(1, b'x')"
    with (tmp_path / "a").open("wb") as target:
        process = subprocess.run(
            [sys.executable, "-I", "-S", "-B", "-c", program, str(FOLDER)], stdout=target, check=False
        )

    assert process.returncode == -signal.SIGXFSZ
    assert (tmp_path / "a").read_bytes() == b""


def test_the_process_knows_nothing_of_the_portal_or_its_surroundings(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "rahasia")
    program = (
        "import sys, os, json; sys.path += sys.argv[1:3]; import inspection.child, inspection.pdf; "
        "known = [n for n in sys.modules if n.startswith(('django', 'partnerships', 'kemnaker_portal'))]; "
        # Python itself sets the one, and looking for open files opens one.
        "known += [n for n in os.environ if n != 'LC_CTYPE'] + os.listdir('/proc/self/fd')[4:]; "
        "os.write(1, json.dumps({'refused': 'damaged' if known else 'password'}).encode())"
    )

    assert (
        sentence_when_the_process_is(program, monkeypatch) == refused_for(Reason.PASSWORD, EVIDENCE).sentence
    )


def test_a_process_that_does_not_answer_is_ended_in_time(monkeypatch, files_left):
    monkeypatch.setattr(examiner, "WALL_SECONDS", 0.5)

    sentence = sentence_when_the_process_is("import time; time.sleep(60)", monkeypatch)

    assert sentence == TOO_MUCH
    assert files_left() == []


def test_what_a_process_has_begun_ends_with_it(monkeypatch, tmp_path):
    mark = tmp_path / "pid"
    program = (
        "import os, time; pid = os.fork(); "
        f"open({str(mark)!r}, 'w').write(str(os.getpid())) if not pid else None; time.sleep(60)"
    )
    monkeypatch.setattr(examiner, "WALL_SECONDS", 1.5)

    sentence_when_the_process_is(program, monkeypatch)

    grandchild = Path("/proc", mark.read_text())
    for _ in range(100):
        if not grandchild.exists() or "Z" in (grandchild / "stat").read_text().split()[2]:
            break
        time.sleep(0.05)
    else:
        pytest.fail("it is still there")


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", TOO_MUCH),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", TOO_MUCH),
        ("import os\nwhile True: os.write(1, b'{' * 65536)", TOO_MUCH),
        ("print('laporan')", DAMAGED),
        ("print('[]')", DAMAGED),
        ("print('{}')", DAMAGED),
        ('print(\'{"refused": "sesuatu"}\')', DAMAGED),
        ('print(\'{"kind": "png", "pieces": [], "place_removed": false}\')', DAMAGED),
        ('print(\'{"kind": "pdf", "pieces": [[0, 999999]], "place_removed": false}\')', DAMAGED),
        ('print(\'{"kind": "pdf", "pieces": [[5, 9], [0, 3]], "place_removed": false}\')', DAMAGED),
        ('print(\'{"kind": "pdf", "pieces": [[-9, 5]], "place_removed": false}\')', DAMAGED),
        ('print(\'{"kind": "pdf", "pieces": ["\' + \'00\' * 500 + \'"], "place_removed": false}\')', DAMAGED),
        ('print(\'{"kind": "pdf", "pieces": {"0": 1}, "place_removed": false}\')', DAMAGED),
        ('print(\'{"kind": "pdf", "pieces": [], "place_removed": "ya"}\')', DAMAGED),
        ('print(\'{"kind": "pdf", "pieces": [], "place_removed": false, "key": "a"}\')', DAMAGED),
        ("print('[' * 100000)", DAMAGED),
    ],
)
def test_a_process_that_a_file_has_taken_over_is_not_believed(program, sentence, monkeypatch, files_left):
    assert sentence_when_the_process_is(program, monkeypatch) == sentence
    assert files_left() == []


def test_when_no_process_can_look_the_file_is_not_blamed(monkeypatch, files_left, caplog):
    monkeypatch.setattr(examiner, "_BEGIN", "raise ImportError")
    with pytest.raises(NotNow):
        take_in(SimpleUploadedFile("laporan.pdf", pdf_files.good()), limit=EVIDENCE)

    assert "could not start" in caplog.text
    assert files_left() == []


def test_when_no_process_can_be_made_the_file_is_not_blamed(monkeypatch, files_left, caplog):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(NotNow):
        take_in(SimpleUploadedFile("laporan.pdf", pdf_files.good()), limit=EVIDENCE)

    assert "could not start" in caplog.text
    assert files_left() == []
