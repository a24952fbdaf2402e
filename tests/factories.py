"""Things of the tests, each whole and plain; a test names only what it is about."""

import uuid
from datetime import date

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import User
from partnerships.imports import naskah
from partnerships.lifecycle import Status
from partnerships.models import (
    ActionPoint,
    Addendum,
    Agreement,
    AgreementKind,
    AgreementTheme,
    ClauseText,
    Commitment,
    Disposal,
    DisposalItem,
    EvaluationMeeting,
    ExportJob,
    Indicator,
    IssuedFile,
    ListName,
    Match,
    MeetingPartner,
    NaskahReading,
    Need,
    Offer,
    OfferRegion,
    Organization,
    OrganizationKind,
    PartialDate,
    Party,
    Person,
    Posting,
    ProgressReport,
    ReportMove,
    SavedView,
    Signatory,
    SigningEvent,
    SourcedFact,
    StatusChange,
    Term,
    Theme,
    access_of,
    issue_code,
)
from regions.models import Region


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"orang{n}@example.test")
    name = factory.Sequence(lambda n: f"Orang {n}")
    password = factory.django.Password("sandi-untuk-uji-coba")


class OrganizationFactory(DjangoModelFactory):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"PT Mitra Uji {n}")
    slug = factory.Sequence(lambda n: f"pt-mitra-uji-{n}")
    kind = OrganizationKind.COMPANY


class PostingFactory(DjangoModelFactory):
    class Meta:
        model = Posting

    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory(OrganizationFactory)
    starts_on = factory.LazyFunction(timezone.localdate)


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"Nama Uji {n}")


class SigningEventFactory(DjangoModelFactory):
    class Meta:
        model = SigningEvent

    name = factory.Sequence(lambda n: f"Acara penandatanganan {n}")
    slug = factory.Sequence(lambda n: f"acara-penandatanganan-{n}")
    held = PartialDate.of(2025, 3, 20)


class EvaluationMeetingFactory(DjangoModelFactory):
    """A meeting that is being prepared. ``with_partners`` are slugs of organisations."""

    class Meta:
        model = EvaluationMeeting
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Rapat evaluasi {n}")
    held_on = date(2026, 12, 10)

    @factory.post_generation
    def with_partners(self, create, slugs):
        for position, slug in enumerate(slugs or [], start=1):
            organization = Organization.objects.get(slug=slug)
            MeetingPartner.objects.create(
                meeting=self,
                organization=organization,
                position=position,
                name=organization.name,
                kind=organization.kind,
            )


class AgreementFactory(DjangoModelFactory):
    """A signed paper. ``with_parties`` are slugs of organisations, ``with_themes`` of themes."""

    class Meta:
        model = Agreement
        skip_postgeneration_save = True

    ref = factory.Sequence(lambda n: f"KS-2024-{n + 5000}")
    kind = AgreementKind.MOU
    title = factory.Sequence(lambda n: f"Pelatihan vokasi uji {n}")
    status = Status.SIGNED
    signed = PartialDate.of(2024, 5, 7)

    @factory.post_generation
    def recorded(self, create, extracted):
        StatusChange.objects.create(agreement=self, new=self.status, effective_on=self.signed_latest, by=None)

    @factory.post_generation
    def with_parties(self, create, slugs):
        for position, slug in enumerate(slugs or [], start=1):
            organization = Organization.objects.get(slug=slug)
            Party.objects.create(agreement=self, organization=organization, position=position)

    @factory.post_generation
    def with_themes(self, create, slugs):
        for slug in slugs or []:
            AgreementTheme.objects.create(agreement=self, theme=Theme.objects.get(slug=slug))


class PartyFactory(DjangoModelFactory):
    class Meta:
        model = Party

    agreement = factory.SubFactory(AgreementFactory)
    organization = factory.SubFactory(OrganizationFactory)


class SignatoryFactory(DjangoModelFactory):
    class Meta:
        model = Signatory

    agreement = factory.SubFactory(AgreementFactory)
    person = factory.SubFactory(PersonFactory)


class TermFactory(DjangoModelFactory):
    class Meta:
        model = Term

    agreement = factory.SubFactory(AgreementFactory)
    starts = PartialDate.of(2024, 5, 7)


class CommitmentFactory(DjangoModelFactory):
    class Meta:
        model = Commitment

    agreement = factory.SubFactory(AgreementFactory)
    text = factory.Sequence(lambda n: f"Melatih {n} peserta")


class SourcedFactFactory(DjangoModelFactory):
    class Meta:
        model = SourcedFact

    agreement = factory.SubFactory(AgreementFactory)
    field = "signed"
    value = "2024-05-07"
    source = "https://example.test/berita"


