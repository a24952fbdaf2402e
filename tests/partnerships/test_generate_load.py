from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from partnerships.actions import sealing
from partnerships.lifecycle import ReportStatus
from partnerships.models import Agreement, Commitment, ReferenceSerial
from partnerships.selectors.chain import check_chain
from tests.conftest import person
from tests.databases import owner_settings
from tests.factories import AgreementFactory

# What tells a reader of the register's memory that something changed is not the register.
_NOTES = {"partnerships_registerchange", "partnerships_standingchange"}


@pytest.fixture
def as_owner(own_database, settings, monkeypatch):
    """A database of its own, in which the owner of the tables works and no real paper is."""
    settings.DEMO = False
    connection.close()
    for key in ("USER", "PASSWORD"):
        monkeypatch.setitem(connection.settings_dict, key, owner_settings().get(key, ""))
    yield own_database
    connection.close()


def generate(*more, seed=7):
    call_command(
        "generate_load", "--agreements=200", "--commitments=1500", f"--seed={seed}", *more, stdout=StringIO()
    )


def asked(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall()


def everything():
    """Each table with a hash over its rows, whatever their order."""
    tables = [
        name
        for (name,) in asked("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        if name not in _NOTES
    ]
    return {
        name: asked(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t")
        for name in tables
    }


def triggers():
    return dict(asked("SELECT tgrelid::regclass::text || ' ' || tgname, tgenabled FROM pg_trigger"))


def said():
    """What the load says, without the numbers of rows."""
    return [
        asked(
            "SELECT a.ref, a.kind, a.title, a.status, a.signed_earliest, a.published_at, p.position,"
            " p.number, o.name FROM partnerships_agreement a"
            " LEFT JOIN partnerships_party p ON p.agreement_id = a.id"
            " LEFT JOIN partnerships_organization o ON o.id = p.organization_id ORDER BY a.ref, p.position"
        ),
        asked(
            "SELECT a.ref, c.position, c.text, c.target, c.due, r.period_end, r.status, r.value"
            " FROM partnerships_commitment c JOIN partnerships_agreement a ON a.id = c.agreement_id"
            " LEFT JOIN partnerships_progressreport r ON r.commitment_id = c.id ORDER BY 1, 2, 6"
        ),
        asked("SELECT text FROM partnerships_pagetext ORDER BY id"),
    ]


def test_a_seed_gives_the_same_records_again_and_another_gives_others(as_owner):
    generate()
    first = said()
    generate("--remove")
    generate()
    again = said()
    generate("--remove")
    generate(seed=8)

    assert first == again
    assert all(one != other for one, other in zip(first, said(), strict=True))


def test_what_triggers_would_have_made_is_there(as_owner):
    generate()
    scopes = asked("SELECT agreement_id, region_id FROM partnerships_agreementscope ORDER BY 1, 2")
    texts = asked("SELECT agreement_id, words, text FROM partnerships_agreementsearch ORDER BY 1")
    asked("SELECT portal_refresh_scope(id), portal_refresh_search(id) FROM partnerships_agreement")

    assert scopes == asked("SELECT agreement_id, region_id FROM partnerships_agreementscope ORDER BY 1, 2")
    assert texts == asked("SELECT agreement_id, words, text FROM partnerships_agreementsearch ORDER BY 1")
    assert len(texts) == 200
    assert asked("SELECT portal_standings_that_differ(0, 1000000000)") == []
    assert asked("SELECT count(*) FROM partnerships_commitmentstanding") == [(1500,)]
    assert asked("SELECT 1 FROM partnerships_registerchange WHERE agreement_id = 0")


def test_the_load_is_as_varied_as_the_register(as_owner):
    generate()
    papers, commitments = Agreement.objects.all(), Commitment.objects.all()

    assert (papers.count(), commitments.count()) == (200, 1500)
    assert papers.values("status").distinct().count() == 7
    assert 0.2 < papers.exclude(published_at=None).count() / 200 < 0.45
    assert papers.filter(terms__ends_latest__isnull=False).distinct().count() < 40
    assert papers.exclude(implements=None).exists()
    assert papers.exclude(renews=None).exists()
    measurable = asked("SELECT count(*) FROM partnerships_commitmentstanding WHERE measurable")[0][0]
    assert 0.3 < measurable / 1500 < 0.5
    states = dict(asked("SELECT status, count(*) FROM partnerships_progressreport GROUP BY 1"))
    assert set(states) == set(ReportStatus.values)
    assert asked("SELECT count(*) > 10 FROM partnerships_pagetext") == [(True,)]


def test_taken_out_again_it_leaves_every_table_and_trigger_as_it_was(as_owner):
    before, watching = everything(), triggers()

    generate()
    assert triggers() == watching
    assert everything() != before
    generate("--remove")

    assert everything() == before
    assert triggers() == watching


def test_what_was_done_to_made_up_papers_goes_with_them(as_owner):
    before = everything()
    generate()
    asked("UPDATE partnerships_agreement SET place = 'Ambon' WHERE ref LIKE 'KS-%' RETURNING id")
    assert asked("SELECT count(*) FROM partnerships_agreementevent") == [(200,)]
    generate("--remove")

    assert everything() == before


def test_history_that_was_sealed_says_why_it_is_gone(as_owner):
    generate()
    asked("UPDATE partnerships_agreement SET place = 'Ambon' WHERE ref LIKE 'KS-%' RETURNING id")
    sealing.seal()
    generate("--remove")

    found = check_chain()
    assert found.broken == []
    assert {note for *_which, note in found.restated} == {"generate_load --remove"}
    assert {table for _number, table, *_more in found.restated} >= {
        "partnerships_agreementevent",
        "partnerships_statuschange",
        "partnerships_storedfile",
    }


def test_real_papers_are_never_joined_by_made_up_ones(as_owner, settings):
    AgreementFactory(external_source="")

    with pytest.raises(CommandError, match="real papers"):
        generate()

    settings.DEMO = True
    generate()
    assert Agreement.objects.count() == 201
    with pytest.raises(CommandError, match="here already"):
        generate()
    generate("--remove")
    assert Agreement.objects.count() == 1


def test_the_next_papers_number_is_not_disturbed(as_owner):
    generate()

    assert not ReferenceSerial.objects.exists()


def test_a_made_up_record_that_a_real_one_needs_is_not_taken_out(as_owner):
    generate()
    made_up = Agreement.objects.order_by("pk").first()
    AgreementFactory(external_source="", implements=made_up)

    with pytest.raises(CommandError, match="refers to a made-up record"):
        generate("--remove")

    assert Agreement.objects.count() == 201


def test_only_the_owner_of_the_tables_may_fill_them(own_database):
    with pytest.raises(CommandError, match="PORTAL_DB_ROLE=owner"):
        generate()


def test_its_pages_open(as_owner, client):
    generate()
    reader = person("registrar", "biro-kerja-sama")
    client.force_login(reader)
    paper = Agreement.objects.visible_to(reader).filter(commitments__isnull=False).first()
    commitment = Commitment.objects.filter(reports__isnull=False).first()
    pages = [
        reverse("partnerships:agreement-list"),
        paper.get_absolute_url(),
        commitment.get_absolute_url(),
        reverse("partnerships:commitment-list"),
        reverse("partnerships:region-list"),
        "/",
    ]

    assert [client.get(page).status_code for page in pages] == [200] * len(pages)
