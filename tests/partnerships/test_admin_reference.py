"""Reference data: edited freely, taken out as a table and in again after a preview."""

import io
import os
import re
import time

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import gettext

from partnerships.admin import uploads
from partnerships.models import (
    Indicator,
    InstrumentRule,
    OfficeHolder,
    Organization,
    OrganizationAlias,
    Theme,
)
from tests.factories import PersonFactory, SignatoryFactory

CSV, XLSX = "0", "1"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.PORTAL_DATA = tmp_path


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    return client


def address(model, page):
    return reverse(f"admin:partnerships_{model._meta.model_name}_{page}")


def preview(client, model, text, form=CSV, name="tabel.csv"):
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile(name, content)
    return client.post(address(model, "import"), {"import_file": file, "format": form, "resource": "0"})


def confirm(client, model, response):
    form = response.context["confirm_form"]
    return client.post(address(model, "process_import"), form.initial, follow=True)


def exported(client, model, form=CSV):
    return client.post(address(model, "export"), {"format": form, "resource": "0"}).content


# --- editing --------------------------------------------------------------------------------------


def test_a_theme_is_edited_and_its_history_says_by_whom(as_admin, admin):
    theme = Theme.objects.get(slug="integrasi-data")
    values = {"slug": theme.slug, "name": theme.name, "name_en": theme.name_en, "position": 3}

    as_admin.post(
        reverse("admin:partnerships_theme_change", args=[theme.pk]),
        {**values, "aliases": "berbagi data, satu data"},
    )

    theme.refresh_from_db()
    assert theme.aliases == ["berbagi data", "satu data"]
    context = theme.events.latest("pgh_id").pgh_context
    assert (context["actor"], context["door"]) == (admin.pk, "admin")


def test_days_of_a_rule_need_a_paper_that_follows(as_admin):
    rule = InstrumentRule.objects.first()
    sent = {"partner_class": rule.partner_class, "proposes": "mou", "asks_for": "", "within_days": 30}

    answer = as_admin.post(reverse("admin:partnerships_instrumentrule_change", args=[rule.pk]), sent)

    assert list(answer.context["adminform"].form.errors) == ["within_days"]


# --- taking out and in ----------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Theme, Indicator, InstrumentRule, OrganizationAlias])
def test_what_is_taken_out_comes_in_again_and_changes_nothing(as_admin, model):
    before = list(model.objects.values())
    events = model._meta.get_field("events").related_model.objects.count()

    answer = preview(as_admin, model, exported(as_admin, model))
    assert {row.import_type for row in answer.context["result"].valid_rows()} <= {"skip"}
    confirm(as_admin, model, answer)

    assert list(model.objects.values()) == before
    assert model._meta.get_field("events").related_model.objects.count() == events


def test_a_workbook_comes_in_too(as_admin):
    workbook = openpyxl.Workbook()
    workbook.active.append(["slug", "name", "name_en", "aliases", "position"])
    workbook.active.append(["uji", "Bidang uji", "Trial field", "coba; percobaan", 99])
    content = io.BytesIO()
    workbook.save(content)

    answer = preview(as_admin, Theme, content.getvalue(), XLSX, "bidang.xlsx")
    assert not Theme.objects.filter(slug="uji").exists()
    confirm(as_admin, Theme, answer)

    assert Theme.objects.get(slug="uji").aliases == ["coba", "percobaan"]


def test_a_preview_changes_nothing_and_marks_what_would(as_admin):
    theme = Theme.objects.get(slug="integrasi-data")
    table = f"slug;name;name_en;position\n{theme.slug};{theme.name} baru;{theme.name_en};1\n"

    answer = preview(as_admin, Theme, table)

    html = answer.content.decode()
    assert "<ins> baru</ins>" in html
    assert not re.search(r"<(ins|del)\s+style", html)
    theme.refresh_from_db()
    assert not theme.name.endswith("baru")


def test_one_wrong_row_keeps_the_whole_table_out(as_admin):
    table = "slug,name,name_en,position\nuji-a,Uji A,Trial A,1\nuji b!,Uji B,Trial B,satu\n"

    answer = preview(as_admin, Theme, table)

    assert "confirm_form" not in answer.context
    assert "3" in answer.content.decode()
    assert not Theme.objects.filter(name__startswith="Uji").exists()


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"", CSV),
        (b"nama\nx\n", CSV),
        (b"\xff\xfe\x00\x01", CSV),
        (b"PK\x03\x04rusak", XLSX),
        (b"slug,name\n" + b"a,b\n" * 3000, CSV),
        (b"x" * 2_100_000, CSV),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(as_admin, content, form):
    answer = preview(as_admin, Theme, content, form)

    assert answer.status_code == 200
    assert "confirm_form" not in answer.context


def test_a_cell_that_looks_like_a_formula_is_made_harmless_and_comes_back(as_admin):
    Theme.objects.create(slug="uji", name="=1+1", name_en="@trial", position=99)

    table = exported(as_admin, Theme)

    assert b"'=1+1" in table
    confirm(as_admin, Theme, preview(as_admin, Theme, table))
    assert Theme.objects.get(slug="uji").name == "=1+1"


def test_words_in_a_table_are_shown_literally(as_admin):
    answer = preview(as_admin, Theme, "slug,name,name_en,position\nuji,<script>alert(1)</script>,Trial,1\n")

    html = answer.content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


