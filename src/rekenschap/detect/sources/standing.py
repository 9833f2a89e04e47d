# SPDX-License-Identifier: EUPL-1.2
"""Puts the answers of the coverage queries together, one standing per source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from rekenschap.detect.received import not_received
from rekenschap.detect.sources.declared import Expected
from rekenschap.detect.sources.hearing import Hearing
from rekenschap.detect.sources.learned import HOURS_OF_A_WEEK, WEEKS
from rekenschap.model.completeness import Missed, NotReceived
from rekenschap.model.coverage import Blank, Delays, Hears, SourceStanding
from rekenschap.seams.engine import Engine
from rekenschap.sql.query import load_query
from rekenschap.sql.workspace import run
from rekenschap.tables import local_day_and_minute

ARRIVAL = "arrival"
"""The relation of minutes in which something came in: bound before `standing_of` is asked."""

_HERE = Path(__file__).parents[1] / "coverage"
_MINUTE = 60_000_000
_Row = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What others know: the sources expected, with a declared rhythm if any; what waits in quarantine;
    and how traffic shows that a source leaves something out: by its word, in Dutch and in English.
    """

    declared: Mapping[str, Expected | None] = field(default_factory=dict)
    quarantined: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    warned: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)


def arrivals(engine: Engine) -> pa.Table:
    """Give the minutes in which facts of each source came in."""
    return run(engine, load_query(_HERE / "source_arrivals"))


def hearing_of(engine: Engine, came_in: pa.Table, known: Known, *, at: int) -> Hearing:
    """Learn the rhythms of the last weeks before a moment (µs UTC)."""
    engine.bind(ARRIVAL, came_in)
    begin = at // _MINUTE - WEEKS * HOURS_OF_A_WEEK * 60
    hours = run(engine, load_query(_HERE / "source_hours"), {"from_minute": max(0, begin)})
    return Hearing(came_in, hours, known.declared)


def standing_of(engine: Engine, known: Known, *, at: int) -> tuple[SourceStanding, ...]:
    """Give how every source stands at a moment (µs UTC), silent ones first; raises EngineError."""
    came_in = arrivals(engine)
    hearing = hearing_of(engine, came_in, known, at=at)
    last, delays, blanks = (_rows(engine, name) for name in ("source_last", "source_delays", "source_blanks"))
    missed = not_received(engine)
    days = _days(came_in)
    found = []
    for name in sorted({*hearing.names, *known.quarantined, *known.warned}):
        hears, rhythm = hearing.of(name, at)
        mine, blank = last.get(name), blanks.get(name, {})
        told = [(each.nl, each.en) for each in missed if each.source == name]
        warned = known.warned.get(name, {})
        found.append(
            SourceStanding(
                name=name,
                hears=hears if mine or name in known.declared else Hears.UNKNOWN,
                is_declared=name in known.declared,
                facts=mine["facts"] if mine else 0,
                last_at=mine["last_at"] if mine else None,
                recorded_at=mine["recorded_at"] if mine else None,
                rhythm=rhythm,
                delays=_delays(delays.get(name)),
                missing=sum(each.numbers for each in missed if _is_missing(each, name)),
                quarantined=known.quarantined.get(name, {}),
                subject=_blank(blank, "subject"),
                actor=_blank(blank, "actor"),
                purpose=_blank(blank, "purpose"),
                signs=(*warned.values(), *told),
                warned=tuple(warned),
                days=days.get(name, {}),
            )
        )
    return tuple(sorted(found, key=lambda each: (_ORDER.index(each.hears), each.name)))


_ORDER = (Hears.NEVER, Hears.SILENT, Hears.UNKNOWN, Hears.HEARD)


def _rows(engine: Engine, name: str) -> dict[str, _Row]:
    rows = run(engine, load_query(_HERE / name)).to_pylist()
    return {row.pop("source"): row for row in rows}


def _delays(row: _Row | None) -> Delays | None:
    return None if row is None else Delays(**row)


def _blank(row: _Row, name: str) -> Blank:
    return Blank(asked=row.get(f"asked_{name}", 0), empty=row.get(f"without_{name}", 0))


def _is_missing(each: NotReceived, name: str) -> bool:
    return each.source == name and each.missed is Missed.MISSING


def _days(came_in: pa.Table) -> dict[str, dict[int, int]]:
    """Count facts by source and local day of arrival."""
    times = pa.array(np.asarray(came_in.column("minute").combine_chunks()) * _MINUTE, pa.int64())
    day, _ = local_day_and_minute(times.cast(pa.timestamp("us", tz="UTC")))
    counted = (
        pa.table({"source": came_in.column("source"), "day": day, "facts": came_in.column("facts")})
        .group_by(["source", "day"])
        .aggregate([("facts", "sum")])
    )
    found: dict[str, dict[int, int]] = {}
    for row in counted.to_pylist():
        found.setdefault(row["source"], {})[row["day"]] = row["facts_sum"]
    return found
