"""Settings of the portal: everything that differs between machines comes from the environment."""

import os
import sys
from pathlib import Path

import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.embedded_postgres import database_from_url, database_settings
from kemnaker_portal.places import storage_from_url
from kemnaker_portal.scanner import address_of

BASE_DIR = Path(__file__).resolve().parent.parent
PORTAL_DATA = Path(os.environ.get("PORTAL_DATA") or BASE_DIR / ".data").resolve()


def _flag(name):
    return os.environ.get(name, "0").lower() in {"1", "true", "yes"}


def _listed(name, otherwise=""):
    return [part.strip() for part in os.environ.get(name, otherwise).split(",") if part.strip()]


def _secret_key():
    if os.environ.get("SECRET_KEY"):
        return os.environ["SECRET_KEY"]
    try:
        return (PORTAL_DATA / "secret_key").read_text().strip()
    except FileNotFoundError:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing. Set it in the environment, or start once with script/server, "
            f"which keeps one in {PORTAL_DATA / 'secret_key'}."
        ) from None


# A connection over a network that loses every packet ends within about ten seconds; of itself it would be
# waited for a quarter of an hour, and for ever where nothing was to be sent.
_NOTICES_SILENCE = {
    "tcp_user_timeout": "10000",
    "keepalives_idle": "5",
    "keepalives_interval": "5",
    "keepalives_count": "2",
}


def _database(role):
    variable = {"owner": "DATABASE_OWNER_URL", "jobs": "DATABASE_JOBS_URL"}.get(role, "DATABASE_URL")
    if role == "jobs" and not os.environ.get(variable):
        # Told that they are the portal itself, commands and background work may share the web role.
        variable = "DATABASE_URL"
    if os.environ.get(variable):
        said = database_from_url(os.environ[variable], variable)
        return {**said, "OPTIONS": {**_NOTICES_SILENCE, **said["OPTIONS"]}}
    if os.environ.get("DATABASE_URL"):
        raise ImproperlyConfigured(
            "DATABASE_OWNER_URL is missing. With a DATABASE_URL of your own, also name the role "
            "that owns the tables and migrates them."
        )
    return database_settings(PORTAL_DATA, role)


def _replica(primary, role):
    """The connection to a copy of the database, as the role that works here; what migrates has none."""
    if not os.environ.get("DATABASE_REPLICA_URL") or role == "owner":
        return {}
    said = database_from_url(os.environ["DATABASE_REPLICA_URL"], "DATABASE_REPLICA_URL")
    # A page does not wait long for a copy that is away: the primary answers it.
    options = {"connect_timeout": "2", **_NOTICES_SILENCE, **said["OPTIONS"]}
    # A copy has the roles of its primary, and their passwords.
    role = {name: primary.get(name, "") for name in ("USER", "PASSWORD")}
    return {"replica": {**said, **role, "OPTIONS": options}}


DEBUG = _flag("DEBUG")
DEMO = _flag("DEMO")
SECRET_KEY = _secret_key()
# Sign nothing any more; what they signed holds until they are taken out of the list.
SECRET_KEY_FALLBACKS = _listed("SECRET_KEYS_BEFORE")
# Seals the secrets of second factors in the database. With another one, and without this one among those of
# before, authenticator apps and recovery codes open nothing any more.
SECOND_FACTOR_KEY = os.environ.get("SECOND_FACTOR_KEY") or SECRET_KEY
SECOND_FACTOR_KEYS_BEFORE = [*_listed("SECOND_FACTOR_KEYS_BEFORE"), *SECRET_KEY_FALLBACKS]
ALLOWED_HOSTS = _listed("ALLOWED_HOSTS", "127.0.0.1,localhost")
# A portal that the world reaches is behind HTTPS; only the local demo and tests speak plain HTTP.
HTTPS = _flag("HTTPS")

INSTALLED_APPS = [
    "partnerships",
    "accounts",
    "regions",
    "kemnaker_portal.administration.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "import_export",
    "lucide",
    "pghistory",
    "pgtrigger",
    "csp",
]

MIDDLEWARE = [
    "kemnaker_portal.middleware.request_number",
    "kemnaker_portal.metrics.requests_counted",
    "kemnaker_portal.middleware.kept_apart",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kemnaker_portal.middleware.clean_input",
    "kemnaker_portal.middleware.cookies_of_one_browser",
    "kemnaker_portal.middleware.own_writes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kemnaker_portal.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kemnaker_portal.middleware.rows_for_the_reader",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kemnaker_portal.middleware.private_pages",
    "accounts.middleware.history_context",
    "accounts.middleware.ErrorsMet",
    "partnerships.views.middleware.SecondFactorFirst",
    "partnerships.views.middleware.one_look_at_the_register",
]

ROOT_URLCONF = "kemnaker_portal.urls"
WSGI_APPLICATION = "kemnaker_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kemnaker_portal.context.portal",
                "accounts.context.demo",
                "partnerships.views.context.navigation",
            ],
        },
    },
]

# As which of its roles this process works in the database: web, jobs or owner.
DATABASE_ROLE = os.environ.get("PORTAL_DB_ROLE", "web")
_PRIMARY = _database(DATABASE_ROLE)
DATABASES = {"default": _PRIMARY, **_replica(_PRIMARY, DATABASE_ROLE)}
DATABASE_ROUTERS = ["kemnaker_portal.replicas.Router"]
# The apps whose rows may be read from the copy where a page is marked for it; who somebody is never is.
READ_FROM_REPLICA = {"partnerships", "regions"}
# For whom rows are read where nobody is named (kemnaker_portal.readers): what the web server does without a
# reader sees nothing; commands and background work are the portal itself.
READER_UNLESS_NAMED = "" if DATABASE_ROLE == "web" else "register"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What limits of tries are counted in, the same for every process and machine of the portal. Pages read
# nothing from it. Counts that make way for others would let somebody guess on.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

