# SPDX-License-Identifier: EUPL-1.2
"""What was signed of a ledger: the published checkpoint, and with an anchor every one before it.

Knows no row; the tree must come out at each of these roots.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import sleep

from rekenschap.errors import ForkError, InconsistentError, StoreError
from rekenschap.ledger.check.runs.clocks import Seen
from rekenschap.ledger.custody import Keyring
from rekenschap.ledger.state import published_note
from rekenschap.seams.anchor import Anchor
from rekenschap.seams.store import Store
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.note import KnownSignature, Note

_MICROSECONDS = 1_000_000
_LOOKS, _PAUSE = 25, 0.02
"""How often, and after how many seconds, to look whether what was anchored is published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The published checkpoint with the signatures that hold, all signed roots, and what was seen when."""

    checkpoint: Checkpoint
    signatures: tuple[KnownSignature, ...]
    roots: dict[int, Hash]
    seen: tuple[Seen, ...]


def published(store: Store) -> bytes:
    """Give the published checkpoint as it was signed; raises StoreError when there is none."""
    note = published_note(store)
    if note is None:
        raise StoreError(
            expected="a published checkpoint",
            found="none",
            remedy="create it again: its making was broken off before anything was in it",
        )
    return note


def size_said(note: bytes) -> int:
    """Give the size a checkpoint speaks of, believing nothing."""
    return Checkpoint.from_text(Note.from_bytes(note).text).size


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What stands there as signed, believing nothing: published, latest, and all of the anchor."""

    behind: bytes
    note: bytes
    """the checkpoint to check: the published one, or the anchor's while that waits for witnesses"""
    past: tuple[tuple[int, bytes], ...] | None


def read_held(store: Store, anchor: Anchor | None, origin: str) -> Held:
    """Read what was signed of a ledger to which somebody may be adding.

    A published checkpoint that carries cosignatures may stay behind. One by the log alone was put back,
    unless it catches up at once: it is published just after it is anchored.
    """
    behind = published(store)
    if anchor is None:
        return Held(behind=behind, note=behind, past=None)
    past = [*anchor.history()]
    last = past[-1][0] if past else 0
    behind = published(store)
    for _ in range(_LOOKS):
        if _waits(behind, origin) or size_said(behind) >= last:
            break
        sleep(_PAUSE)
        behind = published(store)
    size = size_said(behind)
    if size > last:
        # Anchored after we looked there. What is later still, is for the next check.
        past += [(at, note) for at, note in anchor.history(since=last + 1) if at <= size]
    is_ahead = past and past[-1][0] > size and _waits(behind, origin)
    return Held(behind=behind, note=past[-1][1] if is_ahead else behind, past=tuple(past))


def _waits(note: bytes, origin: str) -> bool:
    """Say whether witnesses are asked before a checkpoint is published."""
    return any(line.name != origin for line in Note.from_bytes(note).signatures)


def read_signed(keyring: Keyring, held: Held) -> Signed:
    """Open the latest checkpoint, the published one behind it, and all of the anchor.

    Raises AlarmError when they do not go together.
    """
    checkpoint, signatures = keyring.opened(held.note)
    opened = [keyring.opened(held.behind), (checkpoint, signatures)]
    if held.past is not None:
        past = [(size, *keyring.opened(each)) for size, each in held.past]
        for size, found, _ in past:
            if found.size != size:
                raise ForkError(
                    expected=f"the anchor to hold a checkpoint of {size} entries there",
                    found=f"one of {found.size}",
                    remedy="keep the anchor as evidence and raise the alarm",
                )
        _check_last([found for _, found, _ in past], checkpoint)
        opened += [(found, by) for _, found, by in past]
    return Signed(
        checkpoint=checkpoint,
        signatures=signatures,
        roots=_roots([found for found, _ in opened]),
        seen=_seen(opened, keyring.origin),
    )


def _check_last(past: Sequence[Checkpoint], checkpoint: Checkpoint) -> None:
    last = max(past, key=lambda each: each.size, default=None)
    size = last.size if last is not None else 0
    if last is None or size < checkpoint.size:
        raise ForkError(
            expected=f"a published checkpoint of at most {size} entries, as in the anchor",
            found=f"one of {checkpoint.size}",
            remedy="keep both as evidence; the anchor was put back or somebody else published",
        )
    if size > checkpoint.size:
        raise InconsistentError(
            expected=f"the last checkpoint of the anchor, of {size} entries, to be published",
            found=f"an older one of {checkpoint.size}",
            remedy="keep both as evidence; after a broken-off append the next append publishes it",
            entry=checkpoint.size,
        )
    if last.root != checkpoint.root:
        raise ForkError(
            expected=f"one checkpoint of {size} entries",
            found="two with different roots, in the anchor and published",
            remedy="keep both as evidence and raise the alarm",
        )


def _roots(opened: Sequence[Checkpoint]) -> dict[int, Hash]:
    roots: dict[int, Hash] = {}
    for found in opened:
        if roots.setdefault(found.size, found.root) != found.root:
            raise ForkError(
                expected=f"one checkpoint of {found.size} entries",
                found="two with different roots, both signed",
                remedy="keep both as evidence and raise the alarm",
            )
    return roots


def _seen(opened: Sequence[tuple[Checkpoint, tuple[KnownSignature, ...]]], origin: str) -> tuple[Seen, ...]:
    return tuple(
        Seen(size=checkpoint.size, at=each.timestamp * _MICROSECONDS)
        for checkpoint, held in opened
        for each in held
        if each.timestamp and each.name != origin
    )
