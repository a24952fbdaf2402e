"""A list opened by a view, and the filters that views and selections need."""

import pytest
from django.http import QueryDict

from partnerships.models import ListName, OrganizationKind
from partnerships.register import agreements_for, commitments_for
from tests.factories import (
    AgreementFactory,
    MeasurableFactory,
    OrganizationFactory,
    ReportFactory,
    SavedViewFactory,
)

DITJEN, ASAHAN, BATANG = "ditjen-binalavotas", "pemerintah-kabupaten-asahan", "pemerintah-kabupaten-batang"


def asked(user, query="", ask=agreements_for):
    return ask(user, QueryDict(query))


def test_a_view_asks_its_question_again(registrar, agreement_of_asahan):
    AgreementFactory(with_parties=[DITJEN])
    view = SavedViewFactory(owner=registrar, query="class=regional&sort=title&columns=ref,place&size=50")

    register = asked(registrar, f"view={view.pk}")

    assert [row.ref for row in register.rows()] == [agreement_of_asahan.ref]
    assert (register.sort, register.size, register.problems) == ("title", 50, [])
    assert [column.code for column in register.columns] == ["ref", "place"]
    assert register.url() == "?class=regional&sort=title&size=50&columns=ref,place"
    assert register.view_shown == view


def test_what_stands_beside_the_view_takes_the_place_of_its_own(registrar, agreement_of_asahan):
    ministry = OrganizationFactory(kind=OrganizationKind.MINISTRY)
    of_the_centre = AgreementFactory(with_parties=[DITJEN, ministry.slug])
    view = SavedViewFactory(owner=registrar, query="class=regional&sort=title")

    register = asked(registrar, f"view={view.pk}&class=ministry&page=1")

    assert [row.ref for row in register.rows()] == [of_the_centre.ref]
    assert register.sort == "title"
    assert register.view_shown is None


def test_a_view_never_widens_what_its_reader_may_see(
    registrar, officer_batang, agreement_of_asahan, agreement_of_batang
):
    view = SavedViewFactory(
        owner=registrar, shared_with="regional_officer", query="region=12.09&region=33.25"
    )

    assert {row.ref for row in asked(registrar, f"view={view.pk}").rows()} == {
        agreement_of_asahan.ref,
        agreement_of_batang.ref,
    }
    assert [row.ref for row in asked(officer_batang, f"view={view.pk}").rows()] == [agreement_of_batang.ref]


@pytest.mark.parametrize(
    "wrong", ["x", "-1", "1.5", "999999", "9" * 30, "١", "own-by-another", "of-the-ledger"]
)
def test_a_view_that_is_not_there_is_said_and_the_rest_goes_on(wrong, registrar, unit_officer):
    if wrong == "own-by-another":
        wrong = str(SavedViewFactory(owner=unit_officer).pk)
    if wrong == "of-the-ledger":
        wrong = str(SavedViewFactory(owner=registrar, list=ListName.COMMITMENTS, query="").pk)
    register = asked(registrar, f"view={wrong}&class=ministry")

    assert len(register.problems) == 1
    assert wrong[:60] in register.problems[0]
    assert set(register.asked) == {"class"}


def test_what_the_list_has_no_longer_is_left_out_of_a_view_in_silence(registrar, agreement_of_asahan):
    AgreementFactory(with_parties=[DITJEN])
    query = "warna=biru&class=regional&sort=-warna&columns=ref,warna,place&page=7"
    view = SavedViewFactory(owner=registrar, query=query)

    register = asked(registrar, f"view={view.pk}")

    assert register.problems == []
    assert [column.code for column in register.columns] == ["ref", "place"]
    assert [row.ref for row in register.page] == [agreement_of_asahan.ref]


def test_a_value_that_is_gone_is_told_because_the_rows_are_others_without_it(registrar):
    view = SavedViewFactory(owner=registrar, query="theme=bidang-lama")

    assert len(asked(registrar, f"view={view.pk}").problems) == 1


@pytest.mark.parametrize("code", ["0", "semua"])
def test_everything_can_be_asked_for(code, registrar):
    register = asked(registrar, f"view={code}")

    assert (register.problems, register.asked, register.view) == ([], {}, None)


def test_who_has_a_default_view_gets_addresses_that_ask_for_everything(registrar, unit_officer):
    SavedViewFactory(owner=registrar, is_default=True, shared_with="unit_officer")

    assert asked(registrar).url() == asked(registrar).all_url == "?view=0"
    assert asked(registrar).query.urlencode() == "view=0"
    assert asked(registrar, "class=regional").url(drop=("class", "regional")) == "?view=0"
    assert asked(registrar, "view=0&class=regional").url() == "?class=regional"
    # The default of somebody else is nobody's, shared or not; and each list has its own.
    assert asked(unit_officer).url() == "?"
    assert asked(registrar, ask=commitments_for).url() == "?"


def test_the_ledger_opens_by_its_views_too(registrar, agreement_of_asahan):
    MeasurableFactory(agreement=agreement_of_asahan)
    vague = MeasurableFactory(agreement=agreement_of_asahan, target=None)
    view = SavedViewFactory(owner=registrar, list=ListName.COMMITMENTS, query="measurable=no")

    ledger = asked(registrar, f"view={view.pk}", commitments_for)

    assert list(ledger.rows()) == [vague]
    assert ledger.view_shown == view


# --- a selection, and progress --------------------------------------------------------------------


def test_a_selection_is_asked_for_by_references(registrar):
    papers = [AgreementFactory() for _ in range(6)]

    two = asked(registrar, f"ref={papers[0].ref}&ref={papers[3].ref}")
    many = asked(registrar, "&".join(f"ref={paper.ref}" for paper in papers[:5]))

    assert {row.pk for row in two.rows()} == {papers[0].pk, papers[3].pk}
    assert [chip.value for chip in two.chips] == [papers[0].ref, papers[3].ref]
    assert two.chips[0].url == f"?ref={papers[3].ref}"
    assert [(chip.value, chip.url) for chip in many.chips] == [("5 naskah", "?")]


def test_a_reference_beyond_the_readers_scope_does_not_exist(
    officer_batang, agreement_of_asahan, agreement_of_batang
):
    register = asked(officer_batang, f"ref={agreement_of_batang.ref}&ref={agreement_of_asahan.ref}")

    assert len(register.problems) == 1
    assert "ref" not in register.asked


@pytest.mark.parametrize(
    ("reach", "counts"), [("draft", False), ("submitted", True), ("returned", False), ("verified", True)]
)
def test_a_paper_has_progress_when_a_report_was_handed_in(reach, counts, registrar, agreement_of_asahan):
    AgreementFactory()
    ReportFactory(commitment=MeasurableFactory(agreement=agreement_of_asahan), reach=reach)

    having = {row.ref for row in asked(registrar, "has=progress").rows()}
    lacking = {row.ref for row in asked(registrar, "lacks=progress").rows()}

    assert having == ({agreement_of_asahan.ref} if counts else set())
    assert (agreement_of_asahan.ref in lacking) is not counts
    assert len(having) + len(lacking) == 2