class MeasurableFactory(CommitmentFactory):
    """A commitment that can be measured: 100 people, by the end of 2025, by Kabupaten Asahan."""

    indicator = factory.LazyFunction(lambda: Indicator.objects.get(slug="peserta-dilatih"))
    target = 100
    starts_on = date(2025, 1, 1)
    due = date(2025, 12, 31)
    owner = factory.LazyFunction(lambda: Organization.objects.get(slug="pemerintah-kabupaten-asahan"))
    proof_wanted = "Daftar hadir"


class ReportFactory(DjangoModelFactory):
    """A report, taken along its life as far as ``reach`` says (draft, submitted, returned, verified)."""

    class Meta:
        model = ProgressReport
        skip_postgeneration_save = True

    commitment = factory.SubFactory(MeasurableFactory)
    period_end = factory.LazyAttribute(lambda report: report.commitment.due)
    value = 40
    written_by = factory.SubFactory(UserFactory)
    writers = factory.LazyAttribute(lambda report: [report.written_by.pk])

    @factory.post_generation
    def reach(self, create, wanted):
        for status in {
            "submitted": ["submitted"],
            "returned": ["submitted", "returned"],
            "verified": ["submitted", "verified"],
        }.get(wanted, []):
            old, self.status = self.status, status
            if status == "submitted":
                self.submitted_by, self.submitted_at = self.written_by, timezone.now()
                by = self.written_by
            else:
                by = self.decided_by = UserFactory()
                self.decided_at = timezone.now()
            self.save()
            ReportMove.objects.create(report=self, old=old, new=status, by=by, reason="Uji")


class ActionPointFactory(DjangoModelFactory):
    """Something that Kabupaten Asahan is to do by the end of 2050; done, if ``done_by`` says by whom."""

    class Meta:
        model = ActionPoint

    agreement = factory.SubFactory(AgreementFactory)
    text = factory.Sequence(lambda n: f"Mengirim daftar peserta {n}")
    owner = factory.LazyFunction(lambda: Organization.objects.get(slug="pemerintah-kabupaten-asahan"))
    due = date(2050, 12, 31)
    raised_by = factory.SubFactory(UserFactory)
    status = factory.LazyAttribute(lambda point: "done" if point.done_by else "open")
    done_by = None
    done_at = factory.LazyAttribute(lambda point: timezone.now() if point.done_by else None)
    done_note = factory.LazyAttribute(lambda point: "Sudah dikirim" if point.done_by else "")


class AddendumFactory(DjangoModelFactory):
    """An addendum of a paper that changes its scope."""

    class Meta:
        model = Addendum

    agreement = factory.SubFactory(AgreementFactory)
    position = factory.LazyAttribute(lambda addendum: addendum.agreement.addenda.count() + 1)
    subjects = factory.LazyFunction(lambda: ["scope"])
    summary = factory.Sequence(lambda n: f"Ruang lingkup ditambah {n}")
    created_by = factory.SubFactory(UserFactory)


class ClauseTextFactory(DjangoModelFactory):
    """The wording of a clause as first signed; with an addendum, the one that it gave."""

    class Meta:
        model = ClauseText

    agreement = factory.SubFactory(AgreementFactory)
    clause = "Pasal 3"
    text = factory.Sequence(lambda n: f"Para pihak sepakat melatih {n} peserta.")


class NaskahReadingFactory(DjangoModelFactory):
    """A naskah that was read: ``text`` is what stood on its one page. Its file lies nowhere."""

    class Meta:
        model = NaskahReading

    class Params:
        text = "NOTA KESEPAHAMAN\nTENTANG\nPELATIHAN UJI\nPada hari ini Kamis tanggal 20 Maret 2025:\n"

    by = factory.SubFactory(UserFactory)
    key = factory.Sequence(lambda n: f"{n:032x}")
    name = factory.Sequence(lambda n: f"naskah-{n}.pdf")
    media_type = "application/pdf"
    size = 1
    sha256 = "0" * 64
    pages = 1
    proposals = factory.LazyAttribute(
        lambda reading: {"state": "read", "read": naskah.read([(1, reading.text)]).as_data()}
    )


class NeedFactory(DjangoModelFactory):
    """A need that Kabupaten Asahan states: 120 people to be trained in 2050."""

    class Meta:
        model = Need

    office = factory.LazyAttribute(lambda need: Organization.objects.get(region=need.region, parent=None))
    region = factory.LazyFunction(lambda: Region.objects.get(pk="12.09"))
    theme = factory.LazyFunction(lambda: Theme.objects.get(slug="pelatihan-vokasi"))
    indicator = factory.LazyFunction(lambda: Indicator.objects.get(slug="peserta-dilatih"))
    number = 120
    year = factory.Sequence(lambda n: 2050 + n % 50)
    stated_by = factory.SubFactory(UserFactory)


