# SPDX-License-Identifier: EUPL-1.2
"""OTLP bodies (traces and logs, protobuf and JSON) to rows, one per record. Knows no profile, no network."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Literal

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.contracts.otlp import json_out, layout
from rekenschap.contracts.otlp.compiled import compiled
from rekenschap.contracts.otlp.envelopes import record_bytes, records_in
from rekenschap.contracts.otlp.json_bodies import LOGS, TRACES, in_protobuf
from rekenschap.contracts.otlp.json_messages import LEFT_OVER
from rekenschap.contracts.otlp.rows import rows_in
from rekenschap.contracts.otlp.values import UnreadableError
from rekenschap.contracts.otlp.wire import Numbers, Wire

BodyKind = Literal["traces-protobuf", "traces-json", "logs-protobuf", "logs-json"]
UNREADABLE = "unreadable"
_PIECE = 4 << 20
"""Bytes of bodies that are read at once: with more, what is read does not stay in the cache (measured)."""
_QUICK_PIECE = 64 << 20
"""The same in machine code, which goes over them once."""
MARKS = {"traces": b"T", "logs": b"L"}
"""What stands before a record in protobuf; a record in JSON begins with its brace."""


def rows_of(
    bodies: Sequence[bytes], *, kind: BodyKind, staff: tuple[str, ...] = layout.STAFF
) -> tuple[pa.Table, pa.Int32Array]:
    """Give one row per record of the bodies, in their order, and for each row the index of its body.

    Never raises for what is in a body: a record or body that cannot be read is a row with a `fault`.

    kind         decision, consultation, processing or unknown; `staff` are the keys that make a consultation
    fault        the first reason against the record, null when there is none
    record       T (traces) or L (logs) and the record as a protobuf request of its own, the same whichever
                 way it came: what its token is made over
    received     the record as a JSON request of its own, as it was written; null when it came in protobuf
    sampled, trace_state, dropped       what the sender says of its own sampling, and of attributes it dropped
    time         when it happened; start_time and end_time too (µs UTC), null when absent
    trace_id, span_id, parent_span_id   fixed bytes, null when absent or not valid
    name, status, service.name, adl.*, and the attributes of `layout` under their own names
    """
    signal, _, form = kind.partition("-")
    if form == "protobuf":
        pieces = [_rows(some, [b""] * len(some), signal, staff) for some in _pieces(bodies)]
        return pieces[0] if len(pieces) == 1 else _together(pieces, [len(some) for some in _pieces(bodies)])
    written = [in_protobuf(body, TRACES if signal == "traces" else LOGS) for body in bodies]
    texts = [text for each in written if each is not None for text in each.texts]
    in_full = [b"" if each else body for each, body in zip(written, bodies, strict=True)]
    return _rows([each.body if each else b"" for each in written], in_full, signal, staff, texts=texts)


def _pieces(bodies: Sequence[bytes]) -> list[Sequence[bytes]]:
    """Divide bodies in stretches that are read at once."""
    piece = _PIECE if compiled() is None else _QUICK_PIECE
    begins = np.cumsum([0, *map(len, bodies[:-1])]) // piece
    cuts = np.flatnonzero(np.diff(begins, prepend=-1)).tolist() if bodies else [0]
    return [bodies[start:end] for start, end in pairwise([*cuts, len(bodies)])]


def _together(
    pieces: Sequence[tuple[pa.Table, pa.Int32Array]], counts: Sequence[int]
) -> tuple[pa.Table, pa.Int32Array]:
    """Put the rows of several stretches, of so many bodies each, behind one another."""
    before = accumulate(counts, initial=0)
    index = [
        pc.add(each, pa.scalar(start, pa.int32())) for (_, each), start in zip(pieces, before, strict=False)
    ]
    table = pa.concat_tables([table for table, _ in pieces])
    return table, pa.concat_arrays(index)


def _rows(
    bodies: Sequence[bytes],
    unread: Sequence[bytes],
    signal: str,
    staff: tuple[str, ...],
    *,
    texts: list[bytes] | None = None,
) -> tuple[pa.Table, pa.Int32Array]:
    """Give the rows of bodies in protobuf; `unread` holds the JSON of those that could not be written so."""
    wire = Wire(b"".join(bodies))
    lengths = np.array([len(body) for body in bodies], dtype=np.int64)
    ends = np.cumsum(lengths)
    found = records_in(wire, ends - lengths, ends)
    mark = MARKS[signal]
    shape = layout.SPAN if signal == "traces" else layout.LOG_RECORD
    table = rows_in(wire, found, shape, staff=staff)
    received = pa.nulls(table.num_rows, pa.binary()) if texts is None else pa.array(texts, pa.binary())
    table = table.append_column("record", record_bytes(wire, found, mark))
    table = table.append_column("received", received)
    lost = {at: body for at, body in enumerate(unread) if body}
    lost |= {at: mark + bodies[at] for at in found.broken.tolist()}
    return _with_lost(table, found.bodies(), lost)


def _with_lost(table: pa.Table, bodies: Numbers, lost: dict[int, bytes]) -> tuple[pa.Table, pa.Int32Array]:
    """Add a row for every body that breaks off or cannot be read, in its place."""
    if lost:
        wholes = list(lost.values())
        rows = {"kind": ["unknown"] * len(lost), "fault": [UNREADABLE] * len(lost), "record": wholes}
        extra = pa.table({name: pa.array(each, table.schema.field(name).type) for name, each in rows.items()})
        table = pa.concat_tables([table, extra], promote_options="default")
        bodies = np.concatenate([bodies, np.array(list(lost), dtype=np.int64)])
        order = np.argsort(bodies, kind="stable")
        table, bodies = table.take(pa.array(order)), bodies[order]
    return table.combine_chunks(), pa.array(bodies.astype(np.int32))


def canonical(received: bytes) -> bytes:
    """Give what the token of a record is made over, from the record as it came in.

    A record in JSON that is no request of OTLP stands for itself.
    """
    for signal, names in (("traces", TRACES), ("logs", LOGS)):
        if received.startswith(b"{") and b'"%s"' % names.resources.encode() in received[:40]:
            written = in_protobuf(received, names)
            if written is not None and len(written.texts) == 1:
                return MARKS[signal] + written.body
    return received


def as_json(received: bytes) -> bytes:
    """Give a record as JSON on one line: one in JSON as it came, but for new lines; others as OTLP/JSON."""
    for signal, names in (("traces", TRACES), ("logs", LOGS)):
        if received.startswith(MARKS[signal]):
            body = received[1:]
            try:
                return msgspec.json.encode(json_out.in_json(names.request, body, at=0, end=len(body)))
            except UnreadableError:
                return msgspec.json.encode({LEFT_OVER: body})
    if received.startswith(b"{") and b"\n" in received:
        return msgspec.json.format(received, indent=-1)
    return received
