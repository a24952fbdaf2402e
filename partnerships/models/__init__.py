from partnerships.models.access import Access, access_of
from partnerships.models.agreement import Agreement
from partnerships.models.agreement_parts import (
    AgreementScope,
    AgreementSearch,
    AgreementTheme,
    ReferenceSerial,
    StatusChange,
    WorkLocation,
)
from partnerships.models.commitment import Commitment, Funding, Recurrence
from partnerships.models.event import EventExpectation, SigningEvent
from partnerships.models.kinds import (
    AgreementKind,
    Certainty,
    OrganizationKind,
    PartnerClass,
    Validity,
)
from partnerships.models.organization import Organization, OrganizationAlias
from partnerships.models.outbox import MessageKind, OutboxMessage
from partnerships.models.partial_date import PartialDate, Precision
from partnerships.models.party import Capacity, Party, Presence, Signatory
from partnerships.models.person import Person
from partnerships.models.posting import Posting
from partnerships.models.reference import Indicator, InstrumentRule, Theme
from partnerships.models.source import FactField, FactFlag, SourcedFact
from partnerships.models.term import Term, TermReason

__all__ = [
    "Access",
    "Agreement",
    "AgreementKind",
    "AgreementScope",
    "AgreementSearch",
    "AgreementTheme",
    "Capacity",
    "Certainty",
    "Commitment",
    "EventExpectation",
    "FactField",
    "FactFlag",
    "Funding",
    "Indicator",
    "InstrumentRule",
    "MessageKind",
    "Organization",
    "OrganizationAlias",
    "OrganizationKind",
    "OutboxMessage",
    "PartialDate",
    "PartnerClass",
    "Party",
    "Person",
    "Posting",
    "Precision",
    "Presence",
    "Recurrence",
    "ReferenceSerial",
    "Signatory",
    "SigningEvent",
    "SourcedFact",
    "StatusChange",
    "Term",
    "TermReason",
    "Theme",
    "Validity",
    "WorkLocation",
    "access_of",
]
