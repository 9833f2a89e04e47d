# SPDX-License-Identifier: EUPL-1.2
"""The try-out identity provider: a process of its own with a database of its own, on this machine only."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from rekenschap_web.settings.placed import own_secret, sqlite_at
from rekenschap_web.settings.shared import (
    ACCOUNT_RATE_LIMITS,
    AUTH_USER_MODEL,
    CONTENT_SECURITY_POLICY,
    DEFAULT_AUTO_FIELD,
    LANGUAGE_CODE,
    LANGUAGES,
    LOGGING_CONFIG,
    PASSWORD_HASHERS,
    STATIC_URL,
    TIME_ZONE,
    USE_I18N,
    USE_TZ,
    WHITENOISE_USE_FINDERS,
    X_FRAME_OPTIONS,
)
from rekenschap_web.tryout.keys import own_key

__all__ = [
    "ACCOUNT_RATE_LIMITS", "AUTH_USER_MODEL", "DEFAULT_AUTO_FIELD", "LANGUAGES", "LANGUAGE_CODE",
    "LOGGING_CONFIG", "PASSWORD_HASHERS", "STATIC_URL", "TIME_ZONE", "USE_I18N", "USE_TZ",
    "WHITENOISE_USE_FINDERS", "X_FRAME_OPTIONS",
]  # fmt: skip

DESK_ROOM = Path(os.environ.get("REKENSCHAP_HOME", "rekenschap-home")).resolve() / "desk"
DESK_ADDRESS = os.environ.get("REKENSCHAP_DESK", "http://localhost:8000")
CITIZEN_ADDRESS = os.environ.get("REKENSCHAP_CITIZEN_ADDRESS", "")
OWN_ADDRESS = os.environ.get("REKENSCHAP_TRYOUT", "http://localhost:8001")

DEBUG = False
SECRET_KEY = own_secret(DESK_ROOM / "tryout-secret-key")
DATABASES = {"default": sqlite_at(DESK_ROOM / "tryout.sqlite")}
ALLOWED_HOSTS = [urlsplit(OWN_ADDRESS).hostname or ""]
CSRF_TRUSTED_ORIGINS = [OWN_ADDRESS]
INSTALLED_APPS = [
    "rekenschap_web.tryout",
    "rekenschap_web.people",
    "rekenschap_web.design",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.idp.oidc",
    "csp",
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
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "rekenschap_web.tryout.urls"
WSGI_APPLICATION = "rekenschap_web.tryout.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rekenschap_web.tryout.context.tryout",
            ]
        },
    }
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "rekenschap_web.tryout.adapters.NobodyNew"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
IDP_OIDC_ADAPTER = "rekenschap_web.tryout.adapters.Claims"
IDP_OIDC_PRIVATE_KEYS = [{"pem": own_key(DESK_ROOM / "tryout-key.pem")}]
LOGIN_URL = "account_login"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "tryout", "tryout-form"  # cookies do not tell ports apart

_after_form = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "form-action": ["'self'", DESK_ADDRESS, *filter(None, [CITIZEN_ADDRESS])],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _after_form}
"""As the desk's, but a form that was sent here may send the browser on to the desk or the citizen page."""
