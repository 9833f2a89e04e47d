# SPDX-License-Identifier: EUPL-1.2
"""Where the desk keeps its rows and its secret, and who signs people in, as Django wants to be told."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from rekenschap.errors import ConfigurationError
from rekenschap_web.settings.configured import DeskConfig

PROVIDER = "organisatie"
"""How the provider is called in our addresses."""


def database_of(config: DeskConfig, room: Path) -> dict[str, object]:
    """Give the database that the configuration names; SQLite in the room of the desk without one."""
    if not config.database:
        room.mkdir(parents=True, exist_ok=True, mode=0o700)
        return sqlite_at(room / "desk.sqlite")
    parts = urlsplit(config.database)
    asked = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "rekenschap",
        "USER": unquote(parts.username or ""),
        "PASSWORD": "" if config.database_password is None else config.database_password.value(),
        "HOST": asked.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": asked,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def sqlite_at(path: Path) -> dict[str, object]:
    """Give an SQLite database in a file: many readers beside one writer, who is let in by turn."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",  # else two that read first and write later cannot both go on
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def providers_of(config: DeskConfig) -> dict[str, object]:
    """Give the one OpenID Connect provider, or none."""
    if config.oidc is None:
        return {}
    one = {
        "provider_id": PROVIDER,
        "name": config.oidc.name,
        "client_id": config.oidc.client_id,
        "secret": config.oidc.client_secret.value(),
        "settings": {"server_url": config.oidc.issuer, "fetch_userinfo": True, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [one], "OAUTH_PKCE_ENABLED": True}}


def own_secret(path: Path) -> str:
    """Read the key that signs cookies; the first to ask makes it, for the owner of the house alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept(path)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
    return _kept(path)


def _kept(path: Path) -> str:
    text = path.read_text(encoding="ascii").strip()
    if len(text) < 50:
        raise ConfigurationError(
            expected="the key of the desk in desk/secret-key",
            found="a shorter text",
            remedy="remove the file and start again: everybody signs in anew",
        )
    return text
