# SPDX-License-Identifier: EUPL-1.2
"""Settings of the tests: real SQLite in memory, or PostgreSQL where REKENSCHAP_TEST_DATABASE names one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from rekenschap_web.settings.configured import DeskConfig
from rekenschap_web.settings.placed import database_of, sqlite_at
from rekenschap_web.settings.shared import *

REKENSCHAP_HOME = Path(tempfile.gettempdir()) / "rekenschap-no-house"  # town_house names a real one
DESK = DeskConfig(
    public_url="http://testserver",
    local_accounts=True,
    database=os.environ.get("REKENSCHAP_TEST_DATABASE", ""),
)
DESK_ROOM = REKENSCHAP_HOME / "desk"
DESK_ORGANISATION, DESK_THEME_CSS, DESK_THEME_CLASS = DESK.organisation, DESK.theme_css, DESK.theme_class
DESK_PER_WEEK = DESK.per_week
SECRET_KEY = "a key for the tests alone, which guards nothing at all"  # noqa: S105
DATABASES = {
    "default": database_of(DESK, DESK_ROOM) if DESK.database else sqlite_at(Path(":memory:")),
}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "rekenschap@veldhaven.example"
