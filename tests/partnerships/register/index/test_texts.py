"""A search of the texts in memory finds what plain SQL finds, and is as new as the last commit."""

import random

import pytest
from django.db import connection, transaction

from partnerships.models import Agreement, AgreementSearch, Document, Organization, PageText
from partnerships.models.agreement_queryset import keys_matching, words_in
from partnerships.register.index import kept_texts
from partnerships.register.index.kept_texts import found_in_memory, found_on_pages_in_memory
from partnerships.register.index.texts import understood
from partnerships.register.searching import _papers_saying
from tests.conftest import person
from tests.factories import AgreementFactory, PartyFactory
from tests.partnerships.filed_documents import read_document, version_of
from tests.partnerships.register.test_searching import SEARCHES, filed_papers

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture(autouse=True)
def nothing_kept():
    kept_texts._kept.clear()


def in_sql(text):
    return sorted(keys_matching(text).values_list("agreement", flat=True))


def in_memory(text):
    found = found_in_memory(text)
    return None if found is None else sorted(found.tolist())


def parts_of_texts(number):
    """Random parts of what is written of papers, some of them words, some over several of these."""
    drawn = random.Random(5)  # noqa: S311 - any will do
    texts = list(AgreementSearch.objects.order_by("pk").values_list("text", flat=True))
    for _ in range(number):
        text = drawn.choice(texts)
        start = drawn.randrange(len(text))
        yield text[start : start + drawn.choice([1, 2, 3, 4, 6, 9, 14, 25])]


def differing(texts):
    found = {text: (in_memory(text), in_sql(text)) for text in texts}
    return {text: both for text, both in found.items() if both[0] not in (None, both[1])}


def test_what_is_found_is_what_plain_sql_finds():
    paper = filed_papers()
    for title in ("12e5abc +62 21 &amp; <x y> R&D", "Pelatihan-pelatihan", "melatih ihan vok", "a" * 400):
        AgreementFactory(title=title)
    parts = [*parts_of_texts(150), *SEARCHES, "12e5abc", "5abc", "62", "+62", "amp", "r&d", "d", "x y"]

    assert differing(parts) == {}
    # In memory, and not by asking the database after all.
    assert in_memory("ihan vok") == in_sql("ihan vok") != []
    assert paper.pk in in_memory("melatih")


def test_what_the_database_takes_apart_is_asked_of_the_database():
    assert understood(("pelatihan",)) == [[("pelatihan", True), ("latih", False)]]
    assert understood(("12e5abc",)) is None
    assert understood(("²",)) == []


@pytest.mark.parametrize("at_most", [0, 300])
def test_what_was_written_since_is_found_and_what_was_taken_back_is_not(at_most, monkeypatch):
    monkeypatch.setattr(kept_texts, "_MOST_FRESH", at_most)
    paper, other = AgreementFactory(title="Hibah lahan"), AgreementFactory(title="Magang")
    assert (in_memory("lahan"), in_memory("magang")) == ([paper.pk], [other.pk])

    Agreement.objects.filter(pk=paper.pk).update(title="Pelatihan vokasi")
    assert (in_memory("lahan"), in_memory("vokasi"), in_memory("asi")) == ([], [paper.pk], [paper.pk])

    new = AgreementFactory(title="Lahan baru")
    PartyFactory(agreement=other, organization=Organization.objects.get(slug="pemerintah-kabupaten-asahan"))
    assert (in_memory("lahan"), in_memory("asahan")) == ([new.pk], [other.pk])

    with pytest.raises(RuntimeError), transaction.atomic():
        Agreement.objects.filter(pk=new.pk).update(title="Vokasi")
        assert found_in_memory("vokasi") is None
        raise RuntimeError
    assert in_memory("vokasi") == [paper.pk]

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM partnerships_agreementsearch")
    assert in_memory("vokasi") == []


def test_while_many_texts_are_read_the_database_is_asked(monkeypatch):
    monkeypatch.setattr(kept_texts, "_FEW", 0)
    paper = AgreementFactory(title="Hibah lahan")

    assert found_in_memory("lahan") is None
    kept_texts._reading.join()
    assert in_memory("lahan") == [paper.pk]


def on_pages(text, user):
    return sorted(set(found_on_pages_in_memory(text, user).tolist()))


def on_pages_in_sql(text, user):
    return sorted(set(_papers_saying(text, user).values_list("agreement", flat=True)))


def test_what_is_found_on_pages_is_what_plain_sql_finds_for_each_reader():
    filed_papers()
    readers = [
        person("registrar", "biro-kerja-sama"),
        person("leadership", "kementerian-ketenagakerjaan"),
        person("regional_officer", "pemerintah-kabupaten-asahan"),
    ]
    words = sorted(
        {word for said in PageText.objects.values_list("text", flat=True) for word in said.split()}
    )

    numbers = set()
    for reader in readers:
        for text in [*words, *SEARCHES, "pelatihan nomor", "bukti pelatihan", "pel bukt"]:
            if understood(tuple(words_in(text))) is not None:
                found = on_pages(text, reader)
                assert found == on_pages_in_sql(text, reader), text
                numbers.add((text, len(found)))
    # Who may not read the evidence of a draft finds less.
    assert {("Bukti", 1), ("Bukti", 2)} <= numbers


def test_what_is_written_on_pages_since_is_found_and_what_was_withdrawn_is_not():
    reader = person("leadership", "kementerian-ketenagakerjaan")
    paper, other = AgreementFactory(), AgreementFactory()
    document = read_document(paper, "Pengelasan")
    assert on_pages("pengelasan", reader) == [paper.pk]

    read_document(other, "Pengelasan")
    assert on_pages("pengelasan", reader) == [paper.pk, other.pk]

    version_of(document, "Magang", number=2)
    assert (on_pages("pengelasan", reader), on_pages("magang", reader)) == ([other.pk], [paper.pk])

    Document.objects.filter(agreement=other).update(withdrawn_at="2026-01-01T00:00Z")
    assert on_pages("pengelasan", reader) == []


def test_of_too_many_pages_the_database_is_asked(monkeypatch):
    monkeypatch.setattr(kept_texts, "_MOST_PAGES", 0)
    paper = AgreementFactory(title="Hibah lahan")
    read_document(paper, "Pengelasan")

    assert found_on_pages_in_memory("pengelasan", person("registrar", "biro-kerja-sama")) is None
    assert in_memory("lahan") == [paper.pk]
