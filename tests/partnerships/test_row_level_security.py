"""The database's own lock: what PostgreSQL gives to whom, whatever the code asks it for."""

import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import ProgrammingError, connection, connections, transaction
from django.utils import timezone

from kemnaker_portal.readers import NOBODY, reading_as, reading_for, whole_register
from kemnaker_portal.streams import SentAsMade
from partnerships.lifecycle import Status
from partnerships.models import (
    ActionPoint,
    Agreement,
    AgreementSearch,
    Commitment,
    CommitmentStanding,
    ConfirmationRequest,
    Document,
    EvaluationMeeting,
    Match,
    MeetingPartner,
    Need,
    Offer,
    Organization,
    PageText,
    ProgressReport,
    StoredFile,
)
from partnerships.models.agreement_queryset import keys_matching
from partnerships.roles import Role
from regions.models import Region
from tests.conftest import person
from tests.databases import owner_connection
from tests.factories import (
    ActionPointFactory,
    AgreementFactory,
    EvaluationMeetingFactory,
    MatchFactory,
    MeasurableFactory,
    NeedFactory,
    OfferFactory,
    ReportFactory,
)
from tests.test_access_matrix import everybody

BUREAU, UNIT, ASAHAN, BATANG, PROVINCE = (
    "biro-kerja-sama",
    "ditjen-binalavotas",
    "pemerintah-kabupaten-asahan",
    "pemerintah-kabupaten-batang",
    "pemerintah-provinsi-sumatera-utara",
)
LATER = "2099-01-01T00:00Z"
MODELS = [
    *(Agreement, Commitment, CommitmentStanding, ProgressReport, Document, StoredFile, ActionPoint),
    *(ConfirmationRequest, Need, Match, Offer, EvaluationMeeting, MeetingPartner),
]
# Columns by which a row belongs to a paper, or to what belongs to one, or to a region.
OF_A_PAPER_OR_REGION = {
    *("agreement_id", "region_id", "commitment_id", "report_id", "document_id", "file_id", "child_id"),
    *("need_id", "offer_id", "meeting_id", "partner_id"),
}
# Tables that have one of these and stand behind no policy, and why.
OPEN_TABLES = {
    "partnerships_registerchange": "numbers of papers, by which every process learns what to read anew",
    "partnerships_standingchange": "numbers of commitments, for the same",
    "partnerships_fileread": "who took which file, written for every reader, shown by the administration",
}
FOLDERS = ("accounts", "kemnaker_portal", "partnerships", "regions")
# Every place that reads the whole register as the portal itself, and why.
AS_THE_PORTAL = {
    "partnerships/register/index/shared.py": "papers in memory are of all readers, and chosen from for each",
    "partnerships/register/index/ledger.py": "so are the commitments",
    "partnerships/register/index/block.py": "and what papers were on earlier days",
    "partnerships/register/index/papers.py": "and their order, when the database has to tell it",
    "partnerships/register/index/kept_texts.py": "and their texts",
    "partnerships/register/searching.py": "what a search finds in them is kept for all readers",
    "partnerships/actions/moving.py": "what ends decides for papers below it that its writer can't see",
    "partnerships/actions/standing.py": "a paper keeps what stands above it, seen or not",
    "partnerships/models/agreement.py": "and closes no circle with it",
    "partnerships/selectors/matches.py": "what is left of an offer is counted over all needs",
    "partnerships/register/listing.py": "what fits, of the rows of a reader, passes the policies after that",
    "partnerships/register/selecting_commitments.py": "the index keeps what fits to what the reader sees",
    "partnerships/selectors/needs.py": "that a paper came of a need is told to who may not open it",
    "partnerships/views/confirmations.py": "who holds the link to one report has no account",
    "partnerships/views/operation.py": "a monitor counts what waits",
}


@pytest.fixture
def world(db):
    """Rows of every model, of several regions and units, in every state that decides who sees them."""
    registrar = person(Role.REGISTRAR, BUREAU)
    for status in Status:
        for parties in ([UNIT, ASAHAN], [UNIT, BATANG], ["itjen", PROVINCE], ["itjen"], []):
            paper = AgreementFactory(status=status, with_parties=parties)
            if status == Status.SIGNED:
                owner = Organization.objects.get(slug=parties[-1]) if parties else None
                for reach in ("draft", "submitted"):
                    commitment = MeasurableFactory(agreement=paper, owner=owner)
                    report = ReportFactory(commitment=commitment, reach=reach)
                    evidence = Document.objects.create(
                        agreement=paper, purpose="report", title="Bukti", report=report
                    )
                    StoredFile.objects.create(
                        document=evidence,
                        key=f"{evidence.pk:064x}",
                        name="bukti.pdf",
                        media_type="application/pdf",
                        sha256="0" * 64,
                        size=1,
                        uploaded_by=registrar,
                    )
                ConfirmationRequest.objects.create(
                    report=report, name="A", email="a@b.test", asked_by=registrar, expires_at=LATER
                )
                ActionPointFactory(agreement=paper)
            else:
                MeasurableFactory(agreement=paper)
    AgreementFactory(with_parties=[UNIT, BATANG], published_at="2026-01-01T00:00Z")
    for region in ("12.09", "33.25", "12"):
        MatchFactory(need=NeedFactory(region=Region.objects.get(pk=region)))
        OfferFactory(everywhere=False, with_regions=[region])
    OfferFactory(status="withdrawn")
    for frozen in (None, "2026-01-01T00:00Z"):
        meeting = EvaluationMeetingFactory(with_partners=[ASAHAN, BATANG])
        if frozen:
            EvaluationMeeting.objects.filter(pk=meeting.pk).update(frozen_at=frozen, frozen_by=registrar)


