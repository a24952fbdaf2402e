import io

import pytest
from PIL import Image

from partnerships.files import EVIDENCE
from partnerships.files.inspection.verdict import Reason
from partnerships.files.refusals import refused_for
from tests.partnerships.files import office_files, picture_files
from tests.partnerships.files.picture_files import MONAS, XMP_WITH_PLACE, exif, iptc, jpeg, png

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def opened(content):
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def sentence_of(reason):
    return refused_for(reason, EVIDENCE).sentence


@pytest.mark.parametrize("name", dict(picture_files.good()))
def test_a_plain_picture_is_kept_byte_by_byte(name, kept):
    content = dict(picture_files.good())[name]

    stored, kept_content = kept(name, content)

    assert kept_content == content
    assert not stored.place_removed


def test_a_photo_with_a_place_is_kept_without_it_and_that_is_said(kept):
    photo = jpeg(exif=exif(place=MONAS))

    stored, content = kept("foto.jpg", photo)

    assert stored.place_removed
    assert b"Exif" in photo
    assert b"Exif" not in content


@pytest.mark.parametrize("make", [jpeg, png])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_picture_without_its_place_still_knows_which_side_is_up(make, orientation, kept):
    before = make(exif=exif(orientation=orientation, place=MONAS))

    stored, content = kept("foto", before)

    picture = opened(content)
    assert stored.place_removed
    assert picture.getexif().get(ORIENTATION, 1) == orientation
    assert not picture.getexif().get_ifd(GPS)
    assert MAKER not in picture.getexif()


@pytest.mark.parametrize("make", [jpeg, png])
def test_not_one_pixel_changes_when_the_place_is_taken_out(make, kept):
    before = make(exif=exif(orientation=6, place=MONAS))

    _stored, content = kept("foto", before)

    assert opened(content).tobytes() == opened(before).tobytes()


def test_a_photo_that_tells_its_camera_but_no_place_is_kept_as_it_is(kept):
    photo = jpeg(exif=exif(place={0: b"\x02\x03\x00\x00"}))

    stored, content = kept("foto.jpg", photo)

    assert (stored.place_removed, content) == (False, photo)


@pytest.mark.parametrize(
    ("what", "photo"),
    [
        (
            "XMP",
            picture_files.with_segment(jpeg(), 0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + XMP_WITH_PLACE),
        ),
        ("IPTC", picture_files.with_segment(jpeg(), 0xED, iptc(90, b"Jakarta"))),
        ("a comment", picture_files.with_segment(jpeg(), 0xFE, b"exif:GPSLatitude=6/1")),
        (
            "XMP of a PNG",
            picture_files.with_chunk(png(), b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP_WITH_PLACE),
        ),
        ("a text of a PNG", picture_files.with_chunk(png(), b"tEXt", b"exif:GPSLatitude\x006/1, 10/1")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_place_is_found_wherever_programs_write_it(what, photo, kept):
    stored, content = kept("foto", photo)

    assert stored.place_removed
    assert not any(word in content for word in (b"GPSLatitude", b"Jakarta"))
    opened(content)


def test_a_note_on_the_camera_that_nobody_can_read_is_taken_out_without_a_word(kept):
    photo = picture_files.with_segment(jpeg(), 0xE1, b"Exif\0\0MM\x00*\x00\xff\xff\xff")

    stored, content = kept("foto.jpg", photo)

    assert not stored.place_removed
    assert content == jpeg()


@pytest.mark.parametrize(
    ("what", "trailer"),
    [
        ("a second picture", jpeg()),
        ("a film", b"\0\0\0\x18ftypmp42" + bytes(300)),
        ("notes", bytes(40) + b"SEFT"),
    ],
)
def test_what_a_phone_puts_behind_a_photo_is_cut_off(what, trailer, kept):
    _stored, content = kept("foto.jpg", picture_files.photo_of_a_phone(trailer))

    assert content == jpeg(exif=exif())


def test_zeros_behind_a_photo_are_cut_off(kept):
    assert kept("foto.jpg", jpeg() + bytes(64))[1] == jpeg()


@pytest.mark.parametrize(
    ("what", "family", "content"),
    list(picture_files.with_something_else(office_files.zipped({"a": "b"}))),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_picture_that_is_something_else_as_well_is_refused_for_that(what, family, content, sentence_for):
    assert sentence_for("foto", content) == sentence_of(Reason.SOMETHING_ELSE_INSIDE)


@pytest.mark.parametrize("what", ["of 3,600 megapixels", "of 51 megapixels", "of four milliard lines"])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn(what, sentence_for):
    content = dict(picture_files.hostile_png())[what]

    assert sentence_for("foto.png", content) == sentence_of(Reason.PICTURE_SIZE)


def test_a_picture_of_fifty_megapixels_is_drawn_within_the_limits(kept):
    kept("poster.png", png(Image.new("RGB", (8_000, 6_250))))


def test_a_moving_picture_is_refused_for_that(sentence_for):
    content = dict(picture_files.hostile_png())["that moves"]

    assert sentence_for("foto.png", content) == sentence_of(Reason.PICTURE_MOVES)


@pytest.mark.parametrize(
    "what", ["with a packed text of 64 MiB", "with a packed international text of 64 MiB"]
)
def test_a_text_that_unpacks_to_far_too_much_is_refused_for_that(what, sentence_for):
    content = dict(picture_files.hostile_png())[what]

    assert sentence_for("foto.png", content) == sentence_of(Reason.TOO_MUCH)
