"""Rows for the lists of the administration: one of each model, with all that its line names."""

from uuid import uuid4

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import ErrorReport
from partnerships.models import (
    BulkRun,
    ChildDecision,
    EventExpectation,
    Indicator,
    OfficeHolder,
    OrganizationAlias,
    OutboxMessage,
    ReferenceSerial,
    StageChange,
    StatusChange,
)
from regions.models import Region
from tests.factories import (
    AddendumFactory,
    AgreementFactory,
    ClauseTextFactory,
    CommitmentFactory,
    ExportJobFactory,
    IssuedFileFactory,
    MatchFactory,
    NaskahReadingFactory,
    NeedFactory,
    OfferFactory,
    OrganizationFactory,
    PersonFactory,
    PostingFactory,
    SavedViewFactory,
    SignatoryFactory,
    SigningEventFactory,
    SourcedFactFactory,
    TermFactory,
    UserFactory,
)

SITE = admin.site
PAGES = {model._meta.label: page for model, page in SITE._registry.items()}


def changelist(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def make(label, n):
    """n rows of a model, each with what its line in the list names."""
    for number in range(n):
        ROWS[label](number)


def _paper(_number):
    organization = OrganizationFactory()
    return AgreementFactory(with_parties=["ditjen-binalavotas", organization.slug])


def _commitment(_number):
    paper = _paper(0)
    return CommitmentFactory(
        agreement=paper,
        owed_by=paper.parties.first(),
        owner=OrganizationFactory(),
        indicator=Indicator.objects.first(),
    )


ROWS = {
    "partnerships.Agreement": _paper,
    "partnerships.Party": _paper,
    "partnerships.Signatory": lambda n: SignatoryFactory(agreement=(p := _paper(n)), party=p.parties.first()),
    "partnerships.Term": lambda n: TermFactory(),
    "partnerships.Addendum": lambda n: AddendumFactory(),
    "partnerships.ClauseText": lambda n: ClauseTextFactory(
        agreement=(a := AddendumFactory()).agreement, addendum=a
    ),
    "partnerships.Commitment": _commitment,
    "partnerships.SourcedFact": lambda n: SourcedFactFactory(),
    "partnerships.StatusChange": lambda n: StatusChange.objects.create(
        agreement=_paper(n), old="signed", new="ended", by=UserFactory()
    ),
    "partnerships.StageChange": lambda n: StageChange.objects.create(
        agreement=AgreementFactory(kind="moc", status="drafting", signed=None),
        new="request",
        by=UserFactory(),
        note="Nota diplomatik",
    ),
    "partnerships.ChildDecision": lambda n: ChildDecision.objects.create(
        change=StatusChange.objects.create(agreement=_paper(n), new="ended", by=UserFactory()),
        child=_paper(n),
        outcome="moves",
        moved_to=_paper(n),
    ),
    "partnerships.ReferenceSerial": lambda n: ReferenceSerial.objects.create(
        year=1950 + ReferenceSerial.objects.count()
    ),
    "partnerships.NaskahReading": lambda n: NaskahReadingFactory(agreement=AgreementFactory()),
    "partnerships.Organization": lambda n: OrganizationFactory(
        parent=OrganizationFactory(), region=Region.objects.first()
    ),
    "partnerships.OrganizationAlias": lambda n: OrganizationAlias.objects.create(
        organization=OrganizationFactory(), name="Nama lain"
    ),
    "partnerships.OfficeHolder": lambda n: OfficeHolder.objects.create(
        organization=OrganizationFactory(), person=PersonFactory(), post="Direktur"
    ),
    "partnerships.Person": lambda n: PersonFactory(),
    "partnerships.SigningEvent": lambda n: EventExpectation.objects.create(
        event=SigningEventFactory(host=OrganizationFactory()), partner_class="regional", papers=9
    ),
    "partnerships.Theme": lambda n: None,
    "partnerships.Indicator": lambda n: None,
    "partnerships.InstrumentRule": lambda n: None,
    "partnerships.Posting": lambda n: PostingFactory(role="leadership"),
    "partnerships.OutboxMessage": lambda n: OutboxMessage.objects.create(
        kind="invitation", recipient=UserFactory()
    ),
    "partnerships.SavedView": lambda n: SavedViewFactory(shared_with="leadership"),
    "partnerships.BulkRun": lambda n: BulkRun.objects.create(
        entry_key=uuid4(), by=UserFactory(), verb="unit", target="Setjen", results=[["KS-2025-0001", "", ""]]
    ),
    "partnerships.IssuedFile": lambda n: IssuedFileFactory(issued_for=UserFactory()),
    "partnerships.ExportJob": lambda n: ExportJobFactory(asked_by=UserFactory()),
    "django_tasks_db.DBTaskResult": lambda n: DBTaskResult.objects.create(
        task_path="partnerships.jobs.deliver_messages",
        args_kwargs={"args": [], "kwargs": {}},
        run_after=timezone.now(),
        backend_name="default",
    ),
    "accounts.User": lambda n: PostingFactory(role="leadership"),
    "accounts.ErrorReport": lambda n: ErrorReport.objects.create(
        request_id=f"nomor-{n}-{ErrorReport.objects.count()}", kind="ValueError", user=UserFactory()
    ),
    "regions.Region": lambda n: None,
    "partnerships.Need": lambda n: NeedFactory(),
    "partnerships.Offer": lambda n: OfferFactory(),
    "partnerships.OfferRegion": lambda n: OfferFactory(everywhere=False, with_regions=["12.09"]),
    "partnerships.Match": lambda n: MatchFactory(),
}
