"""What somebody sends to the pages of writing who does not use them as they are shown."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.lifecycle import Status
from partnerships.models import Agreement, SigningEvent
from tests.factories import (
    AgreementFactory,
    OrganizationFactory,
    SignatoryFactory,
    SigningEventFactory,
    TermFactory,
)
from tests.partnerships.sheets import (
    change_of,
    everything_stored,
    move_of,
    new_paper,
    page_of,
    text_of,
    value_of,
)

ADD = reverse("partnerships:agreement-add")
EVENT = "penandatanganan-29-naskah-2025"


@pytest.fixture
def office(client, registrar):
    """The registrar at the keyboard."""
    client.force_login(registrar)
    return client


TRICKS = {
    "ref": "KS-1999-9999",
    "status": "terminated",
    "version": "99",
    "created_by": "1",
    "created_at": "1999-01-01",
    "published_at": "2020-01-01",
    "external_id": "R001",
    "external_source": "x",
    "entry_key": "5f9e5c0e-5a52-4a3c-9a51-9f5b2a3c7d10",
    "id": "1",
    "pk": "1",
    "by": "1",
    "owner": "1",
    "is_staff": "on",
    "groups": "1",
    "effective_on": "2020-01-01",
    "public": "yes",
    "to": "terminated",
    "parties-0-agreement": "1",
    "parties-0-pk": "1",
    "commitments-0-text": "x",
}


def tricks_for(sent):
    return {name: value for name, value in TRICKS.items() if name not in sent}


def test_fields_that_the_page_of_a_new_paper_does_not_have_are_ignored(office, registrar):
    sent = new_paper(effective_on="")

    answer = office.post(ADD, {**sent, **tricks_for(sent)})

    assert answer.status_code == 302
    paper = Agreement.objects.get()
    assert not paper.ref.startswith("KS-1999-")
    assert (paper.status, paper.version, paper.created_by) == (Status.SIGNED, 1, registrar)
    assert (paper.published_at, paper.external_id, paper.external_source) == (None, "", "")
    assert str(paper.entry_key) == sent["key"]
    assert not paper.commitments.exists()


def test_fields_that_the_page_of_a_change_does_not_have_are_ignored(office, agreement_of_asahan):
    ref = agreement_of_asahan.ref
    sent = change_of(agreement_of_asahan)

    assert office.post(page_of(agreement_of_asahan), {**sent, **tricks_for(sent)}).status_code == 302

    agreement_of_asahan.refresh_from_db()
    assert (agreement_of_asahan.ref, agreement_of_asahan.status) == (ref, Status.SIGNED)
    assert (agreement_of_asahan.version, agreement_of_asahan.created_by) == (2, None)
    assert (agreement_of_asahan.published_at, agreement_of_asahan.external_id) == (None, "")


def test_fields_that_the_pages_of_decisions_do_not_have_are_ignored(office, agreement_of_asahan):
    sent = move_of(agreement_of_asahan)
    office.post(page_of(agreement_of_asahan, "move"), {**sent, **tricks_for(sent)})
    agreement_of_asahan.refresh_from_db()
    assert (agreement_of_asahan.status, agreement_of_asahan.published_at) == (Status.ENDED, None)
    assert str(agreement_of_asahan.status_changes.first().effective_on) == "2025-01-31"

    sent = {"public": "yes", "version": "2"}
    office.post(page_of(agreement_of_asahan, "publish"), {**sent, **tricks_for(sent)})
    agreement_of_asahan.refresh_from_db()
    assert agreement_of_asahan.status == Status.ENDED
    assert agreement_of_asahan.published_at.year >= 2025


@pytest.mark.parametrize("version", ["0", "2", "99", "-1", "1.0", "x", "", "9" * 30])
def test_a_version_that_was_not_read_saves_nothing(version, office, agreement_of_asahan):
    answer = office.post(
        page_of(agreement_of_asahan), change_of(agreement_of_asahan, title="X", version=version)
    )

    assert answer.status_code in {409, 422}
    agreement_of_asahan.refresh_from_db()
    assert (agreement_of_asahan.title, agreement_of_asahan.version) != ("X", 2)


def test_rows_and_papers_of_others_are_refused(client, unit_officer, agreement_of_asahan):
    other = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-batang"])
    hidden = AgreementFactory(status=Status.PROPOSED, with_parties=["itjen"])
    signatory, term = SignatoryFactory(agreement=other), TermFactory(agreement=other)
    party = {"id": str(other.parties.last().pk), "organization": "Kab. Batang"}
    client.force_login(unit_officer)
    before = everything_stored()

    for fields in (
        {"parties": ["Ditjen Binalavotas", party]},
        {"signatories": [{"id": str(signatory.pk), "post": "Bupati"}]},
        {"terms": [{"id": str(term.pk), "starts": "2025"}]},
        {"implements": hidden.ref},
        {"renews": hidden.ref},
        {"event": str(SigningEvent.objects.first().pk)},
        {"themes": ["1"]},
    ):
        answer = client.post(page_of(agreement_of_asahan), change_of(agreement_of_asahan, **fields))
        assert answer.status_code == 422, fields

    assert everything_stored() == before


def test_an_event_out_of_sight_is_not_offered(client, unit_officer, monkeypatch):
    monkeypatch.setattr(
        type(SigningEvent.objects.all()), "visible_to", lambda rows, user: rows.exclude(slug=EVENT)
    )
    client.force_login(unit_officer)

    assert client.post(ADD, new_paper(event=EVENT)).status_code == 422


PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "</textarea><script>alert(1)</script>",
    "{{7*7}}",
    "{% load static %}",
    "{0.__class__}",
    "%(x)s %s %n",
    "${7*7}",
    "Set-Cookie: a=b",
]


class Dangers(HTMLParser):
    """What a browser would run in a page, were nothing else to keep it from it."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        runs = any(name.startswith("on") for name in names)
        leads = any((names.get(name) or "").startswith("javascript:") for name in ("href", "src", "action"))
        if runs or leads or (tag == "script" and "src" not in names):
            self.found.append((tag, attributes))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_looks_like_code_is_text_wherever_it_is_shown_again(payload, office):
    sent = new_paper(
        **dict.fromkeys(["title", "place", "signed", "represents", "work_regions"], payload),
        **dict.fromkeys(["implements", "renews", "reason", "kind", "event", "themes"], payload),
        parties=[
            dict.fromkeys(["organization", "number", "contact", "contact_details", "position"], payload)
        ],
        signatories=[dict.fromkeys(["person", "post", "party", "on_behalf_of", "letter"], payload)],
        terms=[dict.fromkeys(["starts", "ends", "duration_months", "closed_because"], payload)],
    )

    for answer in (office.post(ADD, sent), office.post(ADD, {**sent, "add": "terms"})):
        shown = text_of(answer)
        assert Dangers(shown).found == []
        assert "49" not in re.findall(r'value="([^"]*)"', shown)
        assert "<class" not in shown


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_looks_like_code_is_stored_and_shown_as_typed(payload, office):
    answer = office.post(ADD, new_paper(title=payload, signatories=[{"person": payload, "post": payload}]))

    assert answer.status_code == 302
    paper = Agreement.objects.get()
    assert (paper.title, paper.signatories.get().post) == (payload, payload)
    for name in ("edit", "move", "publish"):
        assert Dangers(text_of(office.get(page_of(paper, name)))).found == []


