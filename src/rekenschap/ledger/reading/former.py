# SPDX-License-Identifier: EUPL-1.2
"""Who a fact was under an earlier version of its relation, so that an old file offered again adds nothing.

A fact that fills no column the version added says what the fact of before said. The token of its record is
left out: it is about how the fact came in.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.ledger.facts import Schemas, declared_as
from rekenschap.ledger.identity import fact_ids
from rekenschap.model.columns import RECORD, Relation
from rekenschap.tables import arrow_type


def versions_before(schemas: Schemas, relation: Relation) -> Iterator[Relation]:
    """Give the earlier versions of a relation of which a ledger may hold facts."""
    for _, text in schemas.texts.values():
        held = declared_as(text)
        if held.name == relation.name and held.version < relation.version and _is_part(held, relation):
            yield held


def names_before(
    facts: pa.Table, relation: Relation, old: Relation
) -> tuple[npt.NDArray[np.int64], pa.Array]:
    """Give which facts can be facts of an earlier version, and their identities (bytes) in it."""
    fits = np.ones(facts.num_rows, dtype=bool)
    for column in relation.content:
        is_null = np.asarray(pc.is_null(facts.column(column.name)))
        if column.name not in old:
            fits &= is_null | (column.name == RECORD)
        elif old[column.name].required:
            fits &= ~is_null
    places = np.flatnonzero(fits)
    content = facts.select([column.name for column in old.content]).take(pa.array(places))
    return places, fact_ids(content.combine_chunks(), old).cast(pa.binary())


def _is_part(old: Relation, new: Relation) -> bool:
    """Say whether every column of before is still there, of the same type."""
    return all(c.name in new and arrow_type(c) == arrow_type(new[c.name]) for c in old.content)
