# SPDX-License-Identifier: EUPL-1.2
"""What a source profile says: how a file is read and which facts its rows hold.

A small language of columns: filters, renames, constants, formats and one row per group. No expressions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rekenschap.model.columns import Column, Kind, Relation
from rekenschap.seams.source import ReaderOptions

_EXACT = frozenset({Kind.TIME, Kind.DAY, Kind.COUNT, Kind.BYTES, Kind.FLAG})


class Take(StrEnum):
    """Which value of a group a column takes; first and last go by the time of the fact, then by line."""

    FIRST = "first"
    LAST = "last"
    MIN = "min"
    MAX = "max"
    MOST = "most"


class DoubleHour(StrEnum):
    """What a local time means in the hour that comes twice in October."""

    FIRST = "first"
    SECOND = "second"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a column of the source must hold: one of `values`, none of them, a text in which `pattern` is
    found, or anything at all (`filled`)."""

    column: str
    values: frozenset[str] = frozenset()
    negated: bool = False
    filled: bool | None = None
    pattern: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What every filled value of a column of the source must be; a row that differs goes to quarantine.

    With `filled` a row without a value goes there too.
    """

    column: str
    values: frozenset[str] = frozenset()
    pattern: str = ""
    between: tuple[str, str] | None = None
    filled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRule:
    """Where one column of a fact comes from: a constant, or the first filled one of some source columns.

    `pick` takes the one group of a pattern out of the text; a text without it counts as empty.
    """

    target: Column
    sources: tuple[str, ...] = ()
    joined_by: str | None = None
    value: str | None = None
    pick: str = ""
    take: Take = Take.FIRST
    formats: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupKey:
    """A column of the fact that tells groups apart; of a time, its local day only when `by_day`."""

    column: str
    by_day: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A column that holds a list: each part gives a fact of its own, with the part in place of the list.

    `by` is the text between two parts, or `json` for a list of JSON; of its objects `key` is taken. Only
    parts in which `pattern` is found count.
    """

    column: str
    by: str
    key: str = ""
    pattern: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRule:
    """Which rows give a fact of `relation`, and how; with `one_per`, one fact per group of rows."""

    relation: Relation
    columns: tuple[ColumnRule, ...]
    when: tuple[Condition, ...] = ()
    one_per: tuple[GroupKey, ...] = ()
    split: Split | None = None

    @property
    def sources(self) -> frozenset[str]:
        """Every column of the source the rule looks at."""
        named = {name for rule in self.columns for name in rule.sources}
        return frozenset(named | {condition.column for condition in self.when})


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceRule:
    """Which column of the source counts its rows by one, and which one tells several countings apart."""

    column: str
    stream: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimising:
    """What of a row may not pass the door: columns, the last part of addresses of machines (IP), or the whole
    row when it holds personal data; such rows are counted by what their column `counted_by` says."""

    leaves_out: frozenset[str] = frozenset()
    shortens_addresses: bool = False
    refuses_personal: bool = False
    counted_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """The processing activity that a source is part of, as the register has it: why, who reads it, how long.

    `days` is None where nobody set a term yet.
    """

    activity: str
    purpose: Mapping[str, str]
    read_by: Mapping[str, str]
    legal_basis: str
    law: str
    categories: str
    confidentiality: str
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A small file as it comes from the source, and the facts expected from it, identifiers in clear."""

    reader: str
    text: str
    expect: Mapping[str, tuple[Mapping[str, str], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How to read one kind of source; `named` means that each row names its relation and columns itself.

    `fault` is the column in which the reader itself says why a row may not pass. With `keeps_record` the
    whole record is sealed beside the ledger, and its facts hold its token.
    """

    id: str
    title: Mapping[str, str]
    source: str
    readers: Mapping[str, ReaderOptions]
    facts: tuple[FactRule, ...]
    example: Example
    note: Mapping[str, str] = field(default_factory=dict)
    time_zone: str = "Europe/Amsterdam"
    double_hour: DoubleHour = DoubleHour.FIRST
    empty: frozenset[str] = frozenset()
    checks: tuple[Check, ...] = ()
    sequence: SequenceRule | None = None
    named: bool = False
    fault: str = ""
    keeps_record: bool = False
    minimising: Minimising | None = None
    handling: Handling | None = None

    @property
    def sources(self) -> frozenset[str]:
        """Every column of the source the profile looks at."""
        return frozenset().union(*(rule.sources for rule in self.facts))

    @property
    def exact(self) -> frozenset[str]:
        """Columns of the source that give nothing but times, counts and numbers of a trace: never a text."""
        rules = [rule for each in self.facts for rule in each.columns]
        exact = {name for rule in rules if rule.target.kind in _EXACT for name in rule.sources}
        return frozenset(
            exact - {name for rule in rules if rule.target.kind not in _EXACT for name in rule.sources}
        )
