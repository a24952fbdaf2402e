"""What the gallery of components is filled with; no page of the portal loads this."""

from types import SimpleNamespace

from django import forms, template
from django.core.paginator import Paginator
from django.http import QueryDict

from partnerships.charts import Bar, Step, Tile

register = template.Library()


class PaperForm(forms.Form):
    title = forms.CharField(label="Judul naskah", help_text="Seperti tertulis pada naskah, tanpa nomor.")
    kind = forms.ChoiceField(
        label="Jenis naskah",
        choices=[
            ("", "Pilih jenis"),
            ("mou", "Nota Kesepahaman"),
            ("pks", "Perjanjian Kerja Sama"),
        ],
    )
    signed_on = forms.DateField(
        label="Tanggal penandatanganan",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    email = forms.EmailField(label="Surel narahubung", required=False)
    scope = forms.CharField(label="Ruang lingkup", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    validity = forms.ChoiceField(
        label="Masa berlaku",
        widget=forms.RadioSelect,
        choices=[("known", "Tanggal berakhir diketahui"), ("unknown", "Tidak diketahui")],
    )
    themes = forms.MultipleChoiceField(
        label="Bidang",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("data", "Integrasi data"), ("vokasi", "Pelatihan vokasi"), ("k3", "K3")],
    )
    published = forms.BooleanField(
        label="Tampilkan untuk umum", required=False, help_text="Hanya bidang yang diizinkan."
    )


class PartyForm(forms.Form):
    organization = forms.CharField(label="Lembaga")
    number = forms.CharField(label="Nomor naskah", required=False)


def _facet(name, label, *rows):
    """A facet as the register makes it."""
    keys = ("value", "label", "count", "chosen")
    options = [SimpleNamespace(**dict(zip(keys, row, strict=True))) for row in rows]
    chosen = [option for option in options if option.chosen]
    return {"name": name, "label": label, "options": options, "chosen": chosen}


_CLASSES = _facet(
    "class",
    "Kelas mitra",
    ("ministry", "K/L", 3, False),
    ("regional", "Pemerintah daerah", 41, True),
    ("development", "Mitra pembangunan", 22, False),
    ("international", "Internasional", 12, False),
    ("unknown", "Belum diketahui", 0, False),
)
_VALIDITIES = _facet(
    "validity",
    "Masa berlaku",
    ("in_force", "Berlaku", 9, False),
    ("ending", "Segera berakhir", 2, False),
    ("ended", "Berakhir", 1, False),
    ("unknown", "Tidak diketahui", 66, False),
)
_OFFICES = {
    **_facet(
        "owner",
        "Kantor penanggung jawab",
        ("disnaker-asahan", "Disnaker Kabupaten Asahan", 31, False),
        ("ditjen-binalavotas", "Ditjen Binalavotas", 12, True),
    ),
    "number": 412,
    "hidden": 410,
    "url": "#",
    "looked_for": "",
}
_REGIONS = _facet(
    "region",
    "Wilayah",
    ("12", "Sumatera Utara", 2, False),
    ("12.09", "Kabupaten Asahan", 1, False),
    ("13", "Sumatera Barat", 1, False),
    ("32", "Jawa Barat", 6, False),
    ("32.13", "Kabupaten Subang", 1, False),
    ("32.16", "Kabupaten Bekasi", 1, False),
    ("33", "Jawa Tengah", 3, False),
    ("33.25", "Kabupaten Batang", 1, False),
    ("82", "Maluku Utara", 1, False),
    ("82.04", "Kabupaten Halmahera Selatan", 1, False),
)

_ROWS = [
    {
        "ref": "KS-2025-0001",
        "title": "Nota Kesepahaman tentang pelatihan kerja dan sertifikasi kompetensi",
        "kind": "Nota Kesepahaman",
        "partner": "Pemerintah Kabupaten Asahan",
        "class": "Pemerintah daerah",
        "signed": "20 Maret 2025",
        "validity": ("Tidak diketahui", "neutral", "circle-question-mark"),
        "papers": 1,
    },
    {
        "ref": "KS-2025-0002",
        "title": "Integrasi data ketenagakerjaan",
        "kind": "Nota Kesepahaman",
        "partner": "Pemerintah Kabupaten Bekasi",
        "class": "Pemerintah daerah",
        "signed": "20 Maret 2025",
        "validity": ("Berlaku", "good", ""),
        "papers": 1,
    },
    {
        "ref": "KS-2024-0113",
        "title": "Perjanjian Kerja Sama penyelenggaraan pemagangan dan penempatan lulusan",
        "kind": "Perjanjian Kerja Sama",
        "partner": "Kamar Dagang dan Industri Indonesia",
        "class": "Mitra pembangunan",
        "signed": "Agustus 2024",
        "validity": ("Segera berakhir", "warn", "calendar-clock"),
        "papers": 75,
    },
    {
        "ref": "KS-2019-0007",
        "title": "Memorandum of Cooperation on the Specified Skilled Worker programme",
        "kind": "MoC internasional",
        "partner": "Ministry of Justice; Ministry of Foreign Affairs; Ministry of Health, Labour "
        "and Welfare; National Police Agency of Japan",
        "class": "Internasional",
        "signed": "2019",
        "validity": ("Berakhir", "bad", "calendar-x-2"),
        "papers": 1,
    },
]


_YEARS = [
    (str(year), papers, f"{papers} naskah pada {year}", "#")
    for year, papers in ((2021, 12), (2022, 4), (2023, 17), (2024, 9), (2025, 41))
]
_STEPS = [
    Step("Dilatih", 1_240, "1.240", "", "#"),
    Step("Bersertifikat", 820, "820", "66%", "#"),
    Step("Ditempatkan", 90, "90", "7%", "#"),
]
_BARS = [
    Bar("Triwulan I 2026", ((4, "good", "selesai 4"), (2, "bad", "terlambat 2")), "6", "#"),
    Bar("Triwulan II 2026", ((1, "good", "selesai 1"), (3, "accent", "mendatang 3")), "4", "#"),
]
_MAP = SimpleNamespace(
    measure=SimpleNamespace(label="Naskah"),
    tiles=[
        Tile(0, 0, "Kab. Asahan", "2 berjalan", "4", "Kabupaten Asahan: 2 berjalan", "#"),
        Tile(0, 0, "Kab. Batang", "1 tidur", "asleep", "Kabupaten Batang: 1 tidur", "#"),
        Tile(0, 0, "Kota Medan", "1 berakhir", "over", "Kota Medan: 1 berakhir", "#"),
        Tile(0, 0, "Kab. Nias", "–", "0", "Kabupaten Nias: tidak ada naskah", "#"),
    ],
    legend=[("4", "berjalan"), ("asleep", "tidur"), ("over", "berakhir"), ("0", "tidak ada")],
)


def _samples():
    params = QueryDict("q=data&class=regional&theme=integrasi-data&page=4&sort=-signed")
    sent = {
        "title": "",
        "kind": "",
        "email": "bukan surel",
        "validity": "known",
        "themes": ["data"],
    }
    return {
        "params": params,
        "rows": _ROWS,
        "page": Paginator(range(1234), 25).page(4),
        "single_page": Paginator(range(7), 25).page(1),
        "sizes": [25, 50, 100],
        "size": 25,
        "classes": _CLASSES,
        "validities": _VALIDITIES,
        "regions": _REGIONS,
        "offices": _OFFICES,
        "years": _YEARS,
        "papers": [papers for _year, papers, _words, _url in _YEARS],
        "steps": _STEPS,
        "bars": _BARS,
        "map": _MAP,
        "form": PaperForm(),
        "refused": PaperForm(sent),
        "parties": forms.formset_factory(PartyForm, extra=2)(prefix="parties"),
        "breadcrumb": [{"url": "#", "label": "Kemitraan"}, {"url": "#", "label": "2025"}],
        "tabs": [
            {"url": "#", "label": "Ikhtisar", "current": True, "count": None},
            {"url": "#", "label": "Komitmen", "current": False, "count": 4},
            {"url": "#", "label": "Riwayat", "current": False, "count": 12},
        ],
    }


@register.simple_tag
def samples():
    """Rows, forms and pages for the gallery, made anew for each look at it."""
    return _samples()
