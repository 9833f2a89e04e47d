# SPDX-License-Identifier: EUPL-1.2
"""Records to rows: one row per span or log record, typed columns, and per row the first fault if it has one.

A fault never takes the row away: the door puts it in quarantine with that reason and the record itself.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.contracts.otlp import layout
from rekenschap.contracts.otlp.attributes import Attributes, Scanned, attributes_in
from rekenschap.contracts.otlp.decisions import DecisionColumns, decision_columns
from rekenschap.contracts.otlp.envelopes import Found
from rekenschap.contracts.otlp.json_messages import MISFITS
from rekenschap.contracts.otlp.layout import Layout
from rekenschap.contracts.otlp.quick.code import DECIDES
from rekenschap.contracts.otlp.quick.scanning import Places, Plan, scanned
from rekenschap.contracts.otlp.slices import slices, texts
from rekenschap.contracts.otlp.values import UnreadableError, Value, pairs_of, text_of
from rekenschap.contracts.otlp.wire import FIXED32, FIXED64, LENGTH, VARINT, Fields, Mask, Numbers, Wire, walk

TIME = pa.timestamp("us", tz="UTC")
_SECOND_OF_1990, _SECOND_OF_2100 = 631_152_000, 4_102_444_800
_TOO_SMALL = (1, 1_000, 1_000_000)
"""Seconds, milliseconds and microseconds per second: units people write where nanoseconds belong."""

KEYS = (*layout.CONSULTATION_KEYS, *layout.PROCESSING_KEYS, *layout.DECISION_KEYS, *layout.OTHER_KEYS)
_ADL = b"adl."
DECISION, CONSULTATION, PROCESSING, UNKNOWN = "decision", "consultation", "processing", "unknown"


@dataclass(slots=True)
class Faults:
    """The first reason against each row."""

    count: int
    reasons: list[str] = field(default_factory=list)
    codes: Numbers = field(init=False)

    def __post_init__(self) -> None:
        self.codes = np.full(self.count, -1, dtype=np.int64)

    def add(self, mask: Mask, reason: str) -> None:
        """Note `reason` for the rows of `mask` that have none yet."""
        found = mask & (self.codes < 0)
        if found.any():
            self.codes[found] = len(self.reasons)
            self.reasons.append(reason)

    def column(self) -> pa.Array:
        """Give the reasons as text, null where there is none."""
        return pa.array(self.reasons, pa.string()).take(pa.array(self.codes, mask=self.codes < 0))


def rows_in(wire: Wire, found: Found, shape: Layout, *, staff: tuple[str, ...]) -> pa.Table:
    """Give the rows of the records in `found`, without the record itself."""
    records = found.records
    places = scanned(wire, records.starts, records.ends, plan=_plan(shape))
    odd = (
        np.ones(len(records.owners), dtype=bool)
        if places is None
        else places.odd | _decides(wire, places, shape)
    )
    if places is None or odd.all():
        return _Rows(wire, found, shape, staff).table()
    if not odd.any():
        return _QuickRows(wire, found, shape, staff, places).table()
    quick = _QuickRows(wire, _some(found, ~odd), shape, staff, places.where(~odd)).table()
    table = pa.concat_tables([quick, _Rows(wire, _some(found, odd), shape, staff).table()])
    order = np.argsort(np.concatenate([np.flatnonzero(~odd), np.flatnonzero(odd)]))
    return table.combine_chunks().take(pa.array(order))


def _some(found: Found, mask: Mask) -> Found:
    return replace(found, records=found.records.where(mask))


@cache
def _plan(shape: Layout) -> Plan:
    sized = (shape.trace_id, shape.span_id, shape.parent, shape.name, shape.state, shape.status)
    fields = [(number, LENGTH) for number in sized]
    fields += [(number, FIXED64) for number in (shape.started, shape.ended, shape.observed)]
    fields += [(shape.flags, FIXED32), (shape.dropped, VARINT)]
    return Plan(
        tuple((number, kind) for number, kind in fields if number),
        tuple(key.encode() for key in KEYS),
        shape.attributes,
        MISFITS,
    )


def _decides(wire: Wire, places: Places, shape: Layout) -> Mask:
    """Tell which records are decisions, or have a name that says so."""
    found: Mask = (places.flags & DECIDES) != 0
    for starts, ends in (places.field(shape.name, LENGTH), places.key(b"event.name")):  # type: ignore[misc]
        head = wire.fixed32(np.where(starts < 0, 0, starts))
        found |= (starts >= 0) & (ends - starts >= len(_ADL)) & (head == int.from_bytes(_ADL, "little"))
    return found


class _Rows:
    def __init__(self, wire: Wire, found: Found, shape: Layout, staff: tuple[str, ...]) -> None:
        self._wire = wire
        self._found = found
        self._shape = shape
        self._staff = staff
        self._count = len(found.records.owners)
        self._faults = Faults(self._count)
        self._attributes: Attributes | Scanned
        self._look()

    def _look(self) -> None:
        found, shape, wire = self._found, self._shape, self._wire
        self._fields, broken = walk(wire, found.records.starts, found.records.ends)
        self._faults.add(broken, "unreadable")
        misfits = np.zeros(self._count, dtype=bool)
        misfits[self._fields.of(MISFITS, LENGTH).owners] = True
        self._faults.add(misfits, "member-unreadable")
        pairs = self._fields.of(shape.attributes, LENGTH)
        self._attributes = attributes_in(wire, pairs, self._count)
        self._faults.add(self._attributes.broken, "unreadable")

    def table(self) -> pa.Table:
        columns = self._named()
        columns["name"] = self._name(columns)
        columns |= self._resource()
        kind = self._kind(columns)
        columns |= self._identifiers(kind) | self._times() | self._flags()
        columns["status"] = self._status(columns)
        decisions = decision_columns(self._wire, self._found.records, self._shape, mask=kind == DECISION)
        columns |= decisions.columns
        self._check(kind, columns, decisions)
        return pa.table({"kind": pa.array(kind, pa.string()), "fault": self._faults.column(), **columns})

    def _named(self) -> dict[str, pa.Array]:
        columns = {}
        for key in KEYS:
            picked = self._attributes.column(key)
            columns[key] = picked.values
            self._faults.add(picked.unreadable, "text-unreadable")
            self._faults.add(picked.twice, "attribute-twice")
        return columns

    def _name(self, columns: dict[str, pa.Array]) -> pa.Array:
        starts, ends = self._last(self._shape.name, LENGTH)
        name, bad = texts(self._wire, starts, ends)
        self._faults.add(bad, "text-unreadable")
        filled = pc.if_else(pc.equal(name, ""), pa.scalar(None, pa.string()), name)
        return filled if self._shape.parent else pc.coalesce(filled, columns["event.name"])

    def _resource(self) -> dict[str, pa.Array]:
        """Read the few attributes of resources that matter, once per resource."""
        known: dict[bytes, tuple[dict[str, str | None], bool]] = {}
        for envelope in self._found.envelopes:
            if envelope.resource not in known:
                known[envelope.resource] = _resource_texts(envelope.resource)
        read = [known[each.resource] for each in self._found.envelopes]
        twice = np.array([is_twice for _, is_twice in read], dtype=bool)
        self._faults.add(twice[self._found.records.owners], "attribute-twice")
        owners = pa.array(self._found.records.owners)
        return {
            key: pa.array([named[key] for named, _ in read], pa.string()).take(owners)
            for key in layout.RESOURCE_KEYS
        }

    def _kind(self, columns: dict[str, pa.Array]) -> npt.NDArray[np.str_]:
        decision = self._attributes.having(b"adl.")
        decision |= _mask(pc.starts_with(columns["name"], "adl."))
        consultation = np.logical_or.reduce([_mask(columns[key].is_valid()) for key in self._staff])
        processing = self._attributes.having(b"dpl.")
        self._faults.add(consultation & (processing | decision), "two-kinds")
        kinds = np.select(
            [decision, consultation, processing], [DECISION, CONSULTATION, PROCESSING], default=UNKNOWN
        )
        self._faults.add(kinds == UNKNOWN, "kind-unknown")
        return kinds

    def _identifiers(self, kind: npt.NDArray[np.str_]) -> dict[str, pa.Array]:
        needed = (kind == DECISION) | (kind == PROCESSING)
        return {
            "trace_id": self._identifier(self._shape.trace_id, 16, needed, "trace-id"),
            "span_id": self._identifier(self._shape.span_id, 8, needed, "span-id"),
            "parent_span_id": self._identifier(
                self._shape.parent, 8, np.zeros_like(needed), "parent-span-id"
            ),
        }

    def _identifier(self, number: int, width: int, needed: Mask, name: str) -> pa.Array:
        starts, ends = self._last(number, LENGTH)
        absent = (starts < 0) | (starts == ends)
        fits = ~absent & (ends - starts == width)
        at = np.where(fits, starts, 0)
        zero = fits & ~np.logical_or.reduce([self._wire.fixed64(at + k) != 0 for k in range(0, width, 8)])
        self._faults.add(absent & needed, f"{name}-missing")
        self._faults.add(~absent & ~fits, f"{name}-length")
        self._faults.add(zero, f"{name}-zero")
        starts = np.where(fits & ~zero, starts, -1)
        return slices(self._wire, starts, ends).cast(pa.binary(width))

    def _times(self) -> dict[str, pa.Array]:
        started, ended = self._fixed64(self._shape.started), self._fixed64(self._shape.ended)
        observed = self._fixed64(self._shape.observed)
        moment = np.where(started > 0, started, observed)
        self._faults.add(moment == 0, "time-missing")
        for each in (moment, ended):
            self._faults.add(_in_another_unit(each), "time-not-in-nanoseconds")
        return {
            "time": _microseconds(moment),
            "start_time": _microseconds(started),
            "end_time": _microseconds(ended),
        }

    def _flags(self) -> dict[str, pa.Array]:
        """Tell what the sender says of its own sampling and loss; null when it says nothing."""
        starts, _ = self._last(self._shape.flags, FIXED32)
        flags = self._wire.fixed32(np.where(starts < 0, 0, starts))
        state, _ = texts(self._wire, *self._last(self._shape.state, LENGTH))
        counts, _ = self._last(self._shape.dropped, VARINT)
        dropped, _, _ = self._wire.varints(
            np.where(counts < 0, 0, counts), np.full_like(counts, len(self._wire.raw))
        )
        return {
            "sampled": pa.array(flags & 1 == 1, mask=starts < 0),
            "trace_state": state,
            "dropped": pa.array(np.minimum(dropped, 1 << 32).astype(np.int64), mask=counts < 0),
        }

    def _status(self, columns: dict[str, pa.Array]) -> pa.Array:
        """Give the status in its exact spelling, whatever case it came in."""
        given = pc.coalesce(columns["status"], columns["status_code"])
        if self._shape.status:
            code = self._status_codes()
            self._faults.add(code > 2, "status-unknown")
            return pa.array(layout.STATUSES, pa.string()).take(pa.array(np.minimum(code, 2)))
        at = pc.index_in(pc.utf8_lower(given), value_set=pa.array([s.lower() for s in layout.STATUSES]))
        self._faults.add(_mask(pc.and_(given.is_valid(), at.is_null())), "status-unknown")
        return pa.array(layout.STATUSES, pa.string()).take(at)

    def _status_codes(self) -> Numbers:
        of_record = self._all(self._shape.status, LENGTH)
        inside, bad = walk(self._wire, of_record.starts, of_record.ends)
        codes = inside.of(3, VARINT)
        found = np.zeros(self._count, dtype=np.int64)
        values, _, _ = self._wire.varints(codes.starts, codes.ends)
        found[of_record.owners[codes.owners]] = np.minimum(values, 3).astype(np.int64)
        found[of_record.owners[bad]] = 3
        return found

    def _check(
        self, kind: npt.NDArray[np.str_], columns: dict[str, pa.Array], decisions: DecisionColumns
    ) -> None:
        """Hold a record to what its standard makes mandatory (LDV 1.0.0 3.2.2 and 3.3; ADL 1.0.0 3.3)."""
        line = kind == PROCESSING
        subject = line & _mask(columns["dpl.core.data_subject_id"].is_valid())
        self._faults.add(line & _mask(columns["name"].is_null()), "name-missing")
        activity, of_type = (
            columns["dpl.core.processing_activity_id"],
            columns["dpl.core.data_subject_id_type"],
        )
        self._faults.add(subject & _mask(activity.is_null()), "processing-activity-missing")
        self._faults.add(subject & _mask(of_type.is_null()), "subject-type-missing")
        for reason, mask in decisions.faults:
            self._faults.add(mask, reason)
        failed = _mask(pc.equal(columns["status"], "Error"))
        decided = kind == DECISION
        self._faults.add(decided & failed & decisions.denied, "denial-as-error")
        self._faults.add(decided & ~failed & ~decisions.answered, "response-missing")

    def _fixed64(self, number: int) -> npt.NDArray[np.uint64]:
        if not number:
            return np.zeros(self._count, dtype=np.uint64)
        starts, _ = self._last(number, FIXED64)
        return np.where(starts < 0, np.uint64(0), self._wire.fixed64(np.where(starts < 0, 0, starts)))

    def _all(self, number: int, kind: int) -> Fields:
        return self._fields.of(number, kind)

    def _last(self, number: int, kind: int) -> tuple[Numbers, Numbers]:
        """Give start and end of a field per record, -1 where it is absent; of several the last counts."""
        starts, ends = (np.full(self._count, -1, dtype=np.int64) for _ in range(2))
        if number:
            found = self._fields.of(number, kind)
            starts[found.owners], ends[found.owners] = found.starts, found.ends
        return starts, ends


class _QuickRows(_Rows):
    """Rows of records in which `scanned` found everything, each field once."""

    def __init__(
        self, wire: Wire, found: Found, shape: Layout, staff: tuple[str, ...], places: Places
    ) -> None:
        self._places = places
        super().__init__(wire, found, shape, staff)

    def _look(self) -> None:
        nowhere = np.zeros(self._count, dtype=bool)
        self._attributes = Scanned(wire=self._wire, places=self._places, broken=nowhere)

    def _all(self, number: int, kind: int) -> Fields:
        starts, ends = self._last(number, kind)
        at = np.flatnonzero(starts >= 0)
        none = np.zeros(len(at), dtype=np.int64)
        return Fields(
            owners=at,
            numbers=none + number,
            kinds=(none + kind).astype(np.uint8),
            tags=starts[at],
            starts=starts[at],
            ends=ends[at],
        )

    def _last(self, number: int, kind: int) -> tuple[Numbers, Numbers]:
        found = self._places.field(number, kind)
        if found is None:
            absent = np.full(self._count, -1, dtype=np.int64)
            return absent, absent
        return found


def _resource_texts(raw: bytes) -> tuple[dict[str, str | None], bool]:
    """Give the attributes of a resource, and whether one of them stands there twice.

    Readers differ in which of the two counts, so the record would be of another system for each.
    """
    pairs: list[tuple[str, Value]] = []
    with suppress(UnreadableError):
        pairs = pairs_of(raw, 0, len(raw), of=1)
    found = dict(pairs)
    keys = [key for key, _ in pairs if key in layout.RESOURCE_KEYS]
    return {key: text_of(found.get(key)) for key in layout.RESOURCE_KEYS}, len(keys) > len(set(keys))


def _in_another_unit(moments: npt.NDArray[np.uint64]) -> Mask:
    found = np.zeros(len(moments), dtype=bool)
    for unit in _TOO_SMALL:
        low, high = np.uint64(_SECOND_OF_1990 * unit), np.uint64(_SECOND_OF_2100 * unit)
        found |= (moments >= low) & (moments < high)
    return found


def _microseconds(nanoseconds: npt.NDArray[np.uint64]) -> pa.Array:
    return pa.array((nanoseconds // np.uint64(1_000)).astype(np.int64), mask=nanoseconds == 0).cast(TIME)


def _mask(flags: pa.Array) -> Mask:
    return np.asarray(flags.fill_null(False))
