"""Every setting of the portal, read from the environment; safe when nothing is set.

`PORTAL_ENV` is `production` (the default), `demo`, `development` or `test`. Only in the last three does the
portal start without `SECRET_KEY` and `FIELD_ENCRYPTION_KEYS`, and only there may it fall back on the embedded
PostgreSQL.
"""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import pghistory
import structlog
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def env_flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "").strip().lower()
    return default if not value else value in {"1", "true", "yes", "on", "oui"}


def env_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


PORTAL_ENV = os.environ.get("PORTAL_ENV", "production")
if PORTAL_ENV not in {"production", "demo", "development", "test"}:
    raise ImproperlyConfigured(f"PORTAL_ENV is {PORTAL_ENV!r}: use production, demo, development or test.")
IS_PRODUCTION = PORTAL_ENV == "production"
IS_DEMO = PORTAL_ENV == "demo"

DEBUG = PORTAL_ENV == "development" and env_flag("DEBUG", default=True)
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))

SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    if IS_PRODUCTION:
        raise ImproperlyConfigured("Set SECRET_KEY (50 random characters or more) before starting the portal.")
    from sr_portal.local_secret import local_secret_key

    SECRET_KEY = local_secret_key(VAR_DIR)

ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "" if IS_PRODUCTION else "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "sr_portal.accounts",
    "sr_portal.history",
    "sr_portal.documents",
    "sr_portal.notices",
    "sr_portal.imports",
    "sr_portal.api",
    "sr_portal.webhooks",
    "sr_portal.web",
    "regions",
    "funds",
    "projects",
    "sr_portal.dashboards",
    "sr_portal.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "sr_portal.accounts.admin_config.PortalAdminConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "corsheaders",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "drf_spectacular",
    "knox",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "rules",
]

MIDDLEWARE = [
    "sr_portal.web.middleware.RequestIdMiddleware",
    "sr_portal.web.middleware.OpenPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "sr_portal.web.middleware.PolicyMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sr_portal.api.middleware.ApiMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sr_portal.accounts.middleware.UserLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sr_portal.accounts.middleware.SecondFactorMiddleware",
    "sr_portal.history.middleware.HistoryMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "sr_portal.urls"
WSGI_APPLICATION = "sr_portal.wsgi.application"

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
                "sr_portal.web.context_processors.portal",
            ],
            "builtins": ["sr_portal.web.templatetags.portal"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database: PostgreSQL 15 or newer, the embedded one when DATABASE_URL is unset outside production ----------
CONNECTION_SECONDS = 600  # long enough for the statements that are planned once a connection (`web.prepared`)
if os.environ.get("DATABASE_URL"):
    # A pooler that hands out connections by the transaction keeps neither cursors nor prepared statements.
    pooled = env_flag("DATABASE_POOLED")
    database = dj_database_url.parse(
        os.environ["DATABASE_URL"],
        conn_max_age=0 if pooled else CONNECTION_SECONDS,
        conn_health_checks=True,
        disable_server_side_cursors=pooled,
    )
elif IS_PRODUCTION:
    raise ImproperlyConfigured("Set DATABASE_URL to a PostgreSQL 15 or newer server before starting the portal.")
else:
    from sr_portal.embedded_postgres import database_url

    database = dj_database_url.parse(database_url(), conn_max_age=CONNECTION_SECONDS, conn_health_checks=True)
if database["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: the rules live in its triggers.")
DATABASES = {"default": database}
if test_database := os.environ.get("TEST_DATABASE_NAME"):
    DATABASES["default"]["TEST"] = {"NAME": test_database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Bank details: unreadable at rest; the first key seals, the others still open what they sealed ----------------
FIELD_ENCRYPTION_KEYS = env_list("FIELD_ENCRYPTION_KEYS")
if not FIELD_ENCRYPTION_KEYS:
    if IS_PRODUCTION:
        raise ImproperlyConfigured(
            "Set FIELD_ENCRYPTION_KEYS (32 random characters or more, new key first) before starting the portal."
        )
    from sr_portal.local_secret import local_secret_key

    FIELD_ENCRYPTION_KEYS = [local_secret_key(VAR_DIR, "field_encryption_key")]
if IS_PRODUCTION and (SECRET_KEY in FIELD_ENCRYPTION_KEYS or min(map(len, FIELD_ENCRYPTION_KEYS)) < 32):
    raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS: each of 32 random characters or more, and none the SECRET_KEY.")

CACHES = {
    "default": {
        # Sign-in rate limits must be shared by every worker: the database is what they all have.
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
    },
    # Parts of pages under a key that holds all that they say: never out of date, so each worker may keep its own.
    "fragments": {
        # While the code is edited, what was made by the code of before is not kept.
        "BACKEND": f"django.core.cache.backends.{'dummy.DummyCache' if DEBUG else 'locmem.LocMemCache'}",
        "LOCATION": "fragments",
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
}

# --- People -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # the e-mail is unique without regard to case, by `user_email_unique`
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "sr_portal.accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "sr_portal.accounts.adapters.SocialAccountAdapter"
ACCOUNT_FORMS = {"login": "sr_portal.accounts.sign_in_form.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator, who knows the address
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Portail S&R] "
MFA_ADAPTER = "sr_portal.accounts.adapters.MFAAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # administrators answer for the addresses; nobody signs up alone
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Portail S&R"
MFA_RECOVERY_CODE_COUNT = 10
# Roles (codes of sr_portal.accounts.roles.Role) whose holders must use a second factor.
SECOND_FACTOR_ROLES = env_list(
    "SECOND_FACTOR_ROLES", "approver,finance_officer,programme_officer,administrator" if IS_PRODUCTION else ""
)

SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS = {}
OIDC_ORIGINS: list[str] = []
if os.environ.get("OIDC_SERVER_URL"):
    OIDC_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(os.environ["OIDC_SERVER_URL"]))]
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": os.environ.get("OIDC_PROVIDER_ID", "oidc"),
                "name": os.environ.get("OIDC_NAME", "OpenID Connect"),
                "client_id": os.environ.get("OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": os.environ["OIDC_SERVER_URL"]},
            }
        ],
    }

