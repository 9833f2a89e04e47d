# SPDX-License-Identifier: EUPL-1.2
"""The full check of a ledger, by an outsider with nothing but the public keys: every row, every hash.

Believes nothing that is stored. Holds one segment in memory at a time. Any doubt raises an AlarmError that
names the entry; there is no answer "false".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rekenschap.errors import ForkError, InconsistentError, StoreError
from rekenschap.ledger.check.listing import Listing, read_listing
from rekenschap.ledger.check.walk import Walk
from rekenschap.ledger.manifest import read_origin
from rekenschap.ledger.state import published_note
from rekenschap.ledger.trusted import Trusted
from rekenschap.seams.anchor import Anchor
from rekenschap.seams.store import Store
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.note import KnownSignature, Verifier

Progress = Callable[[int, int], None]
"""progress(entries checked, entries in all)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What was checked and holds: size and root, entries by relation, segments, and who signed."""

    size: int
    root: Hash
    entries: Mapping[str, int]
    segments: int
    signatures: tuple[KnownSignature, ...]


def check(
    store: Store,
    *,
    anchor: Anchor | None = None,
    verifiers: Sequence[Verifier],
    progress: Progress | None = None,
) -> CheckReport:
    """Check a whole ledger against its signed checkpoint; with `anchor` also against every earlier one.

    Raises AlarmError when anything differs, naming the first entry and its segment; StoreError when there is
    no ledger to check.
    """
    # 1. It is a ledger of a version we can read, and it says whose.
    origin = read_origin(store)
    trusted = Trusted.of(origin, verifiers)
    # 2. The published checkpoint is signed by the log, with every kind of key we were given.
    note = published_note(store)
    if note is None:
        raise StoreError(
            expected="a published checkpoint",
            found="none",
            remedy="create the ledger again or restore the file",
        )
    checkpoint, signatures = trusted.opened_fully(note)
    # 3. It is the last one of the anchor, and all of those are signed too.
    past = _anchored(trusted, anchor, checkpoint) if anchor is not None else {}
    # 4. Every entry stands in one segment; each is read, encoded, hashed and put in the tree.
    listing = read_listing(store)
    walk = Walk(store=store, listing=listing, roots={**past, checkpoint.size: checkpoint.root})
    entries: Counter[str] = Counter()
    walk.check_size()
    for place in listing.below(checkpoint.size):
        entries.update(walk.check_run(place))
        if progress is not None:
            progress(walk.size, checkpoint.size)
    # 5. The tree has the size and the root that were signed, and its tiles say the same.
    walk.check_end(checkpoint.size)
    # 6. Nothing lies outside the signature.
    _check_nothing_beyond(listing, checkpoint.size)
    return CheckReport(
        size=checkpoint.size,
        root=checkpoint.root,
        entries=dict(entries),
        segments=sum(1 for _ in listing.below(checkpoint.size)),
        signatures=signatures,
    )


def _anchored(trusted: Trusted, anchor: Anchor, published: Checkpoint) -> dict[int, Hash]:
    """Open every checkpoint of the anchor and compare the last one with the published one."""
    past = {size: trusted.opened(note)[0] for size, note in anchor.history()}
    for size, checkpoint in past.items():
        if checkpoint.size != size:
            raise ForkError(
                expected=f"the anchor to hold a checkpoint of {size} entries there",
                found=f"one of {checkpoint.size}",
                remedy="keep the anchor as evidence and raise the alarm",
            )
    last = max(past, default=None)
    if last is None or last < published.size:
        raise ForkError(
            expected=f"a published checkpoint of at most {last or 0} entries, as in the anchor",
            found=f"one of {published.size}",
            remedy="keep both as evidence; the anchor was put back or somebody else published",
        )
    if last > published.size:
        raise InconsistentError(
            expected=f"the last checkpoint of the anchor, of {last} entries, to be published",
            found=f"an older one of {published.size}",
            remedy="keep both as evidence; after a broken-off append the next append publishes it",
            entry=published.size,
        )
    if past[last].root != published.root:
        raise ForkError(
            expected=f"one checkpoint of {last} entries",
            found="two with different roots, in the anchor and published",
            remedy="keep both as evidence and raise the alarm",
        )
    return {size: checkpoint.root for size, checkpoint in past.items()}


def _check_nothing_beyond(listing: Listing, size: int) -> None:
    beyond = listing.first_beyond(size)
    if beyond is not None:
        first, name = beyond
        raise InconsistentError(
            expected=f"no entries beyond the {size} that the checkpoint covers",
            found=f"{name} for entries from {first} on, which are not covered by a checkpoint",
            remedy="after a broken-off append the next append clears them; otherwise keep them as evidence",
            entry=first,
        )
