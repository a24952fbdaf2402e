import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partnerships.exports.cells import harmless, is_risky, plain

SIGNS = "=+-@＝＋－＠﹢﹣﹦﹫\t\r\n"
BEFORE = ["", " ", "  ", "\u00a0", '"', "'", "' ", '" "', "\ufeff", "\u200b", "\u3000"]


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("sign", SIGNS)
def test_a_text_that_a_spreadsheet_may_calculate_gets_an_apostrophe(before, sign):
    text = f"{before}{sign}cmd|' /C calc'!A0"

    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Nota Kesepahaman", "2025", "1 + 1 = 2", "a=b", "(=1)", "Rp1.250"])
def test_a_harmless_text_stays_as_it_is(text):
    assert harmless(text) == text


@given(st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(SIGNS + " '\"")), max_size=40))
@example("'=1")
@example("''=1")
def test_dropping_one_apostrophe_gives_the_text_back(text):
    written = harmless(text)

    assert not written or written[0] not in SIGNS
    restored = written[1:] if written[:1] == "'" and is_risky(written[1:]) else written
    assert restored == text


@given(st.text())
def test_a_plain_text_has_no_control_character_but_tab_and_line_end(text):
    found = plain(text)

    assert not [c for c in found if ord(c) < 32 and c not in "\t\n"]
    assert "\x7f" not in found
    assert "\r" not in found
    assert plain(found) == found
