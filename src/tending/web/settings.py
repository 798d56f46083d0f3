"""Settings. Everything a provider may set is an environment variable that begins with TENDING_."""

import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent.parent
SRC = PACKAGE.parent
_CHECKOUT = SRC.parent if (SRC.parent / "definitions").is_dir() else None

DEMONSTRATION = os.environ.get("TENDING_DEMONSTRATION") == "1"
HOME = Path(os.environ.get("TENDING_HOME") or (_CHECKOUT or Path.home() / ".local" / "share" / "tending") / "var")
# Made-up records never share a folder or a database with real ones, whatever else is set.
HOME = (HOME / "demonstration" if DEMONSTRATION else HOME).resolve()
DEFINITIONS = Path(
    os.environ.get("TENDING_DEFINITIONS") or (_CHECKOUT / "definitions" if _CHECKOUT else PACKAGE / "definitions")
)
RAW_STORE = HOME / "raw"


def _secret_key() -> str:
    """From the environment, or made once and kept in a file only this account can read."""
    if given := os.environ.get("TENDING_SECRET_KEY"):
        return given
    HOME.mkdir(parents=True, exist_ok=True)
    path = HOME / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _secret_key()
DEBUG = False
# Behind TLS cookies are Secure and carry the __Host- prefix; on the demonstration's plain 127.0.0.1 they cannot.
SECURE = os.environ.get("TENDING_INSECURE") != "1"
ALLOWED_HOSTS = os.environ.get("TENDING_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("TENDING_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "tending.base.access",
    "tending.base.people",
    "tending.base.audit",
    "tending.base.design",
    "tending.collect",
    "tending.keep",
    "tending.measure",
    "tending.notice",
    "tending.review",
    "tending.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tending.web.sign_in.SessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tending.base.access.middleware.ViewerMiddleware",
    "tending.base.audit.middleware.SceneMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "tending.web.errors.NothingSentMiddleware",
]

ROOT_URLCONF = "tending.web.urls"
WSGI_APPLICATION = "tending.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # A template's name is its path: "review/case_review/page.html". allauth's own
        # templates are found by the application loader, after ours in web/templates.
        "DIRS": [PACKAGE / "web" / "templates", PACKAGE],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tending.web.navigation.context",
                "tending.web.demonstration.sign_ins.context",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

_SQLITE_OPTIONS = {
    # Measured: eight writers, two readers, no "database is locked". FULL: it is a clinical record.
    # recursive_triggers, or INSERT OR REPLACE would slip past the audit trail's delete trigger.
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000; "
        "PRAGMA mmap_size=134217728; PRAGMA recursive_triggers=ON; "
        # Four times the usual: a turn over everybody wrote the same pages of its indexes back again and again.
        "PRAGMA wal_autocheckpoint=4000;"
    ),
}
_DATABASE_URL = "" if DEMONSTRATION else os.environ.get("TENDING_DATABASE_URL", "")
DATABASES = {
    "default": dj_database_url.parse(_DATABASE_URL or f"sqlite:///{HOME / 'tending.sqlite3'}", conn_max_age=600)
}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # As long as SQLite waits; whoever waits longer is told so, and nobody's page hangs for ever.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c lock_timeout=20s")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = _SQLITE_OPTIONS
    # A file, not memory: the whole-population path reads the database over a second connection.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator, who knows the address
ACCOUNT_ADAPTER = "tending.web.sign_in.ClosedAdapter"  # nobody signs themselves up
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,20/5m/ip"}  # the lock-out
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False  # a shared clinic computer must forget
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_FORMS = {
    "change_password": "tending.web.account.forms.ChangePassword",
    "reauthenticate": "tending.web.account.forms.PasswordAgain",
}
MFA_ADAPTER = "tending.web.sign_in.SecondStepAdapter"
MFA_FORMS = {
    "authenticate": "tending.web.account.forms.CodeAtSignIn",
    "reauthenticate": "tending.web.account.forms.CodeAgain",
    "activate_totp": "tending.web.account.forms.FirstCode",
}
USERSESSIONS_TRACK_ACTIVITY = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Tending"

# Every provider's day begins and ends in its own zone.
TIME_ZONE = os.environ.get("TENDING_TIME_ZONE", "America/New_York")
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
FORMAT_MODULE_PATH = "tending.web.formats"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # served from the package: no collectstatic step to forget

SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_HTTPONLY = True
if SECURE:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = (
        "__Host-sessionid",
        "__Host-csrftoken",
        "__Host-language",
    )
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "tending.web.errors.csrf_failure"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": HOME / "cache"}}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

# Said to a person whose answer carries risk, in their language. A provider sets its own.
CRISIS_TEXT = {
    "en": os.environ.get("TENDING_CRISIS_TEXT_EN", ""),
    "es": os.environ.get("TENDING_CRISIS_TEXT_ES", ""),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
