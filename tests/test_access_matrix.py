"""Every address, as everybody: what access_matrix.csv says, and nothing it does not say.

Columns are people, rows are addresses; a paper's row names the statuses it holds for. An address of
the portal that is missing from the table fails.
"""

import csv
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import User
from partnerships.actions import meetings
from partnerships.lifecycle import Status
from partnerships.models import (
    Access,
    Agreement,
    BulkRun,
    Document,
    LegalHold,
    Organization,
    Party,
    StoredFile,
    Theme,
)
from partnerships.roles import Role
from regions.models import Region
from tests.conftest import person
from tests.factories import (
    ActionPointFactory,
    AddendumFactory,
    AgreementFactory,
    DisposalFactory,
    EvaluationMeetingFactory,
    ExportJobFactory,
    MeasurableFactory,
    NaskahReadingFactory,
    NeedFactory,
    OfferFactory,
    OrganizationFactory,
    ReportFactory,
    SavedViewFactory,
    SigningEventFactory,
    UserFactory,
)

ROWS = list(csv.DictReader((Path(__file__).parent / "access_matrix.csv").open()))
PEOPLE = [name for name in ROWS[0] if name not in {"url", "method", "states"}]

URLS = sorted({row["url"] for row in ROWS})
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS")

# The library's own pages of signing in and of one's account: public, or one's own.
OF_THE_ACCOUNT = {
    "account_login": 200,
    "mfa_authenticate": 302,
    "account_logout": 302,
    "account_inactive": 200,
    "account_signup": 200,
    "account_reset_password": 200,
    "account_reset_password_done": 200,
    "account_reset_password_from_key": 200,
    "account_reset_password_from_key_done": 200,
    "account_reauthenticate": 302,
    "mfa_reauthenticate": 302,
    "account_change_password": 302,
    "account_set_password": 302,
    "mfa_index": 302,
    "mfa_activate_totp": 302,
    "mfa_deactivate_totp": 302,
    "mfa_view_recovery_codes": 302,
    "mfa_generate_recovery_codes": 302,
    "mfa_login_webauthn": 302,
    "mfa_reauthenticate_webauthn": 302,
    "mfa_list_webauthn": 302,
    "mfa_add_webauthn": 302,
    "mfa_edit_webauthn": 302,
    "mfa_remove_webauthn": 302,
    "usersessions_list": 302,
    "account_address": 302,
    "account_new_address": 404,
}
ARGUMENTS = {
    "account_reset_password_from_key": {"uidb36": "1", "key": "x-y"},
    "account_new_address": {"token": "x:y:z"},
    "mfa_edit_webauthn": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
}
PUBLIC = {"healthz": 200, "metrics": 404, "set_language": 302, "partnerships:issued-files": 200}
# Each opens one thing to who holds its key; to everybody else, and for another key, it is not there.
BY_KEY = {"confirmation", "mail-off", "calendar-feed", "issued-file"}


def everybody():
    """Who comes to the portal, by the names of the table's columns."""
    bureau, today = (Role.REGISTRAR, "biro-kerja-sama"), timezone.localdate()
    former = person(*bureau)
    former.postings.update(ends_on=today, starts_on=today - timedelta(days=9))
    return {
        "anonymous": None,
        "nobody": UserFactory(),
        "registrar": person(*bureau),
        "unit": person(Role.UNIT_OFFICER, "ditjen-binalavotas"),
        "other_unit": person(Role.UNIT_OFFICER, "itjen"),
        "asahan": person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan"),
        "batang": person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-batang"),
        "north_sumatra": person(Role.REGIONAL_OFFICER, "pemerintah-provinsi-sumatera-utara"),
        "leadership": person(Role.LEADERSHIP, "kementerian-ketenagakerjaan"),
        "admin": UserFactory(is_staff=True, is_superuser=True),
        "former": former,
        "deactivated": person(*bureau, is_active=False),
    }


@pytest.fixture
def people(db):
    return everybody()


PARTIES = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]


OF_A_COMMITMENT = {
    "commitment-add",
    "commitment-detail",
    "commitment-change",
    "commitment-withdraw",
    "commitment-ask",
    "progress-report",
    "progress-draft",
    "progress-take-back",
    "evidence-upload",
    "evidence-withdraw",
    "document-file",
    "verification",
    "verification-reopen",
}


