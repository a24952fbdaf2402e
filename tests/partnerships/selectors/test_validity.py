"""How long a paper holds, said in a sentence."""

from partnerships.lifecycle import Status
from partnerships.models import (
    Agreement,
    PartialDate,
)
from partnerships.selectors.validity import duration_in_words, validity_in_words
from tests.factories import (
    AgreementFactory,
    TermFactory,
)


def test_each_validity_is_said_in_a_sentence_of_its_own(db, time_machine):
    time_machine.move_to("2026-06-15")
    sentences = set()
    for status, ends, ends_open in [
        (Status.SIGNED, None, False),
        (Status.SIGNED, None, True),
        (Status.SIGNED, "2031-01-01", False),
        (Status.SIGNED, "2026-07-01", False),
        (Status.SIGNED, "2025-01-01", False),
        (Status.TERMINATED, None, False),
        (Status.ENDED, None, False),
        (Status.CANCELLED, None, False),
        (Status.DRAFTING, None, False),
    ]:
        agreement = AgreementFactory(status=status)
        if ends or ends_open:
            TermFactory(agreement=agreement, ends=PartialDate.parse(ends or ""), ends_open=ends_open)
        found = Agreement.objects.with_validity().get(pk=agreement.pk)
        sentences.add(validity_in_words(found, list(found.terms.all())))

    assert len(sentences) == 9
    assert any("16" in sentence for sentence in sentences)  # days until 1 July


def said_of(agreement):
    found = Agreement.objects.with_validity().get(pk=agreement.pk)
    return validity_in_words(found, list(found.terms.all()))


def test_the_term_that_has_begun_is_said_and_then_what_extends_it(db, time_machine):
    time_machine.move_to("2026-06-15")
    agreement = AgreementFactory()
    TermFactory(agreement=agreement, ends=PartialDate.of(2026, 7, 1))
    extension = TermFactory(
        agreement=agreement,
        position=2,
        starts=PartialDate.of(2026, 7, 2),
        ends=PartialDate.of(2029),
        reason="extension",
    )
    assert said_of(agreement) == (
        "Berakhir Rabu, 1 Juli 2026, 16 hari lagi. Setelah itu diperpanjang sampai 2029."
    )

    for ends, ends_open, words in [(None, True, "tanpa batas waktu"), (None, False, "tidak diketahui")]:
        extension.ends, extension.ends_open = ends, ends_open
        extension.save()
        assert words in said_of(agreement)

    extension.ends, extension.ends_open = PartialDate.of(2029), False
    extension.save()
    time_machine.move_to("2026-07-02")
    assert said_of(agreement) == "Berlaku sampai 2029."


def test_an_early_end_is_said_beside_what_had_been_agreed(db, time_machine):
    time_machine.move_to("2026-06-15")
    agreement = AgreementFactory()
    TermFactory(
        agreement=agreement,
        ends=PartialDate.of(2026, 12, 31),
        ended_early=True,
        agreed=PartialDate.of(2029),
        closed_because="Berita acara",
    )
    assert said_of(agreement).endswith("Itu lebih awal daripada yang disepakati: semula berakhir 2029.")

    time_machine.move_to("2027-01-01")
    assert said_of(agreement) == "Diakhiri lebih awal, pada Kamis, 31 Desember 2026."


def test_a_duration_is_said_in_years_where_it_is_whole_years():
    assert "5" in duration_in_words(60)
    assert "18" in duration_in_words(18)
