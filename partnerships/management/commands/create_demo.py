import pghistory
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.demo import ACCOUNTS, PASSWORD
from accounts.models import User
from partnerships.management import demonstration, demonstration_needs
from partnerships.models import Organization, OrganizationKind, Posting
from partnerships.roles import Role

# Offices that no official list names are made, below the government they belong to.
_OFFICES = {
    "provinsi@demo.test": ("Dinas Tenaga Kerja Provinsi Jawa Barat", "32"),
    "kabupaten@demo.test": ("Dinas Tenaga Kerja Kabupaten Asahan", "12.09"),
}
_UNITS = {
    "registrar@demo.test": "biro-kerja-sama",
    "unit@demo.test": "ditjen-binalavotas",
    "pimpinan@demo.test": "kementerian-ketenagakerjaan",
}
_ROLES = {
    "registrar@demo.test": Role.REGISTRAR,
    "unit@demo.test": Role.UNIT_OFFICER,
    "provinsi@demo.test": Role.REGIONAL_OFFICER,
    "kabupaten@demo.test": Role.REGIONAL_OFFICER,
    "pimpinan@demo.test": Role.LEADERSHIP,
}


class Command(BaseCommand):
    help = (
        "Make one demo account for each role, and made-up commitments with reports, needs and offers, marked"
        " as such."
        " Only with DEMO=1; a second run changes nothing."
    )

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("Demo accounts exist only in a demo: set DEMO=1.")
        made = 0
        with transaction.atomic(), pghistory.context(action="demo.create", door="command"):
            for account in ACCOUNTS:
                made += self._make(account)
            shown = demonstration.create()
            stated = demonstration_needs.create()
        self.stdout.write(f"Demo accounts: {made} new, {len(ACCOUNTS) - made} already there.")
        self.stdout.write(f"Demo commitments: {shown} new.")
        self.stdout.write(f"Demo needs and offers: {stated} new.")

    def _make(self, account):
        user = User.objects.filter(email=account.email).first()
        is_new = user is None
        if is_new:
            is_admin = account.email not in _ROLES
            user = User.objects.create_user(
                account.email,
                account.name,
                PASSWORD,
                is_staff=is_admin,
                is_superuser=is_admin,
            )
        role = _ROLES.get(account.email)
        if role and not user.postings.exists():
            Posting.objects.create(
                user=user,
                organization=self._office(account.email),
                role=role,
                starts_on=timezone.localdate(),
            )
        return is_new

    @staticmethod
    def _office(email):
        if email in _UNITS:
            unit = Organization.objects.filter(slug=_UNITS[email]).first()
            if unit is None:
                raise CommandError("The ministry's units are missing: run load_reference first.")
            return unit
        name, code = _OFFICES[email]
        government = (
            Organization.objects.filter(region=code).exclude(kind=OrganizationKind.REGIONAL_OFFICE)
        ).first()
        if government is None:
            raise CommandError("The regions are missing: run load_regions first.")
        office, _made = Organization.objects.get_or_create(
            slug=name.lower().replace(" ", "-"),
            defaults={
                "name": name,
                "kind": OrganizationKind.REGIONAL_OFFICE,
                "parent": government,
                "region": government.region,
            },
        )
        return office
