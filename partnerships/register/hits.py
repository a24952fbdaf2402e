"""Where in the documents of a paper a search has found its words."""

from dataclasses import dataclass

from django.contrib.postgres.search import SearchHeadline
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe

from partnerships.models import PageText
from partnerships.models.agreement_queryset import wanted_words

# Characters for private use: none of them comes through into the text of a page.
_BEGIN, _END = "\ue000", "\ue001"
_OF_THE_SENTENCE = {
    "start_sel": _BEGIN,
    "stop_sel": _END,
    "min_words": 15,
    "max_words": 35,
    "max_fragments": 1,
    "short_word": 0,
}
_STEMS, _AS_WRITTEN = "indonesian", "simple"


@dataclass(frozen=True)
class Hit:
    """A page of a document on which all words stand; ``sentence`` is HTML with the words marked."""

    title: str
    page: int
    url: str
    sentence: str
    by_ocr: bool


def hits_in(papers, text, user):
    """{id of a paper: its first Hit} for papers of a page of the register; one query."""
    query = wanted_words(text)
    if query is None or not papers:
        return {}
    # Of so few papers every page is looked at: that is less than all that the index says of a common word.
    found = PageText.objects.in_force().visible_to(user).filter(words=query)
    first = (
        found.filter(file__document__agreement__in=papers)
        .order_by("file__document__agreement_id", "file__document_id", "page")
        .distinct("file__document__agreement_id")
    )
    # The sentence is looked for on those pages alone: that reads the whole text of a page.
    pages = (
        PageText.objects.filter(pk__in=first.values("pk"))
        .select_related("file__document")
        .defer("words", "text")
        .annotate(
            by_stem=SearchHeadline("text", query, config=_STEMS, **_OF_THE_SENTENCE),
            as_written=SearchHeadline("text", query, config=_AS_WRITTEN, **_OF_THE_SENTENCE),
        )
    )
    return {page.file.document.agreement_id: _hit(page) for page in pages}


def _hit(page):
    document = page.file.document
    return Hit(
        title=document.title,
        page=page.page,
        url=f"{reverse('partnerships:document-detail', args=[document.pk])}"
        f"?halaman={page.page}#halaman-{page.page}",
        # A word that was typed half is marked only as written, an inflected one only by its stem.
        sentence=_marked(max(page.by_stem, page.as_written, key=lambda said: said.count(_BEGIN))),
        by_ocr=page.by_ocr,
    )


def _marked(said):
    """The sentence as HTML: what comes from the document is escaped, the marks are ours."""
    said = " ".join(said.split())
    html = escape(said).replace(_BEGIN, "<mark>").replace(_END, "</mark>")
    return mark_safe(html)  # noqa: S308 - escaped above
