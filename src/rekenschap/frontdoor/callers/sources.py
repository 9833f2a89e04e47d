# SPDX-License-Identifier: EUPL-1.2
"""What `sources.toml` in the house says: every source, the systems it speaks for, and how it shows who it is.

Without the file only programs of this machine are heard, and a record says itself where it comes from.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rekenschap.errors import ConfigurationError

FILE_NAME = "sources.toml"
LARGEST = 16 << 20
"""Bytes of a request (out of its gzip) when a source has no bound of its own."""
MOST = 64 << 20
_FINGERPRINT = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Somebody who sends; `systems` are the names it may speak for, none when for any."""

    name: str
    systems: tuple[str, ...] = ()
    certificates: frozenset[str] = frozenset()
    """SHA-256 of certificates (DER), in lower-case hex"""
    clients: frozenset[str] = frozenset()
    requests_per_second: float | None = None
    largest_request: int = LARGEST
    expected: str = ""
    """How often it delivers, in words; a source of files has this and neither certificates nor clients."""


ANYBODY = Source(name="")
"""A program of this machine, when there is no sources.toml."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """Who issues tokens, and for whom they must be."""

    issuer: str
    audience: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """Files in PEM: our certificate with its key, and who vouches for the certificates of sources."""

    certificate: Path
    key: Path
    client_ca: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Callers:
    """Everybody who may send."""

    sources: tuple[Source, ...] = ()
    oauth: OAuth | None = None
    tls: Tls | None = None
    is_open: bool = False
    by_certificate: Mapping[str, Source] = field(default_factory=dict)
    by_client: Mapping[str, Source] = field(default_factory=dict)


OPEN = Callers(is_open=True)


def read_callers(home: Path) -> Callers:
    """Read sources.toml in the house, or give what counts without it; raises ConfigurationError."""
    try:
        text = (home / FILE_NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        return OPEN
    except (OSError, UnicodeDecodeError):
        raise _wrong("a file with text", "one that cannot be read", "correct its rights") from None
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise _wrong("a file in TOML", "something else", "correct it") from None
    _check_words(told, ("source", "oauth", "tls"), "the file")
    listed = told.get("source", [])
    if not isinstance(listed, list) or not listed:
        raise _wrong("at least one [[source]]", "none", "name each source, or take the file away")
    sources = tuple(_source(each) for each in listed)
    if len({each.name for each in sources}) < len(sources):
        raise _wrong("another name for each source", "one twice", "correct it")
    oauth, tls = _oauth(told.get("oauth")), _tls(home, told.get("tls"))
    by_certificate, by_client = _by(sources, "certificates"), _by(sources, "clients")
    if by_client and oauth is None:
        raise _wrong("[oauth] with the issuer of the tokens", "clients without it", "add it")
    if by_certificate and (tls is None or tls.client_ca is None):
        raise _wrong("[tls] with client_ca", "certificates without it", "add it")
    return Callers(
        sources=sources,
        oauth=oauth,
        tls=tls,
        is_open=not by_certificate and not by_client,
        by_certificate=by_certificate,
        by_client=by_client,
    )


def _source(told: object) -> Source:
    where = "a [[source]]"
    if not isinstance(told, dict):
        raise _wrong(where, "something else", "correct it")
    _check_words(
        told,
        ("name", "systems", "certificates", "clients", "requests_per_second", "largest_request", "expected"),
        where,
    )
    name, systems = told.get("name"), _texts(told, "systems")
    if not isinstance(name, str) or not name or len(name) > 200:
        raise _wrong("a name for each source", "none", "add it")
    if not systems:
        raise _wrong("systems of each source, by the names in its records", "none", "add them")
    certificates = frozenset(each.lower().replace(":", "") for each in _texts(told, "certificates"))
    if not all(_FINGERPRINT.fullmatch(each) for each in certificates):
        raise _wrong("certificates as SHA-256, 64 hexadecimal digits", "something else", "correct them")
    clients = frozenset(_texts(told, "clients"))
    expected = told.get("expected", "")
    if not isinstance(expected, str):
        raise _wrong("a text for expected", "something else", "correct it")
    if not certificates and not clients and not expected:
        raise _wrong("certificates or clients of each source (or expected, of files)", "neither", "add one")
    return Source(
        name=name,
        systems=systems,
        certificates=certificates,
        clients=clients,
        requests_per_second=_rate(told.get("requests_per_second")),
        largest_request=_largest(told.get("largest_request", LARGEST)),
        expected=expected,
    )


def _rate(told: object) -> float | None:
    if told is None:
        return None
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 < told <= 1_000_000:
        raise _wrong("requests_per_second above 0", "something else", "correct it")
    return float(told)


def _largest(told: object) -> int:
    if isinstance(told, bool) or not isinstance(told, int) or not 1_000 <= told <= MOST:
        raise _wrong(f"largest_request from 1000 up to {MOST} bytes", "something else", "correct it")
    return told


def _oauth(told: object) -> OAuth | None:
    if told is None:
        return None
    texts = _table(told, "oauth", ("issuer", "audience"))
    if set(texts) != {"issuer", "audience"}:
        raise _wrong("issuer and audience in [oauth]", "fewer", "add what is missing")
    issuer = texts["issuer"].rstrip("/") if texts["issuer"].endswith("/") else texts["issuer"]
    if not issuer.startswith(("https://", "http://localhost", "http://127.0.0.1")):
        raise _wrong("an issuer that begins with https://", "another", "correct it")
    return OAuth(issuer=texts["issuer"], audience=texts["audience"])


def _tls(home: Path, told: object) -> Tls | None:
    if told is None:
        return None
    texts = _table(told, "tls", ("certificate", "key", "client_ca"))
    if not {"certificate", "key"} <= set(texts):
        raise _wrong("certificate and key in [tls]", "fewer", "add what is missing")
    files = {name: home / text for name, text in texts.items()}
    for name, path in files.items():
        if not path.is_file():
            raise _wrong(f"a file for {name} in [tls]", "none", "correct the path")
    return Tls(certificate=files["certificate"], key=files["key"], client_ca=files.get("client_ca"))


def _table(told: object, name: str, words: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(told, dict) or not all(isinstance(each, str) and each for each in told.values()):
        raise _wrong(f"texts in [{name}]", "something else", "correct it")
    _check_words(told, words, f"[{name}]")
    return {str(key): str(value) for key, value in told.items()}


def _texts(told: Mapping[str, object], name: str) -> tuple[str, ...]:
    found = told.get(name, [])
    if not isinstance(found, list) or not all(
        isinstance(each, str) and each and "\x1f" not in each for each in found
    ):
        raise _wrong(f"a list of texts for {name}", "something else", "correct it")
    return tuple(found)


def _by(sources: tuple[Source, ...], name: str) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for source in sources:
        for each in getattr(source, name):
            if each in found:
                raise _wrong(f"every one of {name} at one source", "one at two", "correct it")
            found[each] = source
    return found


def _check_words(told: Mapping[str, object], words: tuple[str, ...], where: str) -> None:
    if not set(told) <= set(words):
        raise _wrong(f"in {where} only {', '.join(words)}", "another word", "correct it")


def _wrong(expected: str, found: str, remedy: str) -> ConfigurationError:
    return ConfigurationError(expected=f"in {FILE_NAME} {expected}", found=found, remedy=remedy)
