from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied

from partnerships import permissions
from partnerships.lifecycle import Status
from partnerships.models import Agreement, Organization
from partnerships.models.kinds import CLASS_OF_KIND, OrganizationKind
from partnerships.permissions import RIGHTS, Action, Reach, can
from partnerships.roles import ADMIN, EVERY_ROLE, Role
from regions.models import Region
from tests.conftest import person
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    MeasurableFactory,
    OrganizationFactory,
    PartyFactory,
    PostingFactory,
)

DOCS = Path(settings.BASE_DIR) / "docs"
NAMES = {
    permissions.ANY_STATUS: "any",
    permissions.ALIVE: "alive",
    permissions.SIGNED: "signed",
    permissions.GOING_ON: "going on",
}
OF_PAPERS = [
    Action.CHANGE_AGREEMENT,
    Action.MOVE_AGREEMENT,
    Action.PUBLISH_AGREEMENT,
    Action.ADD_COMMITMENT,
]


@pytest.fixture
def holders(registrar, unit_officer, officer_asahan, leadership, admin):
    """Somebody of each role, for whom the paper of Asahan is within reach."""
    return {
        Role.REGISTRAR: registrar,
        Role.UNIT_OFFICER: unit_officer,
        Role.REGIONAL_OFFICER: officer_asahan,
        Role.LEADERSHIP: leadership,
        ADMIN: admin,
    }


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", OF_PAPERS)
def test_each_role_may_do_what_the_table_of_rights_says(action, status, holders):
    paper = AgreementFactory(
        status=status, with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]
    )
    for role, user in holders.items():
        expected = any(
            right.role == role and right.action == action and status in right.statuses for right in RIGHTS
        )
        assert can(user, action, paper) is expected, role


@pytest.mark.parametrize("action", [Action.CHANGE_AGREEMENT, Action.MOVE_AGREEMENT, Action.ADD_COMMITMENT])
def test_a_right_over_own_papers_does_not_reach_anothers(action, officer_batang, agreement_of_asahan):
    stranger = person(Role.UNIT_OFFICER, "itjen")
    # Each has a paper to which the right does reach.
    AgreementFactory(with_parties=["itjen", "pemerintah-kabupaten-batang"])

    assert not can(stranger, action, agreement_of_asahan)
    assert not can(officer_batang, action, agreement_of_asahan)


def test_province_logs_commitments_of_its_kabupaten(officer_north_sumatra, agreement_of_asahan):
    assert can(officer_north_sumatra, Action.ADD_COMMITMENT, agreement_of_asahan)


def test_leadership_writes_nothing():
    assert [right for right in RIGHTS if right.role == Role.LEADERSHIP] == []


def test_refusal_is_a_sentence_that_names_the_paper(leadership, agreement_of_asahan):
    with pytest.raises(PermissionDenied, match=agreement_of_asahan.ref):
        permissions.check(leadership, Action.CHANGE_AGREEMENT, agreement_of_asahan)


def test_refusal_about_a_commitment_names_its_paper(leadership, agreement_of_asahan):
    commitment = MeasurableFactory(agreement=agreement_of_asahan)

    with pytest.raises(PermissionDenied, match=agreement_of_asahan.ref):
        permissions.check(leadership, Action.CHANGE_COMMITMENT, commitment=commitment)


def test_docs_show_the_table_of_rights():
    text = (DOCS / "roles.md").read_text()
    for right in RIGHTS:
        statuses = NAMES[right.statuses]
        assert f"| `{right.role}` | `{right.action.value}` | {right.reach.value} | {statuses} |" in text
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    assert len(lines) == len(RIGHTS) + len(EVERY_ROLE)


def test_docs_show_the_class_of_every_kind():
    text = (DOCS / "glossary.md").read_text()
    for kind in OrganizationKind:
        line = next(line for line in text.splitlines() if line.startswith(f"| `{kind.value}`"))
        partner_class = CLASS_OF_KIND.get(kind)
        assert (f"`{partner_class.value}`" if partner_class else "none") in line


def test_any_unit_verifies_what_the_ministry_signed_as_a_whole_but_not_anothers(officer_asahan):
    stranger = person(Role.UNIT_OFFICER, "itjen")
    government = "pemerintah-kabupaten-asahan"
    whole = AgreementFactory(with_parties=["kementerian-ketenagakerjaan", government])
    anothers = AgreementFactory(with_parties=["ditjen-binalavotas", government])

    assert can(stranger, Action.VERIFY_PROGRESS, whole)
    assert not can(stranger, Action.VERIFY_PROGRESS, anothers)
    assert not can(stranger, Action.CHANGE_AGREEMENT, whole)
    assert list(permissions.papers_within(stranger, Action.VERIFY_PROGRESS)) == [whole]


