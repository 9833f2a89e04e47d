# SPDX-License-Identifier: EUPL-1.2
"""The kinds of column a fact may have, and how a relation is made of them.

Knows nothing of Arrow, Parquet or SQL: `rekenschap.tables` turns these declarations into each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """Logical type of a column; the only types a fact can hold (no floats, lists or maps)."""

    TOKEN = "token"  # noqa: S105 — no password: 16 bytes, keyed pseudonym of an identifier of `domain`
    BYTES = "bytes"  # `width` raw bytes
    TEXT = "text"  # UTF-8 as received; never an identifier of a person
    CODE = "code"  # one of `codes`
    TIME = "time"  # microseconds since 1970-01-01T00:00:00Z
    DAY = "day"  # days since 1970-01-01
    COUNT = "count"  # signed 64-bit whole number
    FLAG = "flag"  # true or false


class Sensitivity(StrEnum):
    """Who may be harmed when the column leaks; decides who sees it and what may be exported."""

    PUBLIC = "public"
    INTERNAL = "internal"
    STAFF = "staff"
    CITIZEN = "citizen"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a relation: type, unit, meaning, sensitivity, required or not."""

    name: str
    kind: Kind
    meaning: str
    sensitivity: Sensitivity = Sensitivity.INTERNAL
    required: bool = False
    unit: str = ""
    domain: str = ""
    width: int = 0
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """One kind of fact: its name, what a row says, when it happened, and its columns in order."""

    name: str
    version: int
    meaning: str
    law: str
    happened: str
    columns: tuple[Column, ...]
    _by_name: dict[str, Column] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name.update({column.name: column for column in self.columns})

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in schema order."""
        return tuple(column.name for column in self.columns)

    @property
    def content(self) -> tuple[Column, ...]:
        """What makes a fact the fact it is: all columns but the identity and the time of recording."""
        return tuple(column for column in self.columns if column.name not in DOOR_COLUMNS)

    @property
    def reported(self) -> tuple[Column, ...]:
        """The columns a source fills: the content but for the token of the record, which the door makes."""
        return tuple(column for column in self.content if column.name != RECORD)


DOOR_COLUMNS = ("fact_id", "recorded_at")
"""Filled by the door, never by a source: who a fact is, and when it came in."""

RECORD = "record"
"""Column of the token of the record a fact was made of; the door makes it, and no profile may fill it."""


def token(domain: str, meaning: str, *, name: str = "", required: bool = False) -> Column:
    """Declare a keyed pseudonym of an identifier in `domain` (staff, subject, zaak, task, device ...)."""
    sensitivity = {"staff": Sensitivity.STAFF, "subject": Sensitivity.CITIZEN}.get(
        domain, Sensitivity.INTERNAL
    )
    return Column(
        name=name or domain,
        kind=Kind.TOKEN,
        meaning=meaning,
        sensitivity=sensitivity,
        required=required,
        domain=domain,
    )


def text(name: str, meaning: str, *, required: bool = False, unit: str = "") -> Column:
    """Declare free text about the organisation; the door refuses a BSN in it."""
    return Column(name=name, kind=Kind.TEXT, meaning=meaning, required=required, unit=unit)


def code(name: str, meaning: str, codes: str, *, required: bool = False) -> Column:
    """Declare a column that holds one of the space-separated `codes`."""
    return Column(name=name, kind=Kind.CODE, meaning=meaning, required=required, codes=tuple(codes.split()))


def time(name: str, meaning: str, *, required: bool = False) -> Column:
    """Declare a moment, in microseconds UTC."""
    return Column(name=name, kind=Kind.TIME, meaning=meaning, required=required, unit="µs UTC")


def count(name: str, meaning: str, *, unit: str, required: bool = False) -> Column:
    """Declare a whole number with its unit."""
    return Column(name=name, kind=Kind.COUNT, meaning=meaning, required=required, unit=unit)


def flag(name: str, meaning: str) -> Column:
    """Declare a yes-or-no column."""
    return Column(name=name, kind=Kind.FLAG, meaning=meaning)


def record() -> Column:
    """Declare the keyed digest of the whole record as it came in, whose text is sealed beside the ledger."""
    return token(RECORD, "the record the fact was made of, as it came in; empty when the profile keeps none")


def raw(name: str, meaning: str, *, width: int) -> Column:
    """Declare a column of exactly `width` raw bytes."""
    return Column(name=name, kind=Kind.BYTES, meaning=meaning, width=width)


def relation(
    name: str, happened: str, meaning: str, *columns: Column, law: str = "", version: int = 1
) -> Relation:
    """Declare a relation; every one begins with identity, source and time of recording."""
    return Relation(
        name=name,
        version=version,
        meaning=meaning,
        law=law,
        happened=happened,
        columns=(*_OF_EVERY_FACT, *columns),
    )


_OF_EVERY_FACT = (
    Column(
        name="fact_id",
        kind=Kind.BYTES,
        width=16,
        required=True,
        meaning="identity: 16 bytes of SHA-256 over relation and content, so a fact told twice is one",
    ),
    Column(name="source", kind=Kind.TEXT, required=True, meaning="the system that reported the fact"),
    time("recorded_at", "when the fact came in at the door", required=True),
)
