"""A backup holds all of the portal, opens with its key only, and says so when it was tampered with."""

import hashlib
import json
import shutil
from io import BytesIO, StringIO

import psycopg2
import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from kemnaker_portal import backups
from kemnaker_portal.backups import making, sealed
from kemnaker_portal.embedded_postgres import database_settings, in_use
from partnerships.models import Organization, Posting
from script.internals import backup as backup_script
from script.internals import restore as restore_script
from tests.buckets import keep_files_in, store_at_work
from tests.factories import AgreementFactory

FILES = {"0a" * 16: b"%PDF-1.7 one", "f3" * 16: b"second" * 300_000}


def connect(data_dir):
    said = database_settings(data_dir, "owner")
    return psycopg2.connect(host=said["HOST"], port=said["PORT"], dbname=said["NAME"], user=said["USER"])


def run(data_dir, *statements):
    with connect(data_dir) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()


def place_of(data_dir, key):
    return data_dir / "media" / "files" / key[:2] / key


@pytest.fixture
def portal(data_dir):
    """A running database with a few tables of the portal's, and uploaded files beside it."""
    with in_use(data_dir):
        run(
            data_dir,
            "CREATE TABLE note (id int PRIMARY KEY, said text, at timestamptz DEFAULT '2025-03-20 10:00+07')",
            "CREATE TABLE django_session (session_key text)",
            "CREATE TABLE partnerships_exportjob (id int)",
            "CREATE TABLE partnerships_storedfile (key text, size bigint, sha256 text)",
            "INSERT INTO note SELECT n, 'catatan ' || n FROM generate_series(1, 500) AS n",
            "INSERT INTO django_session VALUES ('signed-in')",
        )
        for key, content in FILES.items():
            place_of(data_dir, key).parent.mkdir(parents=True)
            place_of(data_dir, key).write_bytes(content)
            said = f"'{key}', {len(content)}, '{hashlib.sha256(content).hexdigest()}'"
            run(data_dir, f"INSERT INTO partnerships_storedfile VALUES ({said})")
        yield data_dir


@pytest.fixture
def keys(tmp_path):
    """(recipients, identities) of one new pair of keys."""
    public = backups.new_identity(tmp_path / "key")
    (tmp_path / "public").write_text(f"# of the bureau\n{public}\n")
    return backups.recipients_in(tmp_path / "public"), backups.identities_in(tmp_path / "key")


@pytest.fixture
def make(portal, keys, tmp_path):
    def made():
        return backups.make(tmp_path / "backups", keys[0], portal, said.append)

    said = []
    return made


