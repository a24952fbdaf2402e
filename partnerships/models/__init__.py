from partnerships.models.access import Access, access_of
from partnerships.models.action_point import ActionPoint
from partnerships.models.addendum import Addendum, AddendumSubject, ClauseText
from partnerships.models.agreement import Agreement
from partnerships.models.agreement_parts import (
    AgreementScope,
    AgreementSearch,
    AgreementTheme,
    ReferenceSerial,
    StatusChange,
    WorkLocation,
)
from partnerships.models.bulk_run import BulkRun, BulkVerb
from partnerships.models.commitment import Commitment, Funding, Recurrence
from partnerships.models.confirmation import Answer, ConfirmationRequest
from partnerships.models.document import (
    OF_THE_PAPER,
    Document,
    DocumentLanguage,
    DocumentPurpose,
    StoredFile,
)
from partnerships.models.dormancy import (
    DormancyDecision,
    DormancyLimit,
    DormancyOutcome,
    DormantState,
    SignOfLife,
)
from partnerships.models.ending import ChildDecision, ChildOutcome
from partnerships.models.event import EventExpectation, SigningEvent
from partnerships.models.export_job import ExportContent, ExportForm, ExportJob
from partnerships.models.file_read import FileRead, ReadContent
from partnerships.models.history_block import HistoryBlock
from partnerships.models.holder import OfficeHolder
from partnerships.models.issued_file import IssuedFile, IssuedKind
from partnerships.models.kinds import (
    AgreementKind,
    Certainty,
    OrganizationKind,
    PartnerClass,
    Validity,
)
from partnerships.models.match import Match
from partnerships.models.meeting import (
    EvaluationMeeting,
    MeetingConfirmation,
    MeetingDecision,
    MeetingPartner,
)
from partnerships.models.meeting_snapshot import (
    FrozenCommitment,
    FrozenPaper,
    FrozenPoint,
    FrozenReport,
)
from partnerships.models.need import Need, NeedStatus
from partnerships.models.offer import Offer, OfferRegion, OfferStatus
from partnerships.models.organization import Organization, OrganizationAlias
from partnerships.models.outbox import MessageKind, OutboxMessage
from partnerships.models.partial_date import PartialDate, Precision
from partnerships.models.party import Capacity, Party, Presence, Signatory
from partnerships.models.person import Person
from partnerships.models.posting import Posting
from partnerships.models.privacy import Erasure, Restriction
from partnerships.models.progress import Obstacle, ProgressReport, ReportMove
from partnerships.models.reading import (
    FileCheck,
    FileState,
    FileText,
    NaskahReading,
    PageText,
    TextState,
)
from partnerships.models.reference import Indicator, InstrumentRule, Stage, Theme
from partnerships.models.reminder import CalendarFeed, MailPreference, SentReminder
from partnerships.models.reporting import PeriodState, ReportingDate, ReportingPeriod
from partnerships.models.retention import (
    Disposal,
    DisposalItem,
    DisposalOutcome,
    LegalHold,
    RetentionRule,
)
from partnerships.models.saved_view import LIST_PAGES, ListName, SavedView
from partnerships.models.scan import FileScan, Verdict
from partnerships.models.source import FactField, FactFlag, SourcedFact
from partnerships.models.stage import StageChange
from partnerships.models.standing import CommitmentStanding
from partnerships.models.term import Term, TermReason
from partnerships.models.trainees import BatchShare, TraineeBatch

__all__ = [
    "LIST_PAGES",
    "OF_THE_PAPER",
    "Access",
    "ActionPoint",
    "Addendum",
    "AddendumSubject",
    "Agreement",
    "AgreementKind",
    "AgreementScope",
    "AgreementSearch",
    "AgreementTheme",
    "Answer",
    "BatchShare",
    "BulkRun",
    "BulkVerb",
    "CalendarFeed",
    "Capacity",
    "Certainty",
    "ChildDecision",
    "ChildOutcome",
    "ClauseText",
    "Commitment",
    "CommitmentStanding",
    "ConfirmationRequest",
    "Disposal",
    "DisposalItem",
    "DisposalOutcome",
    "Document",
    "DocumentLanguage",
    "DocumentPurpose",
    "DormancyDecision",
    "DormancyLimit",
    "DormancyOutcome",
    "DormantState",
    "Erasure",
    "EvaluationMeeting",
    "EventExpectation",
    "ExportContent",
    "ExportForm",
    "ExportJob",
    "FactField",
    "FactFlag",
    "FileCheck",
    "FileRead",
    "FileScan",
    "FileState",
    "FileText",
    "FrozenCommitment",
    "FrozenPaper",
    "FrozenPoint",
    "FrozenReport",
    "Funding",
    "HistoryBlock",
    "Indicator",
    "InstrumentRule",
    "IssuedFile",
    "IssuedKind",
    "LegalHold",
    "ListName",
    "MailPreference",
    "Match",
    "MeetingConfirmation",
    "MeetingDecision",
    "MeetingPartner",
    "MessageKind",
    "NaskahReading",
    "Need",
    "NeedStatus",
    "Obstacle",
    "Offer",
    "OfferRegion",
    "OfferStatus",
    "OfficeHolder",
    "Organization",
    "OrganizationAlias",
    "OrganizationKind",
    "OutboxMessage",
    "PageText",
    "PartialDate",
    "PartnerClass",
    "Party",
    "PeriodState",
    "Person",
    "Posting",
    "Precision",
    "Presence",
    "ProgressReport",
    "ReadContent",
    "Recurrence",
    "ReferenceSerial",
    "ReportMove",
    "ReportingDate",
    "ReportingPeriod",
    "Restriction",
    "RetentionRule",
    "SavedView",
    "SentReminder",
    "SignOfLife",
    "Signatory",
    "SigningEvent",
    "SourcedFact",
    "Stage",
    "StageChange",
    "StatusChange",
    "StoredFile",
    "Term",
    "TermReason",
    "TextState",
    "Theme",
    "TraineeBatch",
    "Validity",
    "Verdict",
    "WorkLocation",
    "access_of",
]
