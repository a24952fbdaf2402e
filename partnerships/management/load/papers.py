"""Papers with their parties, terms, statuses, signatories, themes and sources."""

import datetime
from dataclasses import dataclass

from partnerships.lifecycle import DRAFTS, ONCE_SIGNED, Status
from partnerships.management.load import FIRST_SERIAL, SOURCE, words
from partnerships.management.load.world import GOVERNMENTS, PARTNER_KINDS
from partnerships.models import AgreementKind, OrganizationKind, Precision

_STATUSES = {
    Status.SIGNED: 74,
    Status.ENDED: 9,
    Status.DRAFTING: 5,
    Status.PROPOSED: 4,
    Status.TERMINATED: 3,
    Status.SCHEDULED: 3,
    Status.CANCELLED: 2,
}
# The way to each status: the steps that are on record.
_WAYS = {
    Status.PROPOSED: [Status.PROPOSED],
    Status.DRAFTING: [Status.PROPOSED, Status.DRAFTING],
    Status.SCHEDULED: [Status.PROPOSED, Status.DRAFTING, Status.SCHEDULED],
    Status.CANCELLED: [Status.PROPOSED, Status.CANCELLED],
    Status.SIGNED: [Status.SIGNED],
    Status.ENDED: [Status.SIGNED, Status.ENDED],
    Status.TERMINATED: [Status.SIGNED, Status.TERMINATED],
}
_FOREIGN = (OrganizationKind.INTERNATIONAL_AGENCY, OrganizationKind.FOREIGN_GOVERNMENT)
_KINDS = {"mou": 38, "pks": 24, "rencana_aksi": 8, "komitmen_bersama": 6, "grant": 4, "nda": 2}
_KINDS |= {"activity": 3, "circular": 1, "unknown": 2}
_FOREIGN_KINDS = {"international": 3, "moc": 2, "technical": 3, "loan_grant": 1}
_UNKNOWN_TERMS = 0.92
_FIRST_DAY = datetime.date(2005, 1, 1)
_RECENT = 400


@dataclass
class Paper:
    """What the rest of the load must know of a paper; ``parties`` are (party's id, organisation's id)."""

    id: int
    kind: str
    status: str
    signed: datetime.date | None
    entered: datetime.date
    over: datetime.date | None
    parties: list[tuple[int, int]]
    office: int | None


