import pghistory
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.text import slugify

from partnerships.models import Organization, OrganizationKind
from regions.models import Region, RegionKind
from regions.official import official_regions

_FIELDS = ["name", "kind", "bare_name", "short_name", "aliases", "parent_id", "time_zone"]

_GOVERNMENT_KIND = {
    RegionKind.PROVINCE: OrganizationKind.PROVINCE_GOVERNMENT,
    RegionKind.KABUPATEN: OrganizationKind.KABUPATEN_GOVERNMENT,
    RegionKind.KABUPATEN_ADMINISTRATIVE: OrganizationKind.KABUPATEN_GOVERNMENT,
    RegionKind.KOTA: OrganizationKind.KOTA_GOVERNMENT,
    RegionKind.KOTA_ADMINISTRATIVE: OrganizationKind.KOTA_GOVERNMENT,
}


class Command(BaseCommand):
    help = "Load the 38 provinces and 514 kabupaten/kota and make each one's government a partner."

    @transaction.atomic
    def handle(self, *args, **options):
        with pghistory.context(action="regions.load", door="command"):
            self._load_regions()
            self._make_governments()

    def _load_regions(self):
        present = Region.objects.in_bulk()
        added, changed = [], []
        for official in official_regions():
            values = {
                "name": official.name,
                "kind": official.kind,
                "bare_name": official.bare_name,
                "short_name": official.short_name,
                "aliases": list(official.aliases),
                "parent_id": official.parent,
                "time_zone": official.time_zone,
            }
            region = present.pop(official.code, None)
            if region is None:
                added.append(Region(code=official.code, **values))
            elif differences := [name for name in _FIELDS if getattr(region, name) != values[name]]:
                self.stdout.write(f"{official.code} {official.name}: {', '.join(differences)} changed")
                for name in differences:
                    setattr(region, name, values[name])
                changed.append(region)
        Region.objects.bulk_create(added)
        Region.objects.bulk_update(changed, _FIELDS)
        for code, region in present.items():
            if not region.closed_on:
                self.stdout.write(
                    f"{code} {region.name} is no longer on the official list: close it in the admin."
                )
        self.stdout.write(f"Regions: {len(added)} new, {len(changed)} changed.")

    def _make_governments(self):
        has_one = set(
            Organization.objects.filter(kind__in=_GOVERNMENT_KIND.values()).values_list(
                "region_id", flat=True
            )
        )
        made = [
            Organization(
                name=f"Pemerintah {region.name}",
                slug=slugify(f"pemerintah-{region.name}"),
                short_name=f"Pemprov {region.short_name}"
                if region.is_province
                else f"Pem{region.short_name.replace('Kab. ', 'kab ').replace('Kota ', 'kot ')}",
                kind=_GOVERNMENT_KIND[region.kind],
                region=region,
            )
            for region in Region.objects.open()
            if region.code not in has_one
        ]
        Organization.objects.bulk_create(made)
        self.stdout.write(f"Governments: {len(made)} new.")
