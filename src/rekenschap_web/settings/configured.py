# SPDX-License-Identifier: EUPL-1.2
"""What the table [desk] in `rekenschap.toml` says: the address, the database, who signs people in, the theme.

Everything has a default that is right for a try-out on one machine. A secret is never in the file: only
`env:NAME` or `file:/path` where it is. A key nobody knows is an error that names those that are known.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from rekenschap.casework.roles import Role
from rekenschap.config import FILE_NAME, Secret
from rekenschap.errors import ConfigurationError

_TEXTS = (
    "public_url", "database", "database_password", "organisation", "theme_css", "theme_class",
    "mail_server", "mail_from", "question_mail", "clamd", "leaked_passwords",
)  # fmt: skip
_TABLES = ("oidc", "roles")
_SWITCHES = ("local_accounts",)
_NUMBERS = ("proxies", "per_week")
_OIDC = (
    "issuer", "client_id", "client_secret", "name", "roles_claim", "team_claim", "staff_id_claim",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Oidc:
    """The OpenID Connect provider that signs people in, and where its claims say what we must know."""

    issuer: str
    client_id: str
    client_secret: Secret
    name: str = "uw organisatie"
    roles_claim: str = "roles"
    team_claim: str = "team"
    staff_id_claim: str = "staff_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskConfig:
    """Everything the desk must be told."""

    public_url: str = "http://localhost:8000"
    database: str = ""
    """postgresql://person@machine:port/name; empty for SQLite in the house"""
    database_password: Secret | None = None
    organisation: str = "Veldhaven"
    theme_css: str = ""
    """path of a style sheet with the organisation's own design tokens; empty for the neutral theme"""
    theme_class: str = "voorbeeld-theme"
    mail_server: str = ""
    """machine:port of the mail server; empty: mail is written to the folder desk/mail"""
    mail_from: str = ""
    question_mail: str = ""
    """where mail that something waits goes; {staff_id} in it is the staff number; empty: the own address"""
    clamd: str = ""
    """machine:port or socket of clamd, which scans what people add; empty: pages say nothing is scanned"""
    leaked_passwords: str = ""
    """file with SHA-1 of passwords that leaked, a line each and in order, as Have I Been Pwned gives them"""
    local_accounts: bool = False
    """whether people may have an account here, with a password and a second factor"""
    proxies: int = 0
    """how many proxies stand before the desk, each adding to X-Forwarded-For"""
    per_week: int = 0
    """how many findings people can look into in a week; 0: five for each thousand who look, at least five"""
    oidc: Oidc | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    """what the provider calls a role or group -> our role; our own names always count"""

    @property
    def host(self) -> str:
        """The name of the machine in the public address."""
        return urlsplit(self.public_url).hostname or ""

    @property
    def is_https(self) -> bool:
        """Whether people reach the desk over TLS."""
        return urlsplit(self.public_url).scheme == "https"


def read_desk_config(home: Path) -> DeskConfig:
    """Read the table [desk] of the house; raises ConfigurationError."""
    told = _table(home / FILE_NAME)
    _check_known("[desk]", told, (*_TEXTS, *_TABLES, *_SWITCHES, *_NUMBERS))
    texts = {key: _text("[desk]", key, told[key]) for key in _TEXTS if key in told}
    password = texts.pop("database_password", None)
    oidc = _oidc(told["oidc"]) if "oidc" in told else None
    config = DeskConfig(
        **texts,
        database_password=None if password is None else _secret("database_password", password),
        oidc=oidc,
        roles=_roles(told.get("roles", {})),
        local_accounts=_switch("local_accounts", told.get("local_accounts", False)),
        proxies=_number("proxies", told.get("proxies", 0)),
        per_week=_number("per_week", told.get("per_week", 0)),
    )
    _check_address("public_url", config.public_url, ("https", "http"))
    if config.database:
        _check_address("database", config.database, ("postgresql",))
    if config.leaked_passwords:
        _check_leaked(Path(config.leaked_passwords))
    return config


