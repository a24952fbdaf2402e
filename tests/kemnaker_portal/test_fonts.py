"""The typeface is cut once, whole or not at all, and holds what the portal writes."""

import pytest
from fontTools.ttLib import TTFont

from kemnaker_portal import fonts


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    target = tmp_path_factory.mktemp("static") / "fonts"
    assert fonts.make_fonts(target) is True
    return target


@pytest.fixture
def quick_cut(monkeypatch):
    """Cutting takes seconds; where only the folder matters, a word stands for each file."""

    def cut(source, work):
        (work / fonts.WOFF2).write_text("screen")
        (work / "pdf").mkdir()
        (work / "pdf" / "plus-jakarta-sans-400.ttf").write_text("paper")

    monkeypatch.setattr(fonts, "_cut", cut)


def features(font, table):
    return {record.FeatureTag for record in font[table].table.FeatureList.FeatureRecord}


def test_browsers_get_one_small_file_of_all_weights(made):
    font = TTFont(made / fonts.WOFF2)

    assert (made / fonts.WOFF2).stat().st_size <= 45 * 1024
    assert [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [
        ("wght", 400, 700)
    ]
    assert {"tnum", "liga"} <= features(font, "GSUB")
    assert "kern" in features(font, "GPOS")


@pytest.mark.parametrize(
    "text",
    ["Rp1.250.000,50", "≤ ≥ ≈ ± × −", "→ ← ↑ ↓ ↗", "“Sinergi” ‘Negeri’ – — … · •", "Škoda, Ōsaka, Đà Nẵng"],
)
def test_what_the_portal_writes_has_glyphs(made, text):
    known = TTFont(made / fonts.WOFF2).getBestCmap()

    assert [character for character in text if ord(character) not in known] == []


def test_gaps_between_words_are_wider_on_paper_only(made):
    screen, paper = (TTFont(made / name) for name in (fonts.WOFF2, "pdf/plus-jakarta-sans-400.ttf"))
    em = paper["head"].unitsPerEm
    space, letter = (
        paper["hmtx"][paper.getBestCmap()[code]][0] - screen["hmtx"][screen.getBestCmap()[code]][0]
        for code in (ord(" "), ord("a"))
    )

    assert (space, letter) == (round(fonts.PDF_SPACE * em), 0)


@pytest.mark.parametrize("weight", fonts.PDF_WEIGHTS)
def test_paper_gets_a_file_for_each_weight(made, weight):
    font = TTFont(made / "pdf" / f"plus-jakarta-sans-{weight}.ttf")

    assert font["OS/2"].usWeightClass == weight
    assert "fvar" not in font
    assert "tnum" in features(font, "GSUB")


def test_the_licence_travels_with_the_font(made):
    assert "SIL OPEN FONT LICENSE" in (made / "OFL.txt").read_text().upper()


def test_a_whole_folder_is_left_as_it_is(made):
    before = (made / fonts.WOFF2).stat().st_mtime_ns

    assert fonts.make_fonts(made) is False
    assert (made / fonts.WOFF2).stat().st_mtime_ns == before


@pytest.mark.parametrize("damage", ["cut short", "gone", "no record", "record torn"])
def test_a_torn_folder_is_made_anew(tmp_path, quick_cut, damage):
    target = tmp_path / "fonts"
    fonts.make_fonts(target)
    if damage == "cut short":
        (target / fonts.WOFF2).write_text("scr")
    elif damage == "gone":
        (target / fonts.WOFF2).unlink()
    elif damage == "no record":
        (target / "made.json").unlink()
    else:
        (target / "made.json").write_text('{"fingerprint": ')

    assert fonts.make_fonts(target) is True
    assert (target / fonts.WOFF2).read_text() == "screen"


def test_a_newer_recipe_makes_the_folder_anew(tmp_path, quick_cut, monkeypatch):
    target = tmp_path / "fonts"
    fonts.make_fonts(target)
    monkeypatch.setattr(fonts, "RECIPE", fonts.RECIPE + 1)

    assert fonts.make_fonts(target) is True


def test_a_failed_run_leaves_the_old_folder_and_nothing_else(tmp_path, quick_cut, monkeypatch):
    target = tmp_path / "fonts"
    fonts.make_fonts(target)
    (target / "made.json").unlink()

    def break_off(source, work):
        (work / fonts.WOFF2).write_text("half")
        raise OSError("disk full")

    monkeypatch.setattr(fonts, "_cut", break_off)
    with pytest.raises(OSError, match="disk full"):
        fonts.make_fonts(target)

    assert (target / fonts.WOFF2).read_text() == "screen"
    assert [path.name for path in tmp_path.iterdir()] == ["fonts"]


def test_what_a_killed_run_left_behind_is_swept(tmp_path, quick_cut):
    (tmp_path / ".fonts-abc123").mkdir()
    (tmp_path / ".fonts-abc123" / "half.ttf").write_text("half")

    fonts.make_fonts(tmp_path / "fonts")

    assert [path.name for path in tmp_path.iterdir()] == ["fonts"]