def addresses(row):
    """The (state, address) pairs that a row of the table speaks of, with what they need made."""
    url, states = row["url"], row["states"]
    name = f"partnerships:{url}"
    if url in {"agreement-export", "commitment-export"}:
        return [(form, reverse(name, args=[form])) for form in ("csv", "xlsx", "json", "pdf")]
    if url in {"funnel-export", "matrix-export"}:
        return [(form, reverse(name, args=[form])) for form in ("csv", "pdf")]
    if url.startswith("agreement-") and states:
        statuses = list(Status) if states == "*" else states.split()
        form = ["csv"] if url == "agreement-matrix" else []
        return [
            (status, reverse(name, args=[AgreementFactory(status=status, with_parties=PARTIES).ref, *form]))
            for status in statuses
        ]
    if url in {"reading-detail", "reading-register"}:
        registrar = User.objects.filter(postings__role=Role.REGISTRAR, postings__ends_on=None, is_active=True)
        return [(states, reverse(name, args=[NaskahReadingFactory(by=registrar.first()).pk]))]
    if url == "bulk-action":
        return [(verb, reverse(name, args=[verb])) for verb in states.split()]
    if url.startswith(("view-", "bulk-")) and states:
        return [(states, _of_the_registrar(url))]
    if url.startswith("download") and states:
        registrar = User.objects.filter(postings__role=Role.REGISTRAR, postings__ends_on=None, is_active=True)
        # Its bytes are nowhere: who may have them is told that they are gone.
        return [(states, reverse(name, args=[ExportJobFactory(asked_by=registrar.first(), reach="done").pk]))]
    if url in {"action-point-detail", "action-point-add", "confirmation-ask"}:
        return [(states, _of_what_is_done(url))]
    if url.startswith(("need-", "offer-", "match-")) and states:
        return [(states, _of_what_is_needed(url))]
    if url == "addendum-change":
        return [(status, _of_an_addendum(status)) for status in states.split()]
    if url.startswith("document-") and url != "document-file":
        return [(status, _of_what_is_filed(url, status)) for status in states.split()]
    if url in OF_A_COMMITMENT:
        return [(status, _of_what_is_promised(url, status)) for status in states.split()]
    if url == "organization-detail" and states == "government":
        return [(states, reverse(name, args=["pemerintah-kabupaten-batang"]))]
    if url == "organization-detail":
        partner = OrganizationFactory()
        draft = AgreementFactory(status=Status.PROPOSED, with_parties=PARTIES)
        Party.objects.create(agreement=draft, organization=partner, position=3)
        return [(states, partner.get_absolute_url())]
    if url.startswith("event-") and states:
        event = SigningEventFactory()
        if states == "of a paper of Asahan":
            AgreementFactory(event=event, with_parties=PARTIES)
        return [(states, reverse(name, args=[event.slug]))]
    if url == "region-profile":
        return [("", reverse(name, args=["33.25"]))]
    if url == "period-report":
        return [("year", reverse(name, args=[2025])), ("half", reverse(name, args=[2025, 1]))]
    if url in {"period-pdf", "period-csv"}:
        return [("", reverse(name, args=[2025, 2]))]
    if url.startswith("meeting-") and states:
        return [(states, _of_a_meeting(url, states))]
    if url.startswith(("disposal-", "hold-")) and states:
        return [(states, _of_retention(url, states))]
    if url == "region-detail":
        return [("province", reverse(name, args=["12"])), ("kabupaten", reverse(name, args=["33.25"]))]
    return [("", reverse(name))]


def _of_retention(url, state):
    if url == "hold-lift":
        held = LegalHold.objects.create(
            agreement=AgreementFactory(), reason="Perkara", placed_by=UserFactory()
        )
        return reverse(f"partnerships:{url}", args=[held.pk])
    disposal = DisposalFactory(reach="done" if state == "carried out" else None)
    return reverse(f"partnerships:{url}", args=[disposal.pk])


def _of_what_is_needed(url):
    offer = OfferFactory(everywhere=False, with_regions=["12"])
    if url.startswith("offer-"):
        return reverse(f"partnerships:{url}", args=[offer.pk])
    # Of another theme, so that nobody makes a paper of the two.
    need = NeedFactory(theme=Theme.objects.get(slug="penempatan"))
    more = [offer.pk] if url == "match-propose" else []
    return reverse(f"partnerships:{url}", args=[need.pk, *more])


def _of_what_is_promised(url, status):
    paper = AgreementFactory(status=status, with_parties=PARTIES)
    if url == "commitment-add":
        return reverse(f"partnerships:{url}", args=[paper.ref])
    commitment = MeasurableFactory(agreement=paper)
    if url.startswith("commitment-"):
        return reverse(f"partnerships:{url}", args=[commitment.pk])
    report = ReportFactory(commitment=commitment, reach="submitted")
    if url in {"progress-report", "progress-draft"}:
        return reverse(f"partnerships:{url}", args=[commitment.pk, commitment.due])
    if url not in {"document-file", "evidence-withdraw"}:
        return reverse(f"partnerships:{url}", args=[report.pk])
    document = Document.objects.create(agreement=paper, purpose="report", title="Bukti", report=report)
    if url == "evidence-withdraw":
        return reverse(f"partnerships:{url}", args=[document.pk])
    # Its bytes are nowhere: who may have them is told that they are gone.
    facts = {"key": uuid4().hex, "sha256": "0" * 64, "size": 1, "uploaded_by": report.written_by}
    return StoredFile.objects.create(document=document, name="bukti.pdf", **facts).get_absolute_url()


