"""The addresses of the register; their words are Indonesian, because people read and share them."""

from django.conf import settings
from django.urls import path, register_converter

from partnerships.models import ListName
from partnerships.views import (
    account,
    action_points,
    addenda,
    agreements,
    bulk,
    calendars,
    ceremonies,
    choices,
    commitments,
    confirmations,
    documents,
    dormancy,
    downloads,
    editing,
    events,
    evidence,
    filing,
    funnel,
    issued,
    leadership,
    ledger,
    mail,
    matrix,
    meeting_partners,
    meetings,
    needs,
    offers,
    organizations,
    pages,
    progress,
    readings,
    regions,
    retention,
    saved_views,
    stages,
    tasks,
    terms,
    verification,
)
from partnerships.views.converters import (
    DayConverter,
    HalfConverter,
    ReferenceConverter,
    RegionCodeConverter,
    YearConverter,
)

register_converter(DayConverter, "day")
register_converter(HalfConverter, "half")
register_converter(ReferenceConverter, "ref")
register_converter(RegionCodeConverter, "region_code")
register_converter(YearConverter, "year")

app_name = "partnerships"

register = [
    # The register, its exports, and one paper.
    path("kemitraan/", agreements.agreement_list, name="agreement-list"),
    path("kemitraan/baru/", editing.agreement_add, name="agreement-add"),
    path("kemitraan/baru/baris/", editing.empty_line, name="agreement-line"),
    # A paper read off its file: given, confirmed field by field, registered.
    path("kemitraan/baca/", readings.reading_new, name="reading-new"),
    path("kemitraan/baca/<uuid:pk>/", readings.reading_detail, name="reading-detail"),
    path("kemitraan/baca/<uuid:pk>/daftarkan/", readings.reading_register, name="reading-register"),
    # What is done to a selection of papers: chosen, confirmed, reported.
    path("kemitraan/tindakan/", bulk.bulk_selection, name="bulk-selection"),
    path("kemitraan/tindakan/laporan/<uuid:key>/", bulk.bulk_report, name="bulk-report"),
    path("kemitraan/tindakan/<slug:verb>/", bulk.bulk_action, name="bulk-action"),
    # Papers that sleep: counted here, decided on one by one.
    path("kemitraan/tidur/", dormancy.dormant_list, name="dormant-list"),
    path("kemitraan/ekspor.<str:form>", documents.export, name="agreement-export"),
    path("kemitraan/<ref:ref>/", agreements.agreement_detail, name="agreement-detail"),
    path("kemitraan/<ref:ref>/ubah/", editing.agreement_edit, name="agreement-edit"),
    path("kemitraan/<ref:ref>/status/", editing.agreement_move, name="agreement-move"),
    path("kemitraan/<ref:ref>/tahap/", stages.agreement_stages, name="agreement-stages"),
    path("kemitraan/<ref:ref>/publikasi/", editing.agreement_publish, name="agreement-publish"),
    path("kemitraan/<ref:ref>/masa-berlaku/", terms.agreement_terms, name="agreement-terms"),
    path("kemitraan/<ref:ref>/tidur/", dormancy.dormancy_decision, name="agreement-dormancy"),
    path("kemitraan/<ref:ref>/adendum/baru/", addenda.addendum_add, name="agreement-addendum-add"),
    path("kemitraan/<ref:ref>/adendum/<int:number>/ubah/", addenda.addendum_change, name="addendum-change"),
    path("kemitraan/<ref:ref>/profil.pdf", documents.profile, name="agreement-profile"),
    path("kemitraan/<ref:ref>/matriks.<str:form>", documents.matrix, name="agreement-matrix"),
    # What is on file for a paper.
    path("kemitraan/<ref:ref>/dokumen/", filing.document_upload, name="document-upload"),
    path("kemitraan/<ref:ref>/dokumen/baru/", filing.document_add, name="document-add"),
    path("dokumen/<int:pk>/", filing.document_detail, name="document-detail"),
    path("dokumen/<int:pk>/versi/", filing.document_version, name="document-version"),
    path("dokumen/<int:pk>/ubah/", filing.document_change, name="document-change"),
    path("dokumen/<int:pk>/tarik/", filing.document_withdraw, name="document-withdraw"),
    path("dokumen/<int:pk>/<int:number>/halaman/<int:page>.png", filing.document_page, name="document-page"),
]

OF_PAPERS, OF_PROMISES = {"of": ListName.AGREEMENTS}, {"of": ListName.COMMITMENTS}

views = [
    # Questions to the lists that somebody keeps under a name.
    path(
        "kemitraan/tampilan/baru/",
        saved_views.view_add,
        OF_PAPERS,
        name="agreement-view-add",
    ),
    path(
        "komitmen/tampilan/baru/",
        saved_views.view_add,
        OF_PROMISES,
        name="commitment-view-add",
    ),
    path("tampilan/", saved_views.view_list, name="view-list"),
    path("tampilan/<int:pk>/", saved_views.view_change, name="view-change"),
    path("tampilan/<int:pk>/pertanyaan/", saved_views.view_ask_anew, name="view-ask-anew"),
    path("tampilan/<int:pk>/hapus/", saved_views.view_delete, name="view-delete"),
]

