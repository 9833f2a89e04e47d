# SPDX-License-Identifier: EUPL-1.2
"""How durable rows become signed ones: commitments, tails, tiles, the anchor, and the checkpoint last.

Knows no journal file and no Parquet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rekenschap.errors import MalformedProofError, StoreError
from rekenschap.ledger.journal import Batch
from rekenschap.ledger.manifest import Manifest, Tail
from rekenschap.ledger.rows.hashing import leaf_hashes
from rekenschap.ledger.sequencer.runs import Run, by_run
from rekenschap.ledger.state import published_note
from rekenschap.ledger.tiles import Edge
from rekenschap.ledger.writer import House, read_commitments, signed
from rekenschap.seams.store import Store
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import HASH_SIZE
from rekenschap.tlog.layout import TILE_HEIGHT, TILE_WIDTH, Tile, tile_width
from rekenschap.tlog.note import Note

Publish = Callable[[bytes], None]
"""Called with each log-signed note after the anchor has it; where, is not asked."""


class UnanchoredError(StoreError):
    """The anchor did not answer: what was signed waits for it, and nothing is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A checkpoint that was signed over the edge of a tree, and is not in the anchor yet."""

    edge: Edge
    checkpoint: Checkpoint
    note: bytes


@dataclass(slots=True, kw_only=True)
class Tree:
    """The tree of all that is anchored: its right edge, and the partial tiles that are stored.

    `waiting` is signed and stored already, but the anchor did not answer.
    """

    edge: Edge
    partial: list[Tile] = field(default_factory=list)
    waiting: Signed | None = None


def sign_batches(
    house: House, tree: Tree, batches: Sequence[Batch], *, runs: Mapping[int, Run], publish: Publish
) -> Checkpoint:
    """Bring batches that are durable under a new checkpoint: signed, anchored, published.

    Raises UnanchoredError when the anchor does not answer: `anchor_signed` goes on from there. After any
    other error only a recovery knows how far it came; nothing is half promised.
    """
    edge, changed = tree.edge, dict[Tile, bytes]()
    # 1. Commitments, durable in a tail for each run: a reader needs no journal.
    for first, some in by_run(batches, sorted(runs)):
        run = runs[first]
        start, pack = run.end, run.commit(some)
        house.store.put(Tail(first=start, rows=run.end - start).pack, pack)
        edge, tiles = edge.grow(leaf_hashes(pack))
        changed |= tiles
    # 2. The tiles a reader of the new size needs.
    for tile, hashes in changed.items():
        if tile.width == tile_width(tile.level or 0, tile.index, edge.size):
            house.store.put(tile.path, hashes)
            if tile.width < TILE_WIDTH:
                tree.partial.append(tile)
    # 3. The anchor first: a checkpoint that was published can never be taken back.
    checkpoint = Checkpoint(origin=house.origin, size=edge.size, root=edge.root())
    signed_now = Signed(edge=edge, checkpoint=checkpoint, note=signed(house.keys, checkpoint))
    try:
        _swap(house, tree.edge.size, checkpoint.size, signed_now.note)
    except StoreError as error:
        tree.waiting = signed_now
        raise _unanchored(error) from error
    tree.edge = edge
    # 4. Then everybody.
    publish(signed_now.note)
    return checkpoint


def anchor_signed(house: House, tree: Tree, *, publish: Publish) -> bool:
    """Bring what was signed before to the anchor, and publish it; says whether there was anything.

    Raises UnanchoredError when the anchor still does not answer, ForkError when it holds something else.
    """
    waiting = tree.waiting
    if waiting is None:
        return False
    try:
        # It may have arrived although nobody heard of it.
        if house.anchor.latest() != (waiting.checkpoint.size, waiting.note):
            _swap(house, tree.edge.size, waiting.checkpoint.size, waiting.note)
    except StoreError as error:
        raise _unanchored(error) from error
    tree.edge, tree.waiting = waiting.edge, None
    publish(waiting.note)
    return True


def _unanchored(error: StoreError) -> UnanchoredError:
    return UnanchoredError(
        expected=error.expected,
        found=error.found,
        remedy="see that the anchor can be reached; what is acknowledged is safe, and waits to be signed for",
        retryable=True,
    )


def drop_old_tiles(store: Store, tree: Tree) -> None:
    """Remove partial tiles that a later, wider one has taken the place of, and that nobody is sent to."""
    kept = {*tree.edge.partial_tiles()}
    if tree.waiting is not None:
        kept |= {*tree.waiting.edge.partial_tiles()}
    note = published_note(store)
    size = 0 if note is None else Checkpoint.from_text(Note.from_bytes(note).text).size
    kept |= {each for each in tree.partial if each.width == tile_width(each.level or 0, each.index, size)}
    for tile in tree.partial:
        if tile not in kept:
            store.remove(tile.path)
    tree.partial = [tile for tile in tree.partial if tile in kept]


def edge_at(store: Store, manifest: Manifest, *, size: int, signed_size: int) -> Edge:
    """Read the right edge of the tree of `size` entries from the tiles of one that is at least as large."""
    start = size - size % TILE_WIDTH
    levels = [leaf_hashes(read_commitments(store, manifest, (start, size)))]
    while size >> TILE_HEIGHT * len(levels):
        level = len(levels)
        index, rest = divmod(size >> TILE_HEIGHT * level, TILE_WIDTH)
        levels.append(_tile(store, (level, index), rest, signed_size) if rest else b"")
    return Edge(size=size, levels=tuple(levels))


def _tile(store: Store, place: tuple[int, int], width: int, size: int) -> bytes:
    level, index = place
    tile = Tile(level=level, index=index, width=tile_width(level, index, size))
    hashes = store.get(tile.path)
    if len(hashes) != tile.width * HASH_SIZE:
        raise MalformedProofError(
            expected=f"{tile.width} hashes in {tile.path}",
            found=f"{len(hashes)} bytes",
            remedy="check the ledger and restore the file from a copy",
        )
    return hashes[: width * HASH_SIZE]


def _swap(house: House, old: int, new: int, note: bytes) -> None:
    """Move the anchor on; a failed swap that did arrive counts."""
    try:
        house.anchor.swap(expected=old, size=new, note=note)
    except StoreError:
        if house.anchor.latest() != (new, note):
            raise
