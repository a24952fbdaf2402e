import datetime
import io

import pypdf
import pytest
from django.utils import translation

from partnerships.exports.profile import profile_page, profile_pdf
from partnerships.models import Agreement, Indicator, PartialDate, Party
from tests.factories import (
    AddendumFactory,
    AgreementFactory,
    CommitmentFactory,
    PersonFactory,
    SignatoryFactory,
    SigningEventFactory,
    SourcedFactFactory,
    TermFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def profile():
    """The profile of a paper as this reader gets it, as a PDF."""

    def made(agreement, user):
        papers = Agreement.objects.visible_to(user).with_validity().with_parties()
        page = profile_page(papers.get(pk=agreement.pk), user)
        return pypdf.PdfReader(io.BytesIO(profile_pdf(page)))

    return made


@pytest.fixture
def usual_paper():
    """A paper as the register has many: two parties, their signatories, a few commitments, a conflict."""
    agreement = AgreementFactory(
        ref="KS-2025-0002",
        title="Integrasi data ketenagakerjaan dengan Pemerintah Kabupaten Asahan",
        signed=PartialDate.of(2025, 3, 20),
        place="Ruang Tridharma, Gedung Kemnaker, Jakarta",
        event=SigningEventFactory(name="Penandatanganan 29 naskah"),
        with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"],
        with_themes=["integrasi-data", "pelatihan-vokasi"],
    )
    ministry, region = agreement.parties.all()
    Party.objects.filter(pk=region.pk).update(number="100.3.7/12/2025")
    SignatoryFactory(
        agreement=agreement,
        party=region,
        person=PersonFactory(name="Nama Wakil", title_before="Dr."),
        post="Wakil Bupati Asahan",
        capacity="an",
        on_behalf_of="Bupati Asahan",
        letter="Surat kuasa 18 Maret 2025",
    )
    SignatoryFactory(
        agreement=agreement, party=ministry, person=None, post="Direktur Jenderal", presence="witnessed"
    )
    TermFactory(agreement=agreement, starts=PartialDate.of(2025, 3, 20), ends=PartialDate.of(2099, 3))
    for number in range(4):
        text = f"Komitmen nomor {number}"
        CommitmentFactory(agreement=agreement, position=number, text=text, owed_by=region)
    CommitmentFactory(
        agreement=agreement,
        position=0,
        text="Melatih peserta",
        owed_by=ministry,
        indicator=Indicator.objects.get(slug="peserta-dilatih"),
        target=1250,
        due=datetime.date(2026, 12, 31),
        owner=ministry.organization,
        proof_wanted="Laporan",
    )
    SourcedFactFactory(
        agreement=agreement,
        value="2024-03-20",
        source="https://www.berita.example.test/a?b=1; Siaran pers",
        in_force=False,
        flag="weekday",
    )
    return agreement


def test_a_usual_paper_is_one_page_that_says_it_all(profile, said, registrar, usual_paper):
    pdf = profile(usual_paper, registrar)

    text = said(pdf)
    assert len(pdf.pages) == 1
    for words in (
        "KS-2025-0002 Memorandum of understanding",
        "Integrasi data ketenagakerjaan dengan Pemerintah Kabupaten Asahan",
        "20 March 2025",
        "In force until March 2099",
        "100.3.7/12/2025",
        "Dr. Nama Wakil , Wakil Bupati Asahan",
        "on behalf of (a.n.), for Bupati Asahan, Surat kuasa 18 Maret 2025",
        "Direktur Jenderal witnessed",
        "Ruang Tridharma, Gedung Kemnaker, Jakarta",
        "Penandatanganan 29 naskah",
        "1,250 orang 31 Dec 2026",
        "Komitmen nomor 1 not measurable yet",
        "Differing values 1",
        "2024-03-20",
        "berita.example.test, Siaran pers",
        f"Asked for by {registrar.name}",
        "Page 1 of 1",
    ):
        assert words.replace(" ,", ",") in text.replace(" ,", ","), words
    assert " WIB" in text


def test_an_early_end_an_extension_and_an_addendum_are_said(profile, said, registrar, usual_paper):
    usual_paper.terms.update(
        ends_earliest="2098-06-30",
        ends_latest="2098-06-30",
        ends_precision="day",
        ended_early=True,
        agreed_earliest="2099-03-01",
        agreed_latest="2099-03-31",
        agreed_precision="month",
        closed_because="Berita acara",
    )
    addendum = AddendumFactory(agreement=usual_paper, number="12/ADD", effective_on=datetime.date(2025, 9, 1))
    AddendumFactory(agreement=usual_paper, signed=PartialDate.of(2025, 8))
    TermFactory(
        agreement=usual_paper,
        position=2,
        reason="addendum",
        starts=PartialDate.of(2098, 7, 1),
        ends_open=True,
        addendum=addendum,
    )

    text = said(profile(usual_paper, registrar))

    for words in (
        "In force until 30 June 2098",
        "ended early; agreed was March 2099 (Berita acara)",
        "addendum from 1 July 2098 to no end agreed",
        "12/ADD (scope), holds from 1 September 2025",
        "addendum 2 (scope), signed August 2025",
    ):
        assert words in text, words


def test_an_unknown_term_is_said(profile, said, registrar):
    text = said(profile(AgreementFactory(signed=None), registrar))

    assert "Signed Date not known" in text
    assert "Validity Term unknown" in text


def test_a_paper_ended_before_its_time_does_not_say_until_when(profile, said, registrar, usual_paper):
    Agreement.objects.filter(pk=usual_paper.pk).update(status="terminated")

    text = said(profile(usual_paper, registrar))

    assert "Ended" in text
    assert "until March 2099" not in text


def test_long_lists_say_how_many_more_there_are(profile, said, registrar, usual_paper):
    for number in range(10, 30):
        CommitmentFactory(agreement=usual_paper, position=number, text=f"Komitmen nomor {number}")

    text = said(profile(usual_paper, registrar))

    assert "Commitments 25" in text
    assert "and 20 more in the portal" in text
    assert "Komitmen nomor 29" not in text


def test_a_paper_with_more_than_a_page_goes_on_with_its_name_on_top(profile, said, registrar):
    agreement = AgreementFactory(title="Judul yang panjang " * 20, with_parties=["ditjen-binalavotas"])
    for number in range(45):
        post = f"Kepala Dinas nomor {number} " + "kata " * 20
        SignatoryFactory(agreement=agreement, person=None, post=post)

    pdf = profile(agreement, registrar)

    assert len(pdf.pages) > 1
    assert all(agreement.ref in page.extract_text() for page in pdf.pages)
    assert "Kepala Dinas nomor 44" in said(pdf)


@pytest.mark.parametrize(
    ("relation", "forth", "back"),
    [("implements", "Implements", "Is implemented by"), ("renews", "Renews", "Is renewed by")],
)
def test_related_papers_both_ways(profile, said, registrar, relation, forth, back):
    first = AgreementFactory(title="Naskah pertama")
    second = AgreementFactory(title="Naskah kedua", **{relation: first})

    assert f"{forth} {first.ref} Naskah pertama" in said(profile(second, registrar))
    assert f"{back} {second.ref} Naskah kedua" in said(profile(first, registrar))


def test_a_related_paper_of_another_region_does_not_exist(
    profile, said, officer_asahan, agreement_of_asahan, agreement_of_batang
):
    Agreement.objects.filter(pk=agreement_of_batang.pk).update(implements=agreement_of_asahan)

    text = said(profile(agreement_of_asahan, officer_asahan))

    assert agreement_of_batang.ref not in text
    assert "Related papers" not in text


@pytest.mark.parametrize("source", ["http://[::1", "https://", "http://]", "//", "https:///x", ";;", "%"])
def test_a_source_that_is_no_address_is_printed_as_it_is(registrar, source):
    agreement = AgreementFactory()
    SourcedFactFactory(agreement=agreement, source=source, in_force=False)

    page = profile_page(Agreement.objects.with_validity().with_parties().get(), registrar)

    assert "2024-05-07" in page.html


def test_asks_the_database_as_often_for_much_as_for_little(
    django_assert_max_num_queries, registrar, usual_paper
):
    for _each in range(8):
        SignatoryFactory(agreement=usual_paper)
        AgreementFactory(implements=usual_paper, with_parties=["ditjen-binalavotas"])

    with django_assert_max_num_queries(20):
        profile_page(Agreement.objects.with_validity().with_parties().get(pk=usual_paper.pk), registrar)