def with_tryout(config: DeskConfig, *, desk: str, issuer: str, secret: Secret) -> DeskConfig:
    """Have the try-out's own provider sign people in, where the house names no other."""
    if config.oidc is not None:
        return config
    tryout = Oidc(issuer=issuer, client_id="rekenschap-desk", client_secret=secret, name="de proef")
    return replace(config, oidc=tryout, public_url=desk)


def _table(path: Path) -> Mapping[str, object]:
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8")).get("desk", {})
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise _wrong(f"settings in {FILE_NAME}", "a file that cannot be read", "correct it") from None
    if not isinstance(told, dict):
        raise _wrong(f"a table [desk] in {FILE_NAME}", "something else", "write [desk] on a line of its own")
    return told


def _check_known(where: str, told: Mapping[str, object], known: tuple[str, ...]) -> None:
    for key in told:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            meant = f"did you mean {near[0]}?" if near else "take it out"
            raise _wrong(f"{', '.join(known)} under {where} in {FILE_NAME}", f"the key {key!r}", meant)


def _text(where: str, key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(f"a text for {key} under {where} in {FILE_NAME}", "something else", "put it in quotes")
    return value


def _switch(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(f"true or false for {key} under [desk] in {FILE_NAME}", "something else", "correct it")
    return value


def _number(key: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _wrong(f"a whole number for {key} under [desk] in {FILE_NAME}", "something else", "correct it")
    return value


def _check_leaked(path: Path) -> None:
    try:
        with path.open("rb") as file:
            first = file.read(40)
    except OSError:
        first = b""
    if len(first) != 40 or first.strip(b"0123456789ABCDEF"):
        raise _wrong(
            f"a file of SHA-1 in capitals for leaked_passwords under [desk] in {FILE_NAME}",
            "none that can be read", "name the list ordered by hash that you downloaded",
        )  # fmt: skip


def _oidc(told: object) -> Oidc:
    where = "[desk.oidc]"
    if not isinstance(told, dict):
        raise _wrong(
            f"a table {where} in {FILE_NAME}", "something else", f"write {where} on a line of its own"
        )
    _check_known(where, told, _OIDC)
    texts = {key: _text(where, key, value) for key, value in told.items()}
    for key in ("issuer", "client_id", "client_secret"):
        if not texts.get(key):
            raise _wrong(f"{key} under {where} in {FILE_NAME}", "none", "ask the provider for it")
    _check_address("issuer", texts["issuer"], ("https", "http"))
    issuer = urlsplit(texts["issuer"])
    if issuer.scheme == "http" and issuer.hostname not in ("localhost", "127.0.0.1"):
        raise _wrong(
            f"https:// for issuer under {where}", "http://", "ask the provider for its https address"
        )
    secret = _secret("client_secret", texts.pop("client_secret"))
    return Oidc(client_secret=secret, **texts)


def _roles(told: object) -> Mapping[str, Role]:
    if not isinstance(told, dict) or not all(isinstance(each, str) for each in told.values()):
        raise _wrong(
            f"a table [desk.roles] in {FILE_NAME}", "something else", 'write "their name" = "our role"'
        )
    unknown = [value for value in told.values() if value not in set(Role)]
    if unknown:
        known = ", ".join(Role)
        raise _wrong(f"one of {known} under [desk.roles]", f"the role {unknown[0]!r}", "correct it")
    return {key: Role(value) for key, value in told.items()}


def _secret(key: str, text: str) -> Secret:
    kind, _, where = text.partition(":")
    if kind not in ("env", "file") or not where:
        raise _wrong(
            f"env:NAME or file:/path for {key} in {FILE_NAME}", "another text", "put the secret elsewhere"
        )
    return Secret(reference=text)


def _check_address(key: str, text: str, schemes: tuple[str, ...]) -> None:
    parts = urlsplit(text)
    by_socket = parts.scheme == "postgresql" and "host=" in parts.query
    if parts.scheme not in schemes or not (parts.hostname or by_socket) or parts.password:
        kinds = " or ".join(f"{each}://" for each in schemes)
        raise _wrong(
            f"an address that begins with {kinds} for {key}, without a password", "another text", "correct it"
        )


def _wrong(expected: str, found: str, remedy: str) -> ConfigurationError:
    return ConfigurationError(expected=expected, found=found, remedy=remedy)
