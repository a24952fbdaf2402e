"""A process that is killed while it takes a file in leaves it whole or as an orphan, never torn."""

import hashlib
import multiprocessing
import os
import random
import signal
import sys
from datetime import timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from partnerships.files import EVIDENCE, orphans, take_in
from tests.partnerships.files import picture_files

PHOTO = picture_files.jpeg(exif=picture_files.exif(orientation=6, place=picture_files.MONAS))
OURS = str(Path(take_in.__code__.co_filename).parent)
ROUNDS, LAST_STEPS = 24, 12


def _take_in_and_die(step, steps_taken):
    """Take a photo in, and be killed before that many lines of ours have been carried out."""

    def trace(frame, event, _value):
        if not frame.f_code.co_filename.startswith(OURS):
            return None
        if event == "line":
            steps_taken.value += 1
            if steps_taken.value == step:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    take_in(SimpleUploadedFile("foto.jpg", PHOTO), limit=EVIDENCE)


def _in_a_process_of_its_own(step):
    """(how the process ended, how many steps it took)"""
    context = multiprocessing.get_context("fork")
    steps_taken = context.Value("i", 0)
    process = context.Process(target=_take_in_and_die, args=(step, steps_taken))
    process.start()
    process.join()
    return process.exitcode, steps_taken.value


def _points(steps):
    """Some steps anywhere, and the last ones each, where the file gets its name."""
    anywhere = random.Random(3).sample(range(1, steps - LAST_STEPS), ROUNDS - LAST_STEPS)  # noqa: S311
    return [*anywhere, *range(steps - LAST_STEPS + 1, steps + 1)]


def test_a_kill_at_any_step_leaves_a_whole_file_or_an_orphan(media, files_left):
    sha256 = take_in(SimpleUploadedFile("foto.jpg", PHOTO), limit=EVIDENCE).sha256
    exit_code, steps = _in_a_process_of_its_own(step=-1)
    assert exit_code == 0
    for path in files_left():
        path.unlink()

    killed, whole, aside = 0, 0, 0
    for point in _points(steps):
        exit_code, _steps = _in_a_process_of_its_own(point)
        killed += exit_code == -signal.SIGKILL
        left = files_left()
        assert set(orphans(set(), timedelta())) == set(left)
        for path in left:
            if path.is_relative_to(media / "files"):
                assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256
                whole += 1
            else:
                aside += 1
            path.unlink()

    # A folder that happens to be there already saves a few steps, so the last point may not be reached.
    assert killed >= 20
    assert whole
    assert aside
