# SPDX-License-Identifier: EUPL-1.2
"""One version of an entry in the register of processing activities (GDPR art. 30), and what it still lacks.

Knows no ledger, table or page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Self

OPEN, SHIELDED = "open", "shielded"
BASES = ("a", "b", "c", "d", "e", "f")
"""The letters of GDPR art. 6(1)."""
ASKING_FOR_A_LAW = ("c", "e")
"""GDPR art. 6(3): these two stand on a law, so one must be named."""

_ART_30 = ("people", "categories", "recipients", "retention_period", "owner", "measures")
"""What GDPR art. 30(1) asks beside name and purpose."""
_NOT_CONTENT = ("edition", "valid_from", "valid_until", "recorded_at", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An activity as it was from one moment to another. `recorded_at`: when the ledger came to know it."""

    key: str
    edition: int
    name: str
    purpose: str
    legal_basis: str
    valid_from: datetime
    law: str = ""
    people: tuple[str, ...] = ()
    """categories of data subjects"""
    categories: tuple[str, ...] = ()
    """categories of personal data"""
    recipients: tuple[str, ...] = ()
    transfers: tuple[str, ...] = ()
    """countries outside the EU the data goes to"""
    retention_period: int | None = None
    """days"""
    retention_law: str = ""
    looks_kept: int | None = None
    """days that looks made for it stay on record; None: as long as the retention period"""
    confidentiality: str = OPEN
    owner: str = ""
    on_behalf: str = ""
    """the body in whose name it is done; empty: the organisation itself"""
    measures: str = ""
    valid_until: datetime | None = None
    recorded_at: datetime | None = None
    source: str = ""

    @classmethod
    def of(cls, key: str, edition: int, *, valid_from: datetime, told: Mapping[str, object]) -> Self:
        """Make a version of loose values by name; what is not there, or of another kind, is left empty."""
        return cls(
            key=key,
            edition=edition,
            valid_from=valid_from,
            name=_text(told, "name"),
            purpose=_text(told, "purpose"),
            legal_basis=_text(told, "legal_basis"),
            law=_text(told, "law"),
            people=_texts(told, "people"),
            categories=_texts(told, "categories"),
            recipients=_texts(told, "recipients"),
            transfers=_texts(told, "transfers"),
            retention_period=_days(told, "retention_period"),
            retention_law=_text(told, "retention_law"),
            looks_kept=_days(told, "looks_kept"),
            confidentiality=_text(told, "confidentiality") or OPEN,
            owner=_text(told, "owner"),
            on_behalf=_text(told, "on_behalf"),
            measures=_text(told, "measures"),
            valid_until=_moment(told, "valid_until"),
            recorded_at=_moment(told, "recorded_at"),
            source=_text(told, "source"),
        )

    @property
    def is_shielded(self) -> bool:
        """Whether looks made for it are not shown to the citizen yet."""
        return self.confidentiality == SHIELDED

    @property
    def days_kept(self) -> int | None:
        """How many days looks made for it stay on record; None when nobody decided that."""
        return self.looks_kept if self.looks_kept is not None else self.retention_period


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that became another: name of the field, before and after."""

    field: str
    before: object
    after: object


def changes(old: Version, new: Version) -> tuple[Change, ...]:
    """Name what differs between two versions in what they say; when each holds is left out."""
    names = (each.name for each in fields(Version) if each.name not in _NOT_CONTENT)
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in names)
    return tuple(Change(field=name, before=was, after=now) for name, was, now in pairs if was != now)


def lacking(version: Version) -> tuple[str, ...]:
    """Name the fields that GDPR art. 30(1) and 6(3) ask for and that are empty."""
    empty = [name for name in _ART_30 if getattr(version, name) in ((), "", None)]
    if version.legal_basis in ASKING_FOR_A_LAW and not version.law:
        empty.insert(0, "law")
    return tuple(empty)


def _text(told: Mapping[str, object], name: str) -> str:
    return str(told.get(name) or "")


def _texts(told: Mapping[str, object], name: str) -> tuple[str, ...]:
    given = told.get(name)
    return tuple(map(str, given)) if isinstance(given, list | tuple) else ()


def _days(told: Mapping[str, object], name: str) -> int | None:
    given = told.get(name)
    return given if isinstance(given, int) and not isinstance(given, bool) else None


def _moment(told: Mapping[str, object], name: str) -> datetime | None:
    given = told.get(name)
    return given if isinstance(given, datetime) else None
