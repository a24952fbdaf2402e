"""Rules and words as tables for people."""

from partnerships.selectors.vocabulary import kinds_by_class, rights_by_role


def test_every_kind_of_partner_is_in_one_class():
    kinds = [kind for _label, kinds in kinds_by_class() for kind in kinds]

    assert len(kinds) == len(set(kinds)) == 14


def test_every_role_that_a_posting_gives_has_its_rights_in_words():
    roles = rights_by_role()

    assert [bool(role.lines) for role in roles] == [True, True, True, False, True]
    assert all(role.reads for role in roles)
