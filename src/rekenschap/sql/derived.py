# SPDX-License-Identifier: EUPL-1.2
"""The relations that are recomputed and made outside SQL, declared where writer and reader can both see them.

`explain` writes them and `detect` reads them; neither knows the other. Relations made by a query are declared
in that query's `query.toml`.
"""

from __future__ import annotations

from types import MappingProxyType

import pyarrow as pa

from rekenschap.sql.query import Columns, Holds

EXPLANATION: Columns = MappingProxyType(
    {
        "look": Holds.ENTRY,
        "ground": Holds.TEXT,
        "weight": Holds.TEXT,
        "work_relation": Holds.TEXT,
        "work_entry": Holds.ENTRY,
        "strength": Holds.NUMBER,
    }
)
"""One row per look and ground that holds: the best work row that carries it; strength in nats."""

VERDICT: Columns = MappingProxyType(
    {
        "look": Holds.ENTRY,
        "explained": Holds.FLAG,
        "weak_only": Holds.FLAG,
        "best_ground": Holds.TEXT,
        "best_strength": Holds.NUMBER,
        "score": Holds.NUMBER,
    }
)
"""One row per look; `score` in nats, higher is less explained, and is the sum of its `evidence_term` rows."""

EVIDENCE_TERM: Columns = MappingProxyType({"look": Holds.ENTRY, "term": Holds.TEXT, "value": Holds.NUMBER})
"""What was weighed for a look: `nothing_found`, where all begin, and each ground or trace that holds."""

LOOK: Columns = MappingProxyType(
    {
        "look": Holds.ENTRY,
        "staff": Holds.TOKEN,
        "subject": Holds.TOKEN,
        "zaak": Holds.TOKEN,
        "looked_at": Holds.TIME,
        "day_began": Holds.TIME,
        "happened_day": Holds.DAY,
        "happened_minute": Holds.DAY,
        "register": Holds.TEXT,
        "search_key": Holds.TEXT,
        "team": Holds.TEXT,
        "role": Holds.TEXT,
        "employment": Holds.TEXT,
        "first_look": Holds.FLAG,
    }
)
"""One row per consultation with what the member of staff was at that moment; made by the query `looks`."""

LEAK_ASKED: Columns = MappingProxyType({"subject": Holds.TOKEN})
"""The subjects of a list that is searched for a common looker; given by whoever asks, never kept."""

CANARY: Columns = MappingProxyType({"subject": Holds.TOKEN})
"""Invented subjects for whom there can be no work; given by the owner of the register, never kept."""

DERIVED: MappingProxyType[str, Columns] = MappingProxyType(
    {
        "look": LOOK,
        "explanation": EXPLANATION,
        "verdict": VERDICT,
        "evidence_term": EVIDENCE_TERM,
        "leak_asked": LEAK_ASKED,
        "canary": CANARY,
    }
)

_ARROW: dict[Holds, pa.DataType] = {
    Holds.ENTRY: pa.int64(),
    Holds.TOKEN: pa.int64(),
    Holds.TIME: pa.int64(),
    Holds.DAY: pa.int32(),
    Holds.COUNT: pa.int64(),
    Holds.NUMBER: pa.float64(),
    Holds.TEXT: pa.string(),
    Holds.FLAG: pa.bool_(),
}


def derived_schema(columns: Columns) -> pa.Schema:
    """Give the Arrow schema of a derived relation."""
    return pa.schema([pa.field(name, _ARROW[holds]) for name, holds in columns.items()])
