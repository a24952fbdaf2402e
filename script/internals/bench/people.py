"""The readers that ask: accounts of the bench, each posted to an office. Prints the words they search for."""

from typing import Any

from script.internals.bench import inside

# Who is posted where: the role, and what finds the office.
_POSTINGS = {
    "registrar": ("registrar", {"slug": "biro-kerja-sama"}),
    "leadership": ("leadership", {"slug": "kementerian-ketenagakerjaan"}),
    "unit_officer": ("unit_officer", {"slug": "ditjen-binalavotas"}),
    "officer": ("regional_officer", {"region": "32"}),
    "kabupaten_officer": ("regional_officer", {"region": "32.04"}),
}


def reader(name: str) -> Any:
    """``registrar``, ``leadership``, a ``unit_officer``, an ``officer`` of West Java, a ``kabupaten_officer``
    there, or the ``admin``; made when first asked for."""
    from django.utils import timezone

    from accounts.models import User
    from partnerships.models import Organization, Posting

    address = f"{name}@bench.invalid"
    if found := User.objects.filter(email=address).first():
        return found
    is_admin = name == "admin"
    user = User.objects.create_user(address, f"Bench {name}", is_staff=is_admin, is_superuser=is_admin)
    if not is_admin:
        role, where = _POSTINGS[name]
        office = Organization.objects.filter(**where).order_by("pk").first()
        Posting.objects.create(user=user, organization=office, role=role, starts_on=timezone.localdate())
    return user


def reader_of(page: str) -> str:
    if page.startswith("admin"):
        return "admin"
    return "officer" if page == "tasks" or page.endswith("_officer") else "registrar"


def words() -> dict[str, str]:
    """What to search for, taken from the records themselves."""
    from partnerships.models import Agreement, Organization, Party

    papers = Agreement.objects.exclude(title="")
    middle = papers[papers.count() // 2]
    numbered = Party.objects.exclude(number="").order_by("pk")
    partner = Organization.objects.filter(slug__startswith="beban-", kind="company").order_by("pk")[7]
    rare = partner.name.split()[1]
    return {
        "ref": middle.ref,
        "rare": rare.lower(),
        "number": numbered[numbered.count() // 2].number,
        "part": rare[1:].lower(),
    }


if __name__ == "__main__":
    inside.set_up()
    inside.say(**words())
