# SPDX-License-Identifier: EUPL-1.2
"""Copies of a ledger: backup, restore, replica and repair are one act in different directions.

A copy only ever goes forward, and ends in a full check of what was copied. Knows stores and anchors, not
where they are; never copies a key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from rekenschap.errors import ForkError, RefusedError, StoreError
from rekenschap.ledger.check import CheckReport, check
from rekenschap.ledger.check.listing import end_of
from rekenschap.ledger.custody import Keyring
from rekenschap.ledger.keeping import authority_of
from rekenschap.ledger.ledger import Ledger
from rekenschap.ledger.manifest import CHECKPOINT_NAME, TOP_NAME, read_manifest, read_origin
from rekenschap.ledger.segments import secret_name
from rekenschap.ledger.state import checkpoint_in, is_same_checkpoint, published_note
from rekenschap.seams.anchor import Anchor
from rekenschap.seams.store import Store
from rekenschap.tlog.hashing import HASH_SIZE
from rekenschap.tlog.layout import Tile, tiles_at
from rekenschap.tlog.note import Verifier

Progress = Callable[[int, int], None]
"""progress(blobs done, blobs in all)"""
_PLACES = ("segments/", "secrets/", "tile/", "timestamps/")
_REWRITTEN = re.compile(r"(segments/\d{20}-.+)\.(\d+)\.parquet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A ledger at one place: its blobs, and its anchor when it has one there."""

    store: Store
    anchor: Anchor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a copy did, and the check it ended in."""

    blobs: int
    bytes: int
    removed: int
    """blobs that were erased at the source, by an order the check has seen"""
    report: CheckReport


def copy(
    source: Site, target: Site, *, verifiers: Sequence[Verifier], progress: Progress | None = None
) -> Copied:
    """Bring `target` up to `source`, all that is sealed there, and check it whole.

    Raises ForkError when the target is ahead or holds another history, AlarmError when what came out does not
    hold, StoreError when a place refuses. Broken off, it may be run again; the target keeps what it had.
    """
    # 1. What to copy: the newest checkpoint that covers only what is sealed, signed by the log.
    origin = read_origin(source.store)
    note = sealed_note(source, origin)
    ring = Keyring.of(verifiers, authority_of(Ledger.open(store=source.store, anchor=source.anchor)))
    checkpoint, _ = ring.opened(note)
    # 2. Only forward: a copy that is ahead of its source has seen what somebody took back.
    held = _check_forward(source, target, origin, checkpoint.size)
    # 3. What is new; and what an order erased, once the source has shown that there was one.
    wanted = _names(source.store, checkpoint.size)
    kept = set() if held is None else set(_names(target.store, checkpoint.size))
    gone = sorted(kept - set(wanted))
    if gone:
        check(source.store, anchor=source.anchor, verifiers=verifiers)
    new = [name for name in wanted if name not in kept]
    size = _bring(source.store, target.store, new, progress)
    _bring_edge(source.store, target.store, checkpoint.size)
    for name in gone:
        target.store.remove(name)
    # 4. The anchor first, then the checkpoint, as in every append.
    if target.anchor is not None:
        _bring_history(source, target.anchor, (checkpoint.size, note))
    target.store.replace(CHECKPOINT_NAME, note)
    # 5. The proof that it is whole.
    report = check(target.store, anchor=target.anchor, verifiers=verifiers)
    return Copied(blobs=len(new), bytes=size, removed=len(gone), report=report)


def sealed_note(site: Site, origin: str) -> bytes:
    """Give the newest checkpoint of a ledger that covers nothing but what is in segments."""
    published = published_note(site.store)
    notes = [] if published is None else [published]
    notes += [] if site.anchor is None else [note for _, note in reversed(site.anchor.history())]
    if not notes:
        raise StoreError(
            expected="a ledger with a checkpoint",
            found="none",
            remedy="create it first, or name another place",
        )
    newest = max(checkpoint_in(note, origin).size for note in notes)
    sealed = read_manifest(site.store, newest).sealed
    for note in notes:
        if checkpoint_in(note, origin).size == sealed:
            return note
    raise StoreError(
        expected=f"a checkpoint of the {sealed} entries that are in segments",
        found="none",
        remedy="let the sequencer seal, or run `rekenschap recover`, and try again",
    )


def _check_forward(source: Site, target: Site, origin: str, size: int) -> bytes | None:
    """Give the checkpoint the target holds; raises ForkError unless the source went on from it."""
    is_copy = TOP_NAME in target.store.names(TOP_NAME)
    if not is_copy and (target.store.names() or target.store.strangers()):
        raise RefusedError(
            expected="an empty place for a copy, or a copy of this ledger",
            found="other files there",
            remedy="name another place; nothing was written",
            rule="copy",
        )
    note = published_note(target.store) if is_copy else None
    latest = target.anchor.latest() if target.anchor is not None else None
    for held in filter(None, (note, latest[1] if latest else None)):
        old = checkpoint_in(held, origin)
        if old.size > size:
            raise ForkError(
                expected=f"a copy of at most {size} entries, as its source has",
                found=f"one of {old.size}",
                remedy="keep both as evidence: the source was put back, or this is the wrong direction",
            )
        if source.anchor is not None and not _is_in_history(source.anchor, old.size, held):
            raise ForkError(
                expected=f"the checkpoint of {old.size} entries of the copy in the anchor of its source",
                found="another one, or none",
                remedy="keep both as evidence and raise the alarm",
            )
    return note


def _is_in_history(anchor: Anchor, size: int, held: bytes) -> bool:
    return any(each == size and is_same_checkpoint(note, held) for each, note in anchor.history())


def _names(store: Store, size: int) -> list[str]:
    """Give the names of all blobs that belong to the first `size` entries, in the order to copy them."""
    found = [TOP_NAME] if TOP_NAME in store.names(TOP_NAME) else []
    for place in _PLACES:
        found += [name for name in store.names(place) if _first_in(name) < size or size == 0]
    return found


def _first_in(name: str) -> int:
    """Give the first size at which a blob belongs to the ledger, less one."""
    place, _, rest = name.partition("/")
    if place == "tile":
        return end_of(Tile.from_path(name)) - 1
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    return int(digits or 0) - (place == "timestamps")


def _bring(source: Store, target: Store, names: Sequence[str], progress: Progress | None) -> int:
    size = 0
    for done, name in enumerate(names, 1):
        blob = source.get(name)
        if name == TOP_NAME:
            target.replace(name, blob)
        else:
            target.put(name, blob)
        size += len(blob)
        if progress is not None:
            progress(done, len(names))
    return size


def _bring_edge(source: Store, target: Store, size: int) -> None:
    """Store the partial tiles of this size; a source that went on has wider ones, which begin the same."""
    kept = set(target.names("tile/"))
    tiles = [Tile.from_path(name) for name in source.names("tile/")]
    for tile in chain.from_iterable(tiles_at(level, size) for level in range(1, 8)):
        if tile.path not in kept:
            wider = [
                each
                for each in tiles
                if (each.level, each.index) == (tile.level, tile.index) and each.width >= tile.width
            ]
            if wider:  # else the check says that it is missing
                target.put(tile.path, source.get(wider[0].path)[: tile.width * HASH_SIZE])


def _bring_history(source: Site, target: Anchor, last: tuple[int, bytes]) -> None:
    known = target.latest()
    expected = known[0] if known else None
    history: Iterable[tuple[int, bytes]] = source.anchor.history() if source.anchor is not None else [last]
    for size, note in history:
        if size <= last[0] and (expected is None or size > expected):
            target.swap(expected=expected, size=size, note=note)
            expected = size


def repair(
    damaged: Site, sound: Site, *, verifiers: Sequence[Verifier], put_aside: Callable[[str, bytes], None]
) -> tuple[str, ...]:
    """Put back what differs in `damaged` from a copy that proves itself; give the names that were put back.

    What stood there goes to `put_aside` first: it is evidence. What was erased after the copy was made stays
    erased. Raises AlarmError when the copy does not hold.
    """
    report = check(sound.store, anchor=sound.anchor, verifiers=verifiers)
    there = set(damaged.store.names())
    erased = _erased(there)
    mended: list[str] = []
    for name in _names(sound.store, report.size):
        if _is_erased(name, erased):
            continue
        blob = sound.store.get(name)
        found = damaged.store.get(name) if name in there else None
        if found != blob:
            if found is not None:
                put_aside(name, found)
            damaged.store.replace(name, blob)
            mended.append(name)
    return tuple(mended)


def _erased(names: Iterable[str]) -> dict[str, int]:
    """Give how often each file of rows was rewritten without some; a secret of its run is gone then, too."""
    found: dict[str, int] = {}
    for stem, count in (each.groups() for each in map(_REWRITTEN.fullmatch, names) if each):
        secret = secret_name(int(stem[len("segments/") :].split("-")[0]))
        found |= {stem: max(int(count), found.get(stem, 0)), secret: 1}
    return found


def _is_erased(name: str, erased: dict[str, int]) -> bool:
    rewritten = _REWRITTEN.fullmatch(name)
    stem, count = rewritten.groups() if rewritten else (name.removesuffix(".parquet"), 0)
    return int(count) < erased.get(stem, 0)
