"""Within one look at the register everything is of one state; the next look sees what was written."""

from partnerships.register.index import commitment_index, index_of, one_look
from tests.factories import AgreementFactory


def test_a_look_is_of_one_state_and_the_next_one_is_new(db):
    with one_look():
        first, commitments = index_of(), commitment_index()
        AgreementFactory()
        assert index_of() is first
        assert commitment_index() is commitments
        assert len(index_of().everything) == 0
    assert len(index_of().everything) == 1
    with one_look():
        assert len(index_of().everything) == 1


def test_a_day_is_looked_up_beside_today(db):
    paper = AgreementFactory()
    with one_look():
        assert len(index_of().everything) == 1
        assert len(index_of(paper.signed_earliest.replace(year=2020)).everything) == 0


def test_a_request_that_writes_sees_what_it_wrote(client, registrar, monkeypatch):
    """Only who reads looks once: between the writing of a request and its answer the register is new."""
    from partnerships.views import middleware

    looks = []
    monkeypatch.setattr(middleware, "one_look", lambda: looks.append(1) or one_look())
    client.force_login(registrar)
    client.get("/kemitraan/")
    client.post("/kemitraan/baru/", {})
    assert len(looks) == 1
