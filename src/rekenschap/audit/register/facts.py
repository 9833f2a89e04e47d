# SPDX-License-Identifier: EUPL-1.2
"""Between facts of relation `processing_activity` and versions of the register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from rekenschap.audit.desk.people import reading
from rekenschap.house import House
from rekenschap.ledger import Ledger
from rekenschap.model.relations import PROCESSING_ACTIVITY
from rekenschap.register import Register, Version

Value = str | int | datetime | None
_LISTS = ("people", "categories", "recipients", "transfers")
_TEXTS = ("law", "retention_law", "owner", "on_behalf", "measures")


def register_of(house: House) -> Register:
    """Read the register as the ledger holds it now; empty in a house that is not founded."""
    return register_in(reading(house)) if house.is_founded else Register.of(())


def register_in(ledger: Ledger, *, size: int | None = None) -> Register:
    """Read the register as of the first `size` entries of a ledger, or the latest.

    When two facts say something else under one number, the one that was recorded last counts.
    """
    facts = ledger.facts(PROCESSING_ACTIVITY.name, size=size)
    said = {(one.key, one.edition): one for one in map(version_of, facts.table.to_pylist())}
    return Register.of(said.values())


def version_of(row: Mapping[str, object]) -> Version:
    """Read one fact, of any version of its relation."""
    since, edition = row["valid_from"], row["edition"]
    assert isinstance(since, datetime)  # noqa: S101 - the relation requires it
    assert isinstance(edition, int)  # noqa: S101
    told = {**row, **{name: _parts(row.get(name)) for name in _LISTS}}
    return Version.of(str(row["processing_activity"]), edition, valid_from=since, told=told)


def told_values(version: Version) -> dict[str, Value]:
    """Give a version as the values of a fact, without source and time of recording."""
    return {
        "processing_activity": version.key, "edition": version.edition, "name": version.name,
        "purpose": version.purpose, "legal_basis": version.legal_basis,
        "retention_period": version.retention_period, "looks_kept": version.looks_kept,
        "confidentiality": version.confidentiality, "valid_from": version.valid_from,
        "valid_until": version.valid_until,
        **{name: getattr(version, name) or None for name in _TEXTS},
        **{name: ",".join(getattr(version, name)) or None for name in _LISTS},
    }  # fmt: skip


def _parts(told: object) -> tuple[str, ...]:
    return tuple(each.strip() for each in str(told or "").split(",") if each.strip())
