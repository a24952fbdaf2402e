"""Documents on file for the tests: with bytes on the disk, or with the words on their pages alone."""

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from partnerships.actions import documents
from partnerships.actions.documents import DocumentFacts
from partnerships.models import Document, DocumentPurpose, FileText, PageText, StoredFile
from tests.factories import UserFactory
from tests.partnerships.files import pdf_files

SENTENCE = "Para pihak sepakat melaksanakan pelatihan pengelasan bawah air bagi pencari kerja di daerah."


def upload_of(content=None, name="naskah.pdf"):
    return SimpleUploadedFile(name, content or pdf_files.with_words(SENTENCE), "application/pdf")


def filed(agreement, by, content=None, *, name="naskah.pdf", key=None, **facts):
    """The StoredFile of a document that somebody has filed."""
    said = DocumentFacts(**{"purpose": DocumentPurpose.PAPER, "title": "Naskah bertanda tangan", **facts})
    return documents.file_document(
        agreement=agreement, upload=upload_of(content, name), facts=said, by=by, key=key
    )


def version_of(document, *pages, number=1):
    """A StoredFile without bytes, read already: these are the words on its pages."""
    file = StoredFile.objects.create(
        document=document,
        number=number,
        key=uuid4().hex,
        name="naskah.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        uploaded_by=UserFactory(),
    )
    FileText.objects.create(file=file, state="read", pages=len(pages), read_at=timezone.now())
    PageText.objects.bulk_create(
        PageText(file=file, page=page, text=text) for page, text in enumerate(pages, start=1)
    )
    return file


def read_document(agreement, *pages, **facts):
    """A document whose words are known."""
    facts = {"purpose": DocumentPurpose.PAPER, "title": "Naskah", **facts}
    document = Document.objects.create(agreement=agreement, **facts)
    version_of(document, *pages)
    return document
