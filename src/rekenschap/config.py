# SPDX-License-Identifier: EUPL-1.2
"""What `rekenschap.toml` in the house says: where the ledger, its anchor and its keys are, and who witnesses.

One address each, all optional; without the file everything stands in the house itself. A secret is never in
the file: only the name of an environment variable (`env:NAME`) or of a file (`file:/path`) that holds it, and
it is read at the moment it is used. Opens no store and no token; `rekenschap.places` does.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from rekenschap.errors import ConfigurationError

FILE_NAME = "rekenschap.toml"
DESK = "desk"
"""The table that says how the desk is reached, and who signs people in: `rekenschap_web.settings`."""

_KEYS = ("store", "anchor", "keys", "policy", "timestamps")
_LONGEST = 4096  # characters of a secret, bytes of its file
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}", re.ASCII)
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Where a secret is; never the secret itself."""

    reference: str

    def value(self) -> str:
        """Read the secret; raises ConfigurationError, which names the reference only."""
        kind, _, where = self.reference.partition(":")
        text = os.environ.get(where, "") if kind == "env" else _own_line(Path(where), self.reference)
        if not text:
            raise ConfigurationError(
                expected=f"a secret under {self.reference}", found="nothing", remedy="put it there"
            )
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryAt:
    """A directory, or for an anchor a file, on this machine."""

    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketAt:
    """A prefix of an S3 bucket; without `key_id` and `secret` the account is found as boto3 always does."""

    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str | None = None
    key_id: Secret | None = None
    secret: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseAt:
    """A PostgreSQL database; `ledger` tells the ledgers in it apart."""

    address: str
    ledger: str = "ledger"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAt:
    """A PKCS#11 token; `label` tells the houses in it apart."""

    module: Path
    token: str
    pin: Secret
    label: str = "rekenschap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Where everything of one house is."""

    store: DirectoryAt | BucketAt
    anchor: DirectoryAt | BucketAt | DatabaseAt
    keys: DirectoryAt | TokenAt
    policy: Path | None = None
    """a C2SP policy: the witnesses, where they are, and how many of them make a checkpoint count"""
    timestamps: str | None = None
    """web address of an RFC 3161 authority"""


def read_config(home: Path) -> Config:
    """Read `rekenschap.toml` in the house, or give what counts without it; raises ConfigurationError."""
    told = _told(home / FILE_NAME)
    store = told.get("store")
    if store is None or not _scheme(store):
        place: DirectoryAt | BucketAt = DirectoryAt(path=home / (store or "ledger"))
    else:
        place = _bucket("store", _split("store", store, ("s3",)))
    policy = told.get("policy")
    return Config(
        store=place,
        anchor=_anchor(home, place, told.get("anchor")),
        keys=_keys(home, told.get("keys")),
        policy=None if policy is None else home / policy,
        timestamps=told.get("timestamps"),
    )


def place_in(text: str) -> DirectoryAt | BucketAt:
    """Read where a copy of a ledger is: a directory, or an address that begins with s3:."""
    if not _scheme(text):
        return DirectoryAt(path=Path(text))
    return _bucket("the place of a copy", _split("the place of a copy", text, ("s3",)))


def _anchor(
    home: Path, store: DirectoryAt | BucketAt, text: str | None
) -> DirectoryAt | BucketAt | DatabaseAt:
    if text is None:
        if isinstance(store, DirectoryAt):
            return DirectoryAt(path=store.path / "anchor.db")
        raise _wrong("an anchor beside a store in a bucket", "none", "name one, apart from the store")
    if not _scheme(text):
        return DirectoryAt(path=home / text)
    parts = _split("anchor", text, ("s3", "postgresql"))
    if parts.scheme == "postgresql":
        return _database(parts)
    place = _bucket("anchor", parts)
    if isinstance(store, BucketAt) and _holds(store, place):
        raise _wrong("an anchor apart from the store", "the same bucket and prefix", "name another prefix")
    return place


def _holds(store: BucketAt, anchor: BucketAt) -> bool:
    """Say whether one of the two lies inside the other."""
    if (store.bucket, store.endpoint) != (anchor.bucket, anchor.endpoint):
        return False
    one, other = (f"{each.prefix.strip('/')}/".lstrip("/") for each in (store, anchor))
    return one.startswith(other) or other.startswith(one)


