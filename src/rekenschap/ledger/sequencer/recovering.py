# SPDX-License-Identifier: EUPL-1.2
"""What a sequencer finds when it starts: it reads, rebuilds the tree and compares before it changes anything.

Everything acknowledged is in segments or in the journal; everything signed is in the anchor. Where they do
not agree nothing is touched, because then somebody has to look.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from rekenschap.errors import ForkError, InconsistentError, MalformedProofError, StoreError, WrongRootError
from rekenschap.ledger.facts import Schemas
from rekenschap.ledger.journal import Batch, Found, Frame, frames_in_file, read_journal
from rekenschap.ledger.keeping.recorded import deed_row
from rekenschap.ledger.manifest import Tail, read_manifest, runs_in
from rekenschap.ledger.reading.clock import newest_sealed
from rekenschap.ledger.rows.commitments import COMMITMENT_SIZE
from rekenschap.ledger.rows.decoding import decode
from rekenschap.ledger.rows.encoded import offsets_of
from rekenschap.ledger.rows.hashing import leaf_hashes
from rekenschap.ledger.segments import KIND_SCHEMA, SCHEMA_LAYOUT, secret_name
from rekenschap.ledger.sequencer.growing import Tree, edge_at
from rekenschap.ledger.sequencer.newest import newest_in, survivors
from rekenschap.ledger.sequencer.runs import Run, between, by_run
from rekenschap.ledger.state import anchored_note, checkpoint_in, published_note, read_schemas
from rekenschap.ledger.tiles import Edge
from rekenschap.ledger.writer import House, check_own
from rekenschap.model.columns import Relation
from rekenschap.model.custody import RECOVERY
from rekenschap.seams.disk import Disk
from rekenschap.seams.store import Store
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.layout import TILE_HEIGHT, TILE_WIDTH, Tile

_FIRST = re.compile(r"(?:segments|secrets|tail)/([0-9]{20})[-.]", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What was found and done: `size` entries survive, of which `signed` are under the latest checkpoint."""

    sealed: int
    signed: int
    size: int
    torn: int
    """bytes of a write that was broken off, of which nobody was told"""
    cleared: tuple[str, ...]
    """half-made files that were removed; the journal still has all that was in them"""
    remade: tuple[tuple[int, int], ...] = ()
    """first and last of the entries whose stored commitments were changed or gone: the journal leads to what
    was signed, so it was they that somebody changed"""

    @property
    def unsigned(self) -> tuple[int, int] | None:
        """First and last of the entries in the journal that no checkpoint covered; None when there are none.

        They were acknowledged, or written there by somebody else: no signature tells which.
        """
        return (self.signed, self.size - 1) if self.size > self.signed else None

    def as_fact(self, *, at: int) -> tuple[Relation, pa.Table] | None:
        """Give what the ledger keeps of it, recorded at `at` (µs UTC): nothing when all was signed."""
        if self.unsigned is None:
            return None
        first, last = self.unsigned
        return deed_row(RECOVERY, {"first": first, "last": last}, at=at)


@dataclass(slots=True, kw_only=True)
class Start:
    """Everything a sequencer needs to go on."""

    report: Recovered
    note: bytes
    found: Found
    tree: Tree
    schemas: Schemas
    runs: dict[int, Run]
    waiting: list[Batch]
    """batches that are durable but not signed"""
    newest: int
    """the latest time of recording"""
    survived: frozenset[bytes]
    """who the facts in the journal are"""


