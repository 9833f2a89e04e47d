# SPDX-License-Identifier: EUPL-1.2
"""A register from a file (CSV, a workbook, or versions of the draft interface as JSON) put on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from uuid import uuid4
from zoneinfo import ZoneInfo

import orjson
import pyarrow as pa

from rekenschap.adapters.sources import READERS
from rekenschap.adapters.sources.recognising import recognise
from rekenschap.audit.desk.facts import DeskFact, append_desk_facts
from rekenschap.audit.register.facts import told_values
from rekenschap.errors import SourceError
from rekenschap.house import ORIGIN, House
from rekenschap.intake.fields.numbers_in_text import holds_bsn
from rekenschap.model.relations import ACT, PROCESSING_ACTIVITY
from rekenschap.register import (
    COLUMNS,
    Drawn,
    Plan,
    Problem,
    Register,
    Row,
    Version,
    columns_in,
    plan,
    read_row,
)
from rekenschap.register.draft import cells_of
from rekenschap.register.table import REQUIRED
from rekenschap.seams.source import Block
from rekenschap.tables import ZONE

SOURCE = "rekenschap-register"
_MOST = 16 << 20
_TABLES = ("csv", "excel")
_OWN_NAMES = MappingProxyType({field: field for field in COLUMNS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Who takes it in (a staff number), and why: both stay in the ledger."""

    by: str
    because: str
    at: datetime


def planned(path: Path, register: Register, *, now: datetime) -> Plan:
    """Say what taking this file in would change; changes nothing.

    Raises SourceError when it is no table, or one without the columns a register cannot do without.
    """
    columns, rows = _table(path)
    zone = ZoneInfo(ZONE)
    read = [
        [each] if isinstance(each, Problem) else _read(each, columns, zone=zone, now=now) for each in rows
    ]
    return plan(register, read, now=now)


def put_on_record(house: House, versions: tuple[Version, ...], decided: Decided) -> int:
    """Append versions to the ledger, with the act of who decided; gives how many were new."""
    facts = [DeskFact(relation=PROCESSING_ACTIVITY.name, values=told_values(each)) for each in versions]
    acts = [
        DeskFact(
            relation=ACT.name,
            values={
                "acted_at": decided.at, "staff": decided.by, "verb": "registered",
                "object": f"processing_activity:{each.key}", "object_kind": "processing_activity",
                "because": decided.because, "act": uuid4().bytes,
            },
        )
        for each in versions
    ]  # fmt: skip
    ledger = house.appending(origin=ORIGIN)
    return append_desk_facts(house, [*acts, *facts], ledger=ledger, now=decided.at, source=SOURCE) - len(acts)


def _read(row: Row, columns: Mapping[str, str], *, zone: ZoneInfo, now: datetime) -> Drawn | list[Problem]:
    """Read one row; a number that may be of a citizen is never taken: the ledger does not forget a text."""
    cells = [row.cells.get(name) or "" for name in columns.values()]
    found = holds_bsn(pa.array(cells, pa.string())).tolist()
    named = [field for field, is_one in zip(columns, found, strict=True) if is_one]
    if named:
        return [Problem(line=row.line, field=field, reason="bsn") for field in named]
    return read_row(row, columns, zone=zone, now=now)


def _table(path: Path) -> tuple[Mapping[str, str], list[Row | Problem]]:
    if not path.is_file():
        raise _refused("nothing there, or no file")
    if path.suffix.lower() == ".json":
        return _OWN_NAMES, [*_of_draft(path)]
    try:
        found = recognise(path)
    except SourceError as error:  # its remedy is that of other commands
        raise _refused(error.found) from error
    if found.kind not in _TABLES:
        raise _refused("a file of another kind")
    rows = list(_rows(READERS[found.kind].blocks(path, found.options)))
    first = next((each for each in rows if isinstance(each, Row)), None)
    columns = columns_in(list(first.cells)) if first else {}
    missing = [field for field in REQUIRED if field not in columns]
    if missing:
        raise SourceError(
            expected="a table with columns for " + ", ".join(REQUIRED),
            found=f"none for {', '.join(missing)}" if rows else "no rows",
            remedy="name them as in the how-to, in the first row",
        )
    return columns, rows


def _rows(blocks: Iterator[Block]) -> Iterator[Row | Problem]:
    for block in blocks:
        for broken in block.broken:
            yield Problem(line=broken.line, field="", reason="unreadable")
        lines = block.lines.to_pylist()
        for line, cells in zip(lines, block.rows.to_pylist(), strict=True):
            yield Row(line=line, cells={name: str(cell or "") for name, cell in cells.items()})


def _of_draft(path: Path) -> Iterator[Row]:
    """Read versions as the draft interface gives them, each with the `id` of its activity: one or a list."""
    if path.stat().st_size > _MOST:
        raise _refused("a file that is too large")
    try:
        told = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError:
        raise _refused("a file that is no JSON") from None
    several = told if isinstance(told, list) else [told]
    if not several or not all(isinstance(each, dict) for each in several):
        raise _refused("other JSON")
    for number, each in enumerate(several, 1):
        yield Row(line=number, cells=cells_of(each))


def _refused(found: str) -> SourceError:
    return SourceError(
        expected="a register as CSV, a workbook, or JSON of the draft interface", found=found,
        remedy="save it as one of these",
    )  # fmt: skip