def numbers(rows):
    return set(rows.values_list("pk", flat=True))


def count(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def behind_policies():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity"
        )
        return {table for (table,) in cursor.fetchall()}


# --- reading ------------------------------------------------------------------------------------------


def test_the_database_gives_each_reader_what_the_code_would_show(world):
    surprises = []
    for who, user in everybody().items():
        user = user or AnonymousUser()
        shown = {model: numbers(model.objects.visible_to(user)) for model in MODELS}
        with reading_for(user):
            given = {model: numbers(model.objects.all()) for model in MODELS}
        surprises += [
            f"{who}, {model.__name__}: more {sorted(given[model] - rows)}, less {sorted(rows - given[model])}"
            for model, rows in shown.items()
            if given[model] != rows
        ]
    assert surprises == []


def test_where_nobody_is_named_there_is_nothing(world):
    tables = behind_policies()
    filled = {table for table in tables if count(table)}
    assert {model._meta.db_table for model in MODELS} <= filled

    with reading_as(NOBODY):
        assert {table for table in tables if count(table)} == set()
        assert not Agreement.objects.exists() and Commitment.objects.count() == 0


def test_another_region_is_nothing_to_an_officer(agreement_of_asahan, officer_batang):
    MeasurableFactory(agreement=agreement_of_asahan)
    with reading_for(officer_batang):
        assert count("partnerships_agreement") == count("partnerships_commitment") == 0
        assert count("partnerships_party") == count("partnerships_agreementsearch") == 0
        assert count("partnerships_agreementevent") == count("partnerships_commitmentevent") == 0


def test_who_is_transferred_or_deactivated_sees_nothing_from_the_next_statement_on(
    agreement_of_asahan, officer_asahan
):
    with reading_for(officer_asahan):
        assert Agreement.objects.count() == 1
    officer_asahan.postings.update(ends_on=timezone.localdate(), starts_on=date(2020, 1, 1))
    with reading_for(officer_asahan):
        assert Agreement.objects.count() == 0


# --- writing ------------------------------------------------------------------------------------------


WRITTEN = {
    "a theme": "INSERT INTO partnerships_agreementtheme (agreement_id, theme_id)"
    " SELECT {paper}, id FROM partnerships_theme LIMIT 1",
    "a scope": "INSERT INTO partnerships_agreementscope (agreement_id, region_id) VALUES ({paper}, '33.01')",
    "history": "INSERT INTO partnerships_agreementthemeevent (pgh_created_at, pgh_label, id, agreement_id,"
    " theme_id, pgh_obj_id) SELECT now(), 'insert', 1, {paper}, id, 1 FROM partnerships_theme LIMIT 1",
}


@pytest.mark.parametrize("what", WRITTEN)
def test_nothing_is_added_to_a_paper_of_another_region(
    what, agreement_of_asahan, officer_asahan, officer_batang
):
    statement = WRITTEN[what].format(paper=agreement_of_asahan.pk)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        _run(statement, officer_batang)
    _run(statement, officer_asahan)


def test_nothing_of_another_region_is_changed_or_taken_away(agreement_of_asahan, officer_batang):
    assert _run("UPDATE partnerships_agreement SET title = 'lain'", officer_batang) == 0
    assert _run("DELETE FROM partnerships_party", officer_batang) == 0
    assert "lain" not in Agreement.objects.values_list("title", flat=True)


def test_a_need_is_stated_for_no_other_region(officer_batang):
    need = NeedFactory()
    of_the_same = {"region": need.region, "office": need.office, "stated_by": officer_batang}
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():  # noqa: SIM117
        with reading_for(officer_batang):
            NeedFactory(year=2099, **of_the_same)


def _run(statement, user):
    with reading_for(user), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


# --- the connection -----------------------------------------------------------------------------------


def told():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('portal.reader', true)")
        return cursor.fetchone()[0]


def test_a_connection_forgets_its_reader_with_the_request(
    own_database, client, settings, agreement_of_asahan_committed
):
    settings.READER_UNLESS_NAMED = NOBODY
    with whole_register():
        client.force_login(person(Role.REGISTRAR, BUREAU))
    assert client.get(agreement_of_asahan_committed).status_code == 200

    assert Agreement.objects.count() == count("partnerships_agreement") == 0
    assert told() == ""


