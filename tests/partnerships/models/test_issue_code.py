"""The code on a PDF: nothing in it can be guessed, and what is mistyped is no other file's."""

import itertools

from partnerships.models import issue_code


def test_reads_what_people_type():
    code = issue_code.drawn()
    shown = issue_code.shown(code)

    assert [len(group) for group in shown.split("-")] == [4, 4, 4]
    for typed in (
        code,
        shown,
        shown.lower(),
        f"  {shown.replace('-', ' ')} ",
        "-".join(code),
        shown.replace("-", "−"),
    ):
        assert issue_code.read(typed) == code


def test_every_wrong_sign_and_every_exchange_of_two_is_noticed():
    code = issue_code.drawn()
    wrong = {
        code[:place] + sign + code[place + 1 :]
        for place, sign in itertools.product(range(len(code)), issue_code.ALPHABET)
    } - {code}
    for one, other in itertools.combinations(range(len(code)), 2):
        signs = list(code)
        signs[one], signs[other] = signs[other], signs[one]
        wrong |= {"".join(signs)} - {code}

    assert len(wrong) > 300
    assert [each for each in wrong if issue_code.read(each)] == []


def test_what_can_be_no_code_is_none():
    for typed in ("", "ABCD", "0O1I-L0O1-IL0O", "KS-2025-0001", "💥" * 12, "A" * 4000):
        assert issue_code.read(typed) == ""


def test_is_drawn_from_all_signs_anew():
    codes = {issue_code.drawn() for _ in range(400)}

    assert len(codes) == 400
    assert set("".join(codes)) == set(issue_code.ALPHABET)