class Papers:
    def __init__(self, world, copies, rng, on):
        self.world, self.copies, self.rng, self.on = world, copies, rng, on
        self.recent = {"mou": [], "pks": []}
        self._kinds = (list(_KINDS), list(_KINDS.values()))
        self._foreign_kinds = (list(_FOREIGN_KINDS), list(_FOREIGN_KINDS.values()))
        self._statuses = (list(_STATUSES), list(_STATUSES.values()))
        self._partner_kinds = ([None, *PARTNER_KINDS], [GOVERNMENTS, *PARTNER_KINDS.values()])

    def write(self, number):
        """The paper of that number, with all that belongs to it but commitments and files."""
        rng = self.rng
        status = rng.choices(*self._statuses)[0]
        counterpart, partner_kind, office = self._counterpart()
        kind = self._kind(partner_kind)
        implements, renews, like = self._relation(kind, status)
        event, signed = self._signing(status, after=like and like.signed)
        entered = signed or self.on - datetime.timedelta(days=rng.randint(5, 700))
        over = self._over(status, signed)
        precision = self._precision(signed, event)
        row = self.copies.add(
            *("partnerships_agreement", f"KS-{entered.year}-{FIRST_SERIAL + number}", SOURCE, number),
            *(kind, self._title(), status.value, *_whole(signed, precision), rng.choice(words.PLACES)),
            *(event, 1 if rng.random() > 0.005 else rng.randint(5, 80), implements, renews),
            *(rng.choice(["high", "high", "high", "medium", "medium", "low"]), self._published(status)),
            *(1, entered, rng.choice(self.world.writers)),
        )
        paper = Paper(
            *(row, kind, status, signed if precision else None, entered, over),
            *(self._parties(row, number, like, counterpart, office), office),
        )
        self._statuses_of(paper)
        self._terms_of(paper, precision)
        self._themes_of(paper)
        if status in ONCE_SIGNED and rng.random() < 0.3:
            self._signatories_of(paper)
        if rng.random() < 0.06:
            self._facts_of(paper)
        if status in ONCE_SIGNED and kind in self.recent:
            self.recent[kind] = [*self.recent[kind][-_RECENT:], paper]
        return paper

    def _counterpart(self):
        kind = self.rng.choices(*self._partner_kinds)[0]
        if kind is None:
            government, government_kind, _region = self.rng.choice(self.world.governments)
            return government, government_kind, self.world.offices.get(government)
        return self.rng.choice(self.world.partners[kind.value]), kind.value, None

    def _kind(self, partner_kind):
        if partner_kind in _FOREIGN and self.rng.random() < 0.8:
            return self.rng.choices(*self._foreign_kinds)[0]
        kind = self.rng.choices(*self._kinds)[0]
        if kind == AgreementKind.MOU and partner_kind.endswith("_government"):
            return AgreementKind.NOTA_KESEPAKATAN.value if self.rng.random() < 0.6 else kind
        return kind

    def _relation(self, kind, status):
        """What it implements, what it renews, and the earlier paper whose sides it shares."""
        above = {"pks": "mou", "rencana_aksi": "pks"}.get(kind)
        chance = self.rng.random()
        if above and self.recent[above] and chance < 0.45:
            earlier = self.rng.choice(self.recent[above])
            return earlier.id, None, earlier
        if kind in self.recent and self.recent[kind] and chance > 0.94:
            earlier = self.rng.choice(self.recent[kind])
            return None, earlier.id, earlier
        return None, None, None

    def _signing(self, status, after):
        """The event and the day of signing, as far as there was one."""
        if status not in ONCE_SIGNED or self.rng.random() < 0.03:
            return None, None
        if not after and self.rng.random() < 0.2:
            return self.rng.choice(self.world.events)
        first = after or _FIRST_DAY
        # More papers in later years: the later of two days by chance.
        days = max(1, (self.on - first).days)
        later = max(self.rng.randint(1, days), self.rng.randint(1, days))
        return None, min(self.on, first + datetime.timedelta(days=later))

    def _precision(self, signed, event):
        if signed is None:
            return ""
        if event:
            return Precision.DAY.value
        return self.rng.choices(["day", "month", "year"], [88, 6, 6])[0]

    def _over(self, status, signed):
        """The day on which it ended or was terminated."""
        if status not in (Status.ENDED, Status.TERMINATED):
            return None
        first = signed or self.on - datetime.timedelta(days=1500)
        return min(self.on, first + datetime.timedelta(days=self.rng.randint(200, 1800)))

    def _published(self, status):
        if status in DRAFTS or self.rng.random() > 0.36:
            return None
        return self.on - datetime.timedelta(days=self.rng.randint(0, 300))

    def _title(self):
        rng = self.rng
        if rng.random() < 0.12:
            return ""
        title = f"{rng.choice(words.PROGRAMMES)} {rng.choice(words.FIELDS)}"
        return f"{title} {rng.choice(words.REMAINING)}" if rng.random() < 0.35 else title

    def _parties(self, row, number, like, counterpart, office):
        rng, world = self.rng, self.world
        wanted = [rng.choice(world.units)]
        if like:
            wanted = [organization for _party, organization in like.parties[:2]]
        else:
            wanted.append(counterpart)
        if office and rng.random() < 0.4:
            wanted.append(office)
        while rng.random() < 0.5 and len(wanted) < 9:
            others = rng.choice(list(world.partners.values())) if rng.random() < 0.8 else world.units
            wanted.append(rng.choice(others))
        written = []
        for position, organization in enumerate(dict.fromkeys(wanted), start=1):
            said = self._number(number, position) if rng.random() < 0.6 else ""
            party = self.copies.add("partnerships_party", row, organization, position, said, "")
            written.append((party, organization))
        return written

    def _number(self, number, position):
        year = self.on.year - number % 15
        if position == 1:
            return f"{number % 9 + 1}/{number % 997}/HK.01.00/{'IVX'[number % 3]}/{year}"
        return f"{number % 4999}/NK/{self.rng.randint(1, 400)}/{year}"

    def _statuses_of(self, paper):
        old, day = "", paper.signed or paper.entered
        for new in _WAYS[paper.status]:
            if new in (Status.ENDED, Status.TERMINATED):
                day = paper.over
            reason = self.rng.choice(words.CLOSED) if new in (Status.TERMINATED, Status.CANCELLED) else ""
            self.copies.add(
                *("partnerships_statuschange", paper.id, old, new.value, day, day),
                *(self.rng.choice(self.world.writers), reason),
            )
            old, day = new.value, min(self.on, day + datetime.timedelta(days=30))

    def _terms_of(self, paper, precision):
        rng = self.rng
        if not paper.signed:
            return
        unknown = rng.random() < _UNKNOWN_TERMS
        if unknown and rng.random() < 0.9:
            return
        starts = _whole(paper.signed, precision)
        if unknown:
            self._term(paper, starts, _whole(None, ""), months=rng.choice([None, 24, 36, 60]))
            return
        if rng.random() < 0.08 and not paper.over:
            self._term(paper, starts, _whole(None, ""), is_open=True)
            return
        last = _after_years(starts[1], rng.choice([1, 2, 3, 3, 3, 5, 5]))
        if paper.status == Status.TERMINATED and starts[1] < paper.over < last:
            self._term(paper, starts, _whole(paper.over, "day"), agreed=_whole(last, "day"))
            return
        self._term(paper, starts, _whole(last, "day"))
        if paper.status == Status.SIGNED and rng.random() < 0.15:
            following = last + datetime.timedelta(days=1)
            ends = _after_years(following, 2)
            self._term(paper, _whole(following, "day"), _whole(ends, "day"), position=2, reason="extension")

    def _term(
        self, paper, starts, ends, months=None, is_open=False, agreed=None, position=1, reason="original"
    ):
        closed = self.rng.choice(words.CLOSED) if agreed else ""
        self.copies.add(
            *("partnerships_term", paper.id, position, reason, *starts, *ends, is_open, months),
            *(agreed is not None, *(agreed or _whole(None, "")), closed),
        )

    def _themes_of(self, paper):
        for theme in self.rng.sample(self.world.themes, self.rng.choice([0, 1, 1, 1, 2, 2, 3])):
            self.copies.add("partnerships_agreementtheme", paper.id, theme)

    def _signatories_of(self, paper):
        rng = self.rng
        for position, (party, _organization) in enumerate(paper.parties[:2], start=1):
            person = rng.choice(self.world.people) if rng.random() < 0.85 else None
            post = rng.choice(words.MINISTRY_POSTS if position == 1 else words.POSTS)
            self.copies.add(
                *("partnerships_signatory", paper.id, party, person, post, rng.choice(words.CAPACITIES)),
                *("", "", "signed", position),
            )

    def _facts_of(self, paper):
        rng = self.rng
        address = f"https://berita-{rng.randint(1, 60)}.invalid/{paper.entered.year}/{rng.randint(1, 9999)}"
        value = paper.signed.isoformat() if paper.signed else "tidak disebut"
        self._fact(paper, "signed", value, address, "high", True)
        if rng.random() < 0.5:
            other = (paper.entered + datetime.timedelta(days=rng.randint(1, 3))).isoformat()
            self._fact(paper, "signed", other, f"{address}-lain", "low", False)
        self._fact(paper, "place", rng.choice(words.PLACES) or "tidak disebut", address, "medium", True)

    def _fact(self, paper, field, value, source, certainty, in_force):
        self.copies.add(
            *("partnerships_sourcedfact", paper.id, field, value, source, certainty, in_force, "", self.on)
        )


def days_before(on):
    """The days on which papers may have been signed."""
    return [_FIRST_DAY + datetime.timedelta(days=n) for n in range((on - _FIRST_DAY).days)]


def _whole(day, precision):
    """Earliest and latest day and the precision of a date that is known so far."""
    if not precision or day is None:
        return None, None, ""
    if precision == "day":
        return day, day, precision
    if precision == "month":
        first = day.replace(day=1)
        return first, (first + datetime.timedelta(days=31)).replace(day=1) - _DAY, precision
    return day.replace(month=1, day=1), day.replace(month=12, day=31), precision


def _after_years(day, years):
    """The last day of a period of so many years that begins on that day."""
    return day.replace(year=day.year + years, day=min(day.day, 28)) - _DAY


_DAY = datetime.timedelta(days=1)
