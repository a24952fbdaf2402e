import pytest

from partnerships.forms import MoveForm, PublishForm
from partnerships.lifecycle import MOVES, Status
from tests.factories import AgreementFactory


@pytest.mark.parametrize("status", Status)
def test_only_the_steps_of_the_table_are_offered(status, registrar):
    form = MoveForm(AgreementFactory(status=status), user=registrar)

    assert {value for value, _label in form.fields["to"].choices} == MOVES[status]


def test_what_ends_a_paper_wants_a_reason(agreement_of_asahan, registrar):
    said = {"to": "ended", "effective_on": "2025-03-20", "version": "1"}
    form = MoveForm(agreement_of_asahan, said, user=registrar)

    assert form.errors == {"reason": ["Say why: this step can't be taken back."]}


@pytest.mark.parametrize("value", ["", "true", "yes\x00", "ya"])
def test_publishing_wants_a_clear_word(value, agreement_of_asahan):
    assert "public" in PublishForm(agreement_of_asahan, {"public": value, "version": "1"}).errors
