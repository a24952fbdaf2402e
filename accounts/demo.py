"""The accounts of the demo, one for each role. They exist only where DEMO=1 (create_demo makes them)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PASSWORD = "demo-portal-2025"  # noqa: S105 - shown on the sign-in page of the demo


@dataclass(frozen=True)
class DemoAccount:
    """``name`` is the account's own: a role's, nobody's. ``label`` and ``office`` are for the door."""

    email: str
    name: str
    label: str | Promise
    office: str


ACCOUNTS = (
    DemoAccount("registrar@demo.test", "Registrar (demo)", _("Registrar"), "Biro Kerja Sama"),
    DemoAccount("unit@demo.test", "Petugas unit (demo)", _("Officer of a unit"), "Ditjen Binalavotas"),
    DemoAccount(
        "provinsi@demo.test",
        "Petugas provinsi (demo)",
        _("Officer of a province"),
        "Dinas Tenaga Kerja Provinsi Jawa Barat",
    ),
    DemoAccount(
        "kabupaten@demo.test",
        "Petugas kabupaten (demo)",
        _("Officer of a kabupaten"),
        "Dinas Tenaga Kerja Kabupaten Asahan",
    ),
    DemoAccount("pimpinan@demo.test", "Pimpinan (demo)", _("Leadership"), "Kementerian Ketenagakerjaan"),
    DemoAccount("admin@demo.test", "Admin (demo)", _("Administrator"), ""),
)
