import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerships.forms import ChangeSheet, NewSheet, differences, record_of
from partnerships.forms.lines import MOST_ROWS
from partnerships.lifecycle import Status
from partnerships.models import Agreement, Organization, PartialDate
from tests.factories import AgreementFactory, SignatoryFactory, TermFactory
from tests.partnerships.sheets import as_sent, change_of, new_paper, typed

PARTIES = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]


def answers(sheet):
    """Every sentence that the page answers with, by field."""
    assert not sheet.is_valid()
    found = {name: " ".join(errors) for name, errors in sheet.form.errors.items()}
    for rows in sheet.formsets:
        if rows.non_form_errors():
            found[rows.prefix] = " ".join(rows.non_form_errors())
        for row in rows.forms:
            found |= {row.add_prefix(name): " ".join(errors) for name, errors in row.errors.items()}
    return found


BAD_PAGES = {
    "no party": (new_paper(parties=[]), {"__all__": "Name at least one party."}),
    "a blank party": (new_paper(parties=["", "  "]), {"__all__": "Name at least one party."}),
    "an emptied row": (
        new_paper(parties=["Itjen", {"organization": "", "number": "3/NK"}]),
        {"parties-1-organization": "Name the organisation, or mark the row for removal."},
    ),
    "a party twice": (
        new_paper(parties=["Itjen", "Kab. Asahan", "Pemkab Asahan"]),
        {"parties-2-organization": "This organisation stands among the parties twice."},
    ),
    "a row of another paper": (
        new_paper(parties=["Itjen", {"organization": "Kab. Asahan", "id": "1"}]),
        {"parties-1-id": "This row is not one of this paper's. Open the page again."},
    ),
    "an absurd number": (
        new_paper(represents="99999999999999999999"),
        {"represents": "The number must lie between 1 and 10.000."},
    ),
    "too many papers": (
        new_paper(represents="10.001"),
        {"represents": "The number must lie between 1 and 10.000."},
    ),
    "signed tomorrow": (
        new_paper(signed="2099-01-01"),
        {"signed": "A signed paper can't have been signed in the future."},
    ),
    "proposed since the future": (
        new_paper(status="proposed", effective_on="2099-01-01"),
        {"effective_on": "A status can't have begun in the future."},
    ),
    "signed before it was signed": (
        new_paper(signed="2025-03-20", effective_on="2025-03-19"),
        {"effective_on": "The paper was not signed yet on that day."},
    ),
    "an unknown paper above": (
        new_paper(implements="KS-1999-0001"),
        {"implements": "There is no paper KS-1999-0001 that you can see."},
    ),
    "a nameless signatory": (
        new_paper(signatories=[{"letter": "SK 12"}]),
        {"signatories-0-person": "A signatory needs a name or a post."},
    ),
    "a signatory for nobody": (
        new_paper(signatories=[{"person": "Rianto", "party": "7"}]),
        {"signatories-0-party": "Choose one of the parties above."},
    ),
    "a signatory for a removed party": (
        new_paper(
            parties=["Itjen", {"organization": "Kab. Asahan", "remove": "on"}],
            signatories=[{"person": "Rianto", "party": "1"}],
        ),
        {"signatories-0-party": "That row of the parties is empty or removed."},
    ),
    "a term that ends first": (
        new_paper(terms=[{"starts": "2025", "ends": "2024"}]),
        {"terms-0-ends": "A term can't end before it begins."},
    ),
    "a term both open and ended": (
        new_paper(terms=[{"ends": "2027", "ends_open": "on"}]),
        {"terms-0-ends": "A term with an end has an end agreed: clear one of the two."},
    ),
    "a hundred years and more": (
        new_paper(terms=[{"duration_months": "1.201"}]),
        {"terms-0-duration_months": "The number must lie between 1 and 1.200."},
    ),
    "a new one without its kind": (
        new_paper(parties=["Itjen", {"organization": "PT Pendatang", "new": "on"}]),
        {"parties-1-new_kind": "Choose what kind of organisation it is."},
    ),
    "a new office without its region": (
        new_paper(
            parties=["Itjen", {"organization": "Dinas Baru", "new": "on", "new_kind": "regional_office"}]
        ),
        {"parties-1-new_region": "Name the region that this office acts for."},
    ),
    "rows without count": (
        {**new_paper(), "terms-TOTAL_FORMS": "banyak"},
        {"terms": "The rows of this page did not arrive whole. Open the page again."},
    ),
    "rows without end": (
        {**new_paper(), "terms-TOTAL_FORMS": "100000"},
        {"terms": f"A paper holds at most {MOST_ROWS} rows of one kind here."},
    ),
    "no proposed kind": (
        new_paper(kind="", parties=["Itjen"]),
        {"kind": "No rule proposes a kind for this partner. Choose one."},
    ),
}


