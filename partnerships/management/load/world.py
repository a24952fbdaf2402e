"""What the load stands on: the official regions and reference data, and its own partners and people."""

from dataclasses import dataclass, field

from partnerships.management.load import DOMAIN, PERSON, SLUG, words
from partnerships.models import (
    Indicator,
    Organization,
    OrganizationKind,
    PartnerClass,
    Theme,
)
from partnerships.models.kinds import GOVERNMENT_KINDS

# Organisations and their number among 78 public records (partnerships/data/public-records.csv).
PARTNER_KINDS = {
    OrganizationKind.COMPANY: 14,
    OrganizationKind.MINISTRY: 9,
    OrganizationKind.STATE_COMPANY: 7,
    OrganizationKind.INTERNATIONAL_AGENCY: 7,
    OrganizationKind.FOREIGN_GOVERNMENT: 6,
    OrganizationKind.ASSOCIATION: 5,
    OrganizationKind.NGO: 5,
    OrganizationKind.UNIVERSITY: 5,
    OrganizationKind.STATE_BODY: 2,
    OrganizationKind.UNKNOWN: 2,
}
GOVERNMENTS = 18
_NAMES = {
    OrganizationKind.COMPANY: "PT {word} {sector}",
    OrganizationKind.MINISTRY: "Kementerian Urusan {word}",
    OrganizationKind.STATE_COMPANY: "Perusahaan Negara {word} {sector}",
    OrganizationKind.INTERNATIONAL_AGENCY: "Badan Antarbangsa {word}",
    OrganizationKind.FOREIGN_GOVERNMENT: "Pemerintah Negeri {word}",
    OrganizationKind.ASSOCIATION: "Asosiasi {sector} {word}",
    OrganizationKind.NGO: "Yayasan {word}",
    OrganizationKind.UNIVERSITY: "Universitas {word}",
    OrganizationKind.STATE_BODY: "Lembaga {word}",
    OrganizationKind.UNKNOWN: "{word} {sector}",
}
_WRITERS = 12


@dataclass
class World:
    """Ids by what a paper needs them for; ``governments`` are (id, kind, name of the region), ``offices`` are
    those below a government by its id, ``events`` are (id, day)."""

    units: list[int]
    governments: list[tuple[int, str, str]]
    themes: list[int]
    indicators: list[int]
    partners: dict[str, list[int]] = field(default_factory=dict)
    offices: dict[int, int] = field(default_factory=dict)
    people: list[int] = field(default_factory=list)
    writers: list[int] = field(default_factory=list)
    events: list[tuple[int, object]] = field(default_factory=list)


def stand_on(copies, rng, size, on):
    """The world for that many papers on that day: what lies in the tables, and what is added to it."""
    world = World(
        units=list(Organization.objects.units().order_by("slug").values_list("pk", flat=True)),
        governments=list(
            Organization.objects.filter(kind__in=GOVERNMENT_KINDS)
            .order_by("region_id")
            .values_list("pk", "kind", "region__name")
        ),
        themes=list(Theme.objects.order_by("slug").values_list("pk", flat=True)),
        indicators=list(Indicator.objects.order_by("slug").values_list("pk", flat=True)),
    )
    _partners(world, copies, rng, size)
    _offices(world, copies, rng)
    for number in range(1, max(20, size // 20) + 1):
        title = rng.choice(["", "", "", "Dr.", "Ir."])
        world.people.append(copies.add("partnerships_person", f"{PERSON}{number}", title, "", 1))
    for number in range(1, _WRITERS + 1):
        address = f"petugas-{number}@{DOMAIN}"
        name = f"Petugas Beban {number}"
        world.writers.append(
            copies.add("accounts_user", "!", False, address, name, "id", True, False, False, on, "")
        )
    return world


def _partners(world, copies, rng, size):
    seen = set()
    kinds = rng.choices(list(PARTNER_KINDS), list(PARTNER_KINDS.values()), k=max(40, size // 20))
    # One of each at least, so that the smallest load has every class.
    for number, kind in enumerate([*PARTNER_KINDS, *kinds], start=1):
        name = _name(kind, rng)
        while name in seen:
            name = _name(kind, rng)
        seen.add(name)
        short = "".join(part[0] for part in name.split()) if rng.random() < 0.3 else ""
        collective = rng.random() < 0.01
        row = copies.add(
            *("partnerships_organization", name, f"{SLUG}{number}", short, kind.value),
            *(None, None, collective, 1),
        )
        world.partners.setdefault(kind.value, []).append(row)


def _name(kind, rng):
    word = "".join(rng.choices(words.SYLLABLES, k=rng.choice([2, 3, 3, 4]))).capitalize()
    return _NAMES[kind].format(word=word, sector=rng.choice(words.SECTORS))


def _offices(world, copies, rng):
    """For about half the governments an office of their own, below them."""
    regions = dict(Organization.objects.filter(kind__in=GOVERNMENT_KINDS).values_list("pk", "region_id"))
    for number, (government, _kind, region) in enumerate(world.governments):
        if rng.random() < 0.5:
            world.offices[government] = copies.add(
                *("partnerships_organization", f"Dinas Tenaga Kerja {region} (beban)"),
                *(f"{SLUG}dinas-{number}", "", OrganizationKind.REGIONAL_OFFICE.value),
                *(government, regions[government], False, 1),
            )


def events_for(world, copies, rng, size, days):
    """The ceremonies at which about a fifth of the papers are signed."""
    for number in range(1, max(3, size // 250) + 1):
        day = rng.choice(days)
        place = rng.choice(words.PLACES)
        row = copies.add(
            *("partnerships_signingevent", f"Penandatanganan bersama ke-{number} ({day.year})"),
            *(f"{SLUG}{number}", day, day, "day", place, rng.choice(world.units), "", "", 1),
        )
        for partner_class in (PartnerClass.REGIONAL, PartnerClass.DEVELOPMENT):
            expected = rng.randint(3, 40)
            copies.add("partnerships_eventexpectation", row, partner_class.value, expected)
        world.events.append((row, day))
