# SPDX-License-Identifier: EUPL-1.2
"""What adds up while runs go by: rows by relation, the newest moment, who came twice, what is erased."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from rekenschap.ledger.check.foreknown import Foreknown
from rekenschap.ledger.check.once import Identity, Once, first_twice
from rekenschap.ledger.check.runs import clocks
from rekenschap.ledger.check.runs.survey import Rules, Surveyed, Task, moments_of, reopened
from rekenschap.ledger.custody import Ranges
from rekenschap.seams.store import Store


@dataclass(slots=True, kw_only=True)
class Tally:
    """Adds up what runs gave, in their order, and raises where one does not fit those before it."""

    store: Store
    rules: Rules
    ahead: Foreknown
    entries: Counter[str] = field(default_factory=Counter)
    newest: int = clocks.NEVER
    erased: Ranges = field(default_factory=Ranges)
    pending: Ranges = field(default_factory=Ranges)
    once: Once = field(default_factory=Once)

    def add(self, found: Surveyed) -> None:
        """Take in a run that the tree has taken; raises AlarmError."""
        self.ahead.check_same(found)
        self.entries.update(found.entries)
        if found.oldest < self.newest - clocks.TOLERANCE and self.newest != clocks.NEVER:
            raise clocks.set_back(self._first_back(found))
        self.newest = max(self.newest, found.newest)
        self.erased |= found.absent
        self.pending |= found.present_erased
        for relation, identities in found.identities.items():
            self.once.add(relation, identities, place=found.place)

    def check_once(self) -> None:
        """Check that no fact came twice; raises InconsistentError that names both entries."""
        for relation, doubles in self.once.twice().items():
            first_twice(
                Identity(self.store, self.rules.schemas, relation), self.once.places(relation), doubles
            )

    def _first_back(self, found: Surveyed) -> int:
        if found.moments is not None:
            moments = found.moments
        else:
            task = Task(place=found.place, start=found.place.first, sizes=(), rules=self.rules)
            every = reopened(self.store, task)
            moments = moments_of(every, found.place.end - found.place.first)
        return found.place.first + (clocks.first_back(moments, self.newest) or 0)
