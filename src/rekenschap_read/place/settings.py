# SPDX-License-Identifier: EUPL-1.2
"""What `read.toml` says: which interfaces are on, and which client may read by which. Off is the default.

A token is never in the file, only its SHA-256; a client whose block is taken out is unknown at once.
"""

from __future__ import annotations

import hmac
import re
import tomllib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from rekenschap.errors import ConfigurationError

FILE_NAME = "read.toml"
MOST = 1_000
A_MINUTE = 1_200
"""questions of one client: twenty a second, as the clerk of citizens allows"""
_DIGEST = re.compile(r"[A-Za-z0-9_-]{43}")
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,60}")


class Interface(StrEnum):
    """The interfaces there are; each is on when the file has a table of its name."""

    LDV = "ldv"
    TRACKER = "tracker"
    BEWERKING = "bewerking"
    INZAGE = "inzage"


OF_LINES = frozenset({Interface.LDV, Interface.BEWERKING})
"""The interfaces that give lines of the processing log; the others give what citizens see."""


class Right(StrEnum):
    """What a client may do in the VNG interfaces; the others have one right only, to read."""

    READ_NORMAL = "read:normal"
    READ_CONFIDENTIAL = "read:confidential"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One interface that is on. `host`: the only name under which it answers; empty for any."""

    host: str = ""
    most: int = MOST
    activities: str = "urn:rekenschap:verwerkingsactiviteit:"
    """what stands before an activity that is no URI by itself"""
    language: str = "nl"
    prefix: str = ""
    """letters before an identifier that our sources do not write, such as the EE of Estonia"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A program that may read, and by which interfaces; `digest` is the SHA-256 of its token."""

    name: str
    digest: str
    reads: frozenset[Interface]
    rights: frozenset[Right]
    a_minute: int = A_MINUTE
    activities: tuple[str, ...] = ()
    """the only activities of which it may read lines; empty for all"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the service must be told."""

    organisation: str = ""
    organisation_id: str = ""
    """the number by which others know the organisation: an OIN, a registry code"""
    public_url: str = "http://localhost"
    offers: Mapping[Interface, Offer] = field(default_factory=dict)
    clients: tuple[Client, ...] = ()

    def client_of(self, token: str) -> Client | None:
        """Give the client that shows this token; takes as long for any."""
        shown, found = digest_of(token), None
        for each in self.clients:
            if hmac.compare_digest(each.digest, shown):
                found = each
        return found


def digest_of(token: str) -> str:
    """Give what the file holds of a token."""
    return urlsafe_b64encode(sha256(token.encode()).digest()).rstrip(b"=").decode()


def read_settings(place: Path) -> Settings:
    """Read the file; without one nothing is offered to anybody. Raises ConfigurationError."""
    try:
        told = tomllib.loads((place / FILE_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError):
        raise _wrong("settings in TOML", "a file that cannot be read", "correct it") from None
    texts = ("organisation", "organisation_id", "public_url")
    _check_words(told, (*texts, *Interface, "client"), "the file")
    offers = {name: _offer(told[name], name) for name in Interface if name in told}
    clients = tuple(map(_client, _list(told.get("client", []))))
    if len({each.name for each in clients}) < len(clients):
        raise _wrong("another name for each client", "one twice", "correct it")
    plain = {name: _text(told, name) for name in texts if name in told}
    if offers and not (plain.get("organisation") and plain.get("organisation_id")):
        raise _wrong("organisation and organisation_id", "fewer", "add them: readers are told who answers")
    return Settings(**plain, offers=offers, clients=clients)


def _offer(told: object, name: str) -> Offer:
    if not isinstance(told, dict):
        raise _wrong(f"[{name}]", "something else", "correct it")
    texts = ("host", "activities", "language", "prefix")
    _check_words(told, (*texts, "most"), f"[{name}]")
    most = told.get("most", MOST)
    if isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= 100_000:
        raise _wrong("most from 1 to 100000", "something else", "correct it")
    return Offer(most=most, **{each: _text(told, each) for each in texts if each in told})


def _client(told: object) -> Client:
    if not isinstance(told, dict):
        raise _wrong("a [[client]]", "something else", "correct it")
    _check_words(told, ("name", "digest", "reads", "rights", "a_minute", "activities"), "a [[client]]")
    name, digest = _text(told, "name"), _text(told, "digest")
    if not _NAME.fullmatch(name) or not _DIGEST.fullmatch(digest):
        raise _wrong("of each client a name in small letters and the digest of its token", "another",
                     "make both with `rekenschap read client`")  # fmt: skip
    try:
        reads = frozenset(Interface(str(each)) for each in _list(told.get("reads", [])))
        rights = frozenset(Right(str(each)) for each in _list(told.get("rights", [])))
    except ValueError:
        words = ", ".join((*Interface, *Right))
        raise _wrong(f"in reads and rights only {words}", "another word", "correct it") from None
    a_minute = told.get("a_minute", A_MINUTE)
    if isinstance(a_minute, bool) or not isinstance(a_minute, int) or not 1 <= a_minute <= 10_000_000:
        raise _wrong("a_minute from 1 to 10000000", "something else", "correct it")
    activities = tuple(map(_activity, _list(told.get("activities", []))))
    if activities and not reads <= OF_LINES:
        raise _wrong("activities of a client only with ldv and bewerking", "another interface beside them",
                     "make two clients of it: what citizens see is not parted by activity")  # fmt: skip
    return Client(
        name=name, digest=digest, reads=reads, rights=rights, a_minute=a_minute, activities=activities
    )


def _activity(told: object) -> str:
    if not isinstance(told, str) or not told:
        raise _wrong("a text for each of activities", "something else", "put it in quotes")
    return told


def _list(told: object) -> list[object]:
    if not isinstance(told, list):
        raise _wrong("a list", "something else", "correct it")
    return told


def _text(told: Mapping[str, object], name: str) -> str:
    found = told.get(name)
    if not isinstance(found, str):
        raise _wrong(f"a text for {name}", "something else", "put it in quotes")
    return found


def _check_words(told: Mapping[str, object], words: tuple[str, ...], where: str) -> None:
    if not set(told) <= set(words):
        raise _wrong(f"in {where} only {', '.join(words)}", "another word", "correct it")


def _wrong(expected: str, found: str, remedy: str) -> ConfigurationError:
    return ConfigurationError(expected=f"in {FILE_NAME} {expected}", found=found, remedy=remedy)
