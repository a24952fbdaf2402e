"""What the demo shows of needs and offers: made up, marked so, of organisations of the reference data."""

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from accounts.models import User
from partnerships.actions import needs, offers
from partnerships.actions.needs import NeedEntry
from partnerships.actions.offers import OfferEntry
from partnerships.models import Indicator, Need, Offer, Organization, Theme
from regions.models import Region

_REGISTRAR = "registrar@demo.test"
# Who states needs beside the registrar: the region and what lies below it, by its code.
_OFFICERS = {"12.09": "kabupaten@demo.test", "32": "provinsi@demo.test"}


@dataclass(kw_only=True)
class _Need:
    """A made-up need, so many years from this one."""

    region: str
    theme: str
    indicator: str
    number: int
    ahead: int = 1
    note: str = ""

    def __str__(self):
        return f"{self.region}:{self.theme}:{self.indicator}:{self.ahead}"


@dataclass(kw_only=True)
class _Offer:
    """A made-up programme, for this year and so many after it; without regions for the whole country."""

    organization: str
    title: str
    theme: str
    indicator: str
    number: int
    years: int = 2
    regions: list = field(default_factory=list)
    note: str = ""

    def __str__(self):
        return f"{self.organization}:{self.title}"


_TRAINED, _PLACED, _CERTIFIED = "peserta-dilatih", "peserta-ditempatkan", "peserta-bersertifikat"

NEEDS = [
    _Need(
        region="12.09",
        theme="pelatihan-vokasi",
        indicator=_TRAINED,
        number=160,
        note="Las dan teknisi sepeda motor; bengkel latihan di Kisaran siap dipakai.",
    ),
    _Need(region="12.09", theme="penempatan", indicator=_PLACED, number=75),
    _Need(region="12.09", theme="sertifikasi-kompetensi", indicator=_CERTIFIED, number=120),
    _Need(region="12.09", theme="pemagangan", indicator="peserta-magang", number=40, ahead=0),
    _Need(
        region="32.04",
        theme="pelatihan-vokasi",
        indicator=_TRAINED,
        number=400,
        note="Lulusan SMK di sekitar kawasan industri.",
    ),
    _Need(region="32.73", theme="talenta-digital", indicator=_TRAINED, number=250),
    _Need(region="32", theme="pekerja-migran", indicator="pekerja-terlindungi", number=1_500),
    _Need(region="82", theme="pelatihan-vokasi", indicator=_TRAINED, number=120),
    _Need(region="82.02", theme="k3", indicator="perusahaan-dibina-k3", number=30),
    _Need(region="82.02", theme="pelatihan-vokasi", indicator=_TRAINED, number=60, ahead=2),
    _Need(region="53.01", theme="pelatihan-vokasi", indicator="instruktur-dilatih", number=12),
    _Need(region="53.01", theme="kewirausahaan", indicator="wirausaha-baru", number=90),
    _Need(region="91", theme="penempatan", indicator=_PLACED, number=200),
    _Need(region="73.71", theme="disabilitas", indicator=_TRAINED, number=45),
]

OFFERS = [
    _Offer(
        organization="jica",
        title="Program keterampilan teknik dan bahasa Jepang",
        theme="pelatihan-vokasi",
        indicator=_TRAINED,
        number=200,
        regions=["82"],
        note="Peserta mendapat pelatihan enam bulan di balai latihan kerja.",
    ),
    _Offer(
        organization="koica",
        title="Program pelatihan manufaktur",
        theme="pelatihan-vokasi",
        indicator=_TRAINED,
        number=600,
        regions=["32", "33"],
    ),
    _Offer(
        organization="koica",
        title="Program pelatihan instruktur",
        theme="pelatihan-vokasi",
        indicator="instruktur-dilatih",
        number=48,
    ),
    _Offer(
        organization="ilo",
        title="Program pembinaan keselamatan kerja",
        theme="k3",
        indicator="perusahaan-dibina-k3",
        number=100,
        years=3,
    ),
    _Offer(
        organization="ilo",
        title="Program pelindungan calon pekerja migran",
        theme="pekerja-migran",
        indicator="pekerja-terlindungi",
        number=1_000,
        regions=["32", "35", "52", "53"],
    ),
    _Offer(
        organization="ilo",
        title="Program keterampilan untuk pekerjaan layak",
        theme="pelatihan-vokasi",
        indicator=_TRAINED,
        number=300,
    ),
    _Offer(
        organization="pt-abuya-berkah-indonesia-makmur",
        title="Program penyerapan tenaga kerja",
        theme="penempatan",
        indicator=_PLACED,
        number=500,
        regions=["12.71", "32.16"],
    ),
]


def create():
    """Make what is missing of the needs and offers; returns how many were made. Offers of organisations that
    are not in the portal are passed over."""
    people = {user.email: user for user in User.objects.filter(email__endswith="@demo.test")}
    made = 0
    for each in NEEDS:
        if not Need.objects.filter(entry_key=_key("need", each)).exists():
            _state(each, people)
            made += 1
    for each in OFFERS:
        organization = Organization.objects.filter(slug=each.organization).first()
        if organization and not Offer.objects.filter(entry_key=_key("offer", each)).exists():
            _record(each, organization, by=people[_REGISTRAR])
            made += 1
    return made


def _key(kind, made_up):
    return uuid5(NAMESPACE_URL, f"demo:{kind}:{made_up}")


def _state(each, people):
    region = Region.objects.get(pk=each.region)
    officer = _OFFICERS.get(region.code) or _OFFICERS.get(region.parent_id, _REGISTRAR)
    entry = NeedEntry(
        office=Organization.objects.filter(region=region).order_by("parent", "pk").first(),
        region=region,
        theme=Theme.objects.get(slug=each.theme),
        indicator=Indicator.objects.get(slug=each.indicator),
        number=Decimal(each.number),
        year=timezone.localdate().year + each.ahead,
        note=each.note,
    )
    needs.state(entry=entry, by=people[officer], key=_key("need", each), demonstration=True)


def _record(each, organization, by):
    this = timezone.localdate().year
    entry = OfferEntry(
        organization=organization,
        title=each.title,
        theme=Theme.objects.get(slug=each.theme),
        indicator=Indicator.objects.get(slug=each.indicator),
        number=Decimal(each.number),
        first_year=this,
        last_year=this + each.years,
        regions=list(Region.objects.filter(code__in=each.regions)),
        note=each.note,
        source="Contoh: dibuat untuk demonstrasi",
    )
    offers.record(entry=entry, by=by, key=_key("offer", each), demonstration=True)
