from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from partnerships.models import Agreement
from tests.factories import UserFactory
from tests.partnerships.imports.files import as_csv, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    def written(lines):
        path = tmp_path / "naskah.csv"
        path.write_bytes(as_csv(lines).read())
        return str(path)

    return written


def run(*arguments, **options):
    said = StringIO()
    call_command("import_agreements", *arguments, stdout=said, no_color=True, **options)
    return said.getvalue()


def test_without_apply_the_plan_is_told_and_nothing_written(file):
    said = run(file(rows({}, {"date_signed": "segera"})))

    assert "row 3, column date_signed: “segera” is not a date" in said
    assert "1 new, 0 changed" in said
    assert "Nothing has been written" in said
    assert not Agreement.objects.exists()


def test_with_apply_good_rows_are_written_and_bad_ones_listed(file):
    said = run(file(rows({}, {"date_signed": "segera"})), apply=True)

    assert "1 new, 0 changed, 0 kept as people have changed them, 0 the same, 1 refused" in said
    assert Agreement.objects.get().external_id == "X1"


def test_brief_tells_the_counts_only(file):
    assert len(run(file(rows({}, {})), apply=True, brief=True).splitlines()) == 1


def test_the_portals_own_account_imports_and_can_not_sign_in(file):
    run(file(rows({})), apply=True)
    run(file(rows({"title": "Judul baru"})), apply=True)

    account = User.objects.get(email="system@portal.invalid")
    assert Agreement.objects.get().created_by == account
    assert not account.has_usable_password()


def test_an_account_may_be_named(file):
    by = UserFactory(is_superuser=True)

    run(file(rows({})), apply=True, by=by.email)

    assert Agreement.objects.get().created_by == by


def test_an_edited_record_is_overwritten_only_when_asked(file, revised):
    run(file(rows({})), apply=True)
    revised(title="Disunting")

    kept = run(file(rows({})), apply=True)
    assert "written only with --overwrite" in kept
    assert Agreement.objects.get().title == "Disunting"

    run(file(rows({})), apply=True, overwrite=True)
    assert Agreement.objects.get().title == "Pelatihan vokasi"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["/nowhere/naskah.csv"], "can't be opened"),
        ([__file__], "column"),
        (["X", "--by=nobody@example.test"], "no active account"),
    ],
)
def test_what_can_not_be_read_at_all_ends_the_command(arguments, reason):
    with pytest.raises(CommandError, match=reason):
        run(*arguments)


def test_an_account_without_the_right_is_refused(file, officer_asahan):
    with pytest.raises(CommandError, match="may not import"):
        run(file(rows({})), by=officer_asahan.email)