def _of_the_registrar(url):
    registrar = User.objects.filter(postings__role=Role.REGISTRAR, postings__ends_on=None, is_active=True)
    if url == "bulk-report":
        run = BulkRun.objects.create(entry_key=uuid4(), by=registrar.first(), verb="unit", results=[])
        return run.get_absolute_url()
    return reverse(f"partnerships:{url}", args=[SavedViewFactory(owner=registrar.first()).pk])


def _of_a_meeting(url, states):
    AgreementFactory(with_parties=PARTIES)
    meeting = EvaluationMeetingFactory(with_partners=PARTIES[1:])
    if states == "frozen":
        registrar = User.objects.filter(
            postings__role=Role.REGISTRAR, postings__ends_on=None, is_active=True
        ).first()
        meetings.freeze(meeting=meeting, by=registrar)
    partner = PARTIES[1:] if url in {"meeting-partner", "meeting-minutes"} else []
    return reverse(f"partnerships:{url}", args=[meeting.pk, *partner])


def _of_an_addendum(status):
    addendum = AddendumFactory(agreement=AgreementFactory(status=status, with_parties=PARTIES))
    return reverse("partnerships:addendum-change", args=[addendum.agreement.ref, addendum.position])


def _of_what_is_filed(url, status):
    paper = AgreementFactory(status=status, with_parties=PARTIES)
    if url in {"document-add", "document-upload"}:
        return reverse(f"partnerships:{url}", args=[paper.ref])
    document = Document.objects.create(agreement=paper, purpose="paper", title="Naskah")
    if url != "document-page":
        return reverse(f"partnerships:{url}", args=[document.pk])
    # Its bytes are nowhere: who may see them is told that they are gone.
    facts = {
        "key": uuid4().hex,
        "sha256": "0" * 64,
        "size": 1,
        "uploaded_by": person(Role.LEADERSHIP, "itjen"),
    }
    StoredFile.objects.create(document=document, name="a.pdf", media_type="application/pdf", **facts)
    return reverse(f"partnerships:{url}", args=[document.pk, 1, 1])


def _of_what_is_done(url):
    paper = AgreementFactory(with_parties=PARTIES)
    if url == "action-point-add":
        return reverse(f"partnerships:{url}", args=[paper.ref])
    if url == "action-point-detail":
        return ActionPointFactory(agreement=paper).get_absolute_url()
    report = ReportFactory(commitment=MeasurableFactory(agreement=paper), reach="submitted")
    return reverse(f"partnerships:{url}", args=[report.pk])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['method']} {row['url']} {row['states']}")
def test_everybody_gets_what_the_table_says(row, people, client):
    surprises = []
    for state, address in addresses(row):
        for who in PEOPLE:
            client.logout()
            if people[who]:
                client.force_login(people[who])
            got = client.generic(row["method"], address).status_code
            if got != int(row[who]):
                surprises.append(f"{who}, {state or 'any'}: {got} instead of {row[who]}")
    assert surprises == []


@pytest.mark.parametrize("url", URLS)
def test_no_address_takes_another_method_from_anybody(url, people, client):
    _state, address = addresses(next(row for row in ROWS if row["url"] == url))[0]
    surprises = []
    for who in PEOPLE:
        client.logout()
        if people[who]:
            client.force_login(people[who])
        expected = 302 if who in {"anonymous", "deactivated"} else 405
        for method in OTHER_METHODS:
            if (got := client.generic(method, address).status_code) != expected:
                surprises.append(f"{method} by {who}: {got} instead of {expected}")
    assert surprises == []


def test_the_table_is_of_ten_thousand_cells_and_more(people):
    of_rows = sum(len(addresses(row)) for row in ROWS) * len(PEOPLE)
    assert of_rows + len(URLS) * len(OTHER_METHODS) * len(PEOPLE) > 10_000


@pytest.mark.parametrize(("name", "code"), [*OF_THE_ACCOUNT.items(), *PUBLIC.items()])
def test_pages_of_the_account_are_public_or_ones_own(name, code, client, db):
    assert client.get(reverse(name, kwargs=ARGUMENTS.get(name))).status_code == code


