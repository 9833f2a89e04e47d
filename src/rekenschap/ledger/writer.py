# SPDX-License-Identifier: EUPL-1.2
"""How facts become durable: secret, rows, commitments, read back, tiles, anchor, and the checkpoint last.

A crash between any two steps loses nothing that was acknowledged: what the anchor does not hold yet was never
promised and is cleared before the next append.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pyarrow as pa

from rekenschap.errors import (
    ForkError,
    KeysError,
    MalformedProofError,
    RefusedError,
    RekenschapError,
    StoreError,
    WrongLeafError,
    WrongRootError,
)
from rekenschap.ledger.facts import Schemas
from rekenschap.ledger.manifest import CHECKPOINT_NAME, TOP_NAME, Manifest, top_bytes
from rekenschap.ledger.reading.clock import check_recorded, newest_sealed, span_of
from rekenschap.ledger.rows.commitments import COMMITMENT_SIZE
from rekenschap.ledger.rows.hashing import leaf_hashes
from rekenschap.ledger.sealing import new_secret, store_run
from rekenschap.ledger.segments import (
    MAX_ROWS,
    SCHEMA_NAME,
    SCHEMA_RELATION,
    SCHEMA_SHAPE,
    Part,
    shape_for,
)
from rekenschap.ledger.state import State, is_same_checkpoint, published_note
from rekenschap.ledger.tiles import Edge
from rekenschap.model.columns import Relation
from rekenschap.model.schema_text import schema_text
from rekenschap.seams.anchor import Anchor
from rekenschap.seams.keys import Keys
from rekenschap.seams.store import Store
from rekenschap.tables import fact_schema
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import EMPTY_ROOT
from rekenschap.tlog.layout import TILE_HEIGHT, TILE_WIDTH, Tile, tile_width
from rekenschap.tlog.note import Note, sign_note, sign_text
from rekenschap.tlog.vkey import SignatureKind

MAX_BYTES = 256 * 1024 * 1024
"""About how much a segment holds before compression; long texts make segments of fewer rows."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)
_FIRST = re.compile(r"[a-z]+/([0-9]{20})[-.]", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What an append did: the first new entry (schemas count too) and the size after it."""

    first: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Where one ledger is written and with which keys."""

    store: Store
    anchor: Anchor
    keys: Keys
    origin: str
    publisher: Callable[[bytes], None] | None = None
    """Publishes a signed note that the anchor holds, with the witnesses a policy asks; None: at once."""
    clock: Callable[[], int] | None = None
    """The time in microseconds UTC, to hold times of recording against; None: only their order counts."""


@dataclass(slots=True, kw_only=True)
class _Growth:
    """A tree that is growing: nothing of it is promised before the anchor holds its root."""

    store: Store
    edge: Edge
    schemas: Schemas
    tiles: dict[Tile, bytes] = field(default_factory=dict)


def begin(*, store: Store, anchor: Anchor, keys: Keys, origin: str) -> None:
    """Begin an empty ledger; may be repeated when it was broken off before the first checkpoint."""
    with store.writing():
        if store.names(CHECKPOINT_NAME) or store.names("segments/"):
            raise StoreError(
                expected="a place without a ledger",
                found="a ledger",
                remedy="open it, or name an empty place",
            )
        note = signed(keys, Checkpoint(origin=origin, size=0, root=EMPTY_ROOT))
        store.put(TOP_NAME, top_bytes(origin))
        if anchor.latest() is None:
            anchor.swap(expected=None, size=0, note=note)
        publish(store, anchor, expected_size=0)


def append(house: House, state: State, batches: Iterable[tuple[Relation, pa.Table]]) -> Receipt:
    """Append facts to the ledger in `state`; the caller holds the store for writing."""
    store, size = house.store, state.checkpoint.size
    # 1. Still the ledger that was opened: nobody else has appended, and no broken-off append is in the way.
    _check_unmoved(house, state)
    _check_sealed(state)
    check_own(house, state.note)
    publish_latest(house, expected_size=size)
    clear_leftovers(store, size)
    growth = _Growth(store=store, edge=read_edge(store, state), schemas=state.schemas)
    newest, now = None, None if house.clock is None else house.clock()
    try:
        # 2. Each segment is durable, read back and compared.
        for relation, rows in batches:
            if rows.num_rows:
                good = checked(relation, rows)
                span = span_of(good)
                if newest is None:
                    newest = newest_sealed(store, state.manifest, enough=span[0])
                newest = check_recorded(span, newest=newest, now=now)
                _add_relation(growth, relation, good)
        if growth.edge.size == size:
            return Receipt(first=size, size=size)
        # 3. The tiles a reader of the new size needs, and the note that will be signed for it.
        checkpoint = Checkpoint(origin=house.origin, size=growth.edge.size, root=growth.edge.root())
        _put_tiles(growth)
        note = signed(house.keys, checkpoint)
    except RekenschapError:
        # Nothing was promised yet. After the swap below nothing may be cleared any more.
        with suppress(StoreError):
            clear_leftovers(store, size)
        raise
    # 4. The anchor first: a checkpoint that was published can never be taken back.
    _swap(house, size, checkpoint.size, note)
    # 5. Then everybody.
    publish_latest(house, expected_size=checkpoint.size)
    return Receipt(first=size, size=checkpoint.size)


def _swap(house: House, old: int, new: int, note: bytes) -> None:
    """Move the anchor on; a failed swap that did arrive counts, one that did not leaves nothing behind."""
    try:
        house.anchor.swap(expected=old, size=new, note=note)
    except StoreError:
        found = house.anchor.latest()
        if found == (new, note):
            return
        if found is not None and found[0] == old:
            clear_leftovers(house.store, old)
        raise


def _put_tiles(growth: _Growth) -> None:
    for tile, hashes in growth.tiles.items():
        if tile.width == tile_width(tile.level or 0, tile.index, growth.edge.size):
            growth.store.put(tile.path, hashes)


def read_edge(store: Store, state: State) -> Edge:
    """Read the right edge of the tree and check that it leads to the checkpoint; raises WrongRootError."""
    size = state.checkpoint.size
    start = size - size % TILE_WIDTH
    levels = [leaf_hashes(read_commitments(store, state.manifest, (start, size)))]
    while size >> TILE_HEIGHT * len(levels):
        level = len(levels)
        nodes = size >> TILE_HEIGHT * level
        tile = Tile(level=level, index=nodes // TILE_WIDTH, width=nodes % TILE_WIDTH or TILE_WIDTH)
        levels.append(store.get(tile.path) if nodes % TILE_WIDTH else b"")
    edge = Edge(size=size, levels=tuple(levels))
    if edge.root() != state.checkpoint.root:
        raise WrongRootError(
            expected=f"the stored edge of the tree to lead to the signed root of size {size}",
            found="another root",
            remedy="check the ledger before anything is added",
            entry=start if start < size else None,
        )
    return edge


def read_commitments(store: Store, manifest: Manifest, span: tuple[int, int]) -> bytes:
    """Read the packed commitments of the entries in `span`: the first, and the one after the last."""
    first, end = span
    parts: list[bytes] = []
    for run in manifest.between(first, end):
        length = store.size(run.pack)
        if length != run.rows * COMMITMENT_SIZE:
            raise WrongLeafError(
                expected=f"{run.rows} commitments in {run.pack}",
                found=f"{length} bytes",
                remedy="check the ledger and restore the file from a copy",
                entry=run.first,
            )
        low, high = first - run.first, min(end, run.end) - run.first
        at, amount = low * COMMITMENT_SIZE, (high - low) * COMMITMENT_SIZE
        parts.append(store.read(run.pack, start=at, length=amount))
        first = run.end
    return b"".join(parts)


def clear_leftovers(store: Store, size: int) -> None:
    """Remove what a broken-off append left behind beyond `size`; none of it was ever promised."""
    for name in [*store.names("segments/"), *store.names("secrets/"), *store.names("tail/")]:
        found = _FIRST.match(name)
        if found is not None and int(found.group(1)) >= size:
            store.remove(name)
    for name in store.names("tile/"):
        with suppress(MalformedProofError):  # a name that is no tile is for the check to report
            tile = Tile.from_path(name)
            if tile.index * TILE_WIDTH + tile.width > size >> TILE_HEIGHT * (tile.level or 0):
                store.remove(name)


def _check_unmoved(house: House, state: State) -> None:
    latest = house.anchor.latest()
    found = latest[0] if latest else None
    if found != state.checkpoint.size or (latest and latest[1] != state.note):
        raise ForkError(
            expected=f"the anchor to hold the checkpoint of size {state.checkpoint.size} that was opened",
            found="another one",
            remedy="open the ledger again; if nobody else writes to it, raise the alarm",
        )


def _check_sealed(state: State) -> None:
    if state.manifest.sealed != state.checkpoint.size:
        raise StoreError(
            expected=f"all {state.checkpoint.size} entries in segments",
            found=f"{state.manifest.sealed} of them, the others in the journal of a sequencer",
            remedy="append through the sequencer, or run `rekenschap recover` when none is at work",
        )


def check_own(house: House, held: bytes) -> None:
    """Raise ForkError unless a key of ours signed the checkpoint that is about to be extended."""
    note = Note.from_bytes(held)
    # Ed25519 gives the same signature each time, so signing once more is a check. While keys are being
    # changed the new one has signed nothing yet, or the old one is already gone.
    own = [each for each in house.keys.signers(house.origin) if each.kind is SignatureKind.ED25519]
    if own and not any(sign_text(note.text, signer) in note.signatures for signer in own):
        raise ForkError(
            expected="the latest checkpoint to be signed with this key",
            found="one that is not",
            remedy="use the key of this ledger; if it is the key, raise the alarm",
        )


def publish_latest(house: House, *, expected_size: int) -> None:
    """Publish what the anchor holds; witnesses are asked each time, so also before anything is added."""
    if house.publisher is None:
        publish(house.store, house.anchor, expected_size=expected_size)
    else:
        house.publisher(_anchored(house.anchor, expected_size))


def publish(store: Store, anchor: Anchor, *, expected_size: int) -> None:
    """Publish the checkpoint the anchor holds, which must be the one of `expected_size`."""
    latest = _anchored(anchor, expected_size)
    published = published_note(store)
    if published is None or not is_same_checkpoint(published, latest):
        store.replace(CHECKPOINT_NAME, latest)


def _anchored(anchor: Anchor, expected_size: int) -> bytes:
    latest = anchor.latest()
    if latest is None or latest[0] != expected_size:
        raise ForkError(
            expected=f"the anchor to hold the checkpoint of size {expected_size}",
            found="another one",
            remedy="open the ledger again; if nobody else writes to it, raise the alarm",
        )
    return latest[1]


def signed(keys: Keys, checkpoint: Checkpoint) -> bytes:
    """Sign a checkpoint with every key there is for its log."""
    signers = keys.signers(checkpoint.origin)
    if not signers:
        raise KeysError(expected="a key that signs checkpoints", found="none", remedy="make one first")
    return sign_note(checkpoint.to_text(), signers).to_bytes()


def _add_relation(growth: _Growth, relation: Relation, rows: pa.Table) -> None:
    number = growth.schemas.number_of(relation)
    if number is None:
        number = len(growth.schemas.texts) + 1
        text = schema_text(relation)
        schema_row = pa.Table.from_pylist(
            [{"schema_no": number, "text": text}], schema=fact_schema(SCHEMA_RELATION)
        )
        growth.schemas = growth.schemas.added(number, growth.edge.size, text)
        _add_run(growth, Part(shape=SCHEMA_SHAPE, rows=schema_row))
    shape = shape_for(relation, number)
    for some in _parts(rows):
        _add_run(growth, Part(shape=shape, rows=some))


def _parts(rows: pa.Table) -> Iterator[pa.Table]:
    step = max(1, min(MAX_ROWS, MAX_BYTES * rows.num_rows // max(rows.nbytes, 1)))
    for start in range(0, rows.num_rows, step):
        yield rows.slice(start, step)


def _add_run(growth: _Growth, part: Part) -> None:
    first = growth.edge.size
    secret = new_secret(growth.store, first)
    _, pack = store_run(growth.store, [part], first=first, secret=secret)
    growth.edge, tiles = growth.edge.grow(leaf_hashes(pack))
    growth.tiles |= tiles


def checked(relation: Relation, rows: pa.Table) -> pa.Table:
    """Give the rows back, or raise RefusedError unless they are facts of `relation` in fact form."""
    if not _NAME.fullmatch(relation.name) or relation.name == SCHEMA_NAME:
        raise _refused("a relation name of small letters, digits and underscores", "another name")
    if {"fact_id", "recorded_at"} - set(relation.names):
        raise _refused(f"relation {relation.name} to have fact_id and recorded_at", "one without")
    wanted = fact_schema(relation)
    if rows.schema.names != wanted.names or rows.schema.types != wanted.types:
        raise _refused(f"facts of relation {relation.name} in fact form", "other columns")
    try:
        rows.validate(full=True)
    except pa.ArrowInvalid as error:
        raise _refused(f"well-formed columns of relation {relation.name}", "damaged ones") from error
    empty = [c.name for c in relation if c.required and rows.column(c.name).null_count]
    if empty:
        raise _refused(f"a value in every row of {relation.name}.{empty[0]}", "an empty one")
    return rows


def _refused(expected: str, found: str) -> RefusedError:
    return RefusedError(
        expected=expected, found=found, remedy="convert the rows to fact form first", rule="fact form"
    )
