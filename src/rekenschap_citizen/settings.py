# SPDX-License-Identifier: EUPL-1.2
"""The citizen page of one place: REKENSCHAP_CITIZEN says where. Knows no house, no desk and no ledger."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from rekenschap_citizen.place import walls
from rekenschap_citizen.place.configured import CLIENT_SECRET, read_config, with_tryout
from rekenschap_citizen.place.database import database_of

walls.close()
CITIZEN_PLACE = Path(os.environ.get("REKENSCHAP_CITIZEN", "rekenschap-citizen")).resolve()
CITIZEN = read_config(CITIZEN_PLACE)


def _own(path: Path) -> str:
    """Read a secret of the page itself; the first to ask makes it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text(encoding="ascii").strip()


if _tryout := os.environ.get("REKENSCHAP_TRYOUT"):
    _own(CITIZEN_PLACE / CLIENT_SECRET)
    CITIZEN = with_tryout(
        CITIZEN, CITIZEN_PLACE, address=os.environ["REKENSCHAP_CITIZEN_ADDRESS"], issuer=_tryout
    )
SECRET_KEY = _own(CITIZEN_PLACE / "own" / "secret-key")
DEBUG = False
DATABASES = {"default": database_of(CITIZEN, CITIZEN_PLACE)}
"""Sessions and mandates; what citizens see and ask is in files that the desk can read and write."""
ALLOWED_HOSTS = [CITIZEN.host]
CSRF_TRUSTED_ORIGINS = [CITIZEN.public_url]
INSTALLED_APPS = [
    "rekenschap_citizen.page",
    "rekenschap_citizen.mandates",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "rekenschap_citizen.signin.sessions.CitizenMiddleware",
]
ROOT_URLCONF = "rekenschap_citizen.urls"
WSGI_APPLICATION = "rekenschap_citizen.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "rekenschap_citizen.page.context.citizen",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE, USE_I18N, USE_TZ, TIME_ZONE = "nl", True, True, "Europe/Amsterdam"
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STATICFILES_DIRS = [Path(__file__).resolve().parent.parent / "rekenschap_web" / "design" / "static"]
"""Style sheets and fonts of the desk, as files: nothing of its Python is imported."""

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "rekenschap_citizen.signin.adapters.NobodyNew"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if CITIZEN.is_https else "http"
SOCIALACCOUNT_ADAPTER = "rekenschap_citizen.signin.adapters.Citizens"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = (
    {}
    if CITIZEN.oidc is None
    else {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "burger",
                    "name": CITIZEN.oidc.name,
                    "client_id": CITIZEN.oidc.client_id,
                    "secret": CITIZEN.oidc.secret(),
                    "settings": {
                        "server_url": CITIZEN.oidc.issuer,
                        "fetch_userinfo": True,
                        "oauth_pkce_enabled": True,
                    },
                }
            ],
        }
    }
)
LOGIN_URL = "page:home"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CITIZEN.is_https
SESSION_COOKIE_NAME = "__Host-citizen" if CITIZEN.is_https else "citizen"
CSRF_COOKIE_NAME = "__Host-citizen-form" if CITIZEN.is_https else "citizen-form"
CSRF_FAILURE_VIEW = "rekenschap_citizen.page.views.stale_form"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_HSTS_SECONDS = 31_536_000 if CITIZEN.is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = CITIZEN.is_https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CITIZEN.is_https else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
"""No script at all: the page has none."""
LOGGING_CONFIG = None
