import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.files import shown_name
from partnerships.files.names import with_ending


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Laporan Pelatihan 2025.pdf", "Laporan Pelatihan 2025.pdf"),
        ("Laporan  Pelatihan\t2025.pdf", "Laporan Pelatihan 2025.pdf"),
        ("Capaian 100% (rev. 2).xlsx", "Capaian 100% (rev. 2).xlsx"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system32\\a.pdf", "a.pdf"),
        ("C:\\Users\\a\\foto.jpg", "foto.jpg"),
        ("C:foto.jpg", "foto.jpg"),
        ("foto.jpg:alur", "foto.jpg_alur"),
        ("\uff0e\uff0e\uff0f\uff0e\uff0e\uff0fa.pdf", "a.pdf"),
        ("foto.jpg\x00.exe", "foto.jpg.exe"),
        ("laporan\nSet-Cookie: a=b.pdf", "laporan Set-Cookie_ a=b.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("la\u200bpo\u200dran\ufeff.pdf", "laporan.pdf"),
        ("%00.pdf", "_00.pdf"),
        ("%2e%2e%2fa.pdf", "_2e_2e_2fa.pdf"),
        ("CON", "_CON"),
        ("con.pdf", "_con.pdf"),
        ("COM\u00b9.pdf", "_COM1.pdf"),
        ("konferensi.pdf", "konferensi.pdf"),
        (".htaccess", "htaccess"),
        ("-rf.pdf", "_-rf.pdf"),
        ('a"b<c>|d?*.pdf', "a_b_c__d__.pdf"),
        ("a.php.jpg", "a_php.jpg"),
        ("a.PHP5.html.jpg", "a_PHP5_html.jpg"),
        ("tokopedia.com.pdf", "tokopedia_com.pdf"),
        ("Surat a.n. Bupati.pdf", "Surat a.n. Bupati.pdf"),
        ("laporan.v2.pdf", "laporan.v2.pdf"),
        ("laporan.pdf . .", "laporan.pdf"),
        ("ﬁle①.pdf", "file1.pdf"),
        ("Kerja sama 東京.pdf", "Kerja sama 東京.pdf"),
    ],
)
def test_a_name_is_shown_without_what_could_mislead(name, shown):
    assert shown_name(name) == shown


@pytest.mark.parametrize("name", ["", " ", ".", "..", "../", "\u200b", "\x00", "////", "\u3164", "C:"])
def test_a_file_without_a_name_gets_one(name):
    assert shown_name(name) == shown_name("")
    assert shown_name("")


def test_a_long_name_keeps_its_ending():
    assert shown_name("x" * 300 + ".pdf") == "x" * 116 + ".pdf"
    assert len(shown_name("東" * 300 + ".pdf").encode()) <= 240


def test_the_ending_of_a_kind_takes_the_place_of_one_that_said_the_same():
    assert with_ending("foto.JPEG", ".jpg") == "foto.jpg"
    assert with_ending("Laporan 2.1", ".pdf") == "Laporan 2.1.pdf"
    assert with_ending("x" * 120, ".docx") == "x" * 115 + ".docx"


@given(st.text(st.characters(codec=None), max_size=300))
def test_no_name_whatever_leaves_its_folder_or_breaks_a_line(name):
    shown = shown_name(name)

    assert 0 < len(shown) <= 120
    assert shown == shown.strip(" .")
    assert not set(shown) & set('/\\:"<>|?*\x00\r\n\t')
    assert shown.isprintable()
    assert shown_name(shown) == shown
