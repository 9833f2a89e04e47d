# SPDX-License-Identifier: EUPL-1.2
"""Which role may open which address, from `matrix.toml`; what is not named there cannot be reached."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rekenschap.casework.roles import Role
from rekenschap.errors import ConfigurationError

FILE = Path(__file__).with_name("matrix.toml")
ANYONE = "anyone"
"""stands for everybody, signed in or not"""
_METHODS = ("GET", "POST")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One address: who may GET it, who may POST to it; HEAD goes with GET."""

    allowed: Mapping[str, frozenset[str]]
    example: Mapping[str, str]
    """arguments for the tests to build an address with"""

    @property
    def methods(self) -> list[str]:
        """The methods there are."""
        return sorted(self.allowed)

    def has(self, method: str) -> bool:
        """Say whether the address knows this method at all."""
        return _as_named(method) in self.allowed

    def is_open(self, method: str) -> bool:
        """Say whether nobody needs to sign in."""
        return ANYONE in self.allowed[_as_named(method)]

    def roles(self, method: str) -> frozenset[Role]:
        """Name the roles that may."""
        return frozenset(Role(each) for each in self.allowed.get(_as_named(method), frozenset()) - {ANYONE})


def line_of(name: str) -> Line | None:
    """Find the line of an address by its name."""
    return lines().get(name)


@cache
def lines() -> Mapping[str, Line]:
    """Read the whole matrix; raises ConfigurationError for a word that is no role or method."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: _line(name, table) for name, table in told.items()}


def _as_named(method: str) -> str:
    return "GET" if method == "HEAD" else method


def _line(name: str, table: Mapping[str, object]) -> Line:
    example = table.get("example", {})
    methods = {key: value for key, value in table.items() if key != "example"}
    known = {*Role, ANYONE}
    for key, value in methods.items():
        if key not in _METHODS or not isinstance(value, list) or not set(value) <= known:
            words = ", ".join(sorted(known))
            raise ConfigurationError(
                expected=f"{' or '.join(_METHODS)} with a list of {words} for {name!r} in matrix.toml",
                found="something else",
                remedy="correct it",
            )
    if not isinstance(example, dict):
        raise ConfigurationError(
            expected=f"a table as example for {name!r} in matrix.toml",
            found="something else",
            remedy="correct it",
        )
    return Line(
        allowed={
            key: frozenset(map(str, value)) for key, value in methods.items() if isinstance(value, list)
        },
        example={str(key): str(value) for key, value in example.items()},
    )
