"""What the reader proposes: each value with the sentence and the page it was read from, and how sure."""

from dataclasses import asdict, dataclass, field

# ``sure`` says how often, of values read in the same way, the right one is expected: 0.95 is 19 of 20. The
# rules set it; script/reading counts how often values of each step were right (docs/reading.md).
SURE, LIKELY = 0.9, 0.65


@dataclass(frozen=True)
class Problem:
    """Something that a person must look at. ``code`` names the kind; ``about`` is what its words name."""

    code: str
    about: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """A value as it would be typed, or None when nothing was found.

    ``sentence`` stands on ``page`` (counted from 1) of the file; ``sure`` lies between 0 and 1.
    """

    value: object
    sentence: str = ""
    page: int | None = None
    sure: float = 0.0
    problems: tuple[Problem, ...] = ()

    def __bool__(self):
        return self.value is not None


NOTHING = Proposal(None)


@dataclass
class PartyProposal:
    """A party, its number of the paper, who signs for it in which post and capacity, whom to ask there."""

    organization: Proposal = NOTHING
    number: Proposal = NOTHING
    person: Proposal = NOTHING
    post: Proposal = NOTHING
    capacity: Proposal = NOTHING
    on_behalf_of: Proposal = NOTHING
    letter: Proposal = NOTHING
    contact_name: Proposal = NOTHING
    contact_address: Proposal = NOTHING
    contact_phone: Proposal = NOTHING
    contact_email: Proposal = NOTHING


@dataclass
class Proposals:
    """Everything that was read off one naskah.

    ``signed``, ``starts`` and ``ends`` are days as ISO text; ``duration_months`` is a number; ``renewal``
    says whether the paper foresees one. ``ends`` is only a day that the paper itself names.
    ``derived_end`` is computed from start and duration, and is never proposed as if it had been read.
    """

    kind: Proposal = NOTHING
    title: Proposal = NOTHING
    signed: Proposal = NOTHING
    place: Proposal = NOTHING
    duration_months: Proposal = NOTHING
    starts: Proposal = NOTHING
    ends: Proposal = NOTHING
    derived_end: Proposal = NOTHING
    renewal: Proposal = NOTHING
    parties: list[PartyProposal] = field(default_factory=list)
    scope: list[Proposal] = field(default_factory=list)

    @property
    def is_naskah(self):
        """Whether it calls itself a naskah, and names its subject or parties."""
        return bool(self.kind) and bool(self.title or self.parties)

    def as_data(self):
        """The proposals as plain data for a JSON column."""
        return asdict(self)


def proposals_from(data):
    """The Proposals that ``as_data`` made."""
    single = {name: _proposal(data[name]) for name in _SINGLE}
    parties = [
        PartyProposal(**{name: _proposal(said) for name, said in party.items()}) for party in data["parties"]
    ]
    return Proposals(**single, parties=parties, scope=[_proposal(said) for said in data["scope"]])


def _proposal(said):
    problems = tuple(Problem(**problem) for problem in said["problems"])
    return Proposal(**{**said, "problems": problems})


_SINGLE = (
    "kind",
    "title",
    "signed",
    "place",
    "duration_months",
    "starts",
    "ends",
    "derived_end",
    "renewal",
)
