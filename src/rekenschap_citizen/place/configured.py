# SPDX-License-Identifier: EUPL-1.2
"""What `citizen.toml` in the place of the page says: who we are, where we are, who signs citizens in.

A secret is never in the file: only `env:NAME` or `file:/path` where it is.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from rekenschap.errors import ConfigurationError

FILE_NAME = "citizen.toml"
CLIENT_SECRET = Path("own") / "client-secret"
_TEXTS = ("public_url", "organisation", "phone", "theme_css", "theme_class")
_OIDC = ("issuer", "client_id", "client_secret", "name", "subject_claim", "level_claim", "at_least")


@dataclass(frozen=True, slots=True, kw_only=True)
class Oidc:
    """The OpenID Connect broker that signs citizens in (DigiD, eIDAS), and what its claims are called."""

    issuer: str
    client_id: str
    client_secret: str
    """env:NAME or file:/path"""
    name: str = "DigiD"
    subject_claim: str = "bsn"
    level_claim: str = "acr"
    at_least: str = "midden"

    def secret(self) -> str:
        """Read the secret from where it is."""
        kind, _, where = self.client_secret.partition(":")
        found = os.environ.get(where, "") if kind == "env" else _read(Path(where))
        if not found:
            raise _wrong("a client secret where citizen.toml says it is", "none", "put it there")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything the page must be told."""

    public_url: str = "http://localhost:8002"
    organisation: str = "Gemeente Veldhaven"
    phone: str = "14 000"
    theme_css: str = ""
    theme_class: str = "voorbeeld-theme"
    oidc: Oidc | None = None

    @property
    def host(self) -> str:
        """The name of the machine in the public address."""
        return urlsplit(self.public_url).hostname or ""

    @property
    def is_https(self) -> bool:
        """Whether people reach the page over TLS."""
        return urlsplit(self.public_url).scheme == "https"


def read_config(place: Path) -> Config:
    """Read the file; raises ConfigurationError for a key nobody knows."""
    try:
        told = tomllib.loads((place / FILE_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        told = {}
    except (OSError, ValueError):
        raise _wrong(f"settings in {FILE_NAME}", "a file that cannot be read", "correct it") from None
    oidc = told.pop("oidc", None)
    given = _texts(told, _TEXTS)
    plain = Config()
    config = Config(
        public_url=given.get("public_url", plain.public_url),
        organisation=given.get("organisation", plain.organisation),
        phone=given.get("phone", plain.phone),
        theme_css=given.get("theme_css", ""),
        theme_class=given.get("theme_class", plain.theme_class),
    )
    if urlsplit(config.public_url).scheme not in ("http", "https") or not config.host:
        raise _wrong("an address as public_url", "another text", "write https://…")
    if oidc is None:
        return config
    if not isinstance(oidc, dict) or not {"issuer", "client_id", "client_secret"} <= set(oidc):
        raise _wrong("issuer, client_id and client_secret under [oidc]", "fewer", "ask the broker for them")
    return replace(config, oidc=Oidc(**_texts(oidc, _OIDC)))


def with_tryout(config: Config, place: Path, *, address: str, issuer: str) -> Config:
    """Have the try-out's own provider sign people in, where the file names no other."""
    if config.oidc is not None:
        return config
    secret = f"file:{place / CLIENT_SECRET}"
    tryout = Oidc(issuer=issuer, client_id="rekenschap-citizen", client_secret=secret, name="DigiD (proef)")
    return replace(config, oidc=tryout, public_url=address)


def _texts(told: Mapping[str, object], known: tuple[str, ...]) -> dict[str, str]:
    for key, value in told.items():
        if key not in known:
            raise _wrong(f"{', '.join(known)} in {FILE_NAME}", f"the key {key!r}", "take it out")
        if not isinstance(value, str):
            raise _wrong(f"a text for {key} in {FILE_NAME}", "something else", "put it in quotes")
    return {key: str(value) for key, value in told.items()}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _wrong(expected: str, found: str, remedy: str) -> ConfigurationError:
    return ConfigurationError(expected=expected, found=found, remedy=remedy)