@pytest.mark.parametrize("name", sorted(BY_KEY))
@pytest.mark.parametrize("who", PEOPLE)
def test_an_address_with_a_wrong_key_opens_nothing_to_anybody(name, who, people, client):
    if people[who]:
        client.force_login(people[who])
    address = reverse(f"partnerships:{name}", args=["1-abcdefghijklmnopqrstuvwxyz"])

    assert client.get(address).status_code == 404
    assert client.put(address).status_code == 405


def test_a_header_opens_no_door(client, agreement_of_asahan):
    address = agreement_of_asahan.get_absolute_url()
    for headers in (
        {"HX-Request": "true"},
        {"Accept": "application/json"},
        {"Accept": "text/csv"},
        {"X-Original-URL": "/healthz"},
        {"X-Forwarded-For": "127.0.0.1"},
    ):
        assert client.get(address, headers=headers).status_code == 302


def test_everything_in_the_admin_is_unknown_to_who_is_no_admin(own_database, client):
    # Committed, so that what each page says of one's tasks is kept from page to page.
    people, paper = everybody(), AgreementFactory(with_parties=PARTIES)
    windows = {who: Client() for who in ("registrar", "unit", "asahan", "leadership", "nobody", "former")}
    for who, window in windows.items():
        window.force_login(people[who])
    found = [name for name in every_name() if name.startswith("admin:")]
    assert len(found) > 60
    for name in found:
        address = _admin_address(name.removeprefix("admin:"), paper.pk)
        for who, window in windows.items():
            assert window.get(address).status_code == 404, f"{address} as {who}"
        assert windows["former"].post(address).status_code == 404, address
        assert client.get(address).status_code in {302, 404}, address


def test_every_address_of_the_portal_is_in_a_table():
    of_the_portal = {row["url"] for row in ROWS} | BY_KEY
    known = {f"partnerships:{name}" for name in of_the_portal} | set(OF_THE_ACCOUNT) | set(PUBLIC)

    missing = {name for name in every_name() if not name.startswith("admin:")} - known

    assert missing == set()


def test_no_address_but_the_link_in_a_mail_takes_a_form_without_its_token():
    """That one ends mail with a single request of the mail program, and its address is the key (RFC 8058)."""
    exempt = [name for name, view in every_view() if getattr(view, "csrf_exempt", False)]

    assert exempt == ["partnerships:mail-off"]


def test_officers_reach_no_region_but_their_own_over_all_pairs(db):
    """All 304,152 ordered pairs of regions: an officer of one sees the paper of the other only when
    it is the own region or one of its kabupaten and kota."""
    papers, parties = [], []
    governments = list(Organization.objects.filter(region__isnull=False, parent=None).order_by("region"))
    for number, government in enumerate(governments):
        papers.append(Agreement(ref=f"KS-2023-{number + 1000}", status=Status.SIGNED, title=government.name))
    papers = Agreement.objects.bulk_create(papers)
    for paper, government in zip(papers, governments, strict=True):
        parties.append(Party(agreement=paper, organization=government))
    Party.objects.bulk_create(parties)
    region_of = {
        paper.pk: government.region_id for paper, government in zip(papers, governments, strict=True)
    }
    pairs = 0
    for region in Region.objects.all():
        reader = _officer_with(
            Access(roles=frozenset({Role.REGIONAL_OFFICER}), regions=frozenset({region.code}))
        )
        seen = {region_of[pk] for pk in Agreement.objects.visible_to(reader).values_list("pk", flat=True)}
        assert seen == {code for code in region_of.values() if code == region.code or code[:2] == region.code}
        pairs += len(region_of) - 1
    assert pairs == 552 * 551


class _Officer:
    is_authenticated = is_active = True
    is_superuser = False


def _officer_with(access):
    officer = _Officer()
    officer._access = access
    return officer


def every_name():
    """The names of all addresses, with their namespace; an address without a name is an error."""
    return [name for name, _view in every_view()]


def every_view():
    """Each name with its view."""

    def walk(patterns, namespace):
        for each in patterns:
            if isinstance(each, URLResolver):
                inner = f"{each.namespace}:" if each.namespace else ""
                yield from walk(each.url_patterns, namespace + inner)
            elif isinstance(each, URLPattern) and each.name:
                yield namespace + each.name, each.callback
            elif not (namespace == "admin:" and each.name is None):
                raise AssertionError(f"{each} has no name")

    return list(walk(get_resolver().url_patterns, ""))


def _admin_address(name, pk):
    for arguments in ([], [pk], ["partnerships"], [pk, pk], ["x"]):
        try:
            return reverse(f"admin:{name}", args=arguments)
        except NoReverseMatch:
            continue
    raise AssertionError(f"no address for admin:{name}")