class OfferFactory(DjangoModelFactory):
    """A programme of a partner: 200 people to be trained from 2040 on. ``with_regions`` are codes; without
    them it is for the whole country."""

    class Meta:
        model = Offer
        skip_postgeneration_save = True

    organization = factory.SubFactory(OrganizationFactory)
    title = factory.Sequence(lambda n: f"Program pelatihan uji {n}")
    theme = factory.LazyFunction(lambda: Theme.objects.get(slug="pelatihan-vokasi"))
    indicator = factory.LazyFunction(lambda: Indicator.objects.get(slug="peserta-dilatih"))
    number = 200
    first_year = 2040
    last_year = 2100
    everywhere = True
    recorded_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def with_regions(self, create, codes):
        for code in codes or []:
            OfferRegion.objects.create(offer=self, region_id=code)


class MatchFactory(DjangoModelFactory):
    """A paper that was proposed for a need, of an offer that fits it."""

    class Meta:
        model = Match

    need = factory.SubFactory(NeedFactory)
    offer = factory.SubFactory(OfferFactory)
    agreement = factory.LazyFunction(lambda: AgreementFactory(status=Status.PROPOSED, signed=None))
    commitment = factory.LazyAttribute(lambda match: MeasurableFactory(agreement=match.agreement))
    number = 120
    by = factory.SubFactory(UserFactory)


class SavedViewFactory(DjangoModelFactory):
    """A view of the register. ``query`` is its question, ``list`` another list's name."""

    class Meta:
        model = SavedView

    owner = factory.SubFactory(UserFactory)
    list = ListName.AGREEMENTS
    name = factory.Sequence(lambda n: f"Tampilan uji {n}")
    query = "class=regional"


class DisposalFactory(DjangoModelFactory):
    """A list of papers to be destroyed, with one paper on it; ``reach`` takes it further (approved, done)."""

    class Meta:
        model = Disposal
        skip_postgeneration_save = True

    entry_key = factory.LazyFunction(uuid.uuid4)
    reason = "Penilaian ND-1/2026"
    proposed_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def reach(self, create, wanted):
        DisposalItem.objects.create(
            disposal=self,
            paper=9_000_000 + self.pk,
            ref=f"KS-2001-{1000 + self.pk}",
            title="Pelatihan lama",
            kind=AgreementKind.MOU,
            over_on=date(2004, 1, 1),
            due_on=date(2014, 1, 1),
            outcome="destroyed" if wanted == "done" else "waiting",
        )
        if wanted:
            self.approved_by, self.approved_at = UserFactory(), timezone.now()
            self.done_at = timezone.now() if wanted == "done" else None
            self.save()


class IssuedFileFactory(DjangoModelFactory):
    """A PDF of the register that was given out, said to have no rows."""

    class Meta:
        model = IssuedFile

    code = factory.LazyFunction(issue_code.drawn)
    kind = "register"
    language = "id"
    issued_for = factory.SubFactory(UserFactory)
    as_of = factory.LazyFunction(timezone.now)
    rows = 0
    size = 1
    sha256 = "0" * 64


class ExportJobFactory(DjangoModelFactory):
    """A PDF of the register that was asked for, taken as far as ``reach`` says (running, done, failed,
    expired). Its file lies nowhere."""

    class Meta:
        model = ExportJob
        skip_postgeneration_save = True

    key = factory.LazyFunction(uuid.uuid4)
    asked_by = factory.SubFactory(UserFactory)
    made_of = "register"
    form = "pdf"
    language = "id"
    rows_total = 1000

    @factory.post_generation
    def reach(self, create, wanted):
        for status in {
            "running": ["running"],
            "done": ["running", "done"],
            "failed": ["running", "failed"],
            "cancelled": ["cancelled"],
            "expired": ["running", "done", "expired"],
        }.get(wanted, []):
            self.status = status
            if status == "running":
                self.attempts, self.worker = 1, "uji"
                self.started_at = self.heartbeat_at = timezone.now()
                self.scope = access_of(self.asked_by).as_data()
            elif status == "done":
                self.file_key, self.sha256, self.size = uuid.uuid4().hex, "0" * 64, 1
                self.file_name, self.rows_done = "kemitraan.pdf", self.rows_total
            elif status == "failed":
                self.problem = "Tidak ada ruang."
            elif status == "expired":
                self.file_key = ""
            if status not in {"running", "expired"}:
                self.worker, self.finished_at = "", timezone.now()
            self.save()
