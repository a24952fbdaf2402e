"""Charts say in words what they draw, hold what was typed harmless, and draw on a true scale."""

import re
from xml.etree import ElementTree

import pytest
from django.utils import translation

from partnerships import charts
from partnerships.charts import Bar, Scale, Step, Tile

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '"><script>alert(1)</script>&'


def drawn(markup):
    return ElementTree.fromstring(markup)  # noqa: S314 - our own drawing


def tile(number, look="1", name="Jabar", url="/kemitraan/?region=32"):
    return Tile(5, 2, name, number, look, f"Provinsi {name}: {number}", url)


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        ([], []),
        ([0, 0], []),
        ([3], [(4, 3, 3)]),
        ([1, 1, 2], [(3, 1, 1), (4, 2, 2)]),
        ([1, 2, 3, 4, 0], [(1, 1, 1), (2, 2, 2), (3, 3, 3), (4, 4, 4)]),
        ([1] * 30 + [2, 9, 50], [(3, 1, 1), (4, 2, 50)]),
    ],
)
def test_a_scale_has_up_to_four_classes_that_do_not_overlap(values, classes):
    scale = Scale.of(values)

    assert scale.classes == classes
    for level, low, top in classes:
        assert scale.level(low) == scale.level(top) == level
    assert scale.level(0) == scale.level(None) == 0


def test_every_value_of_a_scale_is_in_a_class_that_names_it():
    values = [each * each % 37 for each in range(60)]
    scale = Scale.of(values)
    for value in filter(None, values):
        level, low, top = next(each for each in scale.classes if each[0] == scale.level(value))
        assert low <= value <= top, level


def test_a_tile_leads_to_its_rows_and_says_what_it_shows():
    picture = drawn(charts.tile_map("Naskah yang berlaku", [tile("12")]))

    link = picture.find(f"{SVG}a")
    assert link.get("href") == "/kemitraan/?region=32"
    assert link.get("aria-label") == link.find(f"{SVG}title").text == "Provinsi Jabar: 12"
    assert [text.text for text in link.iter(f"{SVG}text")] == ["Jabar", "12"]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Bandung", ["Bandung"]),
        ("Humbang Hasundutan", ["Humbang", "Hasundutan"]),
        ("Ogan Komering Ulu Selatan", ["Ogan Komering", "Ulu Selatan"]),
        ("Padangsidimpuan", ["Padangsidimpuan"]),
        ("Duapuluhhurufpanjang Sekali", ["Duapuluhhurufpanj…", "Sekali"]),
    ],
)
def test_a_long_name_is_broken_to_end_within_its_tile_and_is_said_whole(name, lines):
    link = drawn(charts.tiles("Naskah", [tile("1", name=name)])).find(f"{SVG}a")

    assert [text.text for text in link.iter(f"{SVG}text")] == [*lines, "1"]
    assert name in link.get("aria-label")


def test_what_was_typed_is_text_and_nothing_else():
    pictures = [
        charts.tile_map(NASTY, [tile(NASTY, name=NASTY, url=f"/{NASTY}")]),
        charts.bars(NASTY, [Bar(NASTY, ((1, "accent", NASTY),), NASTY, f"/{NASTY}")]),
        charts.funnel(NASTY, [Step(NASTY, 1, NASTY, NASTY, f"/{NASTY}")]),
        charts.line(NASTY, [(NASTY, 1, NASTY, f"/{NASTY}")]),
    ]
    for picture in pictures:
        assert not list(drawn(picture).iter(f"{SVG}script"))
        assert "<script" not in picture


def test_the_parts_of_a_bar_are_as_long_as_their_values():
    found = charts.bars(
        "Komitmen", [Bar("A", ((1, "good", ""), (3, "bad", "")), "4"), Bar("B", ((2, "good", ""),), "2")]
    )
    parts = [each for each in drawn(found).iter(f"{SVG}rect") if "chart__part" in each.get("class")]

    assert [float(each.get("width")) for each in parts] == [90, 270, 180]


