"""What a writer says about a paper, whichever door it comes through: form, import or admin."""

from dataclasses import dataclass, field
from datetime import date

from partnerships.lifecycle import Status
from partnerships.models import (
    AgreementKind,
    Capacity,
    Certainty,
    Organization,
    PartialDate,
    Person,
    Presence,
    SigningEvent,
    TermReason,
)


@dataclass
class PartyLine:
    """An organisation in the paper. ``pk`` names the row it changes; None adds one."""

    organization: Organization
    number: str = ""
    contact: Person | None = None
    contact_details: str = ""
    pk: int | None = None


@dataclass
class SignatoryLine:
    """A person or a bare post; ``organization`` is the party signed for and must be among the parties."""

    person: Person | None = None
    post: str = ""
    organization: Organization | None = None
    capacity: str = Capacity.UNKNOWN
    on_behalf_of: str = ""
    letter: str = ""
    presence: str = Presence.SIGNED
    pk: int | None = None


@dataclass
class TermLine:
    """A period; no end and not open means the end is unknown."""

    starts: PartialDate | None = None
    ends: PartialDate | None = None
    ends_open: bool = False
    duration_months: int | None = None
    reason: str = TermReason.ORIGINAL
    closed_because: str = ""
    pk: int | None = None


@dataclass
class CommitmentLine:
    """The words of a commitment, and where the public can read of it; its measure is added later."""

    text: str
    pk: int | None = None
    # Two lines of the same words are the same commitment, wherever each was read.
    source: str = field(default="", compare=False)


@dataclass
class FactLine:
    """A source's value for a field (models.source.FactField)."""

    field: str
    value: str
    source: str
    certainty: str = Certainty.MEDIUM
    in_force: bool = True
    flag: str = ""


@dataclass
class AgreementRecord:
    """One paper with its parts. A list that is None is left as it is when a record is revised."""

    kind: str = AgreementKind.UNKNOWN
    title: str = ""
    signed: PartialDate | None = None
    place: str = ""
    event: SigningEvent | None = None
    represents: int = 1
    implements: object | None = None
    renews: object | None = None
    certainty: str = Certainty.HIGH
    themes: list = field(default_factory=list)
    work_regions: list | None = None
    parties: list[PartyLine] = field(default_factory=list)
    signatories: list[SignatoryLine] = field(default_factory=list)
    terms: list[TermLine] = field(default_factory=list)
    commitments: list[CommitmentLine] | None = None
    facts: list[FactLine] | None = None


@dataclass
class Entry:
    """Where a new record starts: its status from which day, and its number in a source register."""

    status: str = Status.PROPOSED
    effective_on: date | None = None
    external_source: str = ""
    external_id: str = ""
    key: object | None = None