@pytest.fixture
def elsewhere(tmp_path, finished_cluster):
    """An empty portal on another machine, its database running."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    shutil.copytree(finished_cluster, folder / "postgres")
    with in_use(folder):
        yield folder


def notes_of(data_dir):
    with connect(data_dir) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(said), (SELECT count(*) FROM django_session) FROM note")
        found = cursor.fetchone()
    connection.close()
    return found


def test_everything_comes_back_but_who_was_signed_in(make, keys, elsewhere):
    folder, damaged = make()
    said = []
    backups.restore(folder, keys[1], elsewhere, said.append)

    assert damaged == []
    assert notes_of(elsewhere) == (500, "catatan 99", 0)
    assert {key: place_of(elsewhere, key).read_bytes() for key in FILES} == FILES
    assert place_of(elsewhere, "0a" * 16).stat().st_mode & 0o777 == 0o640
    assert any("all equal" in line for line in said)


def test_files_in_a_bucket_are_backed_up_and_come_back_into_another(
    portal, make, keys, elsewhere, settings, monkeypatch
):
    with store_at_work() as store:
        keep_files_in(store, settings, monkeypatch)
        for key, content in FILES.items():
            store.put(f"files/{key[:2]}/{key}", content)
        folder, damaged = make()
        assert damaged == []
        with pytest.raises(backups.BackupFailed, match="The bucket holds files already"):
            backups.restore(folder, keys[1], elsewhere, print)

    with store_at_work() as another:
        keep_files_in(another, settings, monkeypatch)
        backups.restore(folder, keys[1], elsewhere, print)
        assert {key: another.bytes_of(f"files/{key[:2]}/{key}") for key in FILES} == FILES


def test_a_backup_shows_nothing_without_its_key(make, keys, elsewhere, tmp_path):
    folder, _damaged = make()
    stranger = tmp_path / "stranger"
    backups.new_identity(stranger)

    written = b"".join(path.read_bytes() for path in tmp_path.glob("backups/**/*") if path.is_file())
    assert b"catatan" not in written and b"%PDF" not in written and b"note" not in written
    with pytest.raises(backups.BackupFailed, match="can't be opened"):
        backups.restore(folder, backups.identities_in(stranger), elsewhere, print)


def test_a_backup_is_of_one_moment(portal, make, keys, elsewhere, monkeypatch):
    tables = making.Database(portal)

    class Writing(type(tables)):
        def program(self, *arguments):
            # Somebody goes on working between the beginning of the backup and what is dumped.
            run(portal, "INSERT INTO note VALUES (9999, 'zzz too late')")
            return super().program(*arguments)

    monkeypatch.setattr(making, "Database", Writing)
    folder, _damaged = make()
    backups.restore(folder, keys[1], elsewhere, print)

    assert notes_of(elsewhere)[0] == 500
    assert notes_of(portal)[0] == 501


def test_a_file_is_sealed_once_and_goes_with_the_last_backup_that_names_it(portal, make, tmp_path):
    first, _damaged = make()
    written = {path: path.stat().st_mtime_ns for path in tmp_path.glob("backups/files/*/*")}
    gone = "0a" * 16
    run(portal, f"DELETE FROM partnerships_storedfile WHERE key = '{gone}'")
    first.rename(first.with_name("2026-01-01T00.00.00Z"))
    second, _damaged = make()

    assert {path: path.stat().st_mtime_ns for path in written} == written
    assert backups.newest(tmp_path / "backups") == second
    assert backups.prune(tmp_path / "backups", keep=1) == ["2026-01-01T00.00.00Z"]
    assert {path.name for path in tmp_path.glob("backups/files/*/*")} == {f"{'f3' * 16}.age"}


def test_an_altered_upload_is_named_and_its_whole_copy_of_before_is_kept(portal, make, keys, elsewhere):
    key, lost = FILES
    place_of(portal, lost).unlink()
    first, damaged = make()
    assert damaged == [lost]
    first.rename(first.with_name("2026-01-01T00.00.00Z"))

    place_of(portal, key).write_bytes(b"%PDF-1.7 0ne")
    second, damaged = make()
    assert damaged == [lost]
    backups.restore(second, keys[1], elsewhere, print)
    assert place_of(elsewhere, key).read_bytes() == FILES[key]


def test_who_was_erased_is_noted_beside_the_backups_for_those_made_before(portal, make, tmp_path):
    folder = tmp_path / "backups"
    first, _damaged = make()
    assert (folder / backups.ERASURES).read_text() == ""
    first.rename(folder / "2026-01-01T00.00.00Z")
    run(
        portal,
        "CREATE TABLE partnerships_erasure (id int, digests text[])",
        "INSERT INTO partnerships_erasure VALUES (1, ARRAY['ab', 'cd']), (2, ARRAY['ef'])",
    )
    second, _damaged = make()
    second.rename(folder / "2026-01-02T00.00.00Z")
    # A database that was restored from a backup of before knows of none.
    run(portal, "DELETE FROM partnerships_erasure WHERE id = 1")
    make()

    assert (folder / backups.ERASURES).read_text().splitlines() == ["ab cd", "ef"]


def cut(path):
    path.write_bytes(path.read_bytes()[:-40])


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


FILE = f"../files/0a/{'0a' * 16}.age"


@pytest.mark.parametrize("name", ["database.age", "manifest.age", FILE])
@pytest.mark.parametrize(
    ("how", "said"), [(cut, "altered"), (flip, "altered"), (lambda path: path.unlink(), "Missing")]
)
def test_what_was_tampered_with_is_not_restored(make, keys, data_dir, name, how, said):
    folder, _damaged = make()
    how(folder / name)

    with pytest.raises(backups.BackupFailed, match=said):
        backups.restore(folder, keys[1], data_dir, print)


def test_a_backup_without_its_last_file_is_none(make, keys, data_dir, tmp_path):
    folder, _damaged = make()
    (folder / "sealed.json").unlink()

    with pytest.raises(backups.BackupFailed, match="no finished backup"):
        backups.restore(folder, keys[1], data_dir, print)
    with pytest.raises(backups.BackupFailed, match="no finished backup"):
        backups.newest(tmp_path / "backups")


def reseal(folder, keys, change):
    """A manifest that somebody with the public key wrote anew, with everything around it made to fit."""
    opened = BytesIO()
    sealed.unseal(folder / "manifest.age", opened, keys[1])
    manifest = json.loads(opened.getvalue())
    change(manifest)
    again = sealed.seal(BytesIO(json.dumps(manifest).encode()), folder / "manifest.age", keys[0])
    said = json.loads((folder / "sealed.json").read_bytes())
    (folder / "sealed.json").write_text(json.dumps({**said, "manifest.age": again}))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda manifest: manifest["tables"]["note"].__setitem__(0, 501), r"note \(500 rows for 501\)"),
        (lambda manifest: manifest["tables"]["note"].__setitem__(1, "1"), "note"),
        (lambda manifest: manifest["tables"].pop("note"), "note"),
        (lambda manifest: manifest["files"].pop("0a" * 16), "0a0a"),
    ],
)
def test_what_comes_back_otherwise_than_it_was_is_named(make, keys, elsewhere, change, said):
    folder, _damaged = make()
    reseal(folder, keys, change)

    with pytest.raises(backups.BackupFailed, match=said):
        backups.restore(folder, keys[1], elsewhere, print)


def test_nothing_is_restored_over_what_is_there(make, keys, portal):
    folder, _damaged = make()

    with pytest.raises(backups.BackupFailed, match="holds tables already"):
        backups.restore(folder, keys[1], portal, print)
    assert notes_of(portal) == (500, "catatan 99", 1)


def test_settings_are_told_without_secrets():
    said = making.settings_without_secrets(
        {
            "SECRET_KEY": "rahasia",
            "EMAIL_HOST_PASSWORD": "rahasia",
            "DATABASE_URL": "postgresql://portal:rahasia@db.example/portal",
            "PORTAL_URL": "https://kemitraan.example",
            "EMAIL_HOST": "mail.example",
            "HOME": "/somewhere",
        }
    )

    assert "rahasia" not in str(said) and "HOME" not in said
    assert said["PORTAL_URL"] == "https://kemitraan.example" and said["EMAIL_HOST"] == "mail.example"
    assert said["SECRET_KEY"] == "(left out)"


def test_a_key_is_never_written_over(tmp_path):
    backups.new_identity(tmp_path / "key")
    before = (tmp_path / "key").read_text()

    with pytest.raises(backups.BackupFailed, match="never written over"):
        backups.new_identity(tmp_path / "key")
    assert (tmp_path / "key").read_text() == before
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "public").write_text("not a key\n")
    with pytest.raises(backups.BackupFailed, match="public keys"):
        backups.recipients_in(tmp_path / "public")
    with pytest.raises(backups.BackupFailed, match="can't be read"):
        backups.identities_in(tmp_path / "nowhere")


@pytest.mark.parametrize("arguments", [[], ["--to", "x"], ["--to", "x", "--recipients", "y", "--keep", "0"]])
def test_a_backup_has_to_be_told_where_and_for_whom(arguments, capsys):
    with pytest.raises(SystemExit):
        backup_script.read_arguments(arguments)
    assert "give" in capsys.readouterr().err


def test_a_restore_goes_into_an_empty_folder_or_is_a_drill(tmp_path, capsys):
    with pytest.raises(SystemExit):
        restore_script.read_arguments(["backups", "--key", "k", "--drill", "--into", "x"])
    (tmp_path / "mine").touch()
    with pytest.raises(restore_script.StepFailed, match="is not empty"):
        restore_script._empty(tmp_path)


@pytest.mark.django_db
def test_a_restored_portal_is_used_and_left_as_it_was():
    AgreementFactory.create_batch(3)
    before = User.objects.count(), Posting.objects.count()
    said = StringIO()
    call_command("check_restored", stdout=said)

    assert "signing in: works" in said.getvalue()
    assert "3 rows" in said.getvalue()
    assert (User.objects.count(), Posting.objects.count()) == before


@pytest.mark.django_db
def test_a_restored_portal_that_lost_the_ministry_does_not_pass():
    Organization.objects.filter(slug="kementerian-ketenagakerjaan").update(slug="lain")

    with pytest.raises(CommandError, match="ministry"):
        call_command("check_restored", stdout=StringIO())