def recover(house: House, disk: Disk) -> Start:
    """Find out where the ledger stands, compare, and clear away what was broken off.

    Raises ForkError, InconsistentError, WrongRootError or StoreError, and has touched nothing, when something
    that was signed or acknowledged is not there.
    """
    store = house.store
    # 1. What was promised: the latest checkpoint, which must be ours.
    note, checkpoint = _anchored(house)
    sealed = _sealed(store, disk, checkpoint.size)
    # 2. What is there: segments, and after them the journal.
    found = read_journal(disk, sealed=sealed, signed=checkpoint.size)
    _check_spent(store, disk, found)
    manifest = read_manifest(store, sealed)
    schemas = _with_frames(read_schemas(store, manifest), found)
    runs = _runs(store, found)
    # 3. The tree over it leads to every checkpoint that was ever signed beyond the segments.
    edge = edge_at(store, manifest, size=sealed, signed_size=checkpoint.size)
    edge, waiting = _rebuilt(house, edge, found, runs)
    survived = survivors(found, schemas)
    remade = _remade(store, runs, (sealed, checkpoint.size))
    # 4. Only now anything is changed: what was broken off makes room.
    cleared = _clear(store, sealed, checkpoint.size, {each.first for each in found.files})
    report = Recovered(
        sealed=sealed,
        signed=checkpoint.size,
        size=found.end,
        torn=found.torn,
        cleared=tuple(cleared),
        remade=remade,
    )
    partial = [*_partial_tiles(store)]
    return Start(
        report=report,
        note=note,
        found=found,
        tree=Tree(edge=edge, partial=partial),
        schemas=schemas,
        runs=runs,
        waiting=waiting,
        newest=max(newest_in(found, schemas), newest_sealed(store, manifest)),
        survived=survived,
    )


def _anchored(house: House) -> tuple[bytes, Checkpoint]:
    note = anchored_note(house.anchor, published_note(house.store))
    if note is None:
        raise StoreError(
            expected="a ledger with a checkpoint", found="none in its anchor", remedy="create it first"
        )
    check_own(house, note)
    return note, checkpoint_in(note, house.origin)


def _sealed(store: Store, disk: Disk, signed: int) -> int:
    """Say how many entries need no journal any more: their run is whole, and its file was let go of.

    While the journal still has every row of a run, the run counts as broken off: it was not read back yet.
    """
    names = set(store.names("segments/"))
    expected = 0
    for run in runs_in(names)[0]:
        if run.first != expected or run.pack not in names or run.end > signed:
            break
        if store.names(secret_name(run.first)):
            frames = frames_in_file(disk, run.first)
            if frames and frames[-1].first + frames[-1].rows >= run.end:
                break
        expected = run.end
    return expected


def _check_spent(store: Store, disk: Disk, found: Found) -> None:
    """Rows of a run that is sealed may go when they are its rows; those of a journal that lost may not.

    A file whose wiping was broken off still has its first frames; more than the run, or others, is another's.
    """
    runs = {run.first: run for run in runs_in(store.names("segments/"))[0]}
    for name in found.spent:
        first = int(name.rpartition("/")[2].removesuffix(".wal"))
        frames = frames_in_file(disk, first)
        if not frames:
            continue
        if first in runs and store.names(secret_name(first)):
            run = Run(first=first, secret=store.get(secret_name(first)))
            if store.get(runs[first].pack).startswith(run.commit([_batch(frame) for frame in frames])):
                continue
        raise InconsistentError(
            expected=f"in {name} the rows that are sealed from entry {first} on",
            found="others, that were acknowledged here and are not in the ledger",
            remedy="keep the journal; another sequencer took over meanwhile, so offer these facts again",
            entry=first,
        )


def _with_frames(schemas: Schemas, found: Found) -> Schemas:
    for frame in found.frames:
        if frame.kind == KIND_SCHEMA:
            ends = offsets_of(frame.lengths).tolist()
            for row in range(frame.rows):
                number, text = decode(frame.blob[ends[row] : ends[row + 1]], SCHEMA_LAYOUT)
                if not isinstance(number, int) or not isinstance(text, bytes):
                    raise _malformed(frame)
                schemas = schemas.added(number, frame.first + row, text.decode())
        elif frame.schema_no not in schemas.texts:
            raise InconsistentError(
                expected=f"the schema of the rows from entry {frame.first} on in the ledger",
                found="none with their number",
                remedy="restore the segments of schemas from a copy; nothing was touched",
                entry=frame.first,
            )
    return schemas


def _runs(store: Store, found: Found) -> dict[int, Run]:
    """Open a run for each file of the journal; one without rows may have lost its secret."""
    return {
        each.first: Run(first=each.first, secret=store.get(secret_name(each.first)))
        for each in found.files
        if each.end > each.first or store.names(secret_name(each.first))
    }


