"""Pieces of a long list to one PDF. Runs in the process of a renderer, without Django."""

import hashlib
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.resources import files

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Stream, String

from partnerships.exports.declared import PRODUCER, metadata_of
from partnerships.exports.page_foot import Foot


def join(parts, frame, path, hear):
    """Write the parts as one document; returns how many pages it has. ``hear`` waits for the Enclosures that
    travel inside."""
    with ExitStack() as opened:
        pdf = opened.enter_context(pikepdf.new())
        # What is taken from a source is read from it when the whole is saved.
        sources = [opened.enter_context(pikepdf.open(part.path)) for part in parts]
        for source, part in zip(sources, parts, strict=True):
            pdf.pages.extend(source.pages[part.first : part.stop])
        if frame.tagged:
            _join_tags(pdf, sources, parts)
        foot = Foot(pdf, frame.words)
        for number, page in enumerate(pdf.pages, start=1):
            foot.put_on(page, number)
        _share_fonts(pdf)
        _outline(pdf, frame, parts)
        _say(pdf, frame)
        _enclose(pdf, hear(), frame)
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
        return len(pdf.pages)


def _first_pages(parts):
    """(part, the number of its first page in the whole), counted from 0."""
    number = 0
    for part in parts:
        yield part, number
        number += part.stop - part.first


def _share_fonts(pdf):
    """Keep each font file once: the pieces carry the same files whole."""
    known, seen = {}, set()
    for page in pdf.pages:
        resources = page.obj.Resources
        if resources.objgen in seen:
            continue
        seen.add(resources.objgen)
        for font in [*resources.Font.values(), *resources.XObject.FootPicture.Resources.Font.values()]:
            # A font of pictures has no file; what the portal's own lack may come from one of another kind.
            for described in (each.FontDescriptor for each in font.get("/DescendantFonts", ())):
                for name in {"/FontFile2", "/FontFile3"} & set(described.keys()):
                    digest = hashlib.sha256(described[name].read_bytes()).digest()
                    described[name] = known.setdefault(digest, described[name])


def _join_tags(pdf, sources, parts):
    """Hang the structure of every piece under one root, its pages numbered anew.

    The root of each piece's structure stays behind: what hangs under it is taken over page by page, and so
    is the table that leads from marked content back to the structure.
    """
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    whole = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    kids, numbers = [], []
    for (part, number), source in zip(_first_pages(parts), sources, strict=True):
        tree = source.Root.StructTreeRoot
        kept = {source.pages[place].objgen: None for place in range(part.first, part.stop)}
        for kid in tree.K[0].K:
            if kid.Pg.objgen in kept:
                del kid.P
                taken = pdf.copy_foreign(kid)
                taken.P = whole
                kids.append(taken)
        by_page = tree.ParentTree.Nums
        for place in range(part.first, part.stop):
            at = number + place - part.first
            pdf.pages[at].obj.StructParents = at
            numbers += [at, pdf.make_indirect(pdf.copy_foreign(source.make_indirect(by_page[2 * place + 1])))]
    whole.K = Array(kids)
    root.K = Array([whole])
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(numbers)))
    root.ParentTreeNextKey = len(pdf.pages)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def _outline(pdf, frame, parts):
    """The title, and the groups of the rows below it."""
    with pdf.open_outline() as outline:
        top = OutlineItem(frame.title, 0)
        for part, number in _first_pages(parts):
            for page, name, height in part.marks:
                if part.first <= page < part.stop:
                    at = number + page - part.first
                    top.children.append(OutlineItem(name, at, "XYZ", left=0, top=height))
        outline.root.append(top)


def _say(pdf, frame):
    pdf.Root.Lang = frame.language
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.Metadata = Stream(pdf, metadata_of(frame), Type=Name.Metadata, Subtype=Name.XML)
    pdf.Root.OutputIntents = Array([_colours(pdf)])
    pdf.docinfo["/Producer"] = PRODUCER
    pdf.docinfo["/CreationDate"] = pdf.docinfo["/ModDate"] = _in_pdf(frame.made)
    pdf.docinfo["/Title"] = frame.title
    pdf.docinfo["/Author"] = frame.author
    pdf.docinfo["/Subject"] = frame.subject


def _colours(pdf):
    """What the colours of the pages mean, as WeasyPrint says it of a document that it makes for keeping."""
    profile = Stream(pdf, (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes(), N=3)
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier="sRGB2014.icc",
        Info="sRGB2014.icc",
        DestOutputProfile=pdf.make_indirect(profile),
    )


def _enclose(pdf, enclosures, frame):
    """Put files inside, as data that the document shows."""
    made = _in_pdf(frame.made)
    kept = []
    for file in enclosures:
        stream = Stream(
            pdf,
            file.packed,
            Type=Name.EmbeddedFile,
            Subtype=Name(f"/{file.media_type}"),
            Filter=Name.FlateDecode,
            Params=Dictionary(
                Size=file.size,
                CheckSum=String(bytes.fromhex(file.md5)),
                CreationDate=made,
                ModDate=made,
            ),
        )
        described = Dictionary(
            Type=Name.Filespec,
            F=file.name,
            UF=file.name,
            EF=Dictionary(F=stream),
            Desc=file.description,
            AFRelationship=Name.Data,
        )
        kept.append(pdf.make_indirect(described))
    names = Array()
    for file, described in zip(enclosures, kept, strict=True):
        names.extend([String(file.name), described])
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=names))
    pdf.Root.AF = Array(kept)


def _in_pdf(moment):
    """A moment (ISO 8601) as a PDF writes it."""
    return f"D:{datetime.fromisoformat(moment).astimezone(UTC):%Y%m%d%H%M%S}Z"
