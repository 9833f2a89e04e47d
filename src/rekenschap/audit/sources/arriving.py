# SPDX-License-Identifier: EUPL-1.2
"""What came in and is not sealed yet: facts in the journal of a sequencer at work, requests in the inbox.

Without them a source would seem silent until its facts are sealed, ten minutes later at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rekenschap.audit.inbox import waits_since
from rekenschap.house import House
from rekenschap.ledger import Facts, Ledger
from rekenschap.ledger.journal import Frame
from rekenschap.ledger.reading.unsealed import facts_in, frames_in
from rekenschap.places import open_anchor, open_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A ledger, with the facts behind it that are not sealed; everything that came in before `until` (µs UTC)
    is in one of the two."""

    ledger: Ledger
    unsealed: tuple[Facts, ...]
    until: int

    @property
    def end(self) -> int:
        """The entry after the last that is here."""
        ends = [int(each.entries[-1].as_py()) + 1 for each in self.unsealed]
        return max([self.ledger.size, *ends])


def arrived_in(house: House, *, at: int, since: int = 0) -> Arrived:
    """Read what came in up to a moment (µs UTC); of what is not sealed only the entries from `since` on."""
    waits = waits_since(house)  # of what came in later nothing is known here
    journal = house.journal
    frames = frames_in(journal) if journal is not None else ()
    ledger = Ledger.open(store=open_store(house.config.store), anchor=open_anchor(house.config))
    unsealed = tuple(facts_in(frames, ledger.state.schemas, since=max(since, ledger.size)))
    seen = _seen_until(ledger, frames, at)
    return Arrived(ledger=ledger, unsealed=unsealed, until=seen if waits is None else min(seen, waits))


def _seen_until(ledger: Ledger, frames: Sequence[Frame], at: int) -> int:
    """Give up to when we see what came in: all of it, unless the journal is on another machine.

    A silence is measured up to there: what we cannot see is not silent.
    """
    end = max([ledger.size, *(frame.first + frame.rows for frame in frames)])
    newest = ledger.newest()
    return at if newest is None or ledger.checkpoint.size <= end else min(at, newest)
