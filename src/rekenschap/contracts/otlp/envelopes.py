# SPDX-License-Identifier: EUPL-1.2
"""From request bodies to single records: where each is, and each as a request of its own.

A record keeps the bytes of its sender, with those of its resource and its scope around it: fields nobody
knows yet, keys that come twice and text that is no text go along. The record is again a valid request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.contracts.otlp.slices import slices
from rekenschap.contracts.otlp.wire import LENGTH, Fields, Mask, Numbers, Wire, walk

_CONTAINED = 2
"""Of ResourceSpans and ResourceLogs: the scopes; of ScopeSpans and ScopeLogs: the records."""

_RESOURCE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What goes around records: all of the resource and all of the scope but the records, and which body."""

    body: int
    around: bytes
    within: bytes
    resource: bytes

    def head(self, length: int) -> bytes:
        """Give what stands before a record of `length` bytes, tag included."""
        inner = b"\x12" + varint_bytes(len(self.within) + length) + self.within
        return b"\x0a" + varint_bytes(len(self.around) + len(inner) + length) + self.around + inner


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The records of some bodies: their place, the envelope of each; and the bodies that break off."""

    records: Fields
    envelopes: Sequence[Envelope]
    broken: Numbers

    def bodies(self) -> Numbers:
        """Give the body of each record."""
        of = np.array([each.body for each in self.envelopes], dtype=np.int64)
        return of[self.records.owners] if len(of) else np.empty(0, dtype=np.int64)


def records_in(wire: Wire, starts: Numbers, ends: Numbers) -> Found:
    """Find every record of the bodies between `starts` and `ends`."""
    top, broken = walk(wire, starts, ends, in_order=True)
    of_resource = top.of(1, LENGTH)
    inside, bad = walk(wire, of_resource.starts, of_resource.ends, in_order=True)
    _mark(broken, of_resource.owners, bad)
    of_scope = inside.of(_CONTAINED, LENGTH)
    deeper, bad = walk(wire, of_scope.starts, of_scope.ends, in_order=True)
    _mark(broken, of_resource.owners[of_scope.owners], bad)
    envelopes = _envelopes(wire, of_resource, inside, of_scope, deeper)
    return Found(
        records=deeper.of(_CONTAINED, LENGTH),
        envelopes=envelopes,
        broken=np.flatnonzero(broken).astype(np.int64),
    )


def record_bytes(wire: Wire, found: Found, mark: bytes) -> pa.Array:
    """Give every record as a request of its own (binary), with `mark` before it."""
    records, envelopes = found.records, found.envelopes
    size = records.ends - records.tags
    kinds, which = np.unique(records.owners << 32 | size, return_inverse=True)
    heads = [mark + envelopes[kind >> 32].head(kind & 0xFFFF_FFFF) for kind in kinds.tolist()]
    before = pa.array(heads, pa.binary()).take(pa.array(which))
    return pc.binary_join_element_wise(before, slices(wire, records.tags, records.ends), b"")


def varint_bytes(value: int) -> bytes:
    """Write a varint."""
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)


def _mark(broken: Mask, bodies: Numbers, bad: Mask) -> None:
    broken[bodies[bad]] = True


def _envelopes(
    wire: Wire, of_resource: Fields, inside: Fields, of_scope: Fields, deeper: Fields
) -> list[Envelope]:
    around = _all_but_contained(wire, inside, len(of_resource.owners))
    within = _all_but_contained(wire, deeper, len(of_scope.owners))
    resources = [b""] * len(of_resource.owners)
    named = inside.of(_RESOURCE, LENGTH)
    for owner, start, end in zip(
        named.owners.tolist(), named.starts.tolist(), named.ends.tolist(), strict=True
    ):
        resources[owner] += wire.raw[start:end]  # twice the same field: protobuf joins the two
    return [
        Envelope(
            body=int(of_resource.owners[owner]),
            around=around[owner],
            within=within[at],
            resource=resources[owner],
        )
        for at, owner in enumerate(of_scope.owners.tolist())
    ]


def _all_but_contained(wire: Wire, fields: Fields, count: int) -> list[bytes]:
    kept = [b""] * count
    others = fields.where((fields.numbers != _CONTAINED) | (fields.kinds != LENGTH))
    for owner, tag, end in zip(
        others.owners.tolist(), others.tags.tolist(), others.ends.tolist(), strict=True
    ):
        kept[owner] += wire.raw[tag:end]
    return kept
