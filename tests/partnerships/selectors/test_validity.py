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


def test_a_duration_is_said_in_years_where_it_is_whole_years():
    assert "5" in duration_in_words(60)
    assert "18" in duration_in_words(18)