@pytest.mark.parametrize("case", BAD_PAGES)
def test_what_is_wrong_is_answered_where_it_stands(case, registrar):
    sent, expected = BAD_PAGES[case]

    assert answers(NewSheet(registrar, as_sent(sent))) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "surat"),
        ("status", "ended"),
        ("status", "terminated"),
        ("certainty", "sure"),
        ("event", "tidak-ada"),
        ("event", "1"),
        ("themes", ["k3", "sulap"]),
        ("title", "x" * 401),
        ("place", "x" * 201),
        ("reason", "x" * 501),
        ("work_regions", "x\n" * 1500),
        ("represents", ""),
    ],
)
def test_a_value_that_the_page_does_not_offer_is_refused(name, value, registrar):
    assert list(answers(NewSheet(registrar, as_sent(new_paper(**{name: value}))))) == [name]


def test_the_page_of_a_new_paper_becomes_its_record(registrar):
    sheet = NewSheet(
        registrar,
        as_sent(
            new_paper(
                kind="",
                title="Sinergi",
                signed="20 Maret 2025",
                themes=["k3", "integrasi-data"],
                work_regions="Kab. Batang",
                parties=[
                    {"organization": "Pemkab Asahan", "position": "2", "contact": "Nama Baru"},
                    {"organization": "Ditjen Binalavotas", "number": "3/NK/2025"},
                    "",
                    {"organization": "PT Baru", "new": "on", "new_kind": "company", "position": "1"},
                ],
                signatories=[
                    {"person": "Nama Baru", "party": "0", "capacity": "deputy"},
                    {"post": "Direktur", "party": "3"},
                ],
                terms=[{"duration_months": "36"}, {}],
            )
        ),
    )

    assert sheet.is_valid(), answers(sheet)
    record = sheet.record()
    assert [line.organization.name for line in record.parties] == [
        "PT Baru",
        "Pemerintah Kabupaten Asahan",
        Organization.objects.get(slug="ditjen-binalavotas").name,
    ]
    assert record.kind == "nota_kesepakatan" or record.kind == "mou"
    assert record.signatories[0].person is record.parties[1].contact
    assert record.signatories[1].organization is record.parties[0].organization
    assert [(term.starts, term.ends, term.duration_months) for term in record.terms] == [(None, None, 36)]
    assert {theme.slug for theme in record.themes} == {"k3", "integrasi-data"}
    assert [region.code for region in record.work_regions] == ["33.25"]
    assert sheet.said()["entry"].status == "signed"


def test_a_kind_that_is_not_chosen_is_the_one_the_rules_propose(registrar):
    sheet = NewSheet(registrar, as_sent(new_paper(kind="")))

    assert sheet.is_valid()
    assert sheet.record().kind == "nota_kesepakatan"


def test_a_unit_officer_is_told_that_the_own_unit_is_missing(unit_officer):
    sheet = NewSheet(unit_officer, as_sent(new_paper(parties=["Kab. Asahan"])))

    assert answers(sheet) == {"__all__": "One of the parties must be your own unit."}


