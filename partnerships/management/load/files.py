"""Documents with the text of their pages. Their bytes lie on no disk: what is measured is the search."""

from partnerships.lifecycle import ONCE_SIGNED
from partnerships.management.load import words
from partnerships.models import DocumentPurpose, TextState

# One in twenty papers has a scan of four pages on average: a page for five papers.
_WITH_A_SCAN = 0.062
_SENTENCES = 28


class Files:
    def __init__(self, world, copies, rng, on):
        self.world, self.copies, self.rng, self.on = world, copies, rng, on

    def write(self, paper):
        rng = self.rng
        if paper.status not in ONCE_SIGNED or rng.random() > _WITH_A_SCAN:
            return
        document = self.copies.add(
            *("partnerships_document", paper.id, DocumentPurpose.PAPER.value, "Naskah bertanda tangan"),
            *("", "id", f"Arsip Biro Kerja Sama, lemari {rng.randint(1, 40)}"),
        )
        pages = rng.randint(1, 7)
        digest = f"{rng.getrandbits(256):064x}"
        file = self.copies.add(
            *("partnerships_storedfile", document, 1, digest, "naskah.pdf", "application/pdf"),
            *(rng.randint(80_000, 4_000_000), digest, False, rng.choice(self.world.writers), paper.entered),
        )
        by_ocr = rng.random() < 0.4
        self.copies.add_plain(
            *("partnerships_filetext", file, TextState.READ.value, pages, pages if by_ocr else 0, self.on),
        )
        for page in range(1, pages + 1):
            said = ". ".join(rng.choices(words.SENTENCES, k=_SENTENCES))
            self.copies.add("partnerships_pagetext", file, page, f"Pasal {page}. {said}.", by_ocr)
