"""The parameters of a list that is not the register."""

import pytest
from django.http import QueryDict

from partnerships.selectors.asking import Question
from partnerships.selectors.partners import PartnerList


@pytest.mark.parametrize(
    ("query", "problems"),
    [
        ("q=asahan&class=regional&sort=-papers&page=1", 0),
        ("class=zzz", 1),
        ("sort=secret", 1),
        ("all=yes", 1),
        ("page=0", 1),
        ("page=99999999999999999999", 1),
        ("page=abc", 1),
        ("foo=1", 1),
        ("q=" + "x" * 201, 1),
        ("class=&sort=&q=&page=", 0),
    ],
)
def test_a_short_list_names_what_is_wrong_in_its_address(registrar, query, problems):
    partners = PartnerList(registrar, QueryDict(query))
    assert partners.page.number == 1

    assert len(partners.question.problems) == problems


def test_a_question_keeps_what_was_asked_and_leaves_out_what_was_wrong():
    question = Question(
        QueryDict("q=+asahan+&class=a&sort=-name&page=7&foo=1"), sorts=["name"], choices={"class": {"b"}}
    )

    assert question.query.urlencode() == "q=asahan&sort=-name"
