# SPDX-License-Identifier: EUPL-1.2
"""Our own alerts for each week, as a weekly run would have given them with what had happened by then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from rekenschap import detect
from rekenschap.detect import Parameters, Searched
from rekenschap.explain import facts_read
from rekenschap.model.explanation import Weight
from rekenschap.seams.engine import Engine
from rekenschap.sql.query import Query

NO_P_VALUES = pa.schema([("channel", pa.string()), ("p", pa.float64())]).empty_table()
"""What stands where nobody asked for p-values."""


def our_alerts(
    engine: Engine,
    grounds: Sequence[Query],
    facts: Mapping[str, pa.Table],
    *,
    weeks: tuple[int, int],
    parameters: Parameters | None = None,
) -> pa.Table:
    """Give the alerts of every week from the first to the last Monday; `look` and `verdict` are bound."""
    asked = searched(grounds, facts)
    return detect.alerts(
        engine, grounds=asked, parameters=parameters, first_week=weeks[0], last_week=weeks[1]
    )


def our_p_values(
    engine: Engine, *, weeks: tuple[int, int], seed: int, parameters: Parameters | None = None
) -> pa.Table:
    """Give a p-value for each test of each channel, randomised so that it can be uniform."""
    return detect.p_values(engine, parameters=parameters, first_week=weeks[0], last_week=weeks[1], seed=seed)


def searched(grounds: Sequence[Query], facts: Mapping[str, pa.Table]) -> tuple[Searched, ...]:
    """Name the full grounds for which there is work at all."""
    return tuple(
        Searched(ground=ground.id, nl=ground.short.nl, en=ground.short.en)
        for ground in grounds
        if Weight(ground.weight) is Weight.FULL and any(len(facts[name]) for name in facts_read(ground))
    )