def test_names_in_the_register_that_look_like_code_are_text_too(office):
    OrganizationFactory(name="PT <script>alert(1)</script> Uji")
    SigningEventFactory(name='<img src=x onerror="alert(1)">')

    offered = text_of(office.post(ADD, new_paper(parties=["PT script alert Ujii"])))
    assert "parties-0=PT &lt;script&gt;" in offered
    options = text_of(office.get(reverse("partnerships:organization-choices"), {"q": "script"}))
    assert "PT &lt;script&gt;" in options

    assert Dangers(offered).found == Dangers(options).found == []


def test_nowhere_else_is_gone_to_after_saving(office):
    for trick in ("//example.com", "/\\example.com", "https:example.com", "/x\r\nSet-Cookie: a=b"):
        answer = office.post(f"{ADD}?next=//example.com", new_paper(place="Medan") | {"next": trick})
        assert answer["Location"].startswith("/kemitraan/KS-")


def test_each_page_wants_the_token_of_its_form(registrar, agreement_of_asahan):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(registrar)
    addresses = [ADD, *(page_of(agreement_of_asahan, name) for name in ("edit", "move", "publish"))]
    before = everything_stored()

    for address in addresses:
        sent = {**new_paper(), **change_of(agreement_of_asahan), "to": "ended", "public": "yes"}
        assert browser.post(address, sent).status_code == 403
        assert browser.post(address, json.dumps(sent), content_type="text/plain").status_code == 403
        token = value_of(browser.get(address), "csrfmiddlewaretoken")
        foreign = {"Origin": "https://example.com"}
        assert (
            browser.post(address, {**sent, "csrfmiddlewaretoken": token}, headers=foreign).status_code == 403
        )

    assert everything_stored() == before


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"title=%FF%FE", "application/x-www-form-urlencoded"),
        (b"title=a%00b", "application/x-www-form-urlencoded"),
        (b"title=" + b"x" * 100_000, "application/x-www-form-urlencoded"),
        (
            b"parties-TOTAL_FORMS=-1&signatories-TOTAL_FORMS=1e9&terms-TOTAL_FORMS=",
            "application/x-www-form-urlencoded",
        ),
        (b"kind=mou&kind=pks&title=a&title=b&version=1&version=2", "application/x-www-form-urlencoded"),
        (b"kind[]=mou&themes[0]=k3", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"a=1&" * 2100, "application/x-www-form-urlencoded"),
    ],
)
def test_whatever_is_sent_is_answered_and_nothing_is_stored(body, content_type, office, agreement_of_asahan):
    before = everything_stored()

    for address in (ADD, *(page_of(agreement_of_asahan, name) for name in ("edit", "move", "publish"))):
        assert office.post(address, body, content_type=content_type).status_code in {400, 422}

    assert everything_stored() == before
