# SPDX-License-Identifier: EUPL-1.2
"""Keeps how looks stand to the register beside the derivation it was counted from; it can be made again."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from rekenschap.audit.deriving import Derived
from rekenschap.audit.register.usage import Report, report_of
from rekenschap.ledger import Ledger
from rekenschap.register import Register

FILE = "register-usage.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    of: str
    report: Report


def report_kept(ledger: Ledger, derived: Derived, register: Register, *, now: datetime) -> Report:
    """Give the report of this derivation, register and day; counts only when nobody did that before."""
    path, of = derived.folder / FILE, _name(register, now)
    known = _read(path)
    if known is not None and known.of == of:
        return known.report
    report = report_of(ledger, derived, register, now=now)
    _write(path, _Kept(of=of, report=report))
    return report


def _name(register: Register, now: datetime) -> str:
    """Name what a report depends on beside the derivation."""
    newest = max((each.recorded_at or each.valid_from for each in register.versions), default=None)
    return f"{now.date()}|{len(register.versions)}|{newest}"


def _read(path: Path) -> _Kept | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Kept)
    except (OSError, msgspec.DecodeError):
        return None


def _write(path: Path, kept: _Kept) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(msgspec.json.encode(kept))
    fresh.chmod(0o600)
    fresh.replace(path)
