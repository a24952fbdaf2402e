from concurrent.futures import ThreadPoolExecutor

from django.core.files.uploadedfile import SimpleUploadedFile

from partnerships.files import EVIDENCE, FileRefused, NotNow, take_in
from tests.partnerships.files.hostile_files import hostile_files, plain_files


def _answer(file):
    what, name, content = file
    try:
        return what, take_in(SimpleUploadedFile(name, content), limit=EVIDENCE)
    except FileRefused as refusal:
        return what, refusal


def test_five_hundred_hostile_files_leave_no_file_and_each_gets_a_sentence(files_left):
    # Two at once, as two web workers would; each file still has a process of its own.
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(_answer, hostile_files()))

    assert len(answers) >= 500
    assert [what for what, answer in answers if not isinstance(answer, FileRefused)] == []
    assert [what for what, answer in answers if isinstance(answer, NotNow)] == []
    assert [what for what, answer in answers if not answer.sentence.endswith(".")] == []
    assert files_left() == []


def test_hostile_files_are_all_different():
    seen = {}
    for what, name, content in hostile_files():
        seen.setdefault((name, content), []).append(what)

    assert [same for same in seen.values() if len(same) > 1] == []


def test_plain_files_of_all_five_kinds_are_taken(files_left):
    for ending, content in plain_files().items():
        take_in(SimpleUploadedFile(f"berkas{ending}", content), limit=EVIDENCE)

    assert len(files_left()) == 5
