# SPDX-License-Identifier: EUPL-1.2
"""An anchor far away that does not answer: facts are taken in, checkpoints wait, nothing forks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from rekenschap.adapters.anchors import MemoryAnchor
from rekenschap.adapters.anchors.postgres import PostgresAnchor
from rekenschap.adapters.disks import PosixDisk
from rekenschap.errors import ForkError, StoreError
from rekenschap.ledger.check import check
from rekenschap.ledger.journal import Limits
from rekenschap.ledger.sequencer import Pace, Sequencer, UnanchoredError
from rekenschap.ledger.writer import House
from rekenschap.model.relations import CONSULTATION
from tests.ledgers import facts, verifiers
from tests.sequencers import begun, identities, ids, on_disk, opened, started
from tests.servers import postgres

PACE = Pace(tick=0.02, age=0.2, limits=Limits(rows=60, begin=1 << 12))


class Server:
    """A PostgreSQL server that can be out of reach: nobody listens where it did."""

    def __init__(self, server: postgres.PostgresServer) -> None:
        self.address = server.address
        self._socket = server.directory / ".s.PGSQL.5432"

    @contextmanager
    def away(self) -> Iterator[None]:
        hidden = self._socket.with_name("hidden")
        self._socket.rename(hidden)
        try:
            yield
        finally:
            hidden.rename(self._socket)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if reason := postgres.why_not():
        pytest.skip(reason)
    with postgres.running() as running:
        yield Server(running)


@pytest.fixture
def place(tmp_path: Path, server: Server) -> tuple[House, PosixDisk]:
    house, disk = on_disk(tmp_path)
    return begun(replace(house, anchor=PostgresAnchor(server.address, name=tmp_path.name))), disk


def soon(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 20
    while not holds() and time.monotonic() < until:
        time.sleep(0.01)
    return holds()


def test_facts_are_taken_in_while_it_is_away_and_signed_when_it_is_back(
    place: tuple[House, PosixDisk], server: Server
):
    house, disk = place
    rows = [facts(count=7, seed=seed) for seed in range(12)]
    with Sequencer.start(house, disk, pace=PACE) as sequencer:
        sequencer.append(CONSULTATION, rows[0])
        assert soon(lambda: sequencer.signed == sequencer.size)
        assert sequencer.trouble is None
        with server.away():
            for some in rows[1:6]:
                sequencer.append(CONSULTATION, some)
            assert soon(lambda: sequencer.trouble is not None)
            assert "no connection" in str(sequencer.trouble)
            sequencer.republish()  # as the command does now and then
            signed = sequencer.signed
            for some in rows[6:11]:
                sequencer.append(CONSULTATION, some)
            time.sleep(0.3)
            assert (sequencer.signed, sequencer.size) == (signed, 78)
        assert soon(lambda: sequencer.trouble is None and sequencer.signed == sequencer.size)
        sequencer.append(CONSULTATION, rows[11])
    assert identities(opened(house), "consultation") == [each for some in rows for each in ids(some)]
    assert check(house.store, anchor=house.anchor, verifiers=verifiers()).size == 85


def test_what_waits_for_it_is_bounded(place: tuple[House, PosixDisk], server: Server):
    house, disk = place
    pace = replace(PACE, unsealed=1)
    with Sequencer.start(house, disk, pace=pace) as sequencer:
        sequencer.append(CONSULTATION, facts(count=1, seed=100))
        assert soon(lambda: sequencer.signed == sequencer.size)

        def produce() -> None:
            for seed in range(20):
                sequencer.append(CONSULTATION, facts(count=20, seed=seed))

        producer = Thread(target=produce)
        with server.away():
            producer.start()
            assert soon(lambda: sequencer.trouble is not None)
            time.sleep(0.5)
            held = sequencer.size
            assert held < 140  # two files of the journal
        producer.join(30)
        assert sequencer.size == 402
    assert opened(house).size == 402


def test_who_stops_while_it_is_away_loses_nothing(place: tuple[House, PosixDisk], server: Server):
    house, disk = place
    sequencer = Sequencer.start(house, disk, pace=PACE)
    with server.away():
        sequencer.append(CONSULTATION, facts(count=30))
        with pytest.raises(StoreError, match="what is acknowledged is safe"):
            sequencer.close()
    with Sequencer.start(house, disk, pace=PACE) as again:
        assert again.size >= 31
    assert identities(opened(house), "consultation") == ids(facts(count=30))


class Unheard(MemoryAnchor):
    """An anchor whose answers are lost for a while; what it was told may have arrived."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = self.late = False

    def swap(self, *, expected: int | None, size: int, note: bytes) -> None:
        if not self.late:
            super().swap(expected=expected, size=size, note=note)
        self._answer()

    def latest(self) -> tuple[int, bytes] | None:
        self._answer()
        return super().latest()

    def _answer(self) -> None:
        if self.lost:
            raise StoreError(expected="an answer", found="none", remedy="wait", retryable=True)


@pytest.fixture
def unheard(tmp_path: Path) -> tuple[House, PosixDisk, Unheard]:
    house, disk = on_disk(tmp_path)
    anchor = Unheard()
    return begun(replace(house, anchor=anchor)), disk, anchor


@pytest.mark.parametrize("late", [False, True])
def test_a_swap_of_which_nobody_heard_counts_once(unheard: tuple[House, PosixDisk, Unheard], late: bool):
    house, disk, anchor = unheard
    with started(house, disk) as sequencer:
        sequencer.append(CONSULTATION, facts(count=5))
        anchor.lost, anchor.late = True, late
        for seed in (1, 2):
            with pytest.raises(UnanchoredError):
                sequencer.tick()
            sequencer.append(CONSULTATION, facts(count=5, seed=10 + seed))
        anchor.lost = anchor.late = False
        assert sequencer.tick()
        assert sequencer.signed == sequencer.size == 16
        assert [size for size, _ in anchor.history()] == [0, 6, 16]
    assert check(house.store, anchor=anchor, verifiers=verifiers()).size == 16


def test_an_anchor_that_comes_back_with_another_history_stops_it(
    unheard: tuple[House, PosixDisk, Unheard],
):
    house, disk, anchor = unheard
    sequencer = started(house, disk)
    sequencer.append(CONSULTATION, facts(count=5))
    anchor.lost = anchor.late = True
    with pytest.raises(UnanchoredError):
        sequencer.tick()
    anchor.lost = anchor.late = False
    anchor.swap(expected=0, size=3, note=b"of somebody else")
    for work in (sequencer.tick, lambda: sequencer.append(CONSULTATION, facts(count=5, seed=2))):
        with pytest.raises(ForkError):
            work()
    sequencer.close()
