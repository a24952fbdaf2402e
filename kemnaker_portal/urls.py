"""The portal's addresses, prefix by prefix. Signing in is needed everywhere but where a comment says so."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from accounts.confirming import confirmed, confirmed_afresh
from accounts.protection import changes_factors, leaves_nothing, renews_session
from accounts.views import new_address, own_address, own_sessions
from kemnaker_portal.health import healthz
from partnerships.views.operation import metrics

signing_in = [
    # Public: the door itself.
    path("masuk/", account.login, name="account_login"),
    path("masuk/kode/", mfa.authenticate, name="mfa_authenticate"),
    path("masuk/kunci/", login_not_required(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("keluar/", leaves_nothing(account.logout), name="account_logout"),
    path("tidak-aktif/", account.account_inactive, name="account_inactive"),
    path("pendaftaran/", account.signup, name="account_signup"),
    path("lupa-sandi/", account.password_reset, name="account_reset_password"),
    path("lupa-sandi/terkirim/", account.password_reset_done, name="account_reset_password_done"),
    # The key has a hyphen of its own, so that only the first one parts the two.
    re_path(
        r"^lupa-sandi/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "lupa-sandi/selesai/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

own_account = [
    path("akun/konfirmasi/", renews_session(account.reauthenticate), name="account_reauthenticate"),
    path("akun/konfirmasi/kode/", renews_session(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "akun/konfirmasi/kunci/",
        renews_session(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("akun/sandi/", confirmed_afresh(account.password_change), name="account_change_password"),
    path("akun/sandi/baru/", account.password_set, name="account_set_password"),
    path("akun/surel/", own_address, name="account_address"),
    # Public: who holds the link.
    path("akun/surel/<str:token>/", new_address, name="account_new_address"),
    path("akun/sesi/", own_sessions, name="usersessions_list"),
    path("akun/keamanan/", mfa.index, name="mfa_index"),
    path("akun/keamanan/totp/", changes_factors(totp.activate_totp), name="mfa_activate_totp"),
    path("akun/keamanan/totp/hapus/", changes_factors(totp.deactivate_totp), name="mfa_deactivate_totp"),
    # The list of passkeys stands on the page of all second factors.
    path("akun/keamanan/kunci/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("akun/keamanan/kunci/baru/", changes_factors(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("akun/keamanan/kunci/<int:pk>/nama/", confirmed(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        "akun/keamanan/kunci/<int:pk>/hapus/",
        changes_factors(webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path("akun/keamanan/kode/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "akun/keamanan/kode/baru/",
        changes_factors(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
]

urlpatterns = [
    *signing_in,
    *own_account,
    # Public: the choice of language, and the monitor's questions, the second for who knows the token.
    path("bahasa/", login_not_required(set_language), name="set_language"),
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    # Admins only; everyone else gets 404.
    path("admin/", admin.site.urls),
    # Everything about partnerships.
    path("", include("partnerships.urls")),
]

handler400 = "kemnaker_portal.errors.bad_request"
handler403 = "kemnaker_portal.errors.permission_denied"
handler404 = "kemnaker_portal.errors.not_found"
# Asked by the library that counts tries.
handler429 = "kemnaker_portal.errors.too_many_tries"
handler500 = "kemnaker_portal.errors.server_error"