@pytest.mark.parametrize("action", Action)
def test_papers_within_a_right_are_those_it_may_be_done_to(action, holders):
    for status in Status:
        AgreementFactory(status=status, with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
        AgreementFactory(status=status, with_parties=["pemerintah-kabupaten-batang"])
    for user in holders.values():
        expected = {paper.pk for paper in Agreement.objects.all() if can(user, action, paper)}
        assert set(permissions.papers_within(user, action).values_list("pk", flat=True)) == expected


def test_a_write_is_done_for_the_posting_that_gives_the_right(officer_asahan, agreement_of_asahan):
    other = PostingFactory(
        user=officer_asahan,
        organization=Organization.objects.get(slug="pemerintah-kabupaten-batang"),
        role=Role.REGIONAL_OFFICER,
    )
    commitment = MeasurableFactory(
        agreement=agreement_of_asahan, owner=Organization.objects.get(slug="pemerintah-kabupaten-asahan")
    )

    found = permissions.posting_for(officer_asahan, Action.REPORT_PROGRESS, commitment)

    assert found.organization.slug == "pemerintah-kabupaten-asahan"
    assert found != other


def test_no_posting_gives_a_right_over_what_another_region_owes(officer_batang, agreement_of_asahan):
    owner = Organization.objects.get(slug="pemerintah-kabupaten-asahan")
    commitment = MeasurableFactory(agreement=agreement_of_asahan, owner=owner)

    assert permissions.posting_for(officer_batang, Action.REPORT_PROGRESS, commitment) is None


@pytest.mark.parametrize("action", Action)
def test_a_right_reaches_every_region_the_own_one_or_none(action, holders, officer_north_sumatra):
    here = {"12", *Region.objects.filter(parent="12").values_list("pk", flat=True)}
    own = {holders[Role.REGIONAL_OFFICER]: {"12.09"}, officer_north_sumatra: here}
    for role, user in [*holders.items(), (Role.REGIONAL_OFFICER, officer_north_sumatra)]:
        reaches = {right.reach for right in RIGHTS if right.role == role and right.action == action}
        expected = own.get(user, set()) if Reach.OWN_REGION in reaches else set()
        if Reach.ALL in reaches:
            expected = set(Region.objects.values_list("pk", flat=True))
        assert set(permissions.regions_within(user, action).values_list("pk", flat=True)) == expected, role


def test_a_commitment_that_nobody_answers_for_may_be_claimed_within_reach_and_no_more(
    officer_asahan, officer_batang, agreement_of_asahan
):
    nobodys = CommitmentFactory(agreement=agreement_of_asahan)

    assert can(officer_asahan, Action.CHANGE_COMMITMENT, commitment=nobodys)
    assert not can(officer_asahan, Action.REPORT_PROGRESS, commitment=nobodys)
    assert not can(officer_batang, Action.CHANGE_COMMITMENT, commitment=nobodys)


@pytest.mark.parametrize("how", ["owner", "owed_by"])
def test_a_unit_reports_what_it_owes_or_answers_for_in_the_paper_of_others(how, agreement_of_asahan):
    unit = Organization.objects.get(slug="itjen")
    officer = person(Role.UNIT_OFFICER, "itjen")
    government = Organization.objects.get(slug="pemerintah-kabupaten-asahan")
    others = MeasurableFactory(agreement=AgreementFactory(with_parties=[government.slug]), owner=government)
    who = {"owner": government, how: unit}
    if how == "owed_by":
        who["owed_by"] = PartyFactory(agreement=agreement_of_asahan, organization=unit)
    commitment = MeasurableFactory(agreement=agreement_of_asahan, **who)

    assert can(officer, Action.REPORT_PROGRESS, commitment=commitment)
    assert permissions.posting_for(officer, Action.REPORT_PROGRESS, commitment).organization == unit
    assert not can(officer, Action.REPORT_PROGRESS, commitment=others)
    assert list(permissions.papers_within(officer, Action.REPORT_PROGRESS)) == [agreement_of_asahan]


def test_a_region_reports_what_it_owes_though_another_answers_for_it(officer_asahan, officer_batang):
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    asahan = paper.parties.get(organization__slug="pemerintah-kabupaten-asahan")
    unit = Organization.objects.get(slug="ditjen-binalavotas")
    commitment = MeasurableFactory(agreement=paper, owner=unit, owed_by=asahan)

    assert can(officer_asahan, Action.REPORT_PROGRESS, commitment=commitment)
    assert not can(officer_batang, Action.REPORT_PROGRESS, commitment=commitment)


def test_what_a_unit_owes_opens_no_right_that_goes_as_far_as_a_region(officer_asahan, agreement_of_batang):
    unit = Organization.objects.get(slug="itjen")
    PostingFactory(user=officer_asahan, organization=unit, role=Role.UNIT_OFFICER)
    MeasurableFactory(agreement=agreement_of_batang, owner=unit)

    reached = permissions.papers_within(officer_asahan, Action.CHANGE_COMMITMENT)
    assert list(reached) == [agreement_of_batang]
    assert list(permissions.papers_within(officer_asahan, Action.ADD_COMMITMENT)) == []


def test_a_regional_posting_acts_for_its_region_and_not_for_what_is_below_its_office(
    officer_asahan, agreement_of_asahan
):
    government = Organization.objects.get(slug="pemerintah-kabupaten-asahan")
    below = OrganizationFactory(kind=OrganizationKind.REGIONAL_OFFICE, parent=government)
    commitment = MeasurableFactory(agreement=agreement_of_asahan, owner=below)

    assert below.region is None
    assert permissions.posting_for(officer_asahan, Action.REPORT_PROGRESS, commitment) is None


def test_a_posting_gives_only_the_rights_of_its_role(officer_asahan, agreement_of_asahan):
    owner = Organization.objects.get(slug="pemerintah-kabupaten-asahan")
    commitment = MeasurableFactory(agreement=agreement_of_asahan, owner=owner)

    assert permissions.posting_for(officer_asahan, Action.REPORT_PROGRESS, commitment)
    assert permissions.posting_for(officer_asahan, Action.VERIFY_PROGRESS, commitment) is None


def test_a_unit_officer_enters_papers_of_the_own_unit_alone(unit_officer, registrar, officer_asahan):
    own = Organization.objects.filter(slug="ditjen-binalavotas")
    government = Organization.objects.filter(slug="pemerintah-kabupaten-asahan")

    permissions.check_own_unit_is_party(unit_officer, own | government)
    permissions.check_own_unit_is_party(registrar, government)
    for user in (unit_officer, officer_asahan):
        with pytest.raises(PermissionDenied):
            permissions.check_own_unit_is_party(user, government)