# --- Language and time ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("Français")), ("en", _("Anglais"))]
LOCALE_PATHS = [BASE_DIR / "sr_portal" / "locale"]
FORMAT_MODULE_PATH = ["sr_portal.web.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("MISSION_TIME_ZONE", "Africa/Bamako")  # calendar days are the mission's
LANGUAGE_COOKIE_NAME = "portal_language"

# --- Files ------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STATIC_BACKEND = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if PORTAL_ENV in {"production", "demo"}
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
WHITENOISE_USE_FINDERS = PORTAL_ENV in {"development", "test"}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_BACKEND},
}
MEDIA_ROOT = Path(os.environ.get("FILES_DIR", VAR_DIR / "files"))  # never under the web root
MEDIA_URL = "/__never_served__/"
MAX_UPLOAD_BYTES = int(os.environ.get("MAX_UPLOAD_BYTES", 10 * 1024 * 1024))
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o640

# --- The door ---------------------------------------------------------------------------------------------------
# HTTPS_ONLY is on in production; a demo or a development server speaks plain HTTP on this machine.
HTTPS_ONLY = env_flag("HTTPS_ONLY", default=IS_PRODUCTION)
COOKIE_PREFIX = "__Host-" if HTTPS_ONLY else ""
SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
SECURE_HSTS_PRELOAD = HTTPS_ONLY
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_flag("TRUST_PROXY_HEADERS") else None
TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "0"))
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}portal_session"
SESSION_COOKIE_SECURE = HTTPS_ONLY
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(os.environ.get("SESSION_HOURS", "10")) * 3600
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}portal_csrf"
CSRF_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "sr_portal.web.views.csrf_failure"
LANGUAGE_COOKIE_SECURE = HTTPS_ONLY
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # Signing in through the identity provider is a form that is redirected to it.
        "form-action": [SELF, *OIDC_ORIGINS],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# --- The page that anybody may read: closed unless it is opened ------------------------------------------------------
PUBLIC_PAGE = env_flag("PUBLIC_PAGE")

# --- Maps: drawn from the regions' outlines; tiles of a server of one's own beneath them when it is named --------------
MAP_TILES_URL = os.environ.get("MAP_TILES_URL", "")  # https://tiles.example.org/{z}/{x}/{y}.png
MAP_TILES_CREDIT = os.environ.get("MAP_TILES_CREDIT", "")  # what their licence asks to be said, as plain text
MAP_TILES_ORIGIN = ""
if MAP_TILES_URL:
    _tiles = urlsplit(MAP_TILES_URL)
    if (
        _tiles.scheme != "https"
        or not _tiles.netloc
        or not {"{z}", "{x}", "{y}"} <= set(re.findall(r"{\w}", _tiles.path))
    ):
        raise ImproperlyConfigured("MAP_TILES_URL: https, with {z}, {x} and {y} in its path.")
    MAP_TILES_ORIGIN = f"https://{_tiles.netloc.replace('{s}', '*')}"

# --- Mail -------------------------------------------------------------------------------------------------------
# Only production speaks to a mail server unasked: a demo keeps its mail in `var/mail`, one file each.
EMAIL_BACKENDS = {"production": "smtp", "demo": "filebased"}
EMAIL_BACKEND = os.environ.get(
    "EMAIL_BACKEND", f"django.core.mail.backends.{EMAIL_BACKENDS.get(PORTAL_ENV, 'console')}.EmailBackend"
)
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env_flag("EMAIL_USE_TLS")
EMAIL_USE_SSL = env_flag("EMAIL_USE_SSL")
EMAIL_TIMEOUT = 20  # seconds; a server that does not answer is tried again later
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "portail-sr@localhost")
# The address that links in mails begin with.
PORTAL_URL = os.environ.get("PORTAL_URL") or (
    f"https://{ALLOWED_HOSTS[0].lstrip('.*')}/"
    if IS_PRODUCTION and ALLOWED_HOSTS
    else f"http://localhost:{os.environ.get('PORT') or '8000'}/"
)
MAIL_HOUR = int(os.environ.get("MAIL_HOUR", "6"))  # of the mission's day: `run_due` reminds and gathers from then on
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}  # rows of PostgreSQL: rolled back with the rest

