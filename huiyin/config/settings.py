"""Settings: everything that differs between installations comes from the environment.

HUIYIN_DATA           data folder (attachments, embedded database, first-run sign-ins)
HUIYIN_KEYS           key folder; default: beside the data folder, `<data>.keys`
DATABASE_URL          runtime account of any PostgreSQL; without it bin/run starts the embedded one
DATABASE_OWNER_URL    owner account that migrates; default: DATABASE_URL
HUIYIN_DB_ACCOUNT     `runtime` (default) or `owner`: which of the two this process uses
HUIYIN_HOSTS          comma list of host names that may be asked for
HUIYIN_WORLD          `demo` for the invented subdistrict
HUIYIN_SWITCHER       `1` offers the post switcher; set by bin/run on loopback, works in a demo world only
HUIYIN_FONTS          folder with the licensed fonts of official papers (仿宋_GB2312, 方正小标宋简体, 楷体_GB2312, 黑体, 宋体);
                      what is missing there is set in Noto, and the PDF and the page say so
HUIYIN_DEBUG          `1` for tracebacks in the browser while developing
HUIYIN_ORIGINS        comma list of origins (https://…) that may send forms, where a proxy changes the host name
HUIYIN_HTTPS          `1` behind an HTTPS proxy: cookies travel over HTTPS only, and from a proxy on this
                      machine the last X-Forwarded-For is taken as the visitor's address
HUIYIN_NO_LIMITS      `1` lifts the hourly limits on what the public may do, for requests straight from this
                      machine only (benchmarks); behind a proxy and from elsewhere they stay
HUIYIN_ADDRESS        https://… under which residents and staff reach this installation, for links in messages;
                      without it messages carry no links
HUIYIN_MAIL_URL       mail server for messages: smtp://user:password@host:port?tls=starttls&from=huiyin@example.org
                      (tls: starttls, tls or no; default: by the port 587, 465 or another); without it no mail goes out
HUIYIN_WEBHOOK_PRIVATE  `1` allows message hooks to private and loopback addresses (an intranet's own gateway)
HUIYIN_LOG            level of the log on standard error, default WARNING
HUIYIN_NO_POOL        `1` opens a database connection for each request instead of a pool (set by the tests)
HUIYIN_WEB_WORKERS    web processes of bin/run, default: one for each core, at most 4
HUIYIN_DB_USER        account that runs the embedded database when bin/run is started by root; default: nobody
HUIYIN_EMBEDDED       set by the program itself when DATABASE_URL is that of the embedded database
HUIYIN_TEST_DATA      data folder of the tests, default var/test
HUIYIN_TEST_DB        name of the test database
HUIYIN_CHROMIUM       the browser for the browser tests, where it is not on the PATH
"""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlparse

from django.core.exceptions import ImproperlyConfigured

from huiyin.base.secrets import key_folder, secret_key

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("HUIYIN_DATA") or ROOT / "var" / "data").resolve()
KEYS = key_folder(DATA)
WORLD = os.environ.get("HUIYIN_WORLD", "none")
SWITCHER = os.environ.get("HUIYIN_SWITCHER") == "1"
NO_LIMITS = os.environ.get("HUIYIN_NO_LIMITS") == "1"
BEHIND_PROXY = os.environ.get("HUIYIN_HTTPS") == "1"

SECRET_KEY = secret_key(KEYS)
DEBUG = os.environ.get("HUIYIN_DEBUG") == "1"
ALLOWED_HOSTS = [h for h in os.environ.get("HUIYIN_HOSTS", "").split(",") if h] + [
    "127.0.0.1",
    "localhost",
    "[::1]",
]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("HUIYIN_ORIGINS", "").split(",") if o]


def database(url: str) -> dict:
    """A Django DATABASES entry from postgresql://user:password@host:port/name?host=/socket/dir."""
    parts = urlparse(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            "DATABASE_URL 只支持 PostgreSQL，写法：postgresql://用户:密码@主机:5432/库名"
        )
    query = dict(item.split("=", 1) for item in parts.query.split("&") if "=" in item)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "huiyin",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.pop("host", "")) or parts.hostname or "",
        "PORT": str(parts.port or query.pop("port", "") or ""),
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 15}}
        if not os.environ.get("HUIYIN_NO_POOL")
        else {},
        "ATOMIC_REQUESTS": False,
        "TEST": {"NAME": os.environ.get("HUIYIN_TEST_DB") or None},
    }


def mail_server(url: str) -> dict | None:
    """host, port, user, password, tls and from of smtp://user:password@host:port?tls=starttls&from=…; None for ''."""
    if not url:
        return None
    parts = urlparse(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    port = parts.port or 587
    tls = query.get("tls", {587: "starttls", 465: "tls"}.get(port, "no"))
    user = unquote(parts.username or "")
    sender = query.get("from") or (user if "@" in user else "")
    if parts.scheme != "smtp" or not parts.hostname or tls not in ("starttls", "tls", "no") or not sender:
        raise ImproperlyConfigured(
            "HUIYIN_MAIL_URL 写法：smtp://用户:密码@主机:端口?tls=starttls&from=发件地址（tls 可为 starttls、tls、no）"
        )
    return {
        "host": parts.hostname,
        "port": port,
        "user": user,
        "password": unquote(parts.password or ""),
        "tls": tls,
        "from": sender,
    }


MAIL = mail_server(os.environ.get("HUIYIN_MAIL_URL", ""))
PRIVATE_WEBHOOKS = os.environ.get("HUIYIN_WEBHOOK_PRIVATE") == "1"
PUBLIC_ADDRESS = os.environ.get("HUIYIN_ADDRESS", "").rstrip("/")

_runtime = os.environ.get("DATABASE_URL", "postgresql://huiyin_app@/huiyin")
_owner = os.environ.get("DATABASE_OWNER_URL") or _runtime
RUNTIME_ACCOUNT = database(_runtime)["USER"]
DATABASES = {"default": database(_owner if os.environ.get("HUIYIN_DB_ACCOUNT") == "owner" else _runtime)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    "huiyin.rules",
    "huiyin.accounts",
    "huiyin.audit",
    "huiyin.notices",
    "huiyin.shell",
    "huiyin.entry",
    "huiyin.rulebook",
    "huiyin.areas",
    "huiyin.orgs",
    "huiyin.grids",
    "huiyin.people",
    "huiyin.cases",
    "huiyin.documents",
    "huiyin.cooperation",
    "huiyin.mediation",
    "huiyin.upstream",
    "huiyin.petitions",
    "huiyin.rectification",
    "huiyin.inspections",
    "huiyin.incidents",
    "huiyin.reception",
    "huiyin.publications",
    "huiyin.portal",
    "huiyin.api",
    "huiyin.opening",
    "huiyin.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "huiyin.shell.middleware.server_timing",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "huiyin.shell.middleware.refusals",
]

ROOT_URLCONF = "huiyin.config.urls"
WSGI_APPLICATION = "huiyin.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "huiyin.shell.context.frame",
            ],
            "builtins": ["huiyin.shell.templatetags.shell"],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_PROXY

FORM_RENDERER = "huiyin.shell.widgets.QuickForms"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = DATA / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("HUIYIN_LOG", "WARNING")},
}
