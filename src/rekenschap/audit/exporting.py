# SPDX-License-Identifier: EUPL-1.2
"""Out again what came in: the sealed records of a ledger's facts, each held against its token."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.contracts.contract import Contract
from rekenschap.contracts.otlp import MARKS, as_json, canonical
from rekenschap.intake import Door
from rekenschap.ledger import Ledger
from rekenschap.model.columns import RECORD
from rekenschap.model.relations import RELATIONS

_OF: Mapping[Contract, tuple[str, ...]] = MappingProxyType(
    {
        Contract.LDV: ("processing",),
        Contract.ADL: ("decision",),
        Contract.CONSULTATION: ("consultation",),
        Contract.AS_RECEIVED: tuple(name for name, each in RELATIONS.items() if RECORD in each),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """How many records were written, are no longer there, and are not what their token says."""

    written: int
    missing: int
    altered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From when up to when records were recorded (µs UTC); open where it is None."""

    since: int | None = None
    until: int | None = None

    def holds(self, recorded_at: pa.Array) -> pa.Array:
        """Tell which moments lie in it."""
        numbers = recorded_at.cast(pa.int64())
        found = pa.array(np.ones(len(numbers), dtype=bool))
        if self.since is not None:
            found = pc.and_(found, pc.greater_equal(numbers, self.since))
        return found if self.until is None else pc.and_(found, pc.less(numbers, self.until))


def export_records(ledger: Ledger, door: Door, contract: Contract, *, span: Span, out: Path) -> Exported:
    """Write the records of the facts recorded in `span` to a file, one line of JSON each.

    A record that does not fit its token is not written. Raises KeysError when a piece does not open.
    """
    wanted = _tokens(ledger, contract, span)
    waiting = set(wanted.to_pylist())
    counts = {"written": 0, "altered": 0}
    with out.open("wb") as stream:
        for token, record in _sealed(door, wanted, span):
            if token not in waiting:
                continue
            waiting.remove(token)
            (again,) = door.pseudonyms.tokens_of_records(
                pa.array([canonical(record)], pa.binary())
            ).to_pylist()
            counts["written" if again == token else "altered"] += 1
            if again == token:
                stream.write(line_of(record, contract) + b"\n")
    return Exported(missing=len(waiting), **counts)


def line_of(record: bytes, contract: Contract) -> bytes:
    """Give a record on one line: as JSON, or as the bytes it came in when it is to be as received."""
    if contract is Contract.AS_RECEIVED:
        for signal, mark in MARKS.items():
            if record.startswith(mark):
                return orjson.dumps(
                    {"otlp": signal, "protobuf": base64.b64encode(record[1:]).decode("ascii")}
                )
        return record.replace(b"\r", b"").replace(b"\n", b" ")
    return as_json(record)


def _tokens(ledger: Ledger, contract: Contract, span: Span) -> pa.Array:
    found = [pa.array([], pa.binary(16))]
    for name in _OF[contract]:
        facts = ledger.facts(name).table
        if RECORD in facts.column_names:
            inside = span.holds(facts.column("recorded_at").combine_chunks())
            found.append(facts.column(RECORD).combine_chunks().filter(inside).drop_null())
    return pa.concat_arrays(found).unique()


def _sealed(door: Door, wanted: pa.Array, span: Span) -> Iterator[tuple[bytes, bytes]]:
    for piece in door.records.pieces(since=span.since, until=span.until):
        chosen = piece.table.filter(pc.is_in(piece.table.column("token"), value_set=wanted))
        yield from zip(chosen.column("token").to_pylist(), chosen.column("record").to_pylist(), strict=True)
