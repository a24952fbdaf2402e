"""The addresses of the register; their words are Indonesian, because people read and share them."""

from django.conf import settings
from django.urls import path, register_converter

from partnerships.views import (
    agreements,
    choices,
    documents,
    editing,
    events,
    organizations,
    pages,
    regions,
)
from partnerships.views.converters import ReferenceConverter, RegionCodeConverter

register_converter(ReferenceConverter, "ref")
register_converter(RegionCodeConverter, "region_code")

app_name = "partnerships"

register = [
    # The register, its exports, and one paper.
    path("kemitraan/", agreements.agreement_list, name="agreement-list"),
    path("kemitraan/baru/", editing.agreement_add, name="agreement-add"),
    path("kemitraan/baru/baris/", editing.empty_line, name="agreement-line"),
    path("kemitraan/ekspor.<str:form>", documents.export, name="agreement-export"),
    path("kemitraan/<ref:ref>/", agreements.agreement_detail, name="agreement-detail"),
    path("kemitraan/<ref:ref>/ubah/", editing.agreement_edit, name="agreement-edit"),
    path("kemitraan/<ref:ref>/status/", editing.agreement_move, name="agreement-move"),
    path("kemitraan/<ref:ref>/publikasi/", editing.agreement_publish, name="agreement-publish"),
    path("kemitraan/<ref:ref>/profil.pdf", documents.profile, name="agreement-profile"),
]

around = [
    # Who and where: partners, regions, signing events.
    path("mitra/", organizations.organization_list, name="organization-list"),
    path("mitra/pilihan/", choices.organization_choices, name="organization-choices"),
    path("mitra/<slug:slug>/", organizations.organization_detail, name="organization-detail"),
    path("wilayah/", regions.region_list, name="region-list"),
    path("wilayah/<region_code:code>/", regions.region_detail, name="region-detail"),
    path("acara/", events.event_list, name="event-list"),
    path("acara/<slug:slug>/", events.event_detail, name="event-detail"),
]

rest = [
    path("", pages.home, name="home"),
    path("akun/", pages.own_account, name="own-account"),
    path("bantuan/", pages.help_page, name="help"),
]

if settings.DEBUG:
    rest.append(path("_komponen/", pages.gallery, name="gallery"))

urlpatterns = [*register, *around, *rest]