@pytest.fixture
def agreement_of_asahan_committed(own_database):
    return AgreementFactory(with_parties=[UNIT, ASAHAN]).get_absolute_url()


def test_a_connection_is_told_again_after_a_rollback(own_database, settings):
    AgreementFactory()
    settings.READER_UNLESS_NAMED = NOBODY
    with pytest.raises(ZeroDivisionError), transaction.atomic(), whole_register():
        assert Agreement.objects.count() == 1
        raise ZeroDivisionError
    assert Agreement.objects.count() == 0

    with whole_register():
        with transaction.atomic():
            with pytest.raises(ZeroDivisionError), transaction.atomic(), reading_as(NOBODY):
                assert Agreement.objects.count() == 0
                raise ZeroDivisionError
            assert Agreement.objects.count() == 1
        with pytest.raises(ProgrammingError), transaction.atomic(), reading_as(NOBODY):
            count("no_such_table")
        assert Agreement.objects.count() == 1


def test_a_thread_reads_for_nobody_until_it_says_for_whom(own_database, settings):
    AgreementFactory()
    settings.READER_UNLESS_NAMED = NOBODY
    seen = []

    def read():
        seen.append(Agreement.objects.count())
        with whole_register():
            seen.append(Agreement.objects.count())
        connections.close_all()

    with whole_register():
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    assert seen == [0, 1]


def test_an_answer_that_is_made_while_it_is_sent_is_for_its_reader(agreement_of_asahan, officer_asahan, rf):
    def parts():
        yield Agreement.objects.count()
        yield Agreement.objects.count()

    with reading_for(officer_asahan):
        sent = SentAsMade(rf.get("/"), parts())
    with reading_as(NOBODY):
        assert [*sent] == [1, 1]
        assert Agreement.objects.count() == 0


# --- nothing is forgotten -----------------------------------------------------------------------------


def test_every_table_of_a_paper_or_a_region_is_behind_a_policy_or_named(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attname = ANY (%s)",
            [sorted(OF_A_PAPER_OR_REGION)],
        )
        tables = {table for (table,) in cursor.fetchall()}
    assert tables - behind_policies() == OPEN_TABLES.keys()


def test_every_place_that_reads_as_the_portal_itself_is_named():
    root = Path(settings.BASE_DIR)
    code = (path for name in FOLDERS for path in (root / name).rglob("*.py"))
    found = {str(path.relative_to(root)) for path in code if "whole_register()" in path.read_text()}
    assert found - {"kemnaker_portal/readers.py"} == AS_THE_PORTAL.keys()


def test_a_search_asks_its_index_before_the_policy(agreement_of_asahan, officer_asahan, officer_batang):
    word = agreement_of_asahan.title.split()[0]
    for user, number in ((officer_asahan, 1), (officer_batang, 0)):
        with reading_for(user):
            assert len(set(keys_matching(word).values_list("agreement", flat=True))) == number
    with closing(owner_connection(connection.settings_dict["NAME"])) as owner, owner.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'portal_papers_saying'")
        cursor.execute(
            "SET enable_seqscan = off; EXPLAIN " + cursor.fetchone()[0].replace("wanted", "'a'::tsquery")
        )
        assert "agreement_search_words" in str(cursor.fetchall())


def test_a_search_finds_for_each_reader_what_the_policies_give(world):
    for file in StoredFile.objects.all():
        PageText.objects.create(file=file, page=1, text="daftar hadir pelatihan")
    asked = {
        AgreementSearch: ("portal_papers_containing('vokasi')", "portal_papers_saying('vokasi')"),
        PageText: ("portal_pages_saying('pelatihan')",),
    }
    surprises, given = [], {}
    for who, user in everybody().items():
        with reading_for(user or AnonymousUser()), connection.cursor() as cursor:
            for model, functions in asked.items():
                given[who, model] = numbers(model.objects.all())
                for function in functions:
                    cursor.execute(f"SELECT {function}")
                    if {key for (key,) in cursor.fetchall()} != given[who, model]:
                        surprises.append(f"{who}: {function}")
    assert surprises == []
    assert {len({frozenset(given[who, model]) for who in everybody()}) > 3 for model in asked} == {True}


@pytest.mark.parametrize("table", ["partnerships_agreement", "partnerships_commitmentstanding"])
def test_an_officers_list_asks_once_for_the_papers_of_the_regions(table, agreement_of_asahan, officer_asahan):
    MeasurableFactory(agreement=agreement_of_asahan)
    with reading_for(officer_asahan), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, VERBOSE, FORMAT JSON) SELECT * FROM {table}")
        plan = cursor.fetchone()[0][0]["Plan"]
    (asked,) = (
        each for each in plan["Plans"] if any("portal_papers_of_regions" in said for said in each["Output"])
    )
    assert plan["Actual Rows"] == asked["Actual Loops"] == 1


def test_triggers_work_as_the_owner(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND (prorettype = 'trigger'::regtype OR proname LIKE 'portal\\_sees%'"
            " OR proname = 'portal_papers_of_regions') AND NOT prosecdef"
        )
        assert cursor.fetchall() == []
