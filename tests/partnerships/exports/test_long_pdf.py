import io
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing

import pikepdf
import pypdfium2
import pytest
import weasyprint
from django.utils import translation
from PIL import ImageChops

from partnerships.exports import as_pdf, long_pdf
from partnerships.exports.lines import Lines
from partnerships.exports.paper import pdf_of
from partnerships.exports.renderers import Renderer, RendererFailed
from tests.partnerships.exports.long_lists import DEFAULT, LongList, by_year

MANY_COLUMNS = f"{DEFAULT},class,commitments,place,region,theme,number"
FOOT = (
    "Kemnaker partnerships · 2345-6789-ABCD · Data as of 28 November 2026, 09.50 WIB · "
    "Asked for by Nama Uji 1, Biro Kerja Sama"
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.PORTAL_DATA = tmp_path
    return tmp_path / "pieces"


def in_pieces(extract, size, progress=lambda rows: None):
    """The list as a PDF of pieces of so many lines."""
    made = io.BytesIO()
    with closing(Lines()) as lines:
        long_pdf.make(
            lambda: as_pdf.long_list_of(extract, extract.issue, lines, progress),
            made,
            progress,
            size=size,
            enclose=lambda: extract.issue.enclose(extract.sheets),
        )
    return made.getvalue()


def texts(pdf):
    """The text of each page: (the foot with the number of the page, the rest in its order)."""
    pages = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = " ".join(page.get_textpage().get_text_range().split())
            number = re.search(r"Page \d+ of \d+", text)
            assert text.count(FOOT) == 1
            pages.append((number.group(), text.replace(FOOT, "").replace(number.group(), "").split()))
    return pages


@pytest.mark.parametrize(
    ("extract", "size"),
    [
        (
            LongList(90, title=lambda number: f"Naskah 日本国 مرحبا Việt 😀 {'x' * (number % 60)}\n\tbaris"),
            30,
        ),
        (LongList(500, group=by_year), 150),
        (LongList(500, MANY_COLUMNS), 70),
        (LongList(400, "ref,title,kind,commitments", group=by_year, upright=True), 60),
        (LongList(330, unit=lambda number: "Ditjen Uji" if number % 50 else "kata " * 2600), 40),
        (
            LongList(
                330, title=lambda number: "Satu", partner=lambda number: [], group=lambda row: row.ref[:12]
            ),
            9,
        ),
    ],
    ids=[
        "letters of the world",
        "by year",
        "many columns",
        "upright",
        "rows taller than a page",
        "small groups and small pieces",
    ],
)
def test_pages_are_those_of_one_document(extract, size):
    one = texts(pdf_of(*as_pdf.in_one_piece(extract, extract.issue)))

    pieces = texts(in_pieces(extract, size))

    assert len(pieces) == len(one) > 3
    assert pieces == one


def test_pages_look_like_those_of_one_document():
    extract = LongList(120, group=by_year)

    one, pieces = (
        pictures(pdf_of(*as_pdf.in_one_piece(extract, extract.issue))),
        pictures(in_pieces(extract, 40)),
    )

    assert len(pieces) == len(one) > 3
    for here, there in zip(pieces, one, strict=True):
        assert here.size == there.size
        # The number of the page is set without kerning; all else is the same to the dot.
        differing = sum(ImageChops.difference(here, there).point(lambda level: level > 60).histogram()[1:])
        assert differing < here.width * here.height / 2000
        assert sum(here.histogram()[:128]) > here.width * here.height / 100


def pictures(pdf):
    """Each page in shades of grey."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=1).to_pil().convert("L") for page in document]


def test_says_first_whether_a_screen_reader_can_follow(monkeypatch):
    tagged = in_pieces(LongList(310), 100)
    monkeypatch.setattr(as_pdf, "MOST_TAGGED", 305)
    untagged = in_pieces(LongList(310), 100)

    assert "Tagged for screen readers." in " ".join(texts(tagged)[0][1])
    assert "Not tagged for screen readers: a file of more than 305 rows" in " ".join(texts(untagged)[0][1])
    with pikepdf.open(io.BytesIO(untagged)) as pdf:
        assert "/StructTreeRoot" not in pdf.Root


class Structure:
    """What a walk over the structure of a document meets."""

    def __init__(self, pdf):
        self.reached, self.roles, self.headings = {}, {}, []
        self.root = pdf.Root.StructTreeRoot
        for kid in self.root.K:
            self._walk(kid, self.root)

    def _walk(self, element, above):
        assert element.P.objgen == above.objgen
        role = str(element.S)
        self.roles[role] = self.roles.get(role, 0) + 1
        if role == "/TH":
            self.headings.append(str(element.A.Scope))
        for kid in element.K if isinstance(element.K, pikepdf.Array) else [element.K]:
            if isinstance(kid, int):
                key = (element.Pg.objgen, int(kid))
                assert key not in self.reached
                self.reached[key] = element.objgen
            else:
                self._walk(kid, element)


def test_structure_leads_to_all_that_is_marked_and_back():
    rows = 320
    with pikepdf.open(io.BytesIO(in_pieces(LongList(rows, group=by_year), 90))) as pdf:
        structure = Structure(pdf)
        numbers = list(structure.root.ParentTree.Nums)
        back = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        marked = 0
        for place, page in enumerate(pdf.pages):
            assert page.obj.StructParents == place
            parents = back[place]
            for number in _marked(page):
                # What stands in the margin is in no reader's way: its structure hangs nowhere.
                reached = structure.reached.pop((page.obj.objgen, number), None)
                assert reached in {None, parents[number].objgen}
                marked += reached is not None

        assert structure.reached == {}
        assert marked > rows * 7
        assert structure.roles["/Document"] == 1
        assert structure.roles["/Table"] == len(pdf.pages)
        assert structure.roles["/TD"] == rows * 6
        assert structure.roles["/H1"] == 1
        groups = 4
        assert structure.headings.count("/Column") == 7 * len(pdf.pages)
        assert structure.headings.count("/Row") == rows + groups


def _marked(page):
    """The numbers of the marked contents of a page."""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "BDC" and "/MCID" in operands[1]:
            yield int(operands[1].MCID)


def test_names_itself_and_its_groups():
    with pikepdf.open(io.BytesIO(in_pieces(LongList(320, group=by_year), 90))) as pdf:
        assert pdf.Root.Lang == "en"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.docinfo["/Title"] == "Daftar kemitraan"
        assert pdf.docinfo["/Author"] == "Kemnaker partnerships"
        with pdf.open_outline() as outline:
            (top,) = outline.root
            assert top.title == "Daftar kemitraan"
            assert [item.title for item in top.children] == ["2026", "2025", "2024", "2023"]
        files = {
            font.DescendantFonts[0].FontDescriptor.FontFile2.objgen
            for page in pdf.pages
            for font in page.obj.Resources.Font.values()
        }
        assert len(files) <= 4


def test_hostile_text_is_text(tmp_path):
    hostile = (
        '</td></table><img src="file:///etc/passwd"><script>alert(1)</script>{{ 7 }} &lt;b&gt;\x00\x1bekor'
    )

    pdf = in_pieces(LongList(320, title=lambda number: hostile, group=lambda row: row.title), 120)

    first = "".join("".join(words) for _number, words in texts(pdf)[:2])
    assert '</td></table><imgsrc="file:///etc/passwd"><script>alert(1)</script>{{7}}&lt;b&gt;ekor' in first
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert set(document.attachments) == {"uji.csv", "uji.json"}


def test_the_same_rows_give_the_same_bytes(own_folder):
    made = []
    for _time in range(2):
        extract = LongList(130, group=by_year)
        page, styles = as_pdf.in_one_piece(extract, extract.issue)
        extract.issue.enclose(extract.sheets)
        made.append((pdf_of(page, styles), in_pieces(extract, 40)))
        shutil.rmtree(own_folder)

    assert made[0] == made[1]


def test_what_has_not_changed_is_rendered_once(own_folder):
    in_pieces(LongList(400, group=by_year, unit=lambda _number: "Ditjen Uji"), 100)
    kept = _files(own_folder)

    again = in_pieces(LongList(400, group=by_year, unit=lambda _number: "Ditjen Uji"), 100)

    assert _files(own_folder) == kept
    assert len(kept) == 4

    changed = in_pieces(
        LongList(400, group=by_year, unit=lambda number: "Ditjen Lain" if number == 398 else "Ditjen Uji"),
        100,
    )

    assert len(_files(own_folder).items() - kept.items()) == 1
    assert texts(changed)[:-1] == texts(again)[:-1]
    assert "Ditjen Lain" in " ".join(texts(changed)[-1][1])


def _files(folder):
    """The pieces in a folder, each with what tells it from another of the same name."""
    return {path.name: path.stat().st_ino for path in folder.iterdir() if path.suffix == ".pdf"}


class Cancelled(Exception):
    pass


def test_a_cancelled_list_leaves_neither_process_nor_file(own_folder):
    def cancel(rows):
        if rows > 100:
            raise Cancelled

    with pytest.raises(Cancelled):
        in_pieces(LongList(500), 60, cancel)

    assert _children() == set()
    assert {path.suffix for path in own_folder.iterdir()} <= {".pdf", ".json"}


def test_tells_how_many_rows_are_done():
    told = []
    in_pieces(LongList(700), 200, told.append)

    assert told == sorted(told)
    assert told[0] == 0
    assert told[-1] == 700


def test_a_renderer_that_is_gone_is_said():
    with Renderer() as renderer:
        os.kill(renderer.pid, signal.SIGKILL)
        with pytest.raises(RendererFailed):
            renderer.result()


def test_renderers_end_with_who_started_them():
    program = (
        "import time; from partnerships.exports.renderers import Renderer; r = Renderer(); r.send('wrong');"
        "\ntry: r.result()\nexcept Exception: pass\nprint(r.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        renderer = int(parent.stdout.readline())
        parent.kill()

    until = time.monotonic() + 5
    while _is_alive(renderer) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _is_alive(renderer)


def test_renderers_know_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "rahasia")
    with Renderer() as renderer:
        renderer.send("wrong")
        with pytest.raises(RendererFailed):
            renderer.result()
        with open(f"/proc/{renderer.pid}/environ", "rb") as file:
            known = file.read()

    assert b"rahasia" not in known
    # No compiler either, which Python would ask for libraries.
    assert b"PATH=" in known.split(b"\0")


def test_the_hooks_are_for_this_release_of_weasyprint():
    """exports/quick_layout.py and own_files.py reach into it: compare its code before raising this."""
    assert weasyprint.__version__ == "70.0"


def _children():
    found = set()
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as file:
                state, parent = file.read().rpartition(")")[2].split()[:2]
            with open(f"/proc/{name}/cmdline") as file:
                command = file.read()
        except OSError:
            continue
        if int(parent) == os.getpid() and state != "Z" and "exports.rendering" in command:
            found.add(int(name))
    return found


def _is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
