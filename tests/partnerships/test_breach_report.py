"""The report on a stolen account: all that was planted is in it, and nothing of anybody else."""

import csv
import datetime
from io import StringIO

import pghistory
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from partnerships.actions import reads
from partnerships.models import Agreement, Document, FileRead
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    PartyFactory,
    PersonFactory,
    SignatoryFactory,
    UserFactory,
)
from tests.partnerships.filed_documents import version_of

SPAN = "--from=2026-06-03", "--to=2026-06-05"


def moment(day, hour=12):
    return timezone.make_aware(datetime.datetime(2026, 6, day, hour))


def noted(by, at, content, form, **what):
    read = reads.note(by=by, door="page", request="abc123", content=content, form=form, **what)
    read.pk, read.at = None, at
    # The log is only added to: the one of now stays, and is outside of every span asked for here.
    read.save(force_insert=True)


def told(user, *arguments):
    out = StringIO()
    call_command("breach_report", "--user", user.email, *SPAN, *arguments, stdout=out)
    return out.getvalue()


def lines(user):
    return list(csv.reader(StringIO(told(user, "--csv"))))[1:]


@pytest.fixture
def paper_with_people(db):
    """A paper with a contact, who signed it, and the contact of a commitment."""
    paper = AgreementFactory(with_parties=["ditjen-binalavotas"])
    party = PartyFactory(
        agreement=paper, contact=PersonFactory(name="Kontak Naskah"), contact_details="0812-000"
    )
    SignatoryFactory(agreement=paper, party=party, person=PersonFactory(name="Penanda Tangan"))
    CommitmentFactory(agreement=paper, contact=PersonFactory(name="Kontak Komitmen"))
    return paper


def people_in(found):
    return {line[2].partition(":")[0] for line in found if line[0] == "person"}


def test_everybody_in_a_paper_whose_document_was_read_is_concerned(paper_with_people, registrar):
    document = Document.objects.create(agreement=paper_with_people, purpose="paper", title="Naskah")
    file = version_of(document)
    other = AgreementFactory()
    SignatoryFactory(agreement=other, person=PersonFactory(name="Orang Lain"))
    noted(registrar, moment(4), "document", "pdf", file=file)

    found = lines(registrar)

    assert people_in(found) == {"Kontak Naskah", "Penanda Tangan", "Kontak Komitmen"}
    (read,) = [line for line in found if line[0] == "read"]
    assert read[1] == "2026-06-04T12:00:00+07:00"
    assert paper_with_people.ref in read[2]
    assert read[4] == "abc123"


@pytest.mark.parametrize(
    ("content", "question", "people"),
    [
        ("profile", "ref={ref}", {"Kontak Naskah", "Penanda Tangan"}),
        ("dossier", "ref={ref}", {"Kontak Naskah", "Penanda Tangan", "Kontak Komitmen"}),
        ("ledger", "columns=ref,contact", {"Kontak Komitmen"}),
        ("ledger", "columns=ref,text", set()),
        ("register", "", set()),
    ],
)
def test_of_a_list_those_are_concerned_who_stood_in_it(
    content, question, people, paper_with_people, registrar
):
    asked = question.format(ref=paper_with_people.ref)
    noted(registrar, moment(4), content, "csv", question=asked, rows=1)

    assert people_in(lines(registrar)) == people


def test_a_list_is_asked_for_as_far_as_its_reader_saw_then(paper_with_people, officer_asahan):
    # The officer of a region that has no part in the paper, whose posting has ended since.
    noted(officer_asahan, moment(4), "ledger", "csv", question="columns=ref,contact", rows=0)
    officer_asahan.postings.all().delete()
    type(officer_asahan).objects.filter(pk=officer_asahan.pk).update(is_active=False)

    assert people_in(lines(officer_asahan)) == set()


@pytest.mark.parametrize(
    ("at", "is_in"), [(moment(2, 23), 0), (moment(3, 0), 1), (moment(5, 23), 1), (moment(6, 0), 0)]
)
def test_the_last_day_is_a_whole_one(at, is_in, db, registrar):
    noted(registrar, at, "register", "csv", rows=3)

    assert len(lines(registrar)) == is_in


def test_what_the_account_wrote_is_told_and_what_others_wrote_is_not(db, registrar, unit_officer):
    today = timezone.localdate().isoformat()
    paper = AgreementFactory()
    for user in (registrar, unit_officer):
        with pghistory.context(actor=user.pk, request="def456"):
            Agreement.objects.filter(pk=paper.pk).update(title=f"Judul dari {user.pk}")
    out = StringIO()

    call_command(
        "breach_report", "--user", registrar.email, "--from", today, "--to", today, "--csv", stdout=out
    )

    found = [line for line in csv.reader(StringIO(out.getvalue())) if line[0] == "write"]
    assert [(line[2].rpartition("#")[2], line[4]) for line in found] == [(str(paper.pk), "def456")]


def test_a_session_that_is_open_is_told(client, db, registrar):
    client.force_login(registrar)
    client.force_login(UserFactory())

    assert [line[0] for line in lines(registrar)] == []
    client.force_login(registrar)
    assert [line[0] for line in lines(registrar)] == ["session"]


def test_the_text_says_the_same_with_the_notice_that_the_law_asks_for(paper_with_people, registrar):
    noted(registrar, moment(4), "profile", "pdf", question=f"ref={paper_with_people.ref}")

    text = told(registrar)

    assert paper_with_people.ref in text
    assert "Kontak Naskah" in text
    assert "UU 27/2022" in text
    assert FileRead.objects.filter(reader=registrar).count() == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--user=tidak@ada", *SPAN], "no account"),
        (["--user={}", "--from=kemarin", "--to=2026-06-05"], "neither a day"),
        (["--user={}", "--from=2026-02-31", "--to=2026-06-05"], "neither a day"),
        (["--user={}", "--from=2026-06-05", "--to=2026-06-03"], "before"),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(arguments, sentence, registrar):
    with pytest.raises(CommandError, match=sentence):
        call_command("breach_report", *[each.format(registrar.email) for each in arguments])
