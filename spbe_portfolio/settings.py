"""Settings, one file, all from the environment (see .env.example for every variable and its meaning)."""

import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = False
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
STATE_DIR = Path(env.str("STATE_DIR", default=str(BASE_DIR / "var"))).resolve()
NODE_MODULES = Path(env.str("NODE_MODULES", default=str(BASE_DIR / "node_modules")))

# Where people reach the product; QR codes, mail and feeds carry it, cookies and HSTS follow its scheme.
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000" if DEMO else environ.Env.NOTSET).rstrip("/")
_base = urlsplit(BASE_URL)
HTTPS = _base.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_base.hostname, "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [f"{_base.scheme}://{_base.netloc}"]
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=True)
# The prefix binds a cookie to this host, and browsers drop such a cookie over plain http.
_cookie_prefix = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_cookie_prefix}spbe_session"
CSRF_COOKIE_NAME = f"{_cookie_prefix}spbe_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# Idle time, ASVS 5.0 V7.3; ActorMiddleware moves the end along, to the minute.
SESSION_COOKIE_AGE = int(timedelta(minutes=30).total_seconds())
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "corsheaders",
    "csp",
    "django_htmx",
    "apps.core",
    "apps.audit",
    "apps.accounts",
    "apps.documents",
    "apps.inventory",
    "apps.monitoring",
    "apps.deactivation",
    "apps.catalogue",
    "apps.dashboard",
    "apps.notifications",
    "apps.webhooks",
]
MIDDLEWARE = [
    "apps.core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "apps.core.crowding.CrowdingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "apps.core.middleware.LanguageMiddleware",
    "apps.core.middleware.AddressMiddleware",
    "django.middleware.common.CommonMiddleware",
    "apps.core.conditional.ConditionalApiMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "spbe_portfolio.urls"
WSGI_APPLICATION = "spbe_portfolio.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.accounts.context.actor",
                "apps.dashboard.context.navigation",
                "apps.notifications.context.unread",
            ],
        },
    }
]

