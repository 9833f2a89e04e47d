# SPDX-License-Identifier: EUPL-1.2
"""The desk of one house: REKENSCHAP_HOME says which, its rekenschap.toml says how."""

from __future__ import annotations

import os
from pathlib import Path

from rekenschap.config import Secret
from rekenschap_web.settings.configured import read_desk_config, with_tryout
from rekenschap_web.settings.placed import database_of, own_secret, providers_of
from rekenschap_web.settings.shared import *

REKENSCHAP_HOME = Path(os.environ.get("REKENSCHAP_HOME", "rekenschap-home")).resolve()
DESK = read_desk_config(REKENSCHAP_HOME)
DESK_ROOM = REKENSCHAP_HOME / "desk"
if _tryout := os.environ.get("REKENSCHAP_TRYOUT"):
    own_secret(DESK_ROOM / "tryout-client-secret")
    DESK = with_tryout(
        DESK,
        desk=os.environ["REKENSCHAP_DESK"],
        issuer=_tryout,
        secret=Secret(reference=f"file:{DESK_ROOM / 'tryout-client-secret'}"),
    )
DESK_ORGANISATION, DESK_THEME_CSS, DESK_THEME_CLASS = DESK.organisation, DESK.theme_css, DESK.theme_class
DESK_PER_WEEK = DESK.per_week

SECRET_KEY = own_secret(DESK_ROOM / "secret-key")
DATABASES = {"default": database_of(DESK, DESK_ROOM)}
ALLOWED_HOSTS = [DESK.host]
CSRF_TRUSTED_ORIGINS = [DESK.public_url]
ALLAUTH_TRUSTED_PROXY_COUNT = DESK.proxies
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "desk_cache"},
}
"""Rate limits are counted there, the same for every process."""

SOCIALACCOUNT_PROVIDERS = providers_of(DESK)
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if DESK.is_https else "http"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = DESK.is_https
SESSION_COOKIE_NAME = "__Host-rekenschap" if DESK.is_https else "rekenschap"
CSRF_COOKIE_NAME = "__Host-rekenschap-form" if DESK.is_https else "rekenschap-form"
SECURE_HSTS_SECONDS = 31_536_000 if DESK.is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = DESK.is_https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if DESK.is_https else None

if DESK.mail_server:
    EMAIL_HOST, _, _port = DESK.mail_server.partition(":")
    EMAIL_PORT = int(_port or 25)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DESK_ROOM / "mail"
DEFAULT_FROM_EMAIL = DESK.mail_from or f"rekenschap@{DESK.host}"
DESK_QUESTION_MAIL, DESK_CLAMD = DESK.question_mail, DESK.clamd
