# SPDX-License-Identifier: EUPL-1.2
"""What must be known before rows can be read: the schemas, and what the ledger says about its custody.

It is read ahead and believed for the moment; the runs that hold it must say the same when their turn comes.
"""

from __future__ import annotations

from dataclasses import dataclass

from rekenschap.errors import RekenschapError, WrongLeafError
from rekenschap.ledger.check.listing import Listing, Place
from rekenschap.ledger.check.runs.opened import opened_rows
from rekenschap.ledger.check.runs.survey import Surveyed, custody_in, schemas_in
from rekenschap.ledger.custody import Authority, CustodyFact
from rekenschap.ledger.facts import Schemas
from rekenschap.ledger.segments import SCHEMA_NAME, Segment
from rekenschap.model.custody import CUSTODY_RELATIONS
from rekenschap.seams.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreknown:
    """Schemas and facts about custody, as they were read ahead."""

    schemas: Schemas
    custody: tuple[CustodyFact, ...]

    def authority(self, origin: str) -> Authority:
        """Weigh what the ledger says about its custody; raises VerificationError."""
        return Authority.of(origin, self.custody)

    def check_same(self, found: Surveyed) -> None:
        """Check that a run holds what was read ahead; raises WrongLeafError when a file changed since."""
        first, end = found.place.first, found.grown.end
        for read, seen in (
            ([(e, n, t) for n, (e, t) in self.schemas.texts.items() if first <= e < end], [*found.schemas]),
            ([fact for fact in self.custody if first <= fact.entry < end], [*found.custody]),
        ):
            if sorted(map(repr, read)) != sorted(map(repr, seen)):
                raise WrongLeafError(
                    expected=f"{found.place.name} to stay as it is while it is checked",
                    found="other rows the second time",
                    remedy="see who writes there, and check again",
                    entry=first,
                )


def read_ahead(store: Store, listing: Listing, size: int) -> Foreknown:
    """Read schemas and custody below `size`; what cannot be read is left to the run it stands in."""
    schemas, custody = Schemas(texts={}), list[CustodyFact]()
    for place in listing.below(size):
        for segment in _special(place):
            try:
                stored = opened_rows(store, segment, schemas)
                if segment.relation == SCHEMA_NAME:
                    for entry, number, text in schemas_in([stored]):
                        schemas = schemas.added(number, entry, text)
                else:
                    custody += [fact for fact in custody_in(stored) if fact.entry < size]
            except (RekenschapError, TypeError, ValueError):
                return Foreknown(schemas=schemas, custody=tuple(custody))
    return Foreknown(schemas=schemas, custody=tuple(custody))


def _special(place: Place) -> list[Segment]:
    """Give the files of a run that must be read ahead, schemas first."""
    schemas = [each for each in place.parquets if each.relation == SCHEMA_NAME]
    return schemas + [each for each in place.parquets if each.relation in CUSTODY_RELATIONS]
