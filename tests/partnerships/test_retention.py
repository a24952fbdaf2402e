"""Papers past their period: what two administrators approved and nothing holds is destroyed, all of it."""

import datetime
from io import StringIO
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from partnerships.actions import destruction, reads, retention, sealing
from partnerships.files import FileMissing, open_checked
from partnerships.models import (
    Agreement,
    Disposal,
    DisposalItem,
    LegalHold,
    PartialDate,
    RetentionRule,
    StatusChange,
    StoredFile,
)
from partnerships.roles import Role
from partnerships.selectors.chain import check_chain
from partnerships.selectors.personal_data import tables
from partnerships.selectors.retention import due_papers
from tests.conftest import person
from tests.databases import at_work_as_owner
from tests.factories import (
    ActionPointFactory,
    AddendumFactory,
    AgreementFactory,
    MeasurableFactory,
    ReportFactory,
    SignatoryFactory,
    SourcedFactFactory,
    TermFactory,
    UserFactory,
)
from tests.partnerships.filed_documents import filed

TODAY = timezone.localdate


def ended(years_ago, kind="mou", **paper):
    """A paper that ended so many years ago, and a day."""
    paper = AgreementFactory(status="ended", kind=kind, signed=PartialDate.of(1990, 1, 1), **paper)
    since = TODAY().replace(year=TODAY().year - years_ago) - datetime.timedelta(days=1)
    StatusChange.objects.create(agreement=paper, old="signed", new="ended", effective_on=since)
    return paper


def administrator():
    return UserFactory(is_staff=True, is_superuser=True)


def rule(kind="mou", years=10):
    return RetentionRule.objects.create(kind=kind, years=years, source="JRA 7/2024")


def approved(*papers, by=None):
    """A list of papers that two administrators approved."""
    disposal = retention.propose(
        papers=[paper.pk for paper in papers], reason="ND-1/2026", by=by or administrator(), key=uuid4()
    )
    return retention.approve(disposal=disposal, by=administrator())


# --- what is due ------------------------------------------------------------------------------------


def test_what_is_due_is_past_the_period_of_its_kind(db):
    rule(years=10)
    past, young, of_another_kind = ended(10), ended(9), ended(30, kind="nda")
    by_clock = AgreementFactory(kind="mou", signed=PartialDate.of(2001, 1, 1))
    TermFactory(agreement=by_clock, starts=PartialDate.of(2001, 1, 1), ends=PartialDate.of(2004, 1, 1))
    still_signed = AgreementFactory(kind="mou", signed=PartialDate.of(1990, 1, 1))

    assert set(due_papers()) == {past, by_clock}
    assert not {young, of_another_kind, still_signed} & set(due_papers())


def test_on_the_last_day_a_paper_is_not_due_yet(db):
    rule(years=1)
    paper = ended(1)
    day = due_papers().get(pk=paper.pk).over_on

    assert not due_papers(on=day.replace(year=day.year + 1) - datetime.timedelta(days=1)).exists()
    assert due_papers(on=day.replace(year=day.year + 1)).exists()


# --- who decides ------------------------------------------------------------------------------------


def test_one_administrator_alone_destroys_nothing(db):
    rule()
    first = administrator()
    disposal = retention.propose(papers=[ended(11).pk], reason="ND-1/2026", by=first, key=uuid4())

    with pytest.raises(ValidationError, match=r"administrator (lain|has to)"), transaction.atomic():
        retention.approve(disposal=disposal, by=first)
    assert not Disposal.objects.to_carry_out().exists()
    with pytest.raises(DatabaseError, match="four_eyes"), transaction.atomic():
        Disposal.objects.filter(pk=disposal.pk).update(approved_by=first, approved_at=timezone.now())
    with pytest.raises(DatabaseError, match="two_approvals"), transaction.atomic():
        Disposal.objects.filter(pk=disposal.pk).update(done_at=timezone.now())


