import sys
import unicodedata

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from partnerships.columns import COLUMNS, COMMITMENT_COLUMNS
from partnerships.columns.in_sql import Words
from partnerships.exports.cells import RISKY, harmless, is_risky, plain, plain_bytes

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


def test_no_character_that_looks_like_a_sign_or_a_blank_is_missing():
    everything = [chr(number) for number in range(sys.maxunicode + 1)]
    signs = [c for c in everything if unicodedata.normalize("NFKC", c) in {"=", "+", "-", "@"}]
    blanks = [c for c in everything if c.isspace() and c not in "\t\r\n"]

    assert [c for c in signs if not is_risky(f"{c}1")] == []
    assert [c for c in blanks if not is_risky(f"{c}=1")] == []
    assert {c for c in everything if is_risky(c)} == {*signs, *"\t\r\n"}


@given(st.text())
@example("a\r\x01\nb\r\n\r\uffff\ufffe\x7fc")
def test_text_is_made_plain_in_bytes_as_it_is_in_characters(text):
    text = "".join(c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff")

    assert plain_bytes(text.encode()).decode() == plain(text)


@pytest.mark.django_db
@given(
    st.lists(
        st.text(st.one_of(st.characters(codec="utf-8", exclude_characters="\0"), st.sampled_from(SIGNS)))
    )
)
@example([f"{before}{sign}1" for before in BEFORE for sign in SIGNS])
@example([f"{chr(number)}=1" for number in range(1, 0x3001)])
def test_the_database_finds_the_same_texts_risky(texts):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT text ~ %s FROM unnest(%s::text[]) WITH ORDINALITY AS given (text, n) ORDER BY n",
            [RISKY, texts],
        )
        found = [row[0] for row in cursor.fetchall()]

    assert found == [is_risky(text) for text in texts]


@pytest.mark.parametrize("language", ["id", "en"])
def test_words_of_the_portal_need_no_care(language):
    """Neither headings nor the labels of a code are looked at again when a file is made."""
    columns = [*COLUMNS.values(), *COMMITMENT_COLUMNS.values()]
    with translation.override(language):
        labels = [str(column.label) for column in columns]
        words = [column.cell.sql for column in columns if isinstance(column.cell, Words)]

    said = [*labels, *(part for sql in words for part in sql.split("'")[1::2])]
    assert [text for text in said if harmless(plain(text)) != text or set(text) & set(';"\n')] == []


def test_an_end_of_a_line_is_one_also_when_something_unseen_stood_within_it():
    assert plain("a\r\x1f\nb") == "a\nb"
    assert plain_bytes(b"a\r\x1f\nb") == b"a\nb"