# The roles of the web server, and of commands and background work; `migrate` grants them what they need and
# no more.
WEB_DATABASE_ROLE = os.environ.get("WEB_DATABASE_ROLE", "portal_web")
JOBS_DATABASE_ROLE = os.environ.get("JOBS_DATABASE_ROLE", "portal_jobs")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.DressedUpWord"},
]
ACCOUNT_ADAPTER = "accounts.adapter.Door"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# Guesses of the password of one account are counted by accounts.guesses. Here: codes of one account,
# and what one network may try (in the demo, and behind the proxy of an office, many share an address).
ACCOUNT_RATE_LIMITS = {
    "login": "60/1m/ip",
    "login_failed": "10/1h/key,20/1m/ip",
    "password_of_network": "60/1m/ip,300/15m/ip",
    "reset_password": "20/1m/ip,5/1h/key",
}
# How many proxies of our own stand before the portal: only what these wrote into X-Forwarded-For is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0"))
# The password (and the second factor, where there is one) holds so long for steps that ask for it again.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_ADAPTER = "accounts.adapter.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Portal Kemitraan Kemnaker"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey proves the device and the person (finger, face or PIN), so that it stands for both factors.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
ACCOUNT_FORMS = {"reset_password": "accounts.forms.PasswordLinkForm"}
MFA_FORMS = {
    "add_webauthn": "accounts.forms.PasskeyForm",
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "partnerships:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

# A session ends so long after the sign-in, and earlier when nothing is asked for two hours.
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = 60 * 60 * 10
SESSION_IDLE_SECONDS = 2 * 60 * 60
MESSAGE_STORAGE = "kemnaker_portal.notes.NoteStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
if HTTPS:
    # The prefix makes a browser refuse the cookie from a subdomain or over plain HTTP.
    SESSION_COOKIE_NAME, SESSION_COOKIE_SECURE = "__Host-session", True
    CSRF_COOKIE_NAME, CSRF_COOKIE_SECURE = "__Host-csrf", True
    LANGUAGE_COOKIE_NAME, LANGUAGE_COOKIE_SECURE = "__Host-language", True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
CSRF_FAILURE_VIEW = "kemnaker_portal.errors.csrf_failure"

# One form of the portal carries at most a few hundred fields; a file of records at most 20 MB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
# What is larger than 2.5 MB goes to the disk, and nothing larger than the largest file that is taken.
FILE_UPLOAD_HANDLERS = [
    "kemnaker_portal.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = PORTAL_DATA / "static"
# Collected files have names by their content, which a list tells; collecting writes it, also the first time.
STATIC_LIST = STATIC_ROOT / "staticfiles.json"
_COLLECTED = STATIC_LIST.exists() or sys.argv[1:2] == ["collectstatic"]
WHITENOISE_USE_FINDERS = not _COLLECTED
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False


def _guard_static(headers, path, url):
    """Styles, scripts and pictures are parts of the portal's pages and of nobody else's, and no pages."""
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
    headers["X-Frame-Options"] = "DENY"


WHITENOISE_ADD_HEADERS_FUNCTION = _guard_static
# Where files are kept when web servers run on several machines; without it, in PORTAL_DATA/media.
FILES_URL = os.environ.get("FILES_URL", "")
STORAGES = {
    "default": storage_from_url(FILES_URL)
    if FILES_URL
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PORTAL_DATA / "media"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Where a virus scanner listens; without it files are taken unscanned.
CLAMD = os.environ.get("CLAMD", "").strip()
if CLAMD:
    address_of(CLAMD)

# `script/restore --copy` leaves this mark: a copy of the portal for trying out writes to nobody.
IS_COPY = (PORTAL_DATA / "copy").exists()
EMAIL_BACKEND = os.environ.get(
    "EMAIL_BACKEND",
    "django.core.mail.backends.console.EmailBackend"
    if DEMO or DEBUG
    else "django.core.mail.backends.smtp.EmailBackend",
)
if IS_COPY:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "portal@localhost")
# Links in mail name this host, never the one a request claims.
PORTAL_URL = os.environ.get("PORTAL_URL", "http://127.0.0.1:8000").rstrip("/")

# Files take minutes and have a queue of their own: mails and reminders do not wait for them.
EXPORT_QUEUE = "exports"
TASKS = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", EXPORT_QUEUE]},
}

# History: who, when, why and from which door stand in the event row itself, so that the table
# can be append-only (a shared context table is updated after the fact).
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="events")
PGHISTORY_APPEND_ONLY = True
PGHISTORY_DEFAULT_TRACKERS = (
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
)

IMPORT_EXPORT_SKIP_ADMIN_LOG = True

# To whom the head of the history is mailed every night, to be kept where nobody of the portal can write.
HISTORY_HEAD_TO = os.environ.get("HISTORY_HEAD_TO", "")

# Who knows it reads the figures of /metrics; without it that page does not exist.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
# Where its library lets the processes of one machine leave their counts; it looks while it is imported.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(PORTAL_DATA / "metrics"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "kemnaker_portal.logs.JsonLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Each task would tell that it began and that it ended.
        "django_tasks": {"level": "WARNING"},
        # WeasyPrint and fontTools tell every style rule they skip.
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