# Two roles: the owner migrates, the application role owns nothing. One URL means one role, and /readyz says so.
_OWNER_COMMANDS = {"migrate", "prepare_database", "sqlmigrate", "showmigrations"}
_owner = len(sys.argv) > 1 and sys.argv[1] in _OWNER_COMMANDS
DATABASES = {"default": env.db("DATABASE_URL")}
APP_DATABASE_ROLE = DATABASES["default"].get("USER", "")
TWO_DATABASE_ROLES = "MIGRATION_DATABASE_URL" in env.ENVIRON
if _owner and TWO_DATABASE_ROLES:
    DATABASES = {"default": env.db("MIGRATION_DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_EXPIRES = 300
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"

# Figures that took longer than this many seconds to find are kept for a minute, and the page says since when.
COSTLY_AFTER = env.float("COSTLY_AFTER", default=0.25)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "apps.accounts.backends.AccountBackend"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_POLICY = env.str("PASSWORD_POLICY", default="asvs")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "apps.accounts.passwords.PolicyValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_IPWARE_PROXY_COUNT = TRUSTED_PROXY_COUNT or None
AXES_DISABLE_ACCESS_LOG = True

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"  # the government's own zone is activated per request, mail and document
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(STATE_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "apps.core.staticfiles.LibraryFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = True
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(STATE_DIR / "media")))
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # the quarterly grid of a large agency
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Machines read to at once and waiting for that, in each web process; together well under its threads.
API_READERS_AT_ONCE = env.int("API_READERS_AT_ONCE", default=1)
API_READERS_WAITING = env.int("API_READERS_WAITING", default=3)
EXPORTS_AT_ONCE = env.int("EXPORTS_AT_ONCE", default=2)  # whole catalogues on their way, over all processes
# What descriptions of the public catalogue say: its licence, whom to write to, and who publishes it for several governments.
DATA_LICENSE = env.str("DATA_LICENSE", default="https://creativecommons.org/licenses/by/4.0/")
DATA_CONTACT = env.str("DATA_CONTACT", default="")
DATA_PUBLISHER = env.str("DATA_PUBLISHER", default="Portofolio SPBE")
DOCUMENT_MAX_BYTES = env.int("DOCUMENT_MAX_BYTES", default=20 * 1024 * 1024)

# Pages of other origins read what anybody may read: no cookie, no token, nothing but GET.
CORS_URLS_REGEX = r"^/api/v1/"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "accept-language", "if-none-match", "if-modified-since"]
CORS_EXPOSE_HEADERS = ["ETag", "Link", "Retry-After", "Sunset", "Deprecation", "Age", "Content-Digest"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# Where the one guarded client may go beyond public addresses on 80 and 443: further ports, and inner places as
# NETWORK:PORT. Kept by whoever runs the server, never in a form of the product.
OUTBOUND_PORTS = env.list("OUTBOUND_PORTS", cast=int, default=[])
OUTBOUND_ALLOWED = env.list("OUTBOUND_ALLOWED", default=[])
# The daily round over declared addresses; the demo's addresses exist nowhere. Without references the round asks
# addresses that opened lately whether its own network is up.
PROBES = env.bool("PROBES", default=not DEMO)
PROBE_REFERENCES = env.list("PROBE_REFERENCES", default=[])

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portofolio-spbe@localhost")

PGHISTORY_CREATED_AT_FUNCTION = "core_now()"
PGHISTORY_APPEND_ONLY = False  # our own triggers and privileges guard history: pgtrigger's obey a session variable

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.accounts.authentication.TokenAuthentication",
        "apps.accounts.authentication.ActorSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.core.parsing.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "apps.core.keyset.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["apps.core.api.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["apps.core.throttling.ClientThrottle"],
    "DEFAULT_THROTTLE_RATES": {"client": env.str("API_THROTTLE", default="600/min")},
    "EXCEPTION_HANDLER": "apps.core.problem.exception_handler",
    "PAGE_SIZE": 50,
    "NUM_PROXIES": TRUSTED_PROXY_COUNT or None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Portofolio SPBE",
    "DESCRIPTION": "Register aplikasi pemerintah daerah: katalog, triwulan, temuan, dan kasus penonaktifan.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.core.repeating.describe",
        "apps.core.schema.complete",
    ],
    # Several nouns have a kind, a status and an outcome; their sets of values get the noun's name.
    "ENUM_NAME_OVERRIDES": {
        "OrganizationKind": "apps.accounts.models.Organization.Kind",
        "ApplicationStatus": "apps.inventory.models.Application.Status",
        "ReferenceKind": "apps.inventory.models.ReferenceCode.Kind",
        "AddressKind": "apps.inventory.models.Address.Kind",
        "ReorganizationKind": "apps.inventory.models.Reorganization.Kind",
        "RelationKind": "apps.inventory.models.Relation.Kind",
        "CostKind": "apps.inventory.models.Cost.Kind",
        "RecordDocumentKind": "apps.inventory.models.RecordDocument.Kind",
        "PeriodStatus": "apps.monitoring.models.Period.Status",
        "ReportStatus": "apps.monitoring.models.UsageReport.Status",
        "FindingKind": "apps.monitoring.models.Finding.Kind",
        "FindingStatus": "apps.monitoring.models.Finding.Status",
        "CaseKind": "apps.deactivation.models.Kind",
        "CaseStatus": "apps.deactivation.models.cases.CaseStatus",
        "CaseOutcome": "apps.deactivation.models.Outcome",
        "LetterAnswer": "apps.deactivation.models.letters.Answer",
        "LetterStatus": "apps.deactivation.models.letters.LetterStatus",
        "SessionStatus": "apps.deactivation.models.desk.SessionStatus",
        "SignedKind": "apps.deactivation.models.signed.SignedCopy.Kind",
        "SettledCondition": [("met", "met"), ("dropped", "dropped")],
        "WebhookStatus": "apps.webhooks.models.Subscription.Status",
        "DeliveryStatus": "apps.webhooks.models.Delivery.Status",
        "ItemStatus": "apps.deactivation.models.checklist.ItemStatus",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "apps.core.logging.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.server": {"level": "WARNING"}, "axes": {"level": "WARNING"}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
