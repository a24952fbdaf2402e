import pytest

from partnerships.files import EVIDENCE
from partnerships.files.inspection.verdict import Reason
from partnerships.files.refusals import refused_for
from tests.partnerships.files import office_files

OFFICE = "application/vnd.openxmlformats-officedocument."
HOSTILE_DOCX = dict(office_files.hostile("docx"))
HOSTILE_XLSX = dict(office_files.hostile("xlsx"))
LYING = dict(office_files.lying_archives("docx"))


def sentence_of(reason):
    return refused_for(reason, EVIDENCE).sentence


@pytest.mark.parametrize("name", dict(office_files.good()))
def test_a_document_without_tricks_is_kept_byte_by_byte(name, kept):
    content = dict(office_files.good())[name]

    stored, kept_content = kept(name, content)

    assert kept_content == content
    assert stored.media_type == OFFICE + (
        "wordprocessingml.document" if name.endswith("docx") else "spreadsheetml.sheet"
    )


def test_a_workbook_under_the_name_of_a_document_is_refused(sentence_for):
    assert ".docx" in sentence_for("laporan.docx", office_files.file("xlsx"))


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("with word/vbaProject.bin", Reason.OFFICE_MACRO),
        ("with word/activeX/activeX1.xml", Reason.OFFICE_MACRO),
        ("with a part of type application/vnd.ms-office.vbaProject", Reason.OFFICE_MACRO),
        ("with a command in pieces", Reason.OFFICE_MACRO),
        ("with a simple command", Reason.OFFICE_MACRO),
        ("with a command in its footer", Reason.OFFICE_MACRO),
        ("with word/embeddings/oleObject1.bin", Reason.OFFICE_INSIDE),
        ("with word/media/a.zip", Reason.OFFICE_INSIDE),
        ("with an archive called a picture", Reason.OFFICE_INSIDE),
        ("with a Windows program called a picture", Reason.OFFICE_INSIDE),
        ("with a part that is aFChunk", Reason.OFFICE_INSIDE),
        ("that goes to http://example.test/a.dotm as attachedTemplate", Reason.OFFICE_ELSEWHERE),
        ("that goes to http://example.test/a.png as image", Reason.OFFICE_ELSEWHERE),
        ("that goes to javascript:alert(1) as hyperlink", Reason.OFFICE_ELSEWHERE),
        ("that goes to \\\\example.test\\a as hyperlink", Reason.OFFICE_ELSEWHERE),
        ("with a part named '../../evil.xml'", Reason.SOMETHING_ELSE_INSIDE),
        ("with a part named '/etc/passwd'", Reason.SOMETHING_ELSE_INSIDE),
        ("with a definition", Reason.SOMETHING_ELSE_INSIDE),
        ("that reads a file", Reason.SOMETHING_ELSE_INSIDE),
        ("that grows by itself", Reason.SOMETHING_ELSE_INSIDE),
        ("without a list of types", Reason.OTHER_KIND),
        ("without relations", Reason.OTHER_KIND),
        ("of type text/html", Reason.OTHER_KIND),
        ("that ends too soon", Reason.DAMAGED),
        ("a thousand elements deep", Reason.TOO_MUCH),
    ],
)
def test_a_document_is_refused_for_what_it_holds(what, reason, sentence_for):
    assert sentence_for("laporan.docx", HOSTILE_DOCX[what]) == sentence_of(reason)


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("with a command", Reason.OFFICE_MACRO),
        ("with a command in other letters", Reason.OFFICE_MACRO),
        ("with a command as raw text", Reason.OFFICE_MACRO),
        ("with a command over two lines", Reason.OFFICE_MACRO),
        ("with a command behind a remark", Reason.OFFICE_MACRO),
        ("with a command as a name", Reason.OFFICE_MACRO),
        ("with xl/macrosheets/sheet1.xml", Reason.OFFICE_MACRO),
        ("with xl/connections.xml", Reason.OFFICE_ELSEWHERE),
        ("with xl/externalLinks/externalLink1.xml", Reason.OFFICE_ELSEWHERE),
        ("with xl/queryTables/queryTable1.xml", Reason.OFFICE_ELSEWHERE),
        ("with a definition in a sheet", Reason.SOMETHING_ELSE_INSIDE),
    ],
)
def test_a_workbook_is_refused_for_what_it_holds(what, reason, sentence_for):
    assert sentence_for("tabel.xlsx", HOSTILE_XLSX[what]) == sentence_of(reason)


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("packed far too tightly", Reason.TOO_MUCH),
        ("of 2,100 parts", Reason.TOO_MUCH),
        ("with a size of 4 GiB in its directory", Reason.TOO_MUCH),
        ("that says it is encrypted in its directory", Reason.PASSWORD),
        ("with the same part twice", Reason.SOMETHING_ELSE_INSIDE),
        ("with a hole", Reason.SOMETHING_ELSE_INSIDE),
        ("with a remark", Reason.SOMETHING_ELSE_INSIDE),
        ("with another archive behind", Reason.SOMETHING_ELSE_INSIDE),
        ("with another name in front of the part", Reason.SOMETHING_ELSE_INSIDE),
        ("that counts no parts", Reason.SOMETHING_ELSE_INSIDE),
    ],
)
def test_an_archive_whose_directory_lies_is_refused_for_that(what, reason, sentence_for):
    assert sentence_for("laporan.docx", LYING[what]) == sentence_of(reason)


def test_a_bar_between_texts_is_no_command(kept):
    cells = '<c r="A1"><f>"a|b!"&amp;Capaian!A2</f><v>1</v></c>'

    kept(
        "tabel.xlsx", office_files.file("xlsx", more={"xl/worksheets/sheet1.xml": office_files.sheet(cells)})
    )


def test_an_old_drawing_that_is_no_good_xml_is_taken_but_not_with_definitions(kept, sentence_for):
    name = "xl/drawings/vmlDrawing1.vml"
    sentence = sentence_for("tabel.xlsx", office_files.file("xlsx", more={name: "<!DOCTYPE a><xml/>"}))
    assert sentence == sentence_of(Reason.SOMETHING_ELSE_INSIDE)

    kept("tabel.xlsx", office_files.file("xlsx", more={name: "<xml><br></xml>"}))
