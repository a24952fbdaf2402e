"""Which source says what, and what contradicts it."""

import pytest

from partnerships.selectors.sources import sources_of
from tests.factories import (
    AgreementFactory,
    SourcedFactFactory,
)


def test_values_that_conflict_stand_side_by_side(db):
    agreement = AgreementFactory()
    source = "https://a.test/berita?x=1; mediarjn.com 2025-03-21"
    SourcedFactFactory(agreement=agreement, field="place", value="Jakarta")
    SourcedFactFactory(agreement=agreement, field="signed", value="2025-03-20", source=source)
    SourcedFactFactory(
        agreement=agreement, field="signed", value="Kamis 20 Maret 2024", in_force=False, flag="weekday"
    )
    signed, place = sources_of(agreement)

    assert [said.value for said in signed.followed] == ["20 Maret 2025"]
    assert signed.followed[0].sources == [
        ("https://a.test/berita?x=1", "https://a.test/berita?x=1"),
        ("mediarjn.com 2025-03-21", None),
    ]
    assert [said.value for said in signed.others] == ["Kamis 20 Maret 2024"]
    assert "Rabu" in signed.others[0].remark
    assert (len(place.followed), place.others) == (1, [])


@pytest.mark.parametrize("scheme", ["javascript:alert(1)", "data:text/html,x", "//evil.test", "ftp://x"])
def test_a_source_is_a_link_only_to_the_web(db, scheme):
    fact = SourcedFactFactory(source=scheme)

    assert fact.sources == [(scheme, None)]
