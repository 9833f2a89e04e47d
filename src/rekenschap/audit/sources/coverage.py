# SPDX-License-Identifier: EUPL-1.2
"""How the sources of a house stand: facts that came in, what sources.toml declares, and what waits.

What was never declared and never delivered is nowhere in here: nobody can show what nobody knows of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import pyarrow as pa

from rekenschap.audit.intake import opened_door
from rekenschap.audit.sources.arriving import Arrived, arrived_in
from rekenschap.audit.sources.warned import warned_in
from rekenschap.detect.sources import Expected, Hearing, Known, hearing_of, parse_expected, standing_of
from rekenschap.frontdoor.callers.sources import Callers, read_callers
from rekenschap.house import House
from rekenschap.intake import Door, Pile, load_profile, profile_names
from rekenschap.ledger.reading.unsealed import together
from rekenschap.ledger.segments import Segment
from rekenschap.model.coverage import Hears, Standing
from rekenschap.model.relations import RELATIONS, SEARCHED_RELATIONS
from rekenschap.tables import to_work_form

_MINUTE = 60_000_000


def standing_in(house: House, *, at: int) -> Standing:
    """Say how every source stands at a moment (µs UTC); facts that are not sealed yet count along."""
    arrived = arrived_in(house, at=at)
    ledger, engine = arrived.ledger, house.engine()
    try:
        for name in SEARCHED_RELATIONS:
            facts = together(ledger.facts(name), arrived.unsealed)
            engine.bind(name, to_work_form(facts.table, facts.relation, entries=facts.entries))
        sources = standing_of(engine, _known(house, at=at), at=arrived.until)
    finally:
        engine.close()
    checkpoint = ledger.checkpoint
    return Standing(
        at=at,
        until=arrived.until,
        size=ledger.size,
        unsealed=sum(each.table.num_rows for each in arrived.unsealed),
        origin=ledger.origin,
        root=checkpoint.root.to_base64(),
        sources=sources,
    )


class Watching:
    """Says which sources fell silent and which are heard again, each time it is asked.

    Reads each fact once, so that asking often costs little.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._read: set[Segment] = set()
        self._end = 0
        self.came_in = _no_arrivals()
        """how many facts of each source came in, by minute"""
        self._was: dict[str, Hears] = {}

    def ask(self, *, at: int) -> Iterator[tuple[str, Hears]]:
        """Give each source that is otherwise than when asked last; at first those that are not heard."""
        arrived = arrived_in(self._house, at=at, since=self._end)
        self.came_in = pa.concat_tables([self.came_in, *self._fresh(arrived)])
        self._end = max(self._end, arrived.end)
        hearing = self._hearing(arrived.until)
        for name in hearing.names:
            hears, _ = hearing.of(name, arrived.until)
            before = self._was.get(name, Hears.HEARD)
            self._was[name] = hears
            if (hears in _SILENT) != (before in _SILENT):
                yield name, hears

    @property
    def silent(self) -> int:
        """How many sources were silent when asked last."""
        return sum(hears in _SILENT for hears in self._was.values())

    def _hearing(self, at: int) -> Hearing:
        engine = self._house.engine()
        try:
            known = Known(declared=declared_in(read_callers(self._house.root)))
            return hearing_of(engine, self.came_in, known, at=at)
        finally:
            engine.close()

    def _fresh(self, arrived: Arrived) -> Iterator[pa.Table]:
        """Give the arrivals of what was not read before: of sealed segments, and of what is not sealed."""
        ledger = arrived.ledger
        for name in RELATIONS:
            for segment in ledger.manifest.of(name, ledger.size):
                if segment not in self._read:
                    self._read.add(segment)
                    if segment.end > self._end:  # else it was read before it was sealed
                        yield _arrivals(ledger.part(segment).rows)
        for facts in arrived.unsealed:
            if facts.relation.name in RELATIONS:
                yield _arrivals(facts.table)


_SILENT = (Hears.SILENT, Hears.NEVER)


def declared_in(callers: Callers) -> dict[str, Expected | None]:
    """Give every system that is declared, with the rhythm its source declares; raises ConfigurationError."""
    return {
        system: parse_expected(source.expected) if source.expected else None
        for source in callers.sources
        for system in source.systems
    }


def _known(house: House, *, at: int) -> Known:
    callers = read_callers(house.root)
    with opened_door(house) as door:
        return Known(
            declared=declared_in(callers),
            quarantined=_quarantined(door, callers),
            warned=warned_in(house, at=at),
        )


def _quarantined(door: Door, callers: Callers) -> Mapping[str, Mapping[str, int]]:
    """Count what waits by source: that of its sender when that speaks for one system, else of its profile."""
    own = {source.name: source.systems[0] for source in callers.sources if len(source.systems) == 1}
    named = _memory(_source_of)
    found: dict[str, Counter[str]] = {}
    for pile in door.quarantine.piles():
        source = own.get(pile.origin, pile.origin) or named(pile)
        found.setdefault(source, Counter())[pile.reason] += pile.count
    return found


def _source_of(pile: Pile) -> str:
    return load_profile(pile.profile).source if pile.profile in profile_names() else pile.profile


def _memory(ask: Callable[[Pile], str]) -> Callable[[Pile], str]:
    """Ask once for each profile: reading one takes time."""
    held: dict[str, str] = {}

    def answer(pile: Pile) -> str:
        if pile.profile not in held:
            held[pile.profile] = ask(pile)
        return held[pile.profile]

    return answer


def _arrivals(rows: pa.Table) -> pa.Table:
    minutes = rows.column("recorded_at").cast(pa.int64()).to_numpy() // _MINUTE
    told = pa.table({"source": rows.column("source"), "minute": pa.array(minutes, pa.int64())})
    counted = told.group_by(["source", "minute"]).aggregate([([], "count_all")])
    return counted.rename_columns(["source", "minute", "facts"]).cast(_no_arrivals().schema)


def _no_arrivals() -> pa.Table:
    return pa.schema([("source", pa.string()), ("minute", pa.int64()), ("facts", pa.int64())]).empty_table()
