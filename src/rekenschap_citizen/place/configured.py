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
from rekenschap_citizen.place.by_saml import Saml, saml_in

FILE_NAME = "citizen.toml"
CLIENT_SECRET = Path("own") / "client-secret"
ENOUGH = ("midden", "substantieel", "hoog")
"""The least levels that may be asked for (DigiD): each takes two factors."""
_TEXTS = (
    "public_url", "organisation", "phone", "theme_css", "theme_class", "database", "database_password",
)  # fmt: skip
_OIDC = (
    "issuer", "client_id", "client_secret", "name", "subject_claim", "level_claim", "at_least",
    "represented_claim", "bond_claim",
)  # fmt: skip


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
    represented_claim: str = ""
    """who is signed in for, where the broker vouches for it (DigiD Machtigen, eHerkenning); empty: nobody"""
    bond_claim: str = ""
    """as what: family, representative or company"""

    def secret(self) -> str:
        """Read the secret from where it is."""
        return _secret(self.client_secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything the page must be told."""

    public_url: str = "http://localhost:8002"
    organisation: str = "Gemeente Veldhaven"
    phone: str = "14 000"
    theme_css: str = ""
    theme_class: str = "voorbeeld-theme"
    database: str = ""
    """postgresql://role@machine:port/name; empty for SQLite in the own place"""
    database_password: str = ""
    """env:NAME or file:/path"""
    oidc: Oidc | None = None
    saml: Saml | None = None

    @property
    def provider(self) -> str:
        """What citizens call who signs them in; empty when nobody does."""
        by = self.oidc or self.saml
        return by.name if by else ""

    def password(self) -> str:
        """Read the password of the database from where it is; empty when none is told."""
        return _secret(self.database_password) if self.database_password else ""

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
    oidc, saml = told.pop("oidc", None), told.pop("saml", None)
    if oidc is not None and saml is not None:
        raise _wrong(f"[oidc] or [saml] in {FILE_NAME}", "both", "take one out")
    given = _texts(told, _TEXTS)
    plain = Config()
    config = Config(
        public_url=given.get("public_url", plain.public_url),
        organisation=given.get("organisation", plain.organisation),
        phone=given.get("phone", plain.phone),
        theme_css=given.get("theme_css", ""),
        theme_class=given.get("theme_class", plain.theme_class),
        database=given.get("database", ""),
        database_password=given.get("database_password", ""),
    )
    if urlsplit(config.public_url).scheme not in ("http", "https") or not config.host:
        raise _wrong("an address as public_url", "another text", "write https://…")
    _check_database(config.database)
    if saml is not None:
        return replace(config, saml=saml_in(saml))
    return config if oidc is None else replace(config, oidc=_oidc(oidc))


def _oidc(told: object) -> Oidc:
    if not isinstance(told, dict) or not {"issuer", "client_id", "client_secret"} <= set(told):
        raise _wrong("issuer, client_id and client_secret under [oidc]", "fewer", "ask the broker for them")
    oidc = Oidc(**_texts(told, _OIDC))
    issuer = urlsplit(oidc.issuer)
    if issuer.scheme != "https" and issuer.hostname not in ("localhost", "127.0.0.1"):
        raise _wrong("https:// for issuer under [oidc]", "another address", "ask the broker for that one")
    if oidc.at_least not in ENOUGH:
        raise _wrong(
            f"at_least under [oidc] to be one of {', '.join(ENOUGH)}", "another level",
            "ask for two factors: personal data is never shown on a password alone",
        )  # fmt: skip
    return oidc


def _check_database(address: str) -> None:
    parts = urlsplit(address)
    by_socket = "host=" in parts.query
    if address and (parts.scheme != "postgresql" or parts.password or not (parts.hostname or by_socket)):
        raise _wrong(
            "an address that begins with postgresql:// as database, without a password", "another text",
            "put the password where database_password says",
        )  # fmt: skip


def with_tryout(config: Config, place: Path, *, address: str, issuer: str) -> Config:
    """Have the try-out's own provider sign people in, where the file names no other."""
    if config.oidc is not None or config.saml is not None:
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


def _secret(reference: str) -> str:
    kind, _, where = reference.partition(":")
    found = os.environ.get(where, "") if kind == "env" else _read(Path(where)) if kind == "file" else ""
    if not found:
        raise _wrong(
            f"a secret where {FILE_NAME} says it is (env:NAME or file:/path)", "none", "put it there"
        )
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _wrong(expected: str, found: str, remedy: str) -> ConfigurationError:
    return ConfigurationError(expected=expected, found=found, remedy=remedy)