promises = [
    # What was promised: the ledger and its exports, one commitment, what was done of it, the evidence,
    # and who judges it.
    path("komitmen/", ledger.commitment_list, name="commitment-list"),
    path("komitmen/ekspor.<str:form>", ledger.commitment_export, name="commitment-export"),
    path("kemitraan/<ref:ref>/komitmen/baru/", commitments.commitment_add, name="commitment-add"),
    path("komitmen/matriks/", matrix.matrix, name="matrix"),
    path("komitmen/matriks/ekspor.<str:form>", matrix.matrix_export, name="matrix-export"),
    path("komitmen/<int:pk>/", commitments.commitment_detail, name="commitment-detail"),
    path("komitmen/<int:pk>/ubah/", commitments.commitment_change, name="commitment-change"),
    path("komitmen/<int:pk>/tarik/", commitments.commitment_withdraw, name="commitment-withdraw"),
    path("komitmen/<int:pk>/tanggal-lapor/", commitments.commitment_ask, name="commitment-ask"),
    path("komitmen/<int:pk>/capaian/<day:period_end>/", progress.progress_report, name="progress-report"),
    path("komitmen/<int:pk>/capaian/<day:period_end>/draf/", progress.progress_draft, name="progress-draft"),
    path("capaian/corong/", funnel.funnel, name="funnel"),
    path("capaian/corong/ekspor.<str:form>", funnel.funnel_export, name="funnel-export"),
    path("capaian/<int:pk>/tarik/", progress.progress_take_back, name="progress-take-back"),
    path("capaian/<int:pk>/bukti/", evidence.evidence_upload, name="evidence-upload"),
    path("bukti/<int:pk>/tarik/", evidence.evidence_withdraw, name="evidence-withdraw"),
    path("bukti/<int:pk>/<int:number>/", evidence.document_file, name="document-file"),
    path("periksa/", verification.verification_queue, name="verification-queue"),
    path("periksa/<int:pk>/", verification.verification, name="verification"),
    path("periksa/<int:pk>/buka/", verification.verification_reopen, name="verification-reopen"),
]

around = [
    # Who and where: partners, regions, signing events.
    path("mitra/", organizations.organization_list, name="organization-list"),
    path("mitra/pilihan/", choices.organization_choices, name="organization-choices"),
    path("mitra/<slug:slug>/", organizations.organization_detail, name="organization-detail"),
    path("wilayah/", regions.region_list, name="region-list"),
    path("wilayah/cakupan/", regions.coverage, name="coverage"),
    path("wilayah/<region_code:code>/", regions.region_detail, name="region-detail"),
    path("wilayah/<region_code:code>/profil.pdf", regions.region_profile, name="region-profile"),
    path("acara/", events.event_list, name="event-list"),
    path("acara/baru/", events.event_add, name="event-add"),
    path("acara/<slug:slug>/", events.event_detail, name="event-detail"),
    path("acara/<slug:slug>/ubah/", events.event_change, name="event-change"),
    path("acara/<slug:slug>/naskah/", ceremonies.event_papers, name="event-papers"),
    path("acara/<slug:slug>/tandatangan/", ceremonies.event_sign, name="event-sign"),
    path("acara/<slug:slug>/paket.pdf", ceremonies.event_packet, name="event-packet"),
    path("acara/<slug:slug>/lembar.pdf", ceremonies.event_door, name="event-door"),
]

wanted_and_offered = [
    # What the regions need, what partners offer, and which of these fit together.
    path("kebutuhan/", needs.need_list, name="need-list"),
    path("kebutuhan/baru/", needs.need_add, name="need-add"),
    path("kebutuhan/<int:pk>/", needs.need_detail, name="need-detail"),
    path("kebutuhan/<int:pk>/ubah/", needs.need_change, name="need-change"),
    path("kebutuhan/<int:pk>/usulkan/<int:offer>/", needs.match_propose, name="match-propose"),
    path("penawaran/", offers.offer_list, name="offer-list"),
    path("penawaran/baru/", offers.offer_add, name="offer-add"),
    path("penawaran/<int:pk>/", offers.offer_detail, name="offer-detail"),
    path("penawaran/<int:pk>/ubah/", offers.offer_change, name="offer-change"),
    path("kecocokan/", needs.match_list, name="match-list"),
]

