# SPDX-License-Identifier: EUPL-1.2
"""Takes rows out of one run of entries: survivors with their salts beside them, then the secret is destroyed.

Each step may be the last before a crash: what is left is a run that reads as before or as after, never less.
Knows no order and no officer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rekenschap.errors import StoreError, WrongLeafError
from rekenschap.ledger.custody import Ranges
from rekenschap.ledger.ledger import Ledger
from rekenschap.ledger.rows.commitments import COMMITMENT_SIZE, SALT_SIZE, salts_at
from rekenschap.ledger.sealing import commitments_in
from rekenschap.ledger.segments import Part, Places, Segment, parquet_bytes, read_part
from rekenschap.ledger.state import read_columns, read_places
from rekenschap.seams.store import Store

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What is stored of a run: its commitments, its secret if that is still there, and its parts."""

    run: Segment
    pack: bytes
    secret: bytes | None
    parts: tuple[tuple[Segment, Part], ...]


def erase_rows(ledger: Ledger, run: Segment, erased: Ranges) -> int:
    """Take the erased entries out of a run and destroy its secret; gives how many rows went.

    A run from which they are gone already is only tidied up. Raises WrongLeafError, and removes nothing,
    when what is stored is not what was committed: a damaged run is evidence.
    """
    if is_done(ledger, run, erased):
        return 0
    store, held = ledger.store, _held(ledger, run)
    _check_committed(held)
    # 1. What survives is durable under a new name, with its salts, and reads back as it was committed.
    kept, gone = [], 0
    for segment, part in held.parts:
        mask = _mask(part, run, erased)
        gone += int(mask.sum())
        survivors = _surviving(part, ~mask, held.secret)
        if survivors.rows.num_rows:
            kept.append(_stored(store, held, segment, survivors, changed=bool(mask.any())))
    # 2. Only then the rows go, and with the secret every salt that was not written down.
    for name in store.names(f"segments/{run.first:020d}-"):
        if name.endswith(".parquet") and name not in kept:
            store.remove(name)
    store.remove(run.secret)
    return gone


def is_done(ledger: Ledger, run: Segment, erased: Ranges) -> bool:
    """Say whether nothing is left of what an erasure removes: no row, no older file, no secret."""
    store, parts = ledger.store, ledger.manifest.sharing(run)
    found = {name for name in store.names(f"segments/{run.first:020d}-") if name.endswith(".parquet")}
    if store.names(run.secret) or found != {segment.parquet for segment in parts}:
        return False
    return not any(entries_in(ledger, segment) & erased for segment in parts)


def entries_in(ledger: Ledger, segment: Segment) -> Ranges:
    """Give the entries whose rows are in a segment."""
    places = read_places(ledger.store, segment)
    if places is None:
        return Ranges.of([(segment.first, segment.end)])
    return ranges_of(segment.first + places.astype(np.int64))


def recorded_since(ledger: Ledger, segment: Segment, moment: int) -> Ranges:
    """Give the entries of a segment that were recorded at this moment (µs UTC) or later; reads one column."""
    places = read_places(ledger.store, segment)
    stored = read_columns(ledger.store, segment, ["recorded_at"]).column("recorded_at").combine_chunks()
    recorded = np.asarray(stored.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()))
    rows = np.arange(len(recorded)) if places is None else places
    return ranges_of(segment.first + rows.astype(np.int64)[recorded >= moment])


def ranges_of(entries: npt.NDArray[np.int64]) -> Ranges:
    """Give ascending entries as ranges."""
    if not len(entries):
        return Ranges()
    breaks = np.flatnonzero(np.diff(entries) != 1)
    firsts = entries[np.concatenate([[0], breaks + 1])]
    ends = entries[np.concatenate([breaks, [len(entries) - 1]])] + 1
    return Ranges(tuple(zip(firsts.tolist(), ends.tolist(), strict=True)))


def _held(ledger: Ledger, run: Segment) -> _Held:
    store = ledger.store
    return _Held(
        run=run,
        pack=store.get(run.pack),
        secret=store.get(run.secret) if store.names(run.secret) else None,
        parts=tuple((each, ledger.part(each)) for each in ledger.manifest.sharing(run)),
    )


def _mask(part: Part, run: Segment, erased: Ranges) -> Mask:
    """Say of each row whether it must go."""
    entries = run.first + part.places_in().astype(np.int64)
    edges = np.array([edge for span in erased for edge in span], dtype=np.int64)
    inside: Mask = np.searchsorted(edges, entries, side="right") % 2 == 1
    return inside


def _surviving(part: Part, mask: Mask, secret: bytes | None) -> Part:
    places: Places = part.places_in()[mask]
    if part.salts is not None:
        whole = np.frombuffer(part.salts, dtype=np.uint8).reshape(-1, SALT_SIZE)
        salts = whole[mask].tobytes()
    else:
        salts = salts_at(secret or b"", places)
    return replace(part, rows=part.rows.filter(pa.array(mask)), places=places, salts=salts)


def _stored(store: Store, held: _Held, segment: Segment, part: Part, *, changed: bool) -> str:
    """Make what survives of a file durable under its next number; a file that need not change stays."""
    if not changed and segment.erased:
        return segment.parquet
    after = replace(segment, erased=segment.erased + 1)
    store.put(after.parquet, parquet_bytes(part, first=segment.first))
    again = read_part(store.get(after.parquet), after, part.shape)
    if again.places is None or not _is_committed(again, held, None):
        raise StoreError(
            expected=f"the rows that stay in {after.parquet} to read back as they were written",
            found="other rows",
            remedy="test the disk and the memory of this machine before trying again",
        )
    return after.parquet


def _check_committed(held: _Held) -> None:
    for segment, part in held.parts:
        if (part.salts is None and held.secret is None) or not _is_committed(part, held, held.secret):
            raise WrongLeafError(
                expected=f"the committed rows in {segment.parquet} before any of them is erased",
                found="other rows, or none of their salts",
                remedy="keep the ledger as evidence and check it; nothing was erased",
                entry=segment.first,
            )


def _is_committed(part: Part, held: _Held, secret: bytes | None) -> bool:
    pack = np.frombuffer(held.pack, dtype=np.uint8).reshape(-1, COMMITMENT_SIZE)
    places = part.places_in()
    return bool(len(places) == 0 or places[-1] < len(pack)) and pack[places].tobytes() == commitments_in(
        part, secret
    )
