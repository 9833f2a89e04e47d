# SPDX-License-Identifier: EUPL-1.2
"""The check of a ledger, by an outsider with nothing but the public keys: every row, every hash.

Believes nothing that is stored. Holds a few runs of entries in memory at a time. Any doubt raises an
AlarmError that names the entry; there is no answer "false".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from rekenschap.errors import InconsistentError
from rekenschap.ledger.check.foreknown import Foreknown, read_ahead
from rekenschap.ledger.check.listing import Listing, Place, read_listing
from rekenschap.ledger.check.runs.crew import crew_for, surveyed
from rekenschap.ledger.check.runs.survey import Rules, Task
from rekenschap.ledger.check.signed import Signed, latest_of, published, read_signed, size_said
from rekenschap.ledger.check.tally import Tally
from rekenschap.ledger.check.walk import Walk
from rekenschap.ledger.custody import Keyring
from rekenschap.ledger.manifest import read_origin, read_version
from rekenschap.seams.anchor import Anchor
from rekenschap.seams.store import Store
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.note import KnownSignature, Verifier

Progress = Callable[[int, int], None]
"""progress(entries checked, entries in all)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What was checked and holds: size and root, entries by relation, segments, and who signed.

    `rows_hashed` is how many rows were read and hashed: all that are there in a full check. `checkpoints` is
    how many signed roots the tree was compared with.
    """

    size: int
    root: Hash
    entries: Mapping[str, int]
    segments: int
    signatures: tuple[KnownSignature, ...]
    mode: str = "full"
    rows_hashed: int = 0
    checkpoints: int = 0
    erased: int = 0
    """entries whose rows are gone, by authorised erasures"""
    pending: int = 0
    """entries that were ordered to be erased and still have their rows"""
    leftovers: tuple[str, ...] = ()
    """files an erasure that was broken off must still remove"""
    unsealed: int = 0
    """signed entries that are in the journal, not in a segment yet"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A ledger whose names and checkpoints are in order, before any row was hashed."""

    store: Store
    listing: Listing
    ahead: Foreknown
    signed: Signed
    rules: Rules

    @property
    def size(self) -> int:
        return self.signed.checkpoint.size


def check(
    store: Store,
    *,
    anchor: Anchor | None = None,
    verifiers: Sequence[Verifier],
    progress: Progress | None = None,
    workers: int | None = None,
) -> CheckReport:
    """Check a whole ledger against its signed checkpoint; with `anchor` also against every earlier one.

    `workers` is how many processes share the work: 1 is this one alone, None as many as are worth it.
    Raises AlarmError when anything differs, naming the first entry and its segment; StoreError when there is
    no ledger to check.
    """
    # 1. Names and checkpoints: whose ledger it is, and which roots were signed.
    ledger = _opened(store, anchor, verifiers)
    walk = Walk(store=store, listing=ledger.listing, roots=ledger.signed.roots)
    tally = Tally(store=store, rules=ledger.rules, ahead=ledger.ahead)
    with closing(tally.once):
        walk.check_start()
        # 2. Every entry stands in one run; each run is read, encoded, hashed and put in the tree.
        places, astray = _in_order(ledger.listing, 0, ledger.size)
        crew = crew_for(store, runs=len(places), entries=ledger.size, wanted=workers)
        for found in surveyed(store, _tasks(ledger, walk, places), workers=crew):
            walk.add(found)
            tally.add(found)
            if progress is not None:
                progress(min(walk.size, ledger.size), ledger.size)
        if astray is not None:
            raise walk.gap(astray)
        # 3. The tree has the size and the root that were signed, and its tiles say the same.
        _check_nothing_beyond(ledger.listing, ledger.size, straddling=True)
        walk.check_end(ledger.size, widths=frozenset(ledger.signed.roots) if anchor is not None else None)
        # 4. No fact came twice, and nothing lies outside the signature.
        tally.check_once()
        _check_nothing_beyond(ledger.listing, ledger.size)
        return _report(ledger, tally)


def _opened(store: Store, anchor: Anchor | None, verifiers: Sequence[Verifier]) -> _Opened:
    origin, version = read_origin(store), read_version(store)
    behind = published(store)
    note = latest_of(behind, anchor, origin)
    listing = read_listing(store)
    ahead = read_ahead(store, listing, size_said(note))
    authority = ahead.authority(origin)
    signed = read_signed(Keyring.of(verifiers, authority), note, anchor, behind=behind)
    limits = [(each.end, each.recorded_before, each.entry) for each in authority.limits]
    rules = Rules(
        schemas=ahead.schemas, erased=authority.erased, limits=limits, seen=signed.seen, dated=version > 1
    )
    return _Opened(store=store, listing=listing, ahead=ahead, signed=signed, rules=rules)


def _in_order(listing: Listing, start: int, size: int) -> tuple[list[Place], Place | None]:
    """Give the runs in order from the one with entry `start` on, and the first that does not follow."""
    found: list[Place] = []
    expected = 0
    for place in listing.below(size):
        if place.first != expected:
            return found, place
        expected = place.end
        if place.end > start:
            found.append(place)
    return found, None


def _tasks(ledger: _Opened, walk: Walk, places: Sequence[Place]) -> Iterator[Task]:
    for place in places:
        yield Task(
            place=place,
            start=place.first,
            sizes=walk.sizes_in(place.first, place.end),
            rules=ledger.rules.for_run(place.first, place.end),
        )


def _check_nothing_beyond(listing: Listing, size: int, *, straddling: bool = False) -> None:
    beyond = listing.straddling(size) if straddling else listing.first_beyond(size)
    if beyond is not None:
        first, name = beyond
        raise InconsistentError(
            expected=f"no entries beyond the {size} that the checkpoint covers",
            found=f"{name} for entries from {first} on, which are not covered by a checkpoint",
            remedy="after a broken-off append the next append clears them; otherwise keep them as evidence",
            entry=first,
        )


def _report(ledger: _Opened, tally: Tally) -> CheckReport:
    return CheckReport(
        size=ledger.size,
        root=ledger.signed.checkpoint.root,
        entries=dict(tally.entries),
        segments=sum(1 for _ in ledger.listing.below(ledger.size)),
        signatures=ledger.signed.signatures,
        rows_hashed=tally.entries.total(),
        checkpoints=len(ledger.signed.roots),
        erased=len(tally.erased),
        pending=len(tally.pending),
        leftovers=tuple(name for place in ledger.listing.places for name in place.leftovers),
    )
