# SPDX-License-Identifier: EUPL-1.2
"""What a look costs inside the worker of the front door in processor time: to prepare, to store, in all."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from doors.bodies import Bodies
from rekenschap.adapters.sequencing import DistantLedger
from rekenschap.audit.frontdoor import contracts
from rekenschap.audit.intake import opened_door
from rekenschap.frontdoor.inbox import Frame, Kind
from rekenschap.frontdoor.taking import Taker
from rekenschap.house import House, right_now
from rekenschap.ledger import Ledger
from rekenschap.places import open_anchor, open_store

RECORDS, REQUESTS = 1_000, 36
"""In a group, as large as the worker takes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Processor seconds: to read and make facts, to store them, and of all threads until all is sealed."""

    facts: int
    prepare: float
    store: float
    everything: float


def cost_inside(home: Path, *, groups: int) -> Cost:
    """Take groups of requests in, one after another in one thread; the first is not counted."""
    house, maker = House.at(home), Bodies(RECORDS, seed=1)
    house.ledger(origin="example.org/bench")
    prepare = store = 0.0
    with ExitStack() as held:
        sequencer = held.enter_context(house.sequencer())
        door = held.enter_context(opened_door(house))
        reading = Ledger.open(store=open_store(house.config.store), anchor=open_anchor(house.config))
        taker = Taker(
            door=door, ledger=DistantLedger(reading, sequencer), contracts=contracts(), clock=right_now
        )
        taker.take([_frame(maker) for _ in range(4)])
        everything = 0.0
        for _ in range(groups):
            frames = [_frame(maker) for _ in range(REQUESTS)]
            all_began, began = time.process_time(), time.thread_time()
            rest = taker.prepare(frames)
            between = time.thread_time()
            rest()
            prepare += between - began
            store += time.thread_time() - between
            everything += time.process_time() - all_began
        closing = time.process_time()
    everything += time.process_time() - closing
    return Cost(facts=groups * REQUESTS * RECORDS, prepare=prepare, store=store, everything=everything)


def _frame(maker: Bodies) -> Frame:
    return Frame(
        kind=Kind.LOGS_PROTOBUF,
        source="",
        systems=(),
        received_at=time.time_ns() // 1_000,
        body=maker.make(),
    )