def _keys(home: Path, text: str | None) -> DirectoryAt | TokenAt:
    if text is None or not _scheme(text):
        return DirectoryAt(path=home / (text or "keys"))
    parts = _split("keys", text, ("pkcs11",))
    path = _pairs("keys", parts.path.replace(";", "&"), ("token", "object"))
    query = _pairs("keys", parts.query, ("module-path", "pin-source"))
    if not path.get("token") or not {"module-path", "pin-source"} <= set(query):
        raise _wrong("a token, module-path and pin-source in keys", "fewer", "add what is missing")
    return TokenAt(
        module=Path(query["module-path"]),
        token=path["token"],
        pin=_secret("keys", query["pin-source"]),
        label=path.get("object", "rekenschap"),
    )


def _bucket(key: str, parts: SplitResult) -> BucketAt:
    query = _pairs(key, parts.query, ("endpoint", "region", "key-id", "secret"))
    if not _BUCKET.fullmatch(parts.netloc):
        raise _wrong(f"the name of a bucket after s3:// in {key}", "another text", "correct the address")
    endpoint = urlsplit(query.get("endpoint", "https://host"))
    if endpoint.scheme not in ("http", "https") or not endpoint.hostname or endpoint.username is not None:
        raise _wrong(f"a web address as endpoint in {key}", "another text", "begin it with https://")
    if ("key-id" in query) != ("secret" in query):
        raise _wrong(f"both key-id and secret in {key}, or neither", "one of them", "add the other")
    return BucketAt(
        bucket=parts.netloc,
        prefix=unquote(parts.path).strip("/"),
        endpoint=query.get("endpoint"),
        region=query.get("region"),
        key_id=_secret(key, query["key-id"]) if "key-id" in query else None,
        secret=_secret(key, query["secret"]) if "secret" in query else None,
    )


def _database(parts: SplitResult) -> DatabaseAt:
    query = dict(parse_qsl(parts.query))
    if parts.password is not None or "password" in query:
        raise _wrong("no password in anchor", "one", "put it in a password file and add passfile=/its/path")
    ledger = query.pop("ledger", "ledger")
    rest = urlencode(query, quote_via=quote)  # libpq takes a + for a +
    return DatabaseAt(address=urlunsplit(parts._replace(query=rest)), ledger=ledger)


def _secret(key: str, text: str) -> Secret:
    kind, _, where = text.partition(":")
    sound = {"env": bool(_VARIABLE.fullmatch(where)), "file": where.startswith("/")}
    if not sound.get(kind, False):
        raise _wrong(
            f"env:NAME or file:/path for each secret in {key}", "another text", "put the secret elsewhere"
        )
    return Secret(reference=text)


def _pairs(key: str, text: str, known: tuple[str, ...]) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in text.split("&") if pair]
    if any(name not in known for name, _, _ in pairs) or len({name for name, _, _ in pairs}) < len(pairs):
        raise _wrong(f"each of {', '.join(known)} at most once in {key}", "something else", "take it out")
    return {name: unquote(value) for name, _, value in pairs}


def _split(key: str, text: str, schemes: tuple[str, ...]) -> SplitResult:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in schemes:
        raise _wrong(
            f"a path or an address that begins with {' or '.join(schemes)}: in {key}",
            "another kind of address",
            "correct it",
        )
    return parts


def _scheme(text: str) -> bool:
    return re.match(r"[a-z][a-z0-9+.-]*:", text) is not None


def _told(path: Path) -> dict[str, str]:
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except PermissionError:
        raise _wrong(
            f"settings in {FILE_NAME}", "no permission to read them", "run it as the owner of the house"
        ) from None
    except NotADirectoryError:
        raise _wrong("a directory as the house", "a file", "name a directory with --home") from None
    except (OSError, ValueError):  # also what is no TOML and no UTF-8
        raise _wrong(f"settings in {FILE_NAME}", "a file that cannot be read", "correct it") from None
    told.pop(DESK, None)  # a table of its own, which the desk reads
    strange = [key for key in told if key not in _KEYS]
    if strange or not all(isinstance(value, str) and value for value in told.values()):
        raise _wrong(f"{', '.join(_KEYS)} in {FILE_NAME}, each a text", "something else", "take it out")
    return told


def _own_line(path: Path, reference: str) -> str:
    """Read the first line of a file that not everybody can read."""
    try:
        if path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
            raise _wrong(f"{reference} to be closed to others", "a file for everybody", "chmod it to 600")
        with path.open(encoding="utf-8") as file:
            return file.readline(_LONGEST).rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise _wrong(f"a secret under {reference}", "no file that can be read", "put it there") from None


def _wrong(expected: str, found: str, remedy: str) -> ConfigurationError:
    return ConfigurationError(expected=expected, found=found, remedy=remedy)