def _rebuilt(house: House, edge: Edge, found: Found, runs: dict[int, Run]) -> tuple[Edge, list[Batch]]:
    """Grow the tree by the journal up to the latest checkpoint; give its edge and what comes after."""
    anchored = [checkpoint_in(note, house.origin) for _, note in house.anchor.history(since=edge.size)]
    batches = [_batch(frame) for frame in found.frames]
    for checkpoint in anchored:
        some = between(batches, edge.size, checkpoint.size)
        edge = _grown(edge, some, runs)
        if edge.size != checkpoint.size or edge.root() != checkpoint.root:
            raise WrongRootError(
                expected=f"the journal to lead to the signed root of size {checkpoint.size}",
                found="another root",
                remedy="keep the ledger as evidence and restore the journal; nothing was touched",
                entry=some[0].first if some else None,
            )
    if not anchored:
        raise ForkError(
            expected=f"an anchor that holds a checkpoint from size {edge.size} on",
            found="none",
            remedy="keep both as evidence; the anchor was put back",
        )
    return edge, [*between(batches, edge.size, found.end)]


def _grown(edge: Edge, batches: Sequence[Batch], runs: dict[int, Run]) -> Edge:
    for first, some in by_run(batches, sorted(runs)):
        edge, _ = edge.grow(leaf_hashes(runs[first].commit(some)))
    return edge


def _remade(store: Store, runs: dict[int, Run], span: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Find the entries whose commitment in a tail is not the one that was signed, or not there."""
    sealed, signed = span
    right = b"".join([pack for first in sorted(runs) for pack in runs[first].packs])
    there = bytearray(len(right))
    for name in store.names("tail/"):
        tail = Tail.from_name(name)
        if tail is not None and sealed <= tail.first and tail.end <= signed:
            pack = store.get(name)[: tail.rows * COMMITMENT_SIZE]
            at = (tail.first - sealed) * COMMITMENT_SIZE
            there[at : at + len(pack)] = pack
    lines = [np.frombuffer(each, dtype=np.uint8).reshape(-1, COMMITMENT_SIZE) for each in (right, there)]
    wrong = np.flatnonzero((lines[0] != lines[1]).any(axis=1)) + sealed
    parts = np.split(wrong, np.flatnonzero(np.diff(wrong) > 1) + 1) if len(wrong) else []
    return tuple((int(part[0]), int(part[-1])) for part in parts)


def _batch(frame: Frame) -> Batch:
    batch = Batch((frame.kind, frame.schema_no), frame.lengths, frame.blob)
    batch.first = frame.first
    return batch


def _clear(store: Store, sealed: int, signed: int, live: set[int]) -> list[str]:
    """Remove what a broken-off seal, tick or start of a file left; the journal has all that was in it."""
    gone = [
        name
        for folder in ("segments/", "secrets/", "tail/")
        for name in store.names(folder)
        if _is_leftover(name, sealed, signed, live)
    ]
    for name in store.names("tile/"):
        with suppress(MalformedProofError):  # a name that is no tile is for the check to report
            tile = Tile.from_path(name)
            if tile.index * TILE_WIDTH + tile.width > signed >> TILE_HEIGHT * (tile.level or 0):
                gone.append(name)
    for name in gone:
        store.remove(name)
    return gone


def _is_leftover(name: str, sealed: int, signed: int, live: set[int]) -> bool:
    found = _FIRST.match(name)
    if found is None:
        return False
    first = int(found[1])
    if name.startswith("tail/"):
        tail = Tail.from_name(name)
        return tail is not None and (tail.end > signed or tail.end <= sealed)
    return first >= sealed and (name.startswith("segments/") or first not in live)


def _partial_tiles(store: Store) -> list[Tile]:
    found: list[Tile] = []
    for name in store.names("tile/"):
        with suppress(MalformedProofError):
            tile = Tile.from_path(name)
            if tile.width < TILE_WIDTH:
                found.append(tile)
    return found


def _malformed(frame: Frame) -> MalformedProofError:
    return MalformedProofError(
        expected=f"a schema at entry {frame.first} of the journal",
        found="other bytes",
        remedy="keep the journal as evidence",
    )
