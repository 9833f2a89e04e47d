# SPDX-License-Identifier: EUPL-1.2
"""What came into a ledger since some entry, sealed or not, in work form; no segment before it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.audit.sources.arriving import Arrived
from rekenschap.ledger import Facts, Ledger
from rekenschap.model.custody import CUSTODY_RELATIONS
from rekenschap.model.relations import SEARCHED_RELATIONS
from rekenschap.tables import in_shape_of, to_work_form, work_schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """Facts since an entry, of every relation of which there are any.

    `of_custody` says that the ledger wrote something about itself: that keys changed, or facts were erased.
    """

    facts: Mapping[str, pa.Table]
    of_custody: bool

    def __len__(self) -> int:
        return sum(map(len, self.facts.values()))


def came_since(arrived: Arrived, *, since: int) -> Came:
    """Give the facts from the entry `since` on."""
    found: dict[str, list[pa.Table]] = {}
    of_custody = False
    for facts in (*_sealed(arrived.ledger, since), *arrived.unsealed):
        name = facts.relation.name
        of_custody |= name in CUSTODY_RELATIONS
        if name in SEARCHED_RELATIONS:
            rows = to_work_form(facts.table, facts.relation, entries=facts.entries)
            fresh = rows.filter(pc.greater_equal(rows.column("entry"), since))
            found.setdefault(name, []).append(in_shape_of(fresh, SEARCHED_RELATIONS[name]))
    return Came(
        facts={
            name: pa.concat_tables([work_schema(SEARCHED_RELATIONS[name]).empty_table(), *parts])
            for name, parts in found.items()
            if any(map(len, parts))
        },
        of_custody=of_custody,
    )


def _sealed(ledger: Ledger, since: int) -> Iterator[Facts]:
    """Read the segments that hold an entry from `since` on."""
    for segment in ledger.manifest.segments:
        if segment.end > since and segment.first < ledger.size:
            part = ledger.part(segment)
            entries = pa.array(segment.first + part.places_in().astype(np.int64))
            yield Facts(relation=part.shape.relation, table=part.rows, entries=entries)