# --- Open data --------------------------------------------------------------------------------------------------
# The reporting organisation of IATI. Its reference begins every identifier given from then on; those given stay.
PUBLISHER = {
    "ref": os.environ.get("PUBLISHER_REF", "XM-DAC-41310"),  # the UN's peace operations, in the DAC's list of channels
    "name_fr": os.environ.get(
        "PUBLISHER_NAME_FR", "Section stabilisation et relèvement de la mission des Nations Unies au Mali"
    ),
    "name_en": os.environ.get(
        "PUBLISHER_NAME_EN", "Stabilisation and Recovery Section of the United Nations mission in Mali"
    ),
    "kind": os.environ.get("PUBLISHER_KIND", "40"),  # multilateral, in IATI's OrganisationType
    "email": os.environ.get("PUBLISHER_EMAIL", "donnees@portail.example"),
    "licence": os.environ.get("PUBLISHER_LICENCE", "CC-BY-4.0"),
    "licence_url": os.environ.get("PUBLISHER_LICENCE_URL", "https://creativecommons.org/licenses/by/4.0/"),
}
if not re.fullmatch(r"[A-Za-z0-9._-]{3,60}", PUBLISHER["ref"]):
    raise ImproperlyConfigured("PUBLISHER_REF holds letters, digits, dots and dashes only: it begins IATI identifiers.")
PUBLIC_DATA = env_flag("PUBLIC_DATA")  # the page « Données » and its files without signing in; off by default

# --- The API for partners ---------------------------------------------------------------------------------------
API_REQUESTS_PER_MINUTE = int(os.environ.get("API_REQUESTS_PER_MINUTE", "300"))  # of one token or one session
API_REFUSALS_PER_MINUTE = int(os.environ.get("API_REFUSALS_PER_MINUTE", "60"))  # without a valid token, of one address
API_TOKEN_MOST_DAYS = int(os.environ.get("API_TOKEN_MOST_DAYS", "366"))
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "sr_portal.api.authentication.TokenAuthentication",
        "sr_portal.api.authentication.ReadOnlySession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["sr_portal.api.permissions.HasRole"],
    "DEFAULT_THROTTLE_CLASSES": ["sr_portal.api.throttles.PerMinute"],
    "DEFAULT_RENDERER_CLASSES": ["sr_portal.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "sr_portal.api.schema.ResourceSchema",
    "EXCEPTION_HANDLER": "sr_portal.api.problems.answer_exception",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
KNOX_TOKEN_MODEL = "api.Token"  # noqa: S105  # nosec B105: a model, no secret
REST_KNOX = {"AUTH_HEADER_PREFIX": "Token"}  # 64 hexadecimal digits each, knox's usual
MIGRATION_MODULES = {"knox": None}  # its own table of tokens is not ours
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.1",
    "TITLE": "Portail S&R",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SORT_OPERATIONS": False,
    "POSTPROCESSING_HOOKS": ["sr_portal.api.document.complete"],
}
# Pages of these origins may read the API with a token; cookies never go along.
CORS_ALLOWED_ORIGINS = env_list("API_CORS_ORIGINS")
CORS_URLS_REGEX = r"^/api/v1/"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "accept-language", "authorization", "if-none-match", "x-request-id"]
CORS_EXPOSE_HEADERS = [
    "ETag", "Link", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After", "X-Request-ID",
]  # fmt: skip
CORS_PREFLIGHT_MAX_AGE = 86_400

# --- Webhooks: what changed, told to the addresses that partners give --------------------------------------------------
WEBHOOK_PORTS = frozenset(int(port) for port in env_list("WEBHOOK_PORTS", "443,8443"))
WEBHOOK_LOG_DAYS = int(os.environ.get("WEBHOOK_LOG_DAYS", "30"))  # how long what was sent can be read and sent again
# Receivers on this very machine, over plain HTTP and on any port: to try them out, and for tests.
WEBHOOK_LOCAL_RECEIVERS = env_flag("WEBHOOK_LOCAL_RECEIVERS")
if IS_PRODUCTION and WEBHOOK_LOCAL_RECEIVERS:
    raise ImproperlyConfigured(
        "WEBHOOK_LOCAL_RECEIVERS opens this machine to whoever makes a webhook: never in production."
    )

# --- History ----------------------------------------------------------------------------------------------------
PGHISTORY_APPEND_ONLY = True
# Each event row carries its own context: pghistory's shared context table can be rewritten, an event cannot.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField()

# --- Logs: one JSON object a line, each with the request's id ----------------------------------------------------
LOG_PROCESSORS = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]
structlog.configure(
    processors=[*LOG_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False),
            "foreign_pre_chain": LOG_PROCESSORS,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "pgtrigger": {"level": "WARNING"},
    },
}
