# SPDX-License-Identifier: EUPL-1.2
"""What can be settled about a ledger before its rows are hashed: names, keys, checkpoints, rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import sleep

from rekenschap.errors import AlarmError, InconsistentError, RekenschapError, StoreError
from rekenschap.ledger.check.around.presence import check_present
from rekenschap.ledger.check.foreknown import Foreknown, read_ahead
from rekenschap.ledger.check.listing import Listing, Place, read_listing
from rekenschap.ledger.check.runs.survey import Rules, Task, undone
from rekenschap.ledger.check.signed import Signed, read_held, read_signed
from rekenschap.ledger.check.waiting import Waiting, ahead_with, read_waiting
from rekenschap.ledger.check.walk import Walk
from rekenschap.ledger.custody import Keyring
from rekenschap.ledger.manifest import TOP_NAME, read_origin, read_version, top_bytes
from rekenschap.ledger.state import checkpoint_in, published_note
from rekenschap.seams.anchor import Anchor
from rekenschap.seams.disk import Disk
from rekenschap.seams.store import Store
from rekenschap.tlog.note import Verifier

_TRIES, _PAUSE = 40, 0.02
"""How often to read a ledger that moves on all the time; then what does not go together is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beforehand:
    """A ledger whose names and checkpoints are in order, before any row was hashed."""

    store: Store
    listing: Listing
    ahead: Foreknown
    signed: Signed
    rules: Rules
    waiting: tuple[Waiting, ...]
    late: RekenschapError | None
    """what is wrong with those that wait, to be told after the sealed runs"""
    keyring: Keyring
    anchored: bool
    recovered: tuple[tuple[int, int], ...]
    """first and last of entries that came from a journal, unsigned, after a stop"""

    @property
    def size(self) -> int:
        """How many entries are signed."""
        return self.signed.checkpoint.size

    @property
    def is_settled(self) -> bool:
        """Whether nothing is beyond the signature and all that waits could be read."""
        beyond = self.listing.first_beyond(self.size) or self.listing.straddling(self.size)
        return beyond is None and self.late is None and not self.is_being_sealed

    @property
    def is_being_sealed(self) -> bool:
        """Whether the last run has rows but no commitments yet: a seal is under way, or was broken off."""
        places = [*self.listing.below(self.size)]
        return bool(places) and bool(places[-1].parquets) and places[-1].pack is None

    def walk(self) -> Walk:
        """Begin to rebuild its tree."""
        return Walk(store=self.store, listing=self.listing, roots=self.signed.roots)

    def in_order(self, start: int) -> tuple[list[Place], Place | None]:
        """Give the runs in order from the one with entry `start` on, and the first that does not follow."""
        found: list[Place] = []
        expected = 0
        for place in self.listing.below(self.size):
            if place.first != expected:
                return found, place
            expected = place.end
            if place.end > start:
                found.append(place)
        return found, None

    def task(self, place: Place, start: int, walk: Walk) -> Task:
        """Make the task to check a run, of which the tree needs the entries from `start` on."""
        start = max(start, place.first)
        return Task(
            place=place,
            start=start,
            sizes=walk.sizes_in(start, place.end),
            rules=self.rules.for_run(place.first, place.end),
        )

    def check_nothing_beyond(self) -> None:
        """Raise InconsistentError at what lies beyond the signature."""
        beyond = self.listing.first_beyond(self.size)
        if beyond is not None:
            self._raise_beyond(*beyond)

    def check_stays_erased(self) -> None:
        """Raise InconsistentError at a file or a secret from before an erasure that was done."""
        for place in self.listing.below(self.size):
            done = self.rules.done.within(place.first, place.end)
            pending = (self.rules.erased - self.rules.done).within(place.first, place.end) if done else None
            for name in place.from_before(superseded=not pending) if done else ():
                raise undone(done.first, name)

    def check_nothing_astride(self) -> None:
        """Raise InconsistentError when a run goes on beyond the signature."""
        astride = self.listing.straddling(self.size)
        if astride is not None:
            self._raise_beyond(*astride)

    def _raise_beyond(self, first: int, name: str) -> None:
        raise InconsistentError(
            expected=f"no entries beyond the {self.size} that the checkpoint covers",
            found=f"{name} for entries from {first} on, which are not covered by a checkpoint",
            remedy="after a broken-off append the next append clears them; otherwise keep them as evidence",
            entry=first,
        )


def beforehand(
    store: Store, anchor: Anchor | None, verifiers: Sequence[Verifier], *, journal: Disk | None
) -> Beforehand:
    """Read names, keys and checkpoints of a ledger; raises AlarmError when they do not go together.

    A sequencer may be at work: what does not go together is read again when the ledger moved on meanwhile.
    """
    check_present(store, anchor)
    for _ in range(_TRIES - 1):
        before = _standing(store)
        try:
            found = _read(store, anchor, verifiers, journal=journal)
        except (AlarmError, StoreError):
            if _standing(store) == before:
                raise
        else:
            if found.is_settled:
                return found
            if found.late is None:  # something is under way, or was broken off
                sleep(_PAUSE)
            elif _standing(store) == before:
                return found
    return _read(store, anchor, verifiers, journal=journal)


def _standing(store: Store) -> tuple[bytes | None, list[str]]:
    """Give what changes when a sequencer signs or seals."""
    return published_note(store), store.names("segments/")


def _read(
    store: Store, anchor: Anchor | None, verifiers: Sequence[Verifier], *, journal: Disk | None
) -> Beforehand:
    origin, version = read_origin(store), read_version(store)
    if store.get(TOP_NAME) != top_bytes(origin, version):
        raise InconsistentError(
            expected=f"{TOP_NAME} as it is written, to the letter",
            found="another spelling",
            remedy="find out who wrote it, and restore it from a copy",
        )
    held = read_held(store, anchor, origin)
    size = checkpoint_in(held.note, origin).size
    listing = read_listing(store)
    sealed = read_ahead(store, listing, size)
    waiting, late = read_waiting(store, listing, journal, size=size, schemas=sealed.schemas)
    ahead = ahead_with(sealed, waiting)
    authority = ahead.authority(origin)
    keyring = Keyring.of(verifiers, authority)
    signed = read_signed(keyring, held)
    rules = Rules(
        schemas=ahead.schemas,
        erased=authority.erased,
        done=authority.done,
        limits=[(each.end, each.recorded_before, each.entry) for each in authority.limits],
        seen=signed.seen,
    )
    return Beforehand(
        store=store,
        listing=listing,
        ahead=ahead,
        signed=signed,
        rules=rules,
        waiting=tuple(waiting),
        late=late,
        keyring=keyring,
        anchored=anchor is not None,
        recovered=authority.recovered,
    )