def test_a_unit_officer_registers_no_organisation(unit_officer):
    row = {"organization": "PT Baru", "new": "on", "new_kind": "company"}
    sheet = NewSheet(unit_officer, as_sent(new_paper(parties=["Ditjen Binalavotas", row])))

    assert answers(sheet) == {"parties-1-organization": "“PT Baru” is not in the list of organisations."}


def test_a_page_sent_unchanged_says_what_stands(registrar, agreement_of_asahan):
    party = agreement_of_asahan.parties.last()
    SignatoryFactory(agreement=agreement_of_asahan, party=party, post="Bupati")
    TermFactory(agreement=agreement_of_asahan, ends=PartialDate.of(2028))
    shown = ChangeSheet(registrar, agreement_of_asahan)

    sent = {}
    for form in [shown.form, *(row for rows in shown.formsets for row in rows.forms)]:
        for field in form:
            value = field.value()
            if value not in (None, "", False):
                sent[field.html_name] = value if isinstance(value, list) else str(value)
    for rows in shown.formsets:
        sent |= {f"{rows.prefix}-TOTAL_FORMS": str(len(rows.forms)), f"{rows.prefix}-INITIAL_FORMS": "0"}
    sheet = ChangeSheet(registrar, agreement_of_asahan, as_sent({**sent, "reason": "Uji"}))

    assert sheet.is_valid(), answers(sheet)
    assert sheet.record() == record_of(agreement_of_asahan)
    assert differences(sheet.record(), record_of(agreement_of_asahan), Agreement.objects.all()) == []


def test_names_of_two_parties_can_be_exchanged(registrar, agreement_of_asahan):
    first, second = agreement_of_asahan.parties.all()
    rows = [
        {"id": str(first.pk), "organization": second.organization.name},
        {"id": str(second.pk), "organization": first.organization.name},
    ]

    sheet = ChangeSheet(registrar, agreement_of_asahan, as_sent(change_of(agreement_of_asahan, parties=rows)))

    assert sheet.is_valid(), answers(sheet)
    assert [line.pk for line in sheet.record().parties] == [second.pk, first.pk]


def test_a_paper_above_that_the_writer_can_not_see_stays_and_is_not_shown(unit_officer):
    hidden = AgreementFactory(status=Status.PROPOSED, with_parties=["itjen"])
    paper = AgreementFactory(implements=hidden, with_parties=PARTIES)

    assert ChangeSheet(unit_officer, paper).form.initial["implements"] == ""
    sheet = ChangeSheet(unit_officer, paper, as_sent(change_of(paper)))
    assert sheet.is_valid(), answers(sheet)
    assert sheet.record().implements == hidden


def test_a_change_wants_its_reason(registrar, agreement_of_asahan):
    sheet = ChangeSheet(registrar, agreement_of_asahan, as_sent(change_of(agreement_of_asahan, reason=" ")))

    assert answers(sheet) == {"reason": "Say in a few words why you change the paper."}


NAMES = sorted(
    typed(
        signatories=[dict.fromkeys(["person", "post", "party", "capacity", "id", "remove"], "")],
        terms=[dict.fromkeys(["starts", "ends", "ends_open", "duration_months", "id"], "")],
        parties=[dict.fromkeys(["organization", "new", "new_kind", "new_region", "id", "position"], "")],
    )
    | dict.fromkeys(["status", "effective_on", "key", "themes", "event", "work_regions", "add", "pick"], "")
)
NASTY = [
    "", "0", "-1", "1.25", "9" * 40, "2025-02-30", "KS-2025-0001", "%s%n", "{{7*7}}", "{0.__class__}",
    "'", "on", "\u202e", "parties-0=x",
]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(NASTY) | st.text(max_size=30)))
def test_no_page_breaks_whatever_is_sent(sent, registrar):
    sheet = NewSheet(registrar, as_sent({**new_paper(), **sent}))

    if not sheet.only_looks and sheet.is_valid():
        assert sheet.record().parties