def test_an_approved_list_stands(db):
    rule()
    disposal, other = approved(ended(11)), ended(12)
    with pytest.raises(DatabaseError, match="nothing is added"), transaction.atomic():
        DisposalItem.objects.create(
            disposal=disposal, paper=other.pk, ref=other.ref, kind="mou", over_on=TODAY(), due_on=TODAY()
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        Disposal.objects.filter(pk=disposal.pk).update(approved_by=administrator())
    with pytest.raises(DatabaseError, match="it stands"), transaction.atomic():
        disposal.items.update(paper=other.pk)
    with pytest.raises(ValidationError):
        retention.refuse(disposal=disposal, by=administrator())


def test_nobody_but_an_administrator_decides(db, registrar):
    rule()
    paper = ended(11)
    with pytest.raises(PermissionDenied):
        retention.propose(papers=[paper.pk], reason="x", by=registrar, key=uuid4())
    with pytest.raises(PermissionDenied):
        retention.place_hold(agreement=paper, reason="x", by=registrar)


def test_only_papers_that_are_due_and_free_are_proposed_and_each_on_one_list(db):
    rule()
    held, young, free, by = ended(11), ended(2), ended(12), administrator()
    retention.place_hold(agreement=held, reason="Perkara 12/2026", by=by)
    for paper in (held, young):
        with pytest.raises(ValidationError):
            retention.propose(papers=[paper.pk, free.pk], reason="x", by=by, key=uuid4())
    key = uuid4()
    once = retention.propose(papers=[free.pk], reason="x", by=by, key=key)
    assert retention.propose(papers=[free.pk], reason="x", by=by, key=key) == once
    with pytest.raises(ValidationError):
        retention.propose(papers=[free.pk], reason="x", by=by, key=uuid4())
    retention.refuse(disposal=once, by=administrator())
    assert retention.propose(papers=[free.pk], reason="x", by=by, key=uuid4()) != once


# --- the job ----------------------------------------------------------------------------------------


def test_the_web_role_destroys_nothing(db):
    rule()
    approved(ended(11))
    with pytest.raises(CommandError, match="PORTAL_DB_ROLE"):
        call_command("destroy_approved")


@pytest.fixture(scope="module")
def owner(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), at_work_as_owner("retention") as name:
        yield name


def full(registrar):
    """A paper past its period with something of every kind under it, and its file."""
    paper = ended(11, with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    SignatoryFactory(agreement=paper, party=paper.parties.first())
    SourcedFactFactory(agreement=paper)
    AddendumFactory(agreement=paper)
    ReportFactory(commitment=MeasurableFactory(agreement=paper), reach="verified")
    ActionPointFactory(agreement=paper)
    file = filed(paper, registrar)
    return paper, file


def keys_in_the_database(paper):
    """Every (table, column) in which the reference of a paper still stands, or the key of one of its rows."""
    found = set()
    with connection.cursor() as cursor:
        for table in tables():
            for column in table.texts:
                cursor.execute(
                    f'SELECT 1 FROM "{table.name}" WHERE "{column}"::text LIKE %s LIMIT 1', [f"%{paper.ref}%"]
                )
                if cursor.fetchone():
                    found.add((table.name, column))
            columns = [c for c in _columns(cursor, table.name) if c in {"agreement_id", "child_id"}]
            for column in columns:
                cursor.execute(f'SELECT 1 FROM "{table.name}" WHERE "{column}" = %s LIMIT 1', [paper.pk])
                if cursor.fetchone():
                    found.add((table.name, column))
    return found


def _columns(cursor, table):
    cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    return [name for (name,) in cursor.fetchall()]


def test_the_job_destroys_records_history_and_files_of_what_was_approved_and_of_nothing_else(
    owner, settings, tmp_path
):
    settings.PORTAL_DATA = tmp_path
    rule()
    registrar = person(Role.REGISTRAR, "biro-kerja-sama")
    paper, file = full(registrar)
    below = AgreementFactory(implements=paper, kind="pks")
    held, other = ended(12), full(registrar)[0]
    reads.note(by=registrar, door="page", request="abc", content="document", form="pdf", file=file)
    disposal = approved(paper, held)
    retention.place_hold(agreement=held, reason="Perkara 12/2026", by=administrator())
    sealing.seal()

    out = StringIO()
    call_command("destroy_approved", stdout=out)

    assert {item.ref: item.outcome for item in disposal.items.all()} == {
        paper.ref: "destroyed",
        held.ref: "held",
    }
    assert keys_in_the_database(paper) == {
        *(("partnerships_disposalitem", "ref"), ("partnerships_disposalitemevent", "ref")),
        ("partnerships_historyblock", "note"),
        # For the figures in memory, and forgotten by the morning.
        ("partnerships_registerchange", "agreement_id"),
    }
    with pytest.raises(FileMissing):
        open_checked(file.key, sha256=file.sha256)
    assert not StoredFile.objects.filter(pk=file.pk).exists()
    below.refresh_from_db()
    assert below.implements_id is None
    assert {held.pk, other.pk, below.pk} <= set(Agreement.objects.values_list("pk", flat=True))
    item = disposal.items.get(ref=paper.ref)
    assert item.files == 1 and item.rows > 10 and f"{paper.ref}: " in out.getvalue()

    verdict = check_chain()
    assert verdict.broken == []
    assert any(paper.ref in note for *_rest, note in verdict.restated)
    sealing.seal()
    assert check_chain().broken == []
    assert destruction.carry_out_all() == []


def test_what_is_no_longer_due_by_then_is_kept(owner):
    RetentionRule.objects.all().delete()
    short = rule(years=10)
    paper = ended(11)
    disposal = approved(paper)
    RetentionRule.objects.filter(pk=short.pk).update(years=30)

    destruction.carry_out(disposal=disposal)

    assert disposal.items.get().outcome == "not_due"
    assert Agreement.objects.filter(pk=paper.pk).exists()
    assert LegalHold.objects.filter(agreement=paper).count() == 0