# --- the kept file --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../secret_key", "/etc/passwd", "0" * 32, "", "x"])
def test_only_a_file_that_was_uploaded_is_imported(as_admin, settings, name):
    (settings.PORTAL_DATA / "secret_key").write_text("slug,name\nrahasia,rahasia\n")
    forged = {"import_file_name": name, "original_file_name": "x", "format": CSV, "resource": "0"}

    answer = as_admin.post(address(Theme, "process_import"), forged, follow=True)

    assert answer.status_code == 200
    assert "rahasia" not in answer.content.decode()
    assert not Theme.objects.filter(slug="rahasia").exists()


@pytest.mark.parametrize("form", ["1", "9", "-1", "satu"])
def test_a_forged_format_is_refused(as_admin, form):
    kept = uploads.keep(b"slug,name,name_en,position\nuji,Uji,Trial,1\n", ".csv")
    forged = {"import_file_name": kept, "original_file_name": "x", "format": form, "resource": "0"}

    assert as_admin.post(address(Theme, "process_import"), forged).status_code in (200, 302)
    assert not Theme.objects.filter(slug="uji").exists()


def test_a_kept_file_is_gone_after_its_import_and_after_a_day(as_admin, settings):
    answer = preview(as_admin, Theme, exported(as_admin, Theme))
    folder = settings.PORTAL_DATA / "media" / "imports"
    assert len(list(folder.iterdir())) == 1
    confirm(as_admin, Theme, answer)
    assert list(folder.iterdir()) == []

    old = uploads.keep(b"lama")
    os.utime(folder / old, (0, time.time() - uploads.KEPT_SECONDS - 1))
    new = uploads.keep(b"baru")
    assert [file.name for file in folder.iterdir()] == [new]


# --- office holders -------------------------------------------------------------------------------

ASAHAN = "pemerintah-kabupaten-asahan"


def holder(**said):
    organization = Organization.objects.get(slug=ASAHAN)
    return OfficeHolder.objects.create(organization=organization, post="Bupati Asahan", **said)


def test_office_holders_go_out_and_come_in_again_unchanged(as_admin):
    holder(person=PersonFactory(title_before="Dr.", title_after="S.H."), starts_on="2021-02-26")
    holder(person=PersonFactory())
    before = list(OfficeHolder.objects.values())

    answer = preview(as_admin, OfficeHolder, exported(as_admin, OfficeHolder))
    confirm(as_admin, OfficeHolder, answer)

    assert list(OfficeHolder.objects.values()) == before


def test_a_holder_of_an_ambiguous_name_is_the_one_who_signed_for_the_organisation(
    as_admin, agreement_of_asahan
):
    PersonFactory(name="Nama Uji Sama")
    known = PersonFactory(name="Nama Uji Sama")
    party = agreement_of_asahan.parties.get(organization__slug=ASAHAN)
    SignatoryFactory(agreement=agreement_of_asahan, party=party, person=known)
    table = f"organization;person;post;starts_on;ends_on\n{ASAHAN};Nama Uji Sama;Bupati Asahan;2021-02-26;\n"

    confirm(as_admin, OfficeHolder, preview(as_admin, OfficeHolder, table))

    assert OfficeHolder.objects.get().person == known


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], "Nobody in the portal is called “%(name)s”. Enter the person first."),
        (
            ["Nama Uji Sama", "Nama Uji Sama"],
            "Several people are called “%(name)s”. Add this one on the page of office holders.",
        ),
    ],
)
def test_a_holder_who_is_nobody_or_several_is_refused_with_a_sentence(as_admin, names, sentence):
    for name in names:
        PersonFactory(name=name)
    table = f"organization;person;post;starts_on\n{ASAHAN};Nama Uji Sama;Bupati Asahan;\n"

    html = preview(as_admin, OfficeHolder, table).content.decode()

    assert gettext(sentence) % {"name": "Nama Uji Sama"} in html
    assert not OfficeHolder.objects.exists()


@pytest.mark.parametrize("asked", ["Nama Uji Dicari", "Bupati", "Asahan"])
def test_office_holders_are_found_by_person_post_and_organisation(as_admin, asked):
    sought = holder(person=PersonFactory(name="Nama Uji Dicari"))
    other = Organization.objects.get(slug="biro-kerja-sama")
    hidden = OfficeHolder.objects.create(
        organization=other, person=PersonFactory(name="Orang Lain"), post="Kepala Biro"
    )

    found = as_admin.get(address(OfficeHolder, "changelist"), {"q": asked}).context["cl"].queryset

    assert sought in found
    assert hidden not in found


def test_a_post_is_not_left_before_it_is_taken_up(as_admin):
    row = holder(person=PersonFactory())
    sent = {
        "organization": row.organization_id,
        "person": row.person_id,
        "post": row.post,
        "starts_on": "2025-03-20",
        "ends_on": "2025-03-19",
    }

    answer = as_admin.post(reverse("admin:partnerships_officeholder_change", args=[row.pk]), sent)

    assert list(answer.context["adminform"].form.errors) == ["ends_on"]


def test_what_is_typed_and_what_is_taken_in_is_read_as_on_every_other_page(as_admin):
    theme = Theme.objects.get(slug="penempatan")
    page = reverse("admin:partnerships_theme_change", args=[theme.pk])
    values = {"slug": theme.slug, "name": "Penem\u200bpatan  ﬁktif", "name_en": "Placement", "position": 1}

    as_admin.post(page, {**values, "aliases": ""})
    theme.refresh_from_db()
    assert theme.name == "Penempatan fiktif"

    table = "slug;name;name_en\npenempatan;Penem\u202epatan Ｂaru;Placement\n"
    confirm(as_admin, Theme, preview(as_admin, Theme, table))
    theme.refresh_from_db()
    assert theme.name == "Penempatan Baru"
