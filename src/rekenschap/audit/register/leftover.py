# SPDX-License-Identifier: EUPL-1.2
"""Sealed originals of whom nothing is on record any more: they go with the last fact."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.house import House
from rekenschap.intake.private.sealing import openable
from rekenschap.ledger import Ledger
from rekenschap.model.columns import RECORD, Kind
from rekenschap.model.relations import RELATIONS
from rekenschap.tables import TOKEN_WIDTH

AT_ONCE = 5_000
"""How many fit in one order."""


def left_over(house: House, ledger: Ledger) -> tuple[bytes, ...]:
    """Give the pseudonyms that can still be opened and that no fact names, as many as fit in one order."""
    left = pa.array(sorted(openable(house.sealed_path) or ()), pa.binary(TOKEN_WIDTH))
    for named in _named(ledger):
        if not len(left):
            break
        left = left.filter(pc.invert(pc.is_in(left, value_set=named)))
    return tuple(left.slice(0, AT_ONCE).to_pylist())


def _named(ledger: Ledger) -> Iterator[pa.Array]:
    """Yield all that facts name, a column of a relation at a time."""
    for name, relation in RELATIONS.items():
        tokens = [each.name for each in relation if each.kind is Kind.TOKEN and each.name != RECORD]
        table = ledger.facts(name).table if tokens else pa.table({})
        for column in tokens:
            if column in table.column_names:
                yield pc.unique(table.column(column)).drop_null()
