# SPDX-License-Identifier: EUPL-1.2
"""Room for bodies: what is promised takes none, what is held all of it, and one source not that of others."""

import asyncio
import gzip
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import monotonic

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("grpc")

from rekenschap.frontdoor.callers.gate import Gate
from rekenschap.frontdoor.callers.sources import ANYBODY, Source
from rekenschap.frontdoor.desk import Clocks, Desk, GroupCommit
from rekenschap.frontdoor.doors import web
from rekenschap.frontdoor.inbox import Frame, Kind
from rekenschap.frontdoor.outcomes import NotTakenError, Outcome
from rekenschap.frontdoor.room import Memory
from tests.frontdoor.looks import in_protobuf

BALIE, TAX = Source(name="balie", systems=("balie",)), Source(name="tax", systems=("tax",))


def test_a_source_has_a_quarter_and_one_request_alone_all_it_needs():
    memory = Memory(1_000)
    with memory.room(BALIE) as one, memory.room(BALIE) as two, memory.room(TAX) as other:
        one.hold(400)
        with pytest.raises(NotTakenError) as told:
            two.hold(1)
        assert told.value.outcome is Outcome.NO_ROOM
        other.hold(250)
    assert (memory.held, +memory.by_source) == (0, {})


def test_together_no_more_is_held_than_may_be():
    memory = Memory(1_000)
    with memory.room(ANYBODY) as one, memory.room(ANYBODY) as two:
        one.hold(600)
        two.hold(400)
        with pytest.raises(NotTakenError):
            two.hold(1)
        one.give_back(600)
        two.hold(600)


def test_who_waits_for_room_has_it_in_the_order_of_asking_and_is_refused_in_the_end():
    async def scene() -> list[str]:
        memory, order = Memory(1_000), []

        async def ask(name: str, length: int) -> None:
            with memory.room(ANYBODY) as room:
                await room.hold_soon(length, patience=5)
                order.append(name)
                await asyncio.sleep(0)

        with memory.room(ANYBODY) as first:
            first.hold(900)
            asking = [asyncio.create_task(ask(name, 500)) for name in ("one", "two", "three")]
            await asyncio.sleep(0)
            with memory.room(ANYBODY) as late, pytest.raises(NotTakenError) as told:
                await late.hold_soon(500, patience=0.05)
            assert (told.value.outcome, told.value.retry_after, order) == (Outcome.NO_ROOM, 1, [])
        await asyncio.gather(*asking)
        assert memory.held == 0
        return order

    assert asyncio.run(scene()) == ["one", "two", "three"]


class SlowInbox:
    """Takes frames when it is let go."""

    is_full = False
    end = 0

    def __init__(self) -> None:
        self.begun, self.free = threading.Event(), threading.Event()
        self.frames: list[Frame] = []

    def put(self, frames) -> None:
        self.begun.set()
        assert self.free.wait(20)
        self.frames += frames


async def no_fetch(address: str):
    raise OSError(address)


@pytest.fixture
def inbox():
    return SlowInbox()


@pytest.fixture
def desk(inbox, tmp_path):
    with ThreadPoolExecutor(1) as thread:
        commit = GroupCommit(inbox, thread, told=lambda end: None)  # type: ignore[arg-type]
        clocks = Clocks(lambda: datetime.now(UTC), monotonic)
        yield Desk(Gate(tmp_path, no_fetch), commit, clocks, is_working=lambda: True)
        inbox.free.set()


async def _take(desk, body, **told):
    with desk.room(ANYBODY) as room:
        room.hold(len(body))
        await desk.take(Kind.TRACES_PROTOBUF, body, source=ANYBODY, room=room, **told)


async def _begun(inbox):
    assert await asyncio.to_thread(inbox.begun.wait, 20)


@pytest.mark.parametrize("many", [1, 400])
def test_what_was_in_a_gzip_is_held_until_it_is_durable(desk, inbox, many):
    body = in_protobuf([f"K-{number}" * 20 for number in range(many)])
    small = gzip.compress(body)

    async def offer():
        task = asyncio.create_task(_take(desk, small, is_gzip=True))
        await _begun(inbox)
        held = desk._memory.held
        inbox.free.set()
        await task
        return held

    assert asyncio.run(offer()) == len(small) + len(body)
    assert desk._memory.held == 0


def test_a_frame_nobody_waits_for_any_more_takes_no_memory(desk, inbox):
    async def offer():
        first = asyncio.create_task(_take(desk, in_protobuf(["K-1"])))
        await _begun(inbox)
        second = asyncio.create_task(_take(desk, in_protobuf(["K-2"])))
        await asyncio.sleep(0.05)
        assert len(desk._commit._waiting) == 1
        second.cancel()
        await asyncio.sleep(0.05)
        waiting = len(desk._commit._waiting)
        inbox.free.set()
        await first
        return waiting

    assert asyncio.run(offer()) == 0
    assert len(inbox.frames) == 1


def _request(length, parts, *, pause=0.0):
    """A request over HTTP that says it is so long, and what it sends; then nothing more."""
    headers = [(b"content-type", b"application/x-protobuf"), (b"content-length", b"%d" % length)]
    left = list(parts)

    async def receive():
        if not left:
            await asyncio.sleep(60)
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": left.pop(0), "more_body": True}

    return {"type": "http", "method": "POST", "path": "/v1/traces", "headers": headers}, receive


def test_what_is_only_promised_takes_no_room_from_others(desk, inbox):
    """Many requests of 16 MiB that send one byte, and one that is whole."""
    inbox.free.set()
    door = web.WebDoor(desk, fault=lambda error: None)

    async def offer():
        sent = []

        async def send(message):
            sent.append(message)

        half = [asyncio.create_task(door(*_request(16 << 20, [b"a"]), send)) for _ in range(40)]
        await asyncio.sleep(0.05)
        await _take(desk, in_protobuf(["K-1"]))
        for each in half:
            each.cancel()
        await asyncio.gather(*half, return_exceptions=True)
        return sent

    assert asyncio.run(offer()) == []
    assert desk._memory.held == 0


@pytest.mark.parametrize(("parts", "pause"), [([b"a"], 0.0), ([b"a"] * 900, 0.01)])
def test_a_body_that_hardly_comes_in_is_given_up(desk, monkeypatch, parts, pause):
    monkeypatch.setattr(web, "_START", 0.2)
    door = web.WebDoor(desk, fault=lambda error: None)

    async def send(message):
        raise AssertionError("nobody waits for an answer")

    async def offer():
        begun = monotonic()
        await door(*_request(16 << 20, parts, pause=pause), send)
        return monotonic() - begun

    assert 0.15 < asyncio.run(offer()) < 3
    assert desk._memory.held == 0