def test_a_bar_that_is_not_full_is_as_long_as_its_part_of_the_whole():
    found = charts.bars("Capaian", [Bar("A", ((0.25, "accent", ""),), "25%")], full=1)
    (part,) = (each for each in drawn(found).iter(f"{SVG}rect") if "chart__part" in each.get("class"))

    assert float(part.get("width")) == 90


def test_bars_of_nothing_are_drawn_too():
    assert drawn(charts.bars("Komitmen", [Bar("A", ((0, "good", ""),), "0")])) is not None


@pytest.mark.parametrize("values", [[0], [1, 2], [3, 0, 4], [7, 120, 33], [1_000_000, 5]])
def test_a_line_stands_on_a_round_scale_that_holds_its_greatest_value(values):
    points = [(str(2020 + at), value, f"{value}", "") for at, value in enumerate(values)]
    with translation.override("id"):
        picture = drawn(charts.line("Naskah per tahun", points))

    ticks = [
        int(each.text.replace(".", ""))
        for each in picture.iter(f"{SVG}text")
        if each.get("text-anchor") == "end"
    ]
    assert ticks[0] == 0
    assert ticks[-1] >= max(values)
    assert len(ticks) <= 6
    heights = [float(each.get("cy")) for each in picture.iter(f"{SVG}circle")]
    assert all(0 <= height <= 190 for height in heights)
    assert sorted(values, reverse=True) == [value for _y, value in sorted(zip(heights, values, strict=True))]


def test_a_coordinate_never_takes_the_comma_of_the_language():
    with translation.override("id"):
        picture = charts.bars("A", [Bar("A", ((1, "good", ""), (2, "bad", "")), "3")])
    numbers = re.findall(r' (?:x|y|width|height)="([^"]*)"', picture)
    assert all(re.fullmatch(r"-?\d+(\.\d)?", number) for number in numbers)


def test_a_sparkline_and_a_funnel_name_themselves():
    assert drawn(charts.sparkline("Sebelas tahun", [1, 4, 2])).get("aria-label") == "Sebelas tahun"
    steps = [Step("Dilatih", 100, "100"), Step("Bersertifikat", 40, "40", "40%")]
    shapes = drawn(charts.funnel("Corong", steps)).findall(f"{SVG}g")
    said = [each.find(f"{SVG}title").text for each in shapes]
    assert said == ["Dilatih: 100", "Bersertifikat: 40 (40%)"]


def test_a_drawing_alone_has_no_links_and_says_the_same():
    drawing = charts.bars("Komitmen", [Bar('A "&" B', ((1, "good", ""),), "1", "/komitmen/?a=1&b=2")])
    alone = drawn(charts.alone(drawing))

    assert not list(alone.iter(f"{SVG}a"))
    assert [each.text for each in alone.iter(f"{SVG}text")] == [
        each.text for each in drawn(drawing).iter(f"{SVG}text")
    ]


def test_on_paper_each_link_lies_over_what_it_leads_away_from():
    addresses = ["/kemitraan/?region=32", "/kemitraan/?region=35&on=2025-06-30"]
    tiles = [
        Tile(0, 0, "Jabar", "1", "1", "Jawa Barat: 1", addresses[0]),
        Tile(1, 1, "Jatim", "2", "1", "Jawa Timur: 2", addresses[1]),
    ]
    paper = drawn(charts.on_paper(charts.tile_map("Naskah", tiles)))
    links = [each for each in paper.iter() if each.tag == "a"]

    assert [each.get("href") for each in links] == addresses
    assert [each.text for each in links] == ["Jawa Barat: 1", "Jawa Timur: 2"]
    # The second of two columns and rows of 48, without the gap of 2 behind the last.
    assert "left:51.064%;top:51.064%;width:48.936%" in links[1].get("style")


def test_what_is_bad_is_striped_and_parts_stand_apart():
    picture = charts.bars("K", [Bar("A", ((1, "accent", ""), (1, "bad", "")), "2")])
    assert picture.count("chart__gap") == 1
    assert picture.count("chart__stripes") == 1
