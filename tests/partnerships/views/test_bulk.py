"""From the boxes of the register to the report of what was done."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from partnerships.actions import bulk
from partnerships.forms.bulk import ConfirmForm
from partnerships.models import Agreement, AgreementTheme, BulkRun, ExportJob, Theme
from tests.factories import AgreementFactory, SigningEventFactory

PAGE = "/kemitraan/tindakan/"
ADD = f"{PAGE}tambah-bidang/"
DITJEN, ASAHAN, BATANG = "ditjen-binalavotas", "pemerintah-kabupaten-asahan", "pemerintah-kabupaten-batang"


@pytest.fixture
def theme(db):
    return Theme.objects.get(slug="integrasi-data")


@pytest.fixture
def as_registrar(client, registrar):
    client.force_login(registrar)
    return client


def said(response):
    return response.content.decode()


def ask_for(*papers):
    return "&".join(f"ref={paper.ref}" for paper in papers)


def confirmed(client, ask, theme, **changes):
    """What the confirming page would send."""
    page = client.get(ADD, {"ask": ask, "target": theme.slug})
    form = page.context["form"]
    return {
        "ask": ask,
        "target": theme.slug,
        "key": str(uuid4()),
        "seen": form.initial["seen"],
        "reason": "",
    } | changes


def rows():
    return set(AgreementTheme.objects.values_list("agreement__ref", "theme__slug"))


def test_the_register_has_a_box_for_each_row_and_a_way_on(as_registrar, agreement_of_asahan):
    page = said(as_registrar.get("/kemitraan/"))

    assert f'name="ref" value="{agreement_of_asahan.ref}" form="selection"' in page
    assert re.search(r'<form[^>]* id="selection" method="get" action="/kemitraan/tindakan/"', page)
    # A page that holds all of them offers no way to all of them.
    assert "semua=1" not in page


def test_who_sees_more_than_a_page_may_go_on_with_all_of_it(as_registrar):
    for _ in range(26):
        AgreementFactory(with_parties=[DITJEN, ASAHAN])
    page = said(as_registrar.get("/kemitraan/?class=regional"))

    assert f'href="{escape("/kemitraan/tindakan/?semua=1&class=regional")}"' in page
    chosen = as_registrar.get(f"{PAGE}?semua=1&class=regional").context["selection"]
    assert (chosen.count, chosen.ask) == (26, "class=regional")


def test_the_selection_is_asked_for_as_a_dossier(as_registrar, agreement_of_asahan):
    AgreementFactory()
    page = said(as_registrar.get(f"{PAGE}?{ask_for(agreement_of_asahan)}"))

    assert f'name="params" value="?{ask_for(agreement_of_asahan)}"' in page
    form = {"made_of": "dossier", "form": "zip", "params": f"?{ask_for(agreement_of_asahan)}"}
    assert as_registrar.post("/unduhan/", form).status_code in {302, 303}
    assert ExportJob.objects.get().query.getlist("ref") == [agreement_of_asahan.ref]


def test_nothing_ticked_is_nothing_and_never_everything(as_registrar, agreement_of_asahan):
    for query in ("", "?kind=mou", "?sort=title"):
        assert "selection" not in as_registrar.get(PAGE + query).context


def test_only_what_the_reader_may_do_to_any_paper_is_offered(
    client, registrar, unit_officer, officer_asahan, leadership, admin, agreement_of_asahan
):
    changes = {"tambah-bidang", "hapus-bidang", "unit", "acara"}
    for user, verbs in (
        (registrar, changes | {"ingatkan"}),
        (unit_officer, changes | {"ingatkan"}),
        (admin, changes),
        (officer_asahan, set()),
        (leadership, set()),
    ):
        client.force_login(user)
        page = client.get(f"{PAGE}?{ask_for(agreement_of_asahan)}")
        assert {verb.value for verb, _form in page.context["forms"]} == verbs
        assert f"/kemitraan/ekspor.csv?{ask_for(agreement_of_asahan)}" in said(page)


def test_the_page_says_what_will_happen_and_changes_nothing(as_registrar, theme, agreement_of_asahan):
    has_it = AgreementFactory(with_themes=[theme.slug])
    before = rows()
    page = as_registrar.get(ADD, {"ask": ask_for(agreement_of_asahan, has_it), "target": theme.slug})

    assert [each.paper.ref for each in page.context["able"]] == [agreement_of_asahan.ref]
    assert [(each.paper.ref, each.outcome) for each in page.context["unable"]] == [(has_it.ref, "already")]
    assert rows() == before


def test_confirmed_it_is_done_and_reported(as_registrar, theme, agreement_of_asahan):
    has_it = AgreementFactory(with_themes=[theme.slug])
    form = confirmed(as_registrar, ask_for(agreement_of_asahan, has_it), theme, reason="Rapat bidang")

    answer = as_registrar.post(ADD, form)

    run = BulkRun.objects.get()
    assert answer.url == run.get_absolute_url()
    report = as_registrar.get(answer.url)
    assert [ref for ref, _paper, _why in report.context["done"]] == [agreement_of_asahan.ref]
    assert [ref for ref, _paper, _why in report.context["skipped"]] == [has_it.ref]
    assert "Rapat bidang" in said(report)
    assert (agreement_of_asahan.ref, theme.slug) in rows()


def test_sent_twice_it_is_done_once_also_when_the_question_is_empty_by_then(as_registrar, theme):
    paper = AgreementFactory(with_parties=[DITJEN])
    form = confirmed(as_registrar, "q=uji", theme)
    first = as_registrar.post(ADD, form)
    paper.refresh_from_db()
    type(paper).objects.filter(pk=paper.pk).update(title="Lain sama sekali")

    assert as_registrar.post(ADD, form).url == first.url
    assert BulkRun.objects.count() == 1


def test_papers_that_came_meanwhile_are_not_taken_along(as_registrar, theme, agreement_of_asahan):
    form = confirmed(as_registrar, "class=regional", theme)
    late = AgreementFactory(with_parties=[DITJEN, BATANG])

    answer = as_registrar.post(ADD, form)

    assert answer.status_code == 409
    assert {each.paper.ref for each in answer.context["able"]} == {agreement_of_asahan.ref, late.ref}
    assert rows() == set()
    # What the page shows now can be confirmed.
    again = {**form, "seen": answer.context["form"].initial["seen"]}
    assert as_registrar.post(ADD, again).status_code == 302
    assert len(rows()) == 2


def test_foreign_papers_in_what_is_sent_change_nothing(client, unit_officer, theme, agreement_of_asahan):
    draft = AgreementFactory(with_parties=["itjen", BATANG], status="proposed")
    visible = AgreementFactory(with_parties=["itjen", BATANG])
    client.force_login(unit_officer)
    form = confirmed(client, ask_for(agreement_of_asahan), theme)

    # A paper that this officer can't see: the selection is refused as a whole.
    for ask in (ask_for(agreement_of_asahan, draft), ask_for(draft)):
        assert client.post(ADD, {**form, "ask": ask}).status_code == 422
    # Named only as seen, it is not part of the selection either.
    seen = f"{form['seen']} {draft.ref}:1"
    assert client.post(ADD, {**form, "seen": seen}).status_code == 409
    # One that can be seen and not changed stays, and says so.
    both = confirmed(client, ask_for(agreement_of_asahan, visible), theme)
    assert client.post(ADD, both).status_code == 302

    assert rows() == {(agreement_of_asahan.ref, theme.slug)}
    assert {ref: outcome for ref, outcome, _words in BulkRun.objects.get().results} == {
        agreement_of_asahan.ref: "",
        visible.ref: "right",
    }


def test_a_target_that_the_writer_can_not_see_or_that_is_none_is_refused(
    client, unit_officer, theme, request
):
    paper = AgreementFactory(with_parties=[DITJEN])
    client.force_login(unit_officer)
    form = confirmed(client, ask_for(paper), theme)
    for verb, target in (("tambah-bidang", "x"), ("unit", ASAHAN), ("acara", "tidak-ada"), ("unit", "")):
        answer = client.post(f"{PAGE}{verb}/", {**form, "target": target})
        assert answer.status_code == 422, verb
    paper.refresh_from_db()
    assert (paper.version, BulkRun.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    "broken", [{"key": ""}, {"key": "x"}, {"seen": ""}, {"seen": "x" * 30_000}, {"ask": "ref=KS-2099-0001"}]
)
def test_a_page_that_came_broken_changes_nothing(broken, as_registrar, theme, agreement_of_asahan):
    form = confirmed(as_registrar, ask_for(agreement_of_asahan), theme)

    assert as_registrar.post(ADD, {**form, **broken}).status_code == 422
    assert rows() == set()


def test_a_question_that_was_not_understood_whole_selects_nothing(as_registrar, theme, agreement_of_asahan):
    form = confirmed(as_registrar, ask_for(agreement_of_asahan), theme)
    for ask in ("class=regional&theme=tidak-ada", "class=regional&warna=biru", "view=999999"):
        page = as_registrar.get(ADD, {"ask": ask, "target": theme.slug})
        assert "form" not in page.context
        assert as_registrar.post(ADD, {**form, "ask": ask}).status_code == 422
    assert rows() == set()


def test_more_than_can_be_changed_at_once_is_a_sentence(as_registrar, theme, monkeypatch):
    monkeypatch.setattr(bulk, "MOST_PAPERS", 2)
    papers = [AgreementFactory(with_parties=[DITJEN]) for _ in range(3)]
    page = as_registrar.get(f"{PAGE}?{ask_for(*papers)}")

    assert page.context["selection"].too_many
    assert "/kemitraan/ekspor.csv" in said(page)
    assert "tambah-bidang" not in said(page)
    form = {"ask": ask_for(*papers), "target": theme.slug, "key": uuid4(), "seen": "KS-2024-0001:1"}
    assert as_registrar.post(ADD, form).status_code == 422


def test_as_many_papers_as_can_be_done_fit_into_the_form_that_confirms_them():
    papers = [Agreement(ref=f"KS-2024-{n:06}", version=999) for n in range(bulk.MOST_PAPERS)]
    form = ConfirmForm({"key": uuid4(), "seen": ConfirmForm.about(papers).initial["seen"]})

    assert form.is_valid()
    assert len(form.versions) == bulk.MOST_PAPERS


def test_the_report_is_for_who_did_it(client, registrar, admin, theme):
    run = BulkRun.objects.create(
        entry_key=uuid4(), by=registrar, verb="unit", results=[["KS-2025-1", "", ""]]
    )
    client.force_login(admin)

    assert client.get(run.get_absolute_url()).status_code == 404


def test_a_report_names_no_paper_that_can_be_seen_no_longer(client, unit_officer, theme):
    draft = AgreementFactory(with_parties=["itjen"], status="drafting", title="Rahasia")
    run = BulkRun.objects.create(
        entry_key=uuid4(), by=unit_officer, verb="unit", results=[[draft.ref, "", ""]]
    )
    client.force_login(unit_officer)
    page = said(client.get(run.get_absolute_url()))

    assert draft.ref in page
    assert "Rahasia" not in page


@pytest.mark.parametrize("verb", ["tambah-bidang", "hapus-bidang", "unit", "acara"])
def test_the_confirming_page_asks_as_often_for_thirty_papers_as_for_one(verb, as_registrar, theme):
    papers = [AgreementFactory(with_parties=[DITJEN, ASAHAN]) for _ in range(30)]
    target = {"unit": "itjen", "acara": SigningEventFactory().slug}.get(verb, theme.slug)
    asked = []
    for some in (papers[:1], papers):
        with CaptureQueriesContext(connection) as queries:
            page = as_registrar.get(f"{PAGE}{verb}/", {"ask": ask_for(*some), "target": target})
        assert len(page.context["able"]) + len(page.context["unable"]) == len(some)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_an_unknown_verb_is_no_address(as_registrar):
    assert as_registrar.get(f"{PAGE}hapus-semua/").status_code == 404
