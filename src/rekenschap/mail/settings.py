# SPDX-License-Identifier: EUPL-1.2
"""What the mail filter must know, out of a TOML file that an administrator writes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from rekenschap.adapters.sources.mail import Destinations
from rekenschap.errors import ConfigurationError

_KEYS = ("listen", "onward", "spool", "source", "own_domains", "partner_domains", "home_country", "countries")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterSettings:
    """Where mail comes in and goes on, where facts are kept, and whose domains are whose."""

    listen: tuple[str, int]
    onward: tuple[str, int]
    spool: Path
    source: str
    destinations: Destinations


def read_settings(path: Path) -> FilterSettings:
    """Read the file; raises ConfigurationError that names the key."""
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise _wrong("a TOML file", "one that cannot be read", "check the path and the quotes") from None
    for key in read:
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, n=1)
            remedy = f"did you mean {near[0]}" if near else "take it out"
            raise _wrong(f"the keys {', '.join(_KEYS)}", f"{key!r}", remedy)
    countries = read.get("countries", {})
    if not isinstance(countries, Mapping):
        raise _wrong('countries = { "gmail.com" = "US" }', "something else", "write it so")
    return FilterSettings(
        listen=_address(read, "listen"),
        onward=_address(read, "onward"),
        spool=path.parent / _text(read, "spool", "spool"),
        source=_text(read, "source", "mail-filter"),
        destinations=Destinations(
            own=_domains(read, "own_domains"),
            partners=_domains(read, "partner_domains"),
            home=_text(read, "home_country", "NL").upper(),
            countries={str(domain).lower(): str(country).upper() for domain, country in countries.items()},
        ),
    )


def _address(read: Mapping[str, object], key: str) -> tuple[str, int]:
    host, _, port = _text(read, key, "").rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 1 << 16:
        raise _wrong(f'{key} = "127.0.0.1:10025"', "something else", "write a host and a port")
    return host.strip("[]"), int(port)


def _text(read: Mapping[str, object], key: str, otherwise: str) -> str:
    value = read.get(key, otherwise)
    if not isinstance(value, str):
        raise _wrong(f"a text at {key}", "something else", "put it between quotes")
    return value


def _domains(read: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = read.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise _wrong(f'{key} = ["gemeente.example"]', "something else", "write a list of domains")
    if key == "own_domains" and not value:
        raise _wrong("own_domains, to know whose mail counts", "none", "name the domains you send from")
    return tuple(each.lower().strip(".") for each in value)


def _wrong(expected: str, found: str, remedy: str) -> ConfigurationError:
    return ConfigurationError(expected=expected, found=found, remedy=remedy)