gone_through = [
    # Evaluation meetings: arranged, frozen, asked about, held, and read again.
    path("rapat/", meetings.meeting_list, name="meeting-list"),
    path("rapat/baru/", meetings.meeting_add, name="meeting-add"),
    path("rapat/<int:pk>/", meetings.meeting_detail, name="meeting-detail"),
    path("rapat/<int:pk>/ubah/", meetings.meeting_change, name="meeting-change"),
    path("rapat/<int:pk>/mitra/", meetings.meeting_choice_page, name="meeting-choice"),
    path("rapat/<int:pk>/bekukan/", meetings.meeting_freeze, name="meeting-freeze"),
    path("rapat/<int:pk>/konfirmasi/", meetings.meeting_confirm, name="meeting-confirm"),
    path("rapat/<int:pk>/angka/", meetings.meeting_rows, name="meeting-rows"),
    path("rapat/<int:pk>/bahan.pdf", meeting_partners.meeting_handout, name="meeting-handout"),
    path("rapat/<int:pk>/paparan.pdf", meeting_partners.meeting_slides, name="meeting-slides"),
    path("rapat/<int:pk>/mitra/<slug:slug>/", meeting_partners.meeting_partner, name="meeting-partner"),
    path("rapat/<int:pk>/notulen/<slug:slug>/", meeting_partners.meeting_minutes, name="meeting-minutes"),
]

to_do = [
    # What an office has to do, and what is to be done for a paper.
    path("tugas/", tasks.task_list, name="tasks"),
    path("tindak-lanjut/", action_points.action_point_list, name="action-point-list"),
    path("tindak-lanjut/<int:pk>/", action_points.action_point_detail, name="action-point-detail"),
    path("kemitraan/<ref:ref>/tindak-lanjut/baru/", action_points.action_point_add, name="action-point-add"),
    # The partner's word on a report; asking needs an account, answering the link.
    path("capaian/<int:pk>/konfirmasi/", confirmations.confirmation_ask, name="confirmation-ask"),
]

told = [
    # What leadership is told: the brief of today, and reports on a half year or a year.
    path("ringkasan/", leadership.brief, name="brief"),
    path("ringkasan.pdf", leadership.brief_pdf, name="brief-pdf"),
    path("laporan/", leadership.latest_report, name="latest-report"),
    path("laporan/<year:year>/", leadership.period_report, name="period-report"),
    path("laporan/<year:year>/<half:half>/", leadership.period_report, name="period-report"),
    path("laporan/<year:year>/laporan.pdf", leadership.period_pdf, name="period-pdf"),
    path("laporan/<year:year>/<half:half>/laporan.pdf", leadership.period_pdf, name="period-pdf"),
    path("laporan/<year:year>/laporan.csv", leadership.period_csv, name="period-csv"),
    path("laporan/<year:year>/<half:half>/laporan.csv", leadership.period_csv, name="period-csv"),
]

taken_along = [
    # Files made in the background, each for who asked for it.
    path("unduhan/", downloads.downloads, name="downloads"),
    path("unduhan/<uuid:pk>/", downloads.download, name="download"),
    path("unduhan/<uuid:pk>/berkas", downloads.download_file, name="download-file"),
    path("unduhan/<uuid:pk>/batal/", downloads.download_cancel, name="download-cancel"),
    path("unduhan/<uuid:pk>/lagi/", downloads.download_again, name="download-again"),
]

kept_and_destroyed = [
    # Papers past their period: due, held, proposed, approved twice, destroyed.
    path("pemusnahan/", retention.disposal_list, name="disposal-list"),
    path("pemusnahan/tahan/", retention.hold_place, name="hold-place"),
    path("pemusnahan/tahan/<int:pk>/lepas/", retention.hold_lift, name="hold-lift"),
    path("pemusnahan/<int:pk>/", retention.disposal_detail, name="disposal-detail"),
    path("pemusnahan/<int:pk>/setujui/", retention.disposal_approve, name="disposal-approve"),
    path("pemusnahan/<int:pk>/tolak/", retention.disposal_refuse, name="disposal-refuse"),
    path("pemusnahan/<int:pk>/berita-acara.pdf", retention.disposal_certificate, name="disposal-certificate"),
]

by_link = [
    # Public: what a PDF of the portal is, by the code that stands on it.
    path("verifikasi/", issued.issued_files, name="issued-files"),
    path("verifikasi/<str:code>/", issued.issued_file, name="issued-file"),
    # Public: the address itself is the key, and each opens one thing.
    path("konfirmasi/<str:token>/", confirmations.confirmation, name="confirmation"),
    path("pengingat/<str:token>/berhenti/", mail.mail_off, name="mail-off"),
    path("kalender/<slug:token>.ics", calendars.calendar_feed, name="calendar-feed"),
]

rest = [
    path("", pages.home, name="home"),
    path("akun/", account.own_account, name="own-account"),
    path("akun/surat/", account.own_mail, name="own-mail"),
    path("akun/papan-ketik/", account.own_keys, name="own-keys"),
    path("akun/kalender/", account.own_calendar, name="own-calendar"),
    path("bantuan/", pages.help_page, name="help"),
]

if settings.DEBUG:
    rest.append(path("_komponen/", pages.gallery, name="gallery"))

urlpatterns = [
    *register,
    *views,
    *promises,
    *around,
    *gone_through,
    *wanted_and_offered,
    *to_do,
    *told,
    *taken_along,
    *kept_and_destroyed,
    *by_link,
    *rest,
]
